package control

import (
	"net/http"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/clock"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

func (c *API) getClock(*http.Request) (int, any, error) {
	return http.StatusOK, wire.Object{wire.Field("now", c.s.Now().UTC()), wire.Field("running", !c.s.IsClockStopped())}, nil
}

// clockChange is a request to stop, move or start the clock: one of its members.
type clockChange struct {
	Now     *string `json:"now"`
	Advance *string `json:"advance"`
	Run     *bool   `json:"run"`
}

func (c *API) putClock(r *http.Request) (int, any, error) {
	var sent clockChange
	if err := read(r, MaxBody, &sent); err != nil {
		return 0, nil, err
	}
	move, ok := sent.move()
	if !ok {
		return 0, nil, &Error{http.StatusBadRequest, "the body has no valid time",
			`send one of {"now": "2026-01-02T03:04:05Z"}, {"advance": "1h"} and {"run": true}`}
	}
	if !c.s.MoveClock(move) {
		return 0, nil, &Error{http.StatusBadRequest, "the time is out of range: use the years 1 to 9998", ""}
	}
	return c.getClock(r)
}

// move returns the change of a clock, and false if the request does not have exactly one.
func (change clockChange) move() (move func(*clock.Clock) bool, ok bool) {
	switch {
	case change.Now != nil && change.Advance == nil && change.Run == nil:
		t, err := time.Parse(time.RFC3339, *change.Now)
		return func(c *clock.Clock) bool { return c.Stop(t) }, err == nil
	case change.Now == nil && change.Advance != nil && change.Run == nil:
		d, err := time.ParseDuration(*change.Advance)
		return func(c *clock.Clock) bool { return c.Advance(d) }, err == nil
	case change.Now == nil && change.Advance == nil && change.Run != nil && *change.Run:
		return (*clock.Clock).Run, true
	}
	return nil, false
}
