package tokenbucket_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/fakeatlas/internal/tokenbucket"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

var minute = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// The tokens of a bucket over time, as in Atlas: none is added before an interval is over.
func TestBucket(t *testing.T) {
	b := store.Bucket{Capacity: 4, Refill: 2, Interval: time.Minute}
	var l tokenbucket.Level
	for i, step := range []struct {
		at   time.Duration
		want store.TakeResult
	}{
		{0, store.TakeResult{OK: true, Left: 3, Wait: time.Minute}},
		{20 * time.Second, store.TakeResult{OK: true, Left: 2, Wait: 40 * time.Second}},
		{30 * time.Second, store.TakeResult{OK: true, Left: 1, Wait: 30 * time.Second}},
		{59 * time.Second, store.TakeResult{OK: true, Left: 0, Wait: time.Second}},
		{time.Minute - 1, store.TakeResult{OK: false, Left: 0, Wait: 1}},
		{time.Minute, store.TakeResult{OK: true, Left: 1, Wait: time.Minute}},
		{150 * time.Second, store.TakeResult{OK: true, Left: 2, Wait: 30 * time.Second}},
		{100 * time.Second, store.TakeResult{OK: true, Left: 1, Wait: 80 * time.Second}}, // a clock that is behind
		{0, store.TakeResult{OK: true, Left: 0, Wait: time.Minute}},                      // a clock that was set back
		{1 << 62, store.TakeResult{OK: true, Left: 3, Wait: time.Minute}},
	} {
		if got := l.Take(b, minute.Add(step.at)); got != step.want {
			t.Errorf("%d: at %v: %+v, want %+v", i, step.at, got, step.want)
		}
		if left := l.Left(b, minute.Add(step.at)); left != step.want.Left {
			t.Errorf("%d: %d are left, want %d", i, left, step.want.Left)
		}
	}
}

// A returned token can be taken again. A full bucket has no place for one.
func TestReturn(t *testing.T) {
	b := store.Bucket{Capacity: 2, Refill: 1, Interval: time.Minute}
	var l tokenbucket.Level
	l.Return()
	for _, want := range []int{1, 0} {
		if taken := l.Take(b, minute); taken.Left != want {
			t.Errorf("%d are left, want %d", taken.Left, want)
		}
	}
	l.Return()
	for _, want := range []bool{true, false} {
		if taken := l.Take(b, minute); taken.OK != want {
			t.Errorf("took a token: %t, want %t", taken.OK, want)
		}
	}
}

// If its clock does not go back, a bucket gives at most its capacity and its refills in any time. The wait is at most
// an interval, and there is a token after it.
func TestBucketProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := store.Bucket{
			Capacity: rapid.IntRange(1, 20).Draw(t, "capacity"),
			Interval: time.Duration(rapid.IntRange(1, 5000).Draw(t, "interval")) * time.Millisecond,
		}
		b.Refill = rapid.IntRange(1, b.Capacity).Draw(t, "refill")
		var l tokenbucket.Level
		var age time.Duration
		given := 0
		for range rapid.IntRange(1, 200).Draw(t, "requests") {
			age += time.Duration(rapid.Int64Range(0, int64(2*b.Interval)).Draw(t, "step"))
			taken := l.Take(b, minute.Add(age))
			if taken.OK {
				given++
			} else if later := l; taken.Left != 0 || !later.Take(b, minute.Add(age+taken.Wait)).OK {
				t.Fatalf("%+v, and no token after the wait", taken)
			}
			if most := b.Capacity + int(age/b.Interval)*b.Refill; given > most {
				t.Fatalf("%d given within %v, at most %d", given, age, most)
			}
			if taken.Wait <= 0 || taken.Wait > b.Interval {
				t.Fatalf("the wait is %v, the interval %v", taken.Wait, b.Interval)
			}
			if taken.Left < 0 || taken.Left >= b.Capacity {
				t.Fatalf("%d are left of %d", taken.Left, b.Capacity)
			}
		}
	})
}
