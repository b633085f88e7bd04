package storetest

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/tokenbucket"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// testBuckets tests the token buckets of a [store.SharedStore].
func testBuckets(t tb, empty func() store.SharedStore) {
	t.Helper()
	for _, check := range []func(*bucketChecker){
		(*bucketChecker).counting, (*bucketChecker).separate, (*bucketChecker).deletedBuckets, (*bucketChecker).shared,
	} {
		check(&bucketChecker{t, context.Background(), empty()})
	}
}

type bucketChecker struct {
	t   tb
	ctx context.Context
	s   store.SharedStore
}

var (
	bucketTime = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	small      = store.Bucket{Capacity: 3, Refill: 2, Interval: time.Minute}
)

func (c *bucketChecker) take(kind, name string, b store.Bucket, now time.Time) store.TakeResult {
	c.t.Helper()
	taken, err := c.s.Take(c.ctx, kind, name, b, now)
	if err != nil {
		c.t.Errorf("take from %s %s: %v", kind, name, err)
	}
	return taken
}

// counting checks that the store counts as [store.Bucket] does for any clock.
func (c *bucketChecker) counting() {
	for i, b := range []store.Bucket{
		small,
		{Capacity: 1, Refill: 1, Interval: time.Second},
		{Capacity: tokenbucket.MaxTokens, Refill: tokenbucket.MaxTokens, Interval: time.Millisecond},
	} {
		random := rand.New(rand.NewPCG(uint64(i), 7))
		steps := []time.Duration{0, 0, 0, 1, b.Interval / 2, b.Interval - 1, b.Interval, 2*b.Interval + 1, -b.Interval / 2,
			-3 * b.Interval, 1 << 62, -1 << 62}
		var level tokenbucket.Level
		now := bucketTime
		for n := range 300 {
			now = now.Add(steps[random.IntN(len(steps))].Truncate(time.Millisecond))
			if now.Year() < 1 || now.Year() > 9998 {
				now = bucketTime
			}
			want := level.Take(b, now)
			if got := c.take("a", strconv.Itoa(i), b, now); got != want {
				c.t.Errorf("take %d from %v at %v: %+v, want %+v", n, b, now, got, want)
				return
			}
		}
	}
}

// separate checks that each name and each kind has a bucket of its own.
func (c *bucketChecker) separate() {
	c.take("a", "x", small, bucketTime)
	for _, other := range [][2]string{{"a", "y"}, {"b", "x"}, {"ab", "x"}} {
		if got := c.take(other[0], other[1], small, bucketTime); got.Left != 2 {
			c.t.Errorf("a token of a x is missing in %v: %+v", other, got)
		}
	}
}

// deletedBuckets checks that DeleteTexts fills the buckets of a kind.
func (c *bucketChecker) deletedBuckets() {
	c.take("a", "x", small, bucketTime)
	c.take("b", "x", small, bucketTime)
	if err := c.s.DeleteTexts(c.ctx, "a"); err != nil {
		c.t.Errorf("%v", err)
	}
	if got := c.take("a", "x", small, bucketTime); got.Left != 2 {
		c.t.Errorf("after DeleteTexts: %+v", got)
	}
	if got := c.take("b", "x", small, bucketTime); got.Left != 1 {
		c.t.Errorf("DeleteTexts of another kind: %+v", got)
	}
}

// shared checks that concurrent clients never get the same token.
func (c *bucketChecker) shared() {
	b := store.Bucket{Capacity: clients / 2, Refill: 1, Interval: time.Hour}
	taken := together(func(int) store.TakeResult { return c.take("a", "x", b, bucketTime) })
	taken = slices.DeleteFunc(taken, func(t store.TakeResult) bool { return !t.OK })
	left := map[int]bool{}
	for _, t := range taken {
		left[t.Left] = true
	}
	if len(taken) != b.Capacity || len(left) != b.Capacity {
		c.t.Errorf("%d clients at a time: %d tokens of %d, %d of them different", clients, len(taken), b.Capacity, len(left))
	}
}
