// Package tokenbucket counts the tokens of a [store.Bucket].
package tokenbucket

import (
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// MaxTokens is the largest capacity of a bucket. It keeps sums of tokens from overflowing, in Go and in Redis.
const MaxTokens = 1_000_000_000

// Level is the content of a token bucket. The zero Level is a full bucket.
type Level struct {
	used  int       // tokens that are missing
	start time.Time // of the interval
}

// Take takes a token from a bucket with this content at a time, and changes the content. It is not safe for
// concurrent use.
func (l *Level) Take(b store.Bucket, now time.Time) store.TakeResult {
	l.refill(b, now)
	ok := l.used < b.Capacity
	if ok {
		l.used++
	}
	return store.TakeResult{OK: ok, Left: b.Capacity - l.used, Wait: l.start.Add(b.Interval).Sub(now)}
}

// Return adds a token that was taken, unless the bucket is full. It is not safe for concurrent use.
func (l *Level) Return() { l.used = max(l.used-1, 0) }

// Left returns the number of tokens that a bucket with this content has at a time.
func (l Level) Left(b store.Bucket, now time.Time) int {
	l.refill(b, now)
	return b.Capacity - l.used
}

func (l *Level) refill(b store.Bucket, now time.Time) {
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
