package client

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

const (
	firstPause   = 500 * time.Millisecond
	longestPause = 2 * time.Minute
	maxDoublings = 6
)

// sleep waits unless the context is done before.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// passes tells the statuses of which a later attempt may not have one.
func passes(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// again tells whether the n-th repetition, counted from 0, may be made, and after which time.
func (c *session) again(ctx context.Context, x *exchange, f *failure, n int) (time.Duration, bool) {
	if n >= c.config.retries || !f.passing || !x.repeatable(f) {
		return 0, false
	}
	pause := stated(f.header, c.now())
	if pause == 0 { // also if the server says so: clients that come back at once would be too many again
		pause = c.backoff(n)
	}
	deadline, limited := ctx.Deadline()
	if pause > longestPause || limited && c.now().Add(pause).After(deadline) {
		return 0, false
	}
	return pause, true
}

// repeatable tells whether a second request does no harm after this failure.
func (x *exchange) repeatable(f *failure) bool {
	postponed := f.status == http.StatusTooManyRequests ||
		f.status == http.StatusServiceUnavailable && f.header.Get("Retry-After") != ""
	return x.request.Method != http.MethodPost || f.unsent || postponed
}

// stated returns the wait that an answer asks for; 0 if it asks for none.
func stated(h http.Header, now time.Time) time.Duration {
	after := h.Get("Retry-After")
	if at, err := http.ParseTime(after); err == nil {
		return max(0, at.Sub(now))
	}
	for _, s := range []string{after, h.Get("RateLimit-Reset")} {
		if n, err := strconv.ParseUint(s, 10, 63); err == nil {
			return time.Duration(min(n, 1e6)) * time.Second // more would overflow, and is too long anyway
		}
	}
	return 0
}

func (c *session) backoff(n int) time.Duration {
	half := firstPause << min(n, maxDoublings) / 2
	return half + time.Duration(c.spread()*float64(half))
}
