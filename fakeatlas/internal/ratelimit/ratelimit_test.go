package ratelimit

import (
	"fmt"
	"testing"
	"time"
)

// The bucket of the project that has the most tokens is forgotten, those that are full before.
func TestBucketsAreBounded(t *testing.T) {
	b, now := BucketOf(3), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var bs buckets
	name := func(i int) string { return fmt.Sprintf("%024x", i) }
	for i := range maxBuckets {
		bs.Take(name(i), b, now)
		if i != 7 {
			bs.Take(name(i), b, now)
		}
	}
	bs.Take("another", b, now)
	if n := len(bs.levels); n != maxBuckets || bs.levels[name(7)] != nil || bs.levels[name(8)] == nil {
		t.Errorf("%d buckets are kept, and not the emptiest", n)
	}
	bs.Take("third", b, now.Add(Window))
	if n := len(bs.levels); n != 1 {
		t.Errorf("%d buckets are kept, though all but one are full", n)
	}
}
