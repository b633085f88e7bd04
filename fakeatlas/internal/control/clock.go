package control

import (
	"net/http"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/clock"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

func (a *API) getClock(*http.Request) (int, any, error) {
	return http.StatusOK, wire.Object{wire.Field("now", a.s.Now().UTC()), wire.Field("running", !a.s.IsClockStopped())}, nil
}

// clockChange is a request to stop, move or start the clock. It must have exactly one member.
type clockChange struct {
	Now     *string `json:"now"`
	Advance *string `json:"advance"`
	Run     *bool   `json:"run"`
}

func (a *API) putClock(r *http.Request) (int, any, error) {
	var sent clockChange
	if err := read(r, maxBody, &sent); err != nil {
		return 0, nil, err
	}
	move, err := sent.move()
	if err != nil {
		return 0, nil, err
	}
	if !a.s.MoveClock(move) {
		return 0, nil, newError(http.StatusBadRequest, "the time is out of range: use the years 1 to 9998", "")
	}
	return a.getClock(r)
}

// move returns the change of a clock, or an error if the request does not have exactly one.
func (change clockChange) move() (func(*clock.Clock) bool, error) {
	switch {
	case change.Now != nil && change.Advance == nil && change.Run == nil:
		t, err := time.Parse(time.RFC3339, *change.Now)
		if err != nil {
			return nil, newError(http.StatusBadRequest, "now is not a time", "write it like 2026-01-02T03:04:05Z")
		}
		return func(c *clock.Clock) bool { return c.Stop(t) }, nil
	case change.Now == nil && change.Advance != nil && change.Run == nil:
		d, err := time.ParseDuration(*change.Advance)
		if err != nil {
			return nil, newError(http.StatusBadRequest, "advance is not a duration", "write it like 90s, 61m or 2h30m; 2562047h at most")
		}
		return func(c *clock.Clock) bool { return c.Advance(d) }, nil
	case change.Now == nil && change.Advance == nil && change.Run != nil && *change.Run:
		return (*clock.Clock).Run, nil
	}
	return nil, newError(http.StatusBadRequest, "the body has no valid time",
		`send one of {"now": "2026-01-02T03:04:05Z"}, {"advance": "1h"} and {"run": true}`)
}
