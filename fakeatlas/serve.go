package fakeatlas

import (
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/atlasint/atlasint/gen/schemas"
)

const (
	prefixV1 = "/api/atlas/v1.0/"
	prefixV2 = "/api/atlas/v2/"
	oauth    = "/api/oauth/"
)

// ServeHTTP answers a request as Atlas does. Where a [Fault] drops the connection it panics with
// [http.ErrAbortHandler], which a server of net/http and [Server.Transport] understand; whoever calls it
// directly, as with httptest.NewRecorder, has to recover.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.control != nil && isControl(r.URL.Path) {
		s.control.ServeHTTP(w, r)
		return
	}
	x := s.open(w, r)
	defer x.close()
	whole := r.Body
	r.Body = x.body
	defer func() { r.Body = whole }()
	s.answer(x, r)
}

// answer goes by the order that matters to clients: the refusal of credentials comes before anything reads
// the body, since a digest client first sends a request without one. Faults strike after that.
func (s *Server) answer(x *exchange, r *http.Request) {
	if s.config.latency > 0 && !s.wait(r, s.config.latency) {
		return
	}
	if strings.HasPrefix(r.URL.Path, oauth) {
		x.entry.user = s.clientOf(r)
		if !s.fail(x, r) {
			s.route(x, r)
		}
		return
	}
	if generationOf(r.URL.Path) == "" {
		refuse("RESOURCE_NOT_FOUND", r.URL.Path).write(x, r)
		return
	}
	if e := s.authenticate(x, r); e != nil {
		writeRefused(x, r, e)
		return
	}
	x.entry.user = s.userOf(r)
	if e := s.limit(x, r); e != nil {
		e.write(x, r)
		return
	}
	if s.fail(x, r) {
		return
	}
	if e := s.negotiate(r); e != nil {
		e.write(x, r)
		return
	}
	s.route(x, r)
}

// wait delays an answer; false if the client has gone away.
func (s *Server) wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

func generationOf(path string) string {
	switch {
	case strings.HasPrefix(path, prefixV2):
		return schemas.V2
	case strings.HasPrefix(path, prefixV1):
		return schemas.V1
	default:
		return ""
	}
}

// route hands a request to the generated routes. What they would refuse as text, an unknown path or
// method, is refused as Atlas does.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if p := r.URL.EscapedPath(); path.Clean(p) != p { // the mux would redirect
		refuse("RESOURCE_NOT_FOUND", r.URL.Path).write(w, r)
		return
	}
	handler, pattern := s.mux.Handler(r)
	if pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	probe := &statusProbe{header: http.Header{}}
	handler.ServeHTTP(probe, r)
	if probe.status != http.StatusMethodNotAllowed {
		refuse("RESOURCE_NOT_FOUND", r.URL.Path).write(w, r)
		return
	}
	w.Header().Set("Allow", probe.header.Get("Allow"))
	refuse("UNEXPECTED_ERROR").withStatus(http.StatusMethodNotAllowed).withDetail("Method Not Allowed").write(w, r)
}

// statusProbe learns what a handler would answer.
type statusProbe struct {
	header http.Header
	status int
}

func (p *statusProbe) Header() http.Header            { return p.header }
func (p *statusProbe) WriteHeader(status int)         { p.status = status }
func (p *statusProbe) Write(data []byte) (int, error) { return len(data), nil }

func (e *apiError) withDetail(detail string) *apiError {
	e.Detail = detail
	return e
}
