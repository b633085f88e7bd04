package client

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
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

// isTransient reports whether a later attempt may succeed after this status.
func isTransient(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// retryPause returns the wait before retry n, counted from 0. It reports false if there is no retry.
func (s *session) retryPause(ctx context.Context, x *exchange, f *failure, n int) (time.Duration, bool) {
	if n >= s.options.Retries || !f.retryable || !x.safeToRepeat(f) {
		return 0, false
	}
	pause := retryAfter(f.header, s.now())
	var limited *APIError
	if pause == 0 && errors.As(f.err, &limited) && limited.Code == ErrRateLimited {
		pause = limited.period()
	}
	if pause == 0 { // also for a stated wait of 0: clients that all retry at once would exceed the limit again
		pause = s.backoff(n)
	}
	deadline, ends := ctx.Deadline()
	if pause > longestPause || ends && s.now().Add(pause).After(deadline) {
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

// maxStated is the longest wait that the client reads from a response. It is too long to wait for, and a larger number
// can overflow.
const maxStated = 1e6 * time.Second

// retryAfter returns the wait that a response states, at most maxStated; 0 if it states none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	after := h.Get("Retry-After")
	if at, err := http.ParseTime(after); err == nil {
		return min(max(0, at.Sub(now)), maxStated)
	}
	for _, s := range []string{after, h.Get("RateLimit-Reset")} {
		if wait, ok := seconds(s); ok {
			return wait
		}
	}
	return 0
}

// seconds returns a number of seconds, at most maxStated. RFC 9110 does not limit its digits.
func seconds(s string) (wait time.Duration, ok bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil || n >= uint64(maxStated/time.Second) { // for digits, the only error is that the number is too large
		return maxStated, true
	}
	return time.Duration(n) * time.Second, true
}

// waitText returns the stated wait of a response for messages, in whole seconds.
func waitText(wait time.Duration) string {
	if wait >= maxStated {
		return "more than 11 days"
	}
	return (wait + time.Second - 1).Truncate(time.Second).String()
}

func (s *session) backoff(n int) time.Duration {
	half := firstPause << min(n, maxDoublings) / 2
	return half + time.Duration(s.spread()*float64(half))
}
