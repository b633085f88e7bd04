// Package clock has a clock that can be stopped and moved.
package clock

import (
	"sync"
	"time"
)

// The years that the server's clock can show. The next one is left for a clock that continues to run: JSON has no times
// of the year 10000.
const (
	firstYear = 1
	lastYear  = 9998
)

// inRange reports whether the server's clock can be moved to t.
func inRange(t time.Time) bool {
	year := t.UTC().Year()
	return year >= firstYear && year <= lastYear
}

// Clock is the server's time, which can be stopped and moved. The zero clock shows the machine's time. It is safe for
// concurrent use.
type Clock struct {
	mu      sync.RWMutex
	stopped bool
	moved   bool
	base    time.Time // the time that the clock showed when it was stopped or moved
	at      time.Time // the time of the machine when the clock was moved
}

// New returns a clock that shows the time of the machine.
func New() *Clock { return &Clock{} }

// Now returns the server's time.
func (c *Clock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.now(time.Now())
}

// now is [Clock.Now] at a time of the machine. It needs the lock.
func (c *Clock) now(machine time.Time) time.Time {
	switch {
	case c.stopped:
		return c.base
	case c.moved:
		return c.base.Add(machine.Sub(c.at))
	default:
		return machine
	}
}

// Set stops the clock at t, or runs it if t is the zero time. It reports false, and changes nothing, if the clock can't
// show t.
func (c *Clock) Set(t time.Time) bool {
	if t.IsZero() {
		return c.Run()
	}
	return c.Stop(t)
}

// Run makes the clock run in step with the machine's, and returns true.
func (c *Clock) Run() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped, c.moved = false, false
	return true
}

// Stop stops the clock at t. It reports false, and changes nothing, if the clock can't show t.
func (c *Clock) Stop(t time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !inRange(t) {
		return false
	}
	c.stopped, c.base = true, t
	return true
}

// Advance moves the clock, stopped or not, by d. It reports false, and changes nothing, if the clock can't show the new
// time. The clock has a time and not a sum of durations, which could overflow.
func (c *Clock) Advance(d time.Duration) bool {
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

// IsStopped reports whether the clock shows the same time until it is moved or started.
func (c *Clock) IsStopped() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.stopped
}
