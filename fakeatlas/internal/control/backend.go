package control

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/clock"
	"github.com/atlasint/atlasint/fakeatlas/internal/events"
	"github.com/atlasint/atlasint/fakeatlas/internal/journal"
	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// Backend is the server that the control API inspects and controls. Its errors are of type [*Error] if the client
// caused them; all others are failures of the store. All methods are safe for concurrent use.
type Backend interface {
	stateBackend
	journalBackend
	faultBackend
	clockBackend
	monitor

	Stubs() *stubs.List
	Events() *events.Hub
	Client() *http.Client // whose requests to the API need no credentials
}

// stateBackend has the stored state.
type stateBackend interface {
	// Snapshot returns the state of the projects, or of all if there are none, maybe with its secrets masked.
	Snapshot(projects []string, masked bool) (any, error)
	KeepsSecrets() bool // reports whether snapshots have secrets as they were sent
	Restore(state store.State) error
	Reset(ctx context.Context, projects []string) error // resets everything if projects is empty
}

// journalBackend has the requests that got a response.
type journalBackend interface {
	Requests(f *journal.Filter, limit int) Requests // the newest ones, all if limit is negative
	// WaitForRequests adds matching requests to found until there are n.
	WaitForRequests(ctx context.Context, f *journal.Filter, n int, found *Requests) error
	ClearRequests()
}

// faultBackend has the active faults.
type faultBackend interface {
	Faults() []json.Marshaler
	AddFault(decode func(into any) error) (json.Marshaler, error)
	RemoveFault(id string) bool // reports whether there was one
	ClearFaults()
}

// clockBackend has the clock of the server.
type clockBackend interface {
	Now() time.Time
	IsClockStopped() bool
	MoveClock(move func(*clock.Clock) bool) bool // reports whether the clock was moved
}

// monitor describes the server and the health of its store.
type monitor interface {
	Overview(r *http.Request) (Overview, error)
	CheckStore(ctx context.Context) error
	Metrics(ctx context.Context) ([]byte, error) // in the text format of Prometheus
	LogFailure(r *http.Request, err error)       // of the store
}
