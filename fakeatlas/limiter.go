package fakeatlas

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// Atlas's own limits, in requests a minute: for all operations on integrations together, and for each of the
// token endpoints, which only faults go by.
const (
	defaultRateLimit = 1200
	tokenRateLimit   = 50
	rateWindow       = time.Minute
)

// limitKind is the kind of counters that requests have.
const limitKind = "limit"

// limiter counts requests in windows of a minute, together with other servers if the store is for many of
// them. Windows begin with their first request, those of many servers with the minute.
type limiter struct {
	limit   int
	enforce bool
	now     func() time.Time
	tally   store.Tally // nil: none

	mu    sync.Mutex
	start time.Time
	used  int
}

// take counts a request and states the count in the answer's headers. Past the limit it returns the
// refusal, if the limit is enforced.
func (l *limiter) take(ctx context.Context, h http.Header, path string) (*apiError, error) {
	if l.limit == 0 {
		return nil, nil
	}
	now := l.now()
	used, wait, err := l.count(ctx, now)
	if err != nil {
		return nil, err
	}
	// In Atlas's own spelling, which Set would not keep.
	h["RateLimit-Limit"] = []string{strconv.Itoa(l.limit)}
	h["RateLimit-Remaining"] = []string{strconv.Itoa(max(0, l.limit-used))}
	if !l.enforce || used <= l.limit {
		return nil, nil
	}
	h.Set("Retry-After", wholeSeconds(wait))
	return refuse("RATE_LIMITED", path, l.limit, int(rateWindow/time.Minute)), nil
}

// count returns how many requests the window has, and how long it lasts.
func (l *limiter) count(ctx context.Context, now time.Time) (used int, left time.Duration, err error) {
	if l.tally != nil {
		window := now.Truncate(rateWindow)
		used, err := l.tally.Count(ctx, limitKind, strconv.FormatInt(window.Unix(), 10), 2*rateWindow)
		return used, window.Add(rateWindow).Sub(now), err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if age := now.Sub(l.start); age >= rateWindow || age < 0 {
		l.start, l.used = now, 0
	}
	l.used++
	return l.used, rateWindow - now.Sub(l.start), nil
}

func (l *limiter) reset(ctx context.Context) error {
	if l.tally != nil {
		return l.tally.StrikeAll(ctx, limitKind)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.start, l.used = time.Time{}, 0
	return nil
}

// wholeSeconds is a duration for Retry-After, rounded up: a client that waits so long does not come early.
func wholeSeconds(d time.Duration) string {
	seconds := d / time.Second
	if d%time.Second > 0 {
		seconds++
	}
	return strconv.FormatInt(int64(seconds), 10)
}
