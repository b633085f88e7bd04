// Package control is the API below /_atlasint/ that inspects and controls a server from outside its process.
package control

import (
	"cmp"
	_ "embed" // the description of the control API
	"net/http"
	"path"
	"strings"
	"sync"
	"weak"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/controlapi"
)

// Prefix begins all paths of the control API.
const Prefix = controlapi.Prefix

// The limits of the bodies of requests.
const (
	maxSnapshot = 512 << 20 // bytes; also for responses, so that the server can restore each of its snapshots
	maxBody     = 16 << 10  // of all other bodies
)

//go:embed openapi.yaml
var document []byte

// IsPath reports whether a path belongs to the control API.
func IsPath(path string) bool {
	return strings.HasPrefix(path, Prefix) || path == strings.TrimSuffix(Prefix, "/")
}

// API is the control API of a server. It is safe for concurrent use.
type API struct {
	s     Backend
	token *Token // nil: none is needed
	mux   *http.ServeMux

	maxSnapshot int // in bytes; tests set another one

	mu      sync.Mutex
	servers map[weak.Pointer[http.Server]]chan struct{} // closed when the server shuts down
}

// New makes the control API of a server. With a nil token it accepts only requests from the same machine.
func New(s Backend, token *Token) *API {
	c := &API{s: s, token: token, mux: http.NewServeMux(), maxSnapshot: maxSnapshot, servers: map[weak.Pointer[http.Server]]chan struct{}{}}
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
		c.mux.HandleFunc(strings.Replace(pattern, " ", " "+Prefix, 1), c.handlerFunc(handle))
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
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if err := cmp.Or(a.admit(w, r), checkMediaType(r)); err != nil {
		writeControl(w, 0, nil, err)
		return
	}
	allow, found := wire.FindRoute(a.mux, r)
	if found && path.Clean(r.URL.Path) == r.URL.Path { // for another path, the mux responds with a redirect
		a.mux.ServeHTTP(w, r)
		return
	}
	if allow != "" {
		w.Header().Set("Allow", allow)
		writeControl(w, 0, nil, newError(http.StatusMethodNotAllowed, "the path does not support the method", "use "+allow))
		return
	}
	writeControl(w, 0, nil, newError(http.StatusNotFound, "unknown path of the control API", "GET "+Prefix+"openapi.yaml lists them"))
}
