package clock

import (
	"testing"
	"time"
)

// A clock that runs again is in step with the machine's, however it was moved before it was stopped.
func TestClockRunsAgain(t *testing.T) {
	c := New()
	c.Advance(24 * time.Hour)
	c.Set(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	c.Set(time.Time{})
	if ahead := time.Until(c.Now()); ahead > time.Hour {
		t.Errorf("it is %v ahead", ahead)
	}
}
