package fakeatlas

import (
	"net/http"
	"sync"
	"time"
)

// The years that the server's clock can show. The next one is left for a clock that goes on to run: JSON has
// no times of the year 10000.
const (
	firstYear = 1
	lastYear  = 9998
)

// inRange reports whether the server's clock can be moved to t.
func inRange(t time.Time) bool {
	year := t.UTC().Year()
	return year >= firstYear && year <= lastYear
}

// clock is the server's time, which can be stopped and moved. The zero clock shows the machine's time. It is
// safe for concurrent use.
type clock struct {
	mu      sync.RWMutex
	stopped bool
	moved   bool
	base    time.Time // what a stopped or moved clock showed ...
	at      time.Time // ... at this time of the machine
}

func newClock() *clock { return &clock{} }

// Now returns the server's time.
func (c *clock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.now(time.Now())
}

// now needs the lock.
func (c *clock) now(machine time.Time) time.Time {
	switch {
	case c.stopped:
		return c.base
	case c.moved:
		return c.base.Add(machine.Sub(c.at))
	default:
		return machine
	}
}

// set stops the clock at t and reports whether it did; the zero time lets it run again.
func (c *clock) set(t time.Time) bool {
	if t.IsZero() {
		return c.run()
	}
	return c.stop(t)
}

// run lets the clock run in step with the machine's, and returns true.
func (c *clock) run() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped, c.moved = false, false
	return true
}

// stop stops the clock at t and reports whether it did: not outside the years that it can show.
func (c *clock) stop(t time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !inRange(t) {
		return false
	}
	c.stopped, c.base = true, t
	return true
}

// advance moves the clock, stopped or not, and reports whether it did: not outside the years that it can show.
// The sum is a time and not a duration, so that no number of moves overflows.
func (c *clock) advance(d time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	machine := time.Now()
	next := c.now(machine).Add(d)
	if !inRange(next) {
		return false
	}
	c.moved, c.base, c.at = true, next, machine
	return true
}

func (c *clock) isStopped() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.stopped
}

func (c *control) getClock(*http.Request) (int, any, error) {
	return http.StatusOK, object{{"now", c.s.clock.Now().UTC()}, {"running", !c.s.clock.isStopped()}}, nil
}

// clockChange is a request to stop, move or start the clock: one of its members.
type clockChange struct {
	Now     *string `json:"now"`
	Advance *string `json:"advance"`
	Run     *bool   `json:"run"`
}

func (c *control) putClock(r *http.Request) (int, any, error) {
	var sent clockChange
	if err := read(r, controlBody, &sent); err != nil {
		return 0, nil, err
	}
	move, ok := sent.move()
	if !ok {
		return 0, nil, &controlError{http.StatusBadRequest, "the clock can't be set so",
			`send one of {"now": "2026-01-02T03:04:05Z"}, {"advance": "1h"} and {"run": true}`}
	}
	if !c.s.moveClock(move) {
		return 0, nil, &controlError{http.StatusBadRequest, "the clock can't be moved: it would leave the years 1 to 9998", ""}
	}
	return c.getClock(r)
}

// move returns what the request asks of a clock, false if it is not one thing.
func (change clockChange) move() (move func(*clock) bool, ok bool) {
	switch {
	case change.Now != nil && change.Advance == nil && change.Run == nil:
		t, err := time.Parse(time.RFC3339, *change.Now)
		return func(c *clock) bool { return c.stop(t) }, err == nil
	case change.Now == nil && change.Advance != nil && change.Run == nil:
		d, err := time.ParseDuration(*change.Advance)
		return func(c *clock) bool { return c.advance(d) }, err == nil
	case change.Now == nil && change.Advance == nil && change.Run != nil && *change.Run:
		return (*clock).run, true
	}
	return nil, false
}
