package ratelimit

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
)

// The errors of both API versions name the bucket that was applied, of a target with a limit of its own too.
func TestErrorsNameTheBucket(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, tc := range []struct {
		version          string
		capacity, target int
		want             []any
	}{
		{schemas.V1, 3, 0, []any{"/p", 3, 1}},
		{schemas.V1, 3, 2, []any{"/p", 2, 1}},
		{schemas.V1, 3, 5, []any{"/p", 3, 1}},
		{schemas.V2, 3, 0, []any{"p", 60, 3, 3, 60}},
		{schemas.V2, 3, 2, []any{"p", 60, 2, 2, 60}},
		{schemas.V2, 3, 5, []any{"p", 60, 3, 3, 60}},
	} {
		l := Limiter{Bucket: BucketOf(tc.capacity), Enforce: true, Now: func() time.Time { return now }}
		target := wire.Target{APIVersion: tc.version, Bucket: "b", Limit: tc.target}
		var rejected *wire.Error
		for rejected == nil {
			var err error
			if rejected, err = l.Take(t.Context(), http.Header{}, target, "/p"); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(tc.want, rejected.Parameters); diff != "" {
			t.Errorf("%s, limit %d of %d (-want +got):\n%s", tc.version, tc.target, tc.capacity, diff)
		}
	}
}

// Full buckets are dropped first, then the one with the most tokens.
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
		t.Errorf("%d buckets are kept, or the bucket with the most tokens is", n)
	}
	bs.Take("third", b, now.Add(Window))
	if n := len(bs.levels); n != 1 {
		t.Errorf("%d buckets are kept, though all but one are full", n)
	}
}
