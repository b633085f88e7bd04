package fakeatlas

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// defaultRateLimit is Atlas's own, in requests a minute, for all operations on integrations together.
const (
	defaultRateLimit = 1200
	rateWindow       = time.Minute
)

// limiter counts requests in windows of a minute.
type limiter struct {
	limit   int
	enforce bool
	now     func() time.Time

	mu    sync.Mutex
	start time.Time
	used  int
}

// take counts a request and states the count in the answer's headers. Past the limit it returns the
// refusal, if the limit is enforced.
func (l *limiter) take(h http.Header, path string) *apiError {
	if l.limit == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if age := now.Sub(l.start); age >= rateWindow || age < 0 {
		l.start, l.used = now, 0
	}
	l.used++
	// In Atlas's own spelling, which Set would not keep.
	h["RateLimit-Limit"] = []string{strconv.Itoa(l.limit)}
	h["RateLimit-Remaining"] = []string{strconv.Itoa(max(0, l.limit-l.used))}
	if !l.enforce || l.used <= l.limit {
		return nil
	}
	wait := rateWindow - now.Sub(l.start)
	h.Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	return refuse("RATE_LIMITED", path, l.limit, int(rateWindow/time.Minute))
}

func (l *limiter) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.start, l.used = time.Time{}, 0
}

// clock is the server's time, which can be moved.
type clock struct {
	mu     sync.RWMutex
	offset time.Duration
	fixed  time.Time
}

func newClock() *clock { return &clock{} }

// Now returns the server's time.
func (c *clock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if !c.fixed.IsZero() {
		return c.fixed
	}
	return time.Now().Add(c.offset)
}

// set stops the clock at t; the zero time lets it run again, in step with the machine's.
func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fixed, c.offset = t, 0
}

// advance moves the clock, stopped or not.
func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.fixed.IsZero() {
		c.fixed = c.fixed.Add(d)
		return
	}
	c.offset += d
}
