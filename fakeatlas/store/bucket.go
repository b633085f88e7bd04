package store

import (
	"context"
	"time"
)

// Bucket describes a token bucket as Atlas's are: Refill tokens are added in one go at the end of each
// Interval, which begins with the first token that is taken from a full bucket. All values are positive.
type Bucket struct {
	Capacity int           // tokens of a full bucket, at most MaxTokens
	Refill   int           // tokens that an interval adds, at most Capacity
	Interval time.Duration // whole milliseconds
}

// MaxTokens bounds the capacity of a [Bucket], so that no sum of tokens overflows, in Go or in Redis.
const MaxTokens = 1_000_000_000

// Taken is the result of taking a token.
type Taken struct {
	OK   bool          // there was a token
	Left int           // tokens that are left
	Wait time.Duration // until the next refill
}

// Buckets is a store whose servers share token buckets. StrikeAll of its [Notes] also removes the buckets of a
// kind. Storetest has the contract as a test.
type Buckets interface {
	Notes
	// Take takes a token from the bucket of a kind and name, if it has one. The time is the caller's: clocks of
	// servers may differ, and one that is more than an interval behind begins a new interval. A bucket that was
	// never used, or was not used for an hour after it was full again, is full.
	Take(ctx context.Context, kind, name string, b Bucket, now time.Time) (Taken, error)
}

// Level is the content of a token bucket. The zero Level is a full bucket.
type Level struct {
	used  int       // tokens that are missing
	start time.Time // of the interval
}

// Take takes a token from a bucket with this content at a time, and changes the content. It is not safe for
// concurrent use.
func (b Bucket) Take(l *Level, now time.Time) Taken {
	b.refill(l, now)
	ok := l.used < b.Capacity
	if ok {
		l.used++
	}
	return Taken{OK: ok, Left: b.Capacity - l.used, Wait: l.start.Add(b.Interval).Sub(now)}
}

// Left returns the tokens of a bucket with this content at a time.
func (b Bucket) Left(l Level, now time.Time) int {
	b.refill(&l, now)
	return b.Capacity - l.used
}

func (b Bucket) refill(l *Level, now time.Time) {
	if l.start.Sub(now) > b.Interval { // the clock was set back
		l.start = now
	}
	if intervals := now.Sub(l.start) / b.Interval; intervals > 0 {
		l.start = l.start.Add(intervals * b.Interval)
		l.used -= int(min(intervals, time.Duration(b.Capacity/b.Refill)+1)) * b.Refill // no more, so that nothing overflows
	}
	l.used = min(max(l.used, 0), b.Capacity)
	if l.used == 0 {
		l.start = now
	}
}
