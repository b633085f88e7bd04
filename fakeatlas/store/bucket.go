package store

import "time"

// Bucket describes a token bucket as Atlas has them: Refill tokens are added at the end of each Interval, which begins
// with the first token that is taken from a full bucket. All values are positive.
type Bucket struct {
	Capacity int           // tokens of a full bucket, at most 1,000,000,000, so that no sum of tokens overflows
	Refill   int           // tokens that an interval adds, at most Capacity
	Interval time.Duration // whole milliseconds
}

// TakeResult is the result of taking a token.
type TakeResult struct {
	OK   bool          // there was a token
	Left int           // tokens that are left
	Wait time.Duration // until the next refill
}
