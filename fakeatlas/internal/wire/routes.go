package wire

import "net/http"

// FindRoute reports whether a route of mux matches a request. If only the method differs, allow lists the methods of
// the route.
func FindRoute(mux *http.ServeMux, r *http.Request) (allow string, found bool) {
	handler, pattern := mux.Handler(r)
	if pattern != "" {
		return "", true
	}
	probe := &statusProbe{header: http.Header{}}
	handler.ServeHTTP(probe, r)
	if probe.status != http.StatusMethodNotAllowed {
		return "", false
	}
	return probe.header.Get("Allow"), false
}

// Router is a mux that also lists its patterns.
type Router struct {
	*http.ServeMux
	Patterns *[]string // in the order of their registration
}

// HandleFunc registers a handler.
func (r Router) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	*r.Patterns = append(*r.Patterns, pattern)
	r.ServeMux.HandleFunc(pattern, handle)
}

// statusProbe records the status that a handler would return.
type statusProbe struct {
	header http.Header
	status int
}

func (p *statusProbe) Header() http.Header { return p.header }

func (p *statusProbe) WriteHeader(status int) { p.status = status }

func (p *statusProbe) Write(data []byte) (int, error) { return len(data), nil }
