// Package control is the API below /_atlasint/ that inspects and steers a server from outside its process.
package control

import (
	"cmp"
	"context"
	_ "embed" // the description of the control API
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/clock"
	"github.com/atlasint/atlasint/fakeatlas/internal/events"
	"github.com/atlasint/atlasint/fakeatlas/internal/journal"
	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// The path that begins all paths of the control API, and limits for the bodies of its requests.
const (
	Prefix      = "/_atlasint/"
	MaxSnapshot = 64 << 20 // bytes
	MaxBody     = 16 << 10 // of all other bodies
)

//go:embed openapi.yaml
var document []byte

// IsPath reports whether a path belongs to the control API.
func IsPath(path string) bool {
	return strings.HasPrefix(path, Prefix) || path == strings.TrimSuffix(Prefix, "/")
}

// Backend is the server that the control API inspects and controls. Its errors are of type [*Error] if the
// client caused them; all others are failures of the store. All methods are safe for concurrent use.
type Backend interface {
	CheckStore(ctx context.Context) error
	Metrics(ctx context.Context) ([]byte, error) // in the text format of Prometheus

	// Snapshot returns the state of the projects, or of all if there are none, maybe with its secrets masked.
	Snapshot(projects []string, masked bool) (any, error)
	KeepsSecrets() bool // reports whether snapshots have secrets as they were sent
	Restore(state store.State) error
	Reset(ctx context.Context, projects []string) error // without projects, of everything

	Requests(f *journal.Filter, limit int) Requests // the newest ones, all if limit is negative
	// WaitForRequests adds matching requests to found until there are n.
	WaitForRequests(ctx context.Context, f *journal.Filter, n int, found *Requests) error
	ClearRequests()

	Faults() []json.Marshaler
	AddFault(decode func(into any) error) (json.Marshaler, error)
	RemoveFault(id string) bool // reports whether there was one
	ClearFaults()

	Stubs() *stubs.List

	Overview(r *http.Request) (Overview, error)
	Client() *http.Client // whose requests to the API need no credentials
	Events() *events.Hub

	Now() time.Time
	IsClockStopped() bool
	MoveClock(move func(*clock.Clock) bool) bool // reports whether the clock was moved

	LogFailure(r *http.Request, err error) // of the store
}

// API is the API that steers a server from outside its process.
type API struct {
	s     Backend
	token *Token // nil: none is needed
	mux   *http.ServeMux

	mu      sync.Mutex
	servers map[*http.Server]chan struct{} // closed when the server shuts down
}

// New makes the control API of a server. With a nil token it accepts only requests from the same machine.
func New(s Backend, token *Token) *API {
	c := &API{s: s, token: token, mux: http.NewServeMux(), servers: map[*http.Server]chan struct{}{}}
	for pattern, handle := range map[string]func(*http.Request) (int, any, error){
		"GET health":         c.health,
		"PUT state":          c.putState,
		"POST reset":         c.reset,
		"GET requests":       c.getRequests,
		"DELETE requests":    c.deleteRequests,
		"GET faults":         c.getFaults,
		"POST faults":        c.postFault,
		"DELETE faults":      c.deleteFaults,
		"DELETE faults/{id}": c.deleteFault,
		"GET stubs":          c.getStubs,
		"PUT stubs":          c.putStubs,
		"POST stubs":         c.postStub,
		"DELETE stubs":       c.deleteStubs,
		"DELETE stubs/{id}":  c.deleteStub,
		"GET clock":          c.getClock,
		"PUT clock":          c.putClock,
		"GET overview":       c.getOverview,
		"GET types":          c.getTypes,
		"POST validate":      c.postValidate,
		"POST send":          c.postSend,
	} {
		c.mux.HandleFunc(strings.Replace(pattern, " ", " "+Prefix, 1), c.answering(handle))
	}
	c.mux.HandleFunc("GET "+Prefix+"state", c.getState)
	c.mux.HandleFunc("GET "+Prefix+"metrics", c.getMetrics)
	c.mux.HandleFunc("GET "+Prefix+"events", c.getEvents)
	c.mux.HandleFunc("GET "+Prefix+"openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(document) // a client that has disconnected gets nothing
	})
	return c
}

// ServeHTTP implements [http.Handler]. It rejects requests without access.
func (c *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if err := cmp.Or(c.admit(w, r), CheckSimple(r)); err != nil {
		writeControl(w, 0, nil, err)
		return
	}
	allow, found := wire.FindRoute(c.mux, r)
	if found {
		c.mux.ServeHTTP(w, r)
		return
	}
	if allow != "" {
		w.Header().Set("Allow", allow)
		writeControl(w, 0, nil, &Error{http.StatusMethodNotAllowed, "the path does not support the method", "use " + allow})
		return
	}
	writeControl(w, 0, nil, &Error{http.StatusNotFound, "unknown path of the control API", "GET " + Prefix + "openapi.yaml lists them"})
}
