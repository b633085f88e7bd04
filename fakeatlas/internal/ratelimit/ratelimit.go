// Package ratelimit limits the requests to a project with token buckets, as Atlas does.
package ratelimit

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/tokenbucket"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
)

// Atlas's limits: the token bucket of a project for all operations on its integrations, and the requests per minute
// to each of the token endpoints, which only faults use. MaxCapacity is the limit for other capacities.
const (
	DefaultCapacity = 1200 // capacity of the bucket
	MaxCapacity     = tokenbucket.MaxTokens
	defaultRefill   = 500 // tokens that are added every Window
	TokenRequests   = 50
	Window          = time.Minute
)

// limitKind is the kind of the buckets in a store.
const limitKind = "limit"

// maxBuckets is the number of buckets in memory. For a further one, the bucket with the most tokens is dropped, and
// counts as full.
const maxBuckets = 10_000

// BucketOf returns the bucket of a rate limit: Atlas's refill, or the whole of a smaller bucket.
func BucketOf(limit int) store.Bucket {
	return store.Bucket{Capacity: limit, Refill: min(limit, defaultRefill), Interval: Window}
}

// Limiter takes a token from the bucket of a project for each request. Servers with a store that has token buckets
// share them; otherwise the buckets are in memory.
type Limiter struct {
	Bucket  store.Bucket // there is no limit if its capacity is 0
	Enforce bool
	Now     func() time.Time
	Shared  store.SharedStore // nil: the buckets are local
	local   buckets
}

// Take takes a token for a request and sets the headers of the response, which v1.0 does not have. It returns the
// rejection if there is no token and the limit is enforced.
func (l *Limiter) Take(ctx context.Context, h http.Header, t wire.Target, path string) (*wire.Error, error) {
	if l.Bucket.Capacity == 0 {
		return nil, nil
	}
	bucket := l.Bucket
	if t.Limit > 0 {
		bucket = BucketOf(min(t.Limit, bucket.Capacity))
	}
	taken, err := l.tokenOf(ctx, t.Bucket, bucket)
	if err != nil {
		return nil, err
	}
	if t.APIVersion == schemas.V2 {
		// In Atlas's own spelling, which Set would not keep.
		h[wire.RateLimitHeader] = []string{strconv.Itoa(bucket.Capacity)}
		h[wire.RateRemainingHeader] = []string{strconv.Itoa(taken.Left)}
	}
	if !l.Enforce || taken.OK {
		return nil, nil
	}
	h.Set("Retry-After", wire.Seconds(taken.Wait))
	if t.APIVersion == schemas.V1 {
		return wire.NewError("RATE_LIMITED", path, bucket.Capacity, int(Window/time.Minute)), nil
	}
	return wire.NewError("RATE_LIMITED_TOKEN_BUCKET", ErrorParameters(path, taken.Wait, bucket)...), nil
}

// ErrorParameters are the parameters of RATE_LIMITED_TOKEN_BUCKET. A recorded response rounds the wait down.
func ErrorParameters(path string, wait time.Duration, b store.Bucket) []any {
	return []any{strings.TrimPrefix(path, "/"), int(wait / time.Second), b.Capacity, b.Refill, int(b.Interval / time.Second)}
}

func (l *Limiter) tokenOf(ctx context.Context, name string, b store.Bucket) (store.TakeResult, error) {
	if l.Shared != nil {
		return l.Shared.Take(ctx, limitKind, name, b, l.Now())
	}
	return l.local.Take(name, b, l.Now()), nil
}

// Reset fills all buckets.
func (l *Limiter) Reset(ctx context.Context) error {
	if l.Shared != nil {
		return l.Shared.DeleteTexts(ctx, limitKind)
	}
	l.local.reset()
	return nil
}

// buckets are token buckets by project, in memory. The zero value is ready for use. They are safe for concurrent use.
type buckets struct {
	mu     sync.Mutex
	levels map[string]*tokenbucket.Level
}

func (bs *buckets) Take(project string, b store.Bucket, now time.Time) store.TakeResult {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	level, ok := bs.levels[project]
	if !ok {
		bs.evict(b, now)
		level = new(tokenbucket.Level)
		bs.levels[project] = level
	}
	return level.Take(b, now)
}

// evict makes space for a bucket if there are maxBuckets: it drops the full ones, or the one with the most tokens if
// none is full. It needs the lock.
func (bs *buckets) evict(b store.Bucket, now time.Time) {
	if bs.levels == nil {
		bs.levels = map[string]*tokenbucket.Level{}
	}
	if len(bs.levels) < maxBuckets {
		return
	}
	fullest, most := "", -1
	for project, level := range bs.levels {
		switch left := level.Left(b, now); {
		case left == b.Capacity:
			delete(bs.levels, project)
		case left > most:
			fullest, most = project, left
		}
	}
	if len(bs.levels) >= maxBuckets {
		delete(bs.levels, fullest)
	}
}

func (bs *buckets) reset() {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	clear(bs.levels)
}
