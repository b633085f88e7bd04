package client

import (
	"context"
	"errors"
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

// isTransient reports whether a later attempt may have another status.
func isTransient(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// retryPause returns the wait before retry n, counted from 0. It reports false if there is no retry.
func (c *session) retryPause(ctx context.Context, x *exchange, f *failure, n int) (time.Duration, bool) {
	if n >= c.options.Retries || !f.retryable || !x.safeToRepeat(f) {
		return 0, false
	}
	pause := retryAfter(f.header, c.now())
	var limited *APIError
	if pause == 0 && errors.As(f.err, &limited) && limited.Code == ErrRateLimited {
		pause = limited.period()
	}
	if pause == 0 { // also for a stated wait of 0: if all clients return at once, there are too many again
		pause = c.backoff(n)
	}
	deadline, ends := ctx.Deadline()
	if pause > longestPause || ends && c.now().Add(pause).After(deadline) {
		return 0, false
	}
	return pause, true
}

// safeToRepeat reports whether the request is safe to repeat after this failure.
func (x *exchange) safeToRepeat(f *failure) bool {
	postponed := f.status == http.StatusTooManyRequests ||
		f.status == http.StatusServiceUnavailable && f.header.Get("Retry-After") != ""
	return x.request.Method != http.MethodPost || f.notDone || postponed
}

// retryAfter returns the wait that an answer states; 0 if it states none.
func retryAfter(h http.Header, now time.Time) time.Duration {
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
