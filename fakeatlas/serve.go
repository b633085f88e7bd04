package fakeatlas

import (
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/control"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

// ServeHTTP responds to a request as Atlas does. If a [Fault] drops the connection, it panics with
// [http.ErrAbortHandler], which net/http and [Server.Transport] recover. A direct caller, for example with
// httptest.NewRecorder, must recover itself.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.control != nil && control.IsPath(r.URL.Path) {
		s.control.ServeHTTP(w, r)
		return
	}
	x := s.open(w, r)
	defer x.close()
	body := r.Body
	defer func() { r.Body = body }()
	r.Body = x.body // which limits it
	s.handle(x, r)
}

// handle processes a request to the API, up to the handler of its route. Each step reports whether it has responded to
// the request. Clients can observe the order: a digest client sends its first request without credentials, so nothing
// may read the body before they are checked.
func (s *Server) handle(x *exchange, r *http.Request) {
	switch {
	case s.delay(r):
	case s.rejectLoop(x, r):
	case s.rejectPath(x, r):
	case s.rejectCredentials(x, r):
	case s.rejectUnsafePath(x, r):
	case s.rejectRate(x, r):
	case s.applyFault(x, r):
	case s.serveUnserved(x, r):
	case s.rejectVersion(x, r):
	default:
		s.route(x, r)
	}
}

// serveOperation processes a request to the integrations, from its route on. The validator comes before the store,
// and once more within an update, which depends on the stored integration.
func (c *call) serveOperation(op operation) {
	if err := c.checkParameters(); err != nil {
		c.writeError(err)
		return
	}
	sent, err := c.validate(op)
	if err != nil {
		c.writeError(err)
		return
	}
	found, err := c.access(op, sent)
	if err != nil {
		c.writeError(err)
		return
	}
	c.write(c.format(op, found)) // masks, order, page and envelope
}

// delay waits for the time that [WithLatency] sets. It reports whether the client has disconnected meanwhile.
func (s *Server) delay(r *http.Request) bool {
	return s.config.latency > 0 && !wait(r, s.config.latency)
}

// wait reports whether the time has passed before the client disconnected.
func wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// rejectPath responds to requests to paths outside the API that no stub responds to.
func (s *Server) rejectPath(x *exchange, r *http.Request) bool {
	if inAPI(r) || s.stubs.Has(r) || s.forwards(r) {
		return false
	}
	s.writeNotFound(x, r, "")
	return true
}

func inAPI(r *http.Request) bool { return wire.APIVersionOf(r.URL.Path) != "" || isOAuth(r) }

func isOAuth(r *http.Request) bool { return isBelow(r, wire.OAuthPath) }

// isBelow reports whether a path begins with a prefix as it was sent, without dot segments: another server may resolve
// them, or decode slashes.
func isBelow(r *http.Request, prefix string) bool {
	return strings.HasPrefix(r.URL.EscapedPath(), prefix) && isClean(r.URL.Path)
}

func isClean(p string) bool {
	return (path.Clean(p) == strings.TrimSuffix(p, "/") || p == "/") && wire.HasSafePath(p)
}

// rejectUnsafePath responds to requests whose path another server may read as another one. Neither a route nor a stub
// nor the fallback gets them.
func (s *Server) rejectUnsafePath(x *exchange, r *http.Request) bool {
	if wire.HasSafePath(r.URL.Path) {
		return false
	}
	s.writeNotFound(x, r, "")
	return true
}

// needsNoCredentials reports whether clients call a path outside the API without credentials, as the Atlas CLI does to
// log in. Only stubs respond there.
func needsNoCredentials(r *http.Request) bool {
	return !inAPI(r) && (!strings.HasPrefix(r.URL.Path, "/api/") && isClean(r.URL.Path) || isBelow(r, "/api/private/unauth/"))
}

// rejectCredentials responds to requests whose credentials are missing or wrong, or don't permit the request. The
// handlers of the token endpoints check the credentials of a service account themselves.
func (s *Server) rejectCredentials(x *exchange, r *http.Request) bool {
	if isOAuth(r) {
		x.entry.User = s.auth.ClientOf(r)
		return false
	}
	if needsNoCredentials(r) {
		return false
	}
	account, err := s.auth.Authenticate(x, r)
	if err != nil {
		e := s.errorFor(r, err)
		x.entry.Challenge = e.Status == http.StatusUnauthorized && len(r.Header.Values("Authorization")) == 0
		x.writeAuthError(r, e)
		return true
	}
	x.entry.User = account.User
	e := account.Authorize(r, x.entry.Operation)
	if e != nil {
		e.Write(x, r)
	}
	return e != nil
}

// rejectRate takes a token for a request, unless it is to a project that does not exist, and rejects it if there is
// none: recorded responses of GROUP_NOT_FOUND have no headers of the rate limit.
func (s *Server) rejectRate(x *exchange, r *http.Request) bool {
	t := x.entry.Target
	if t.Bucket == "" || t.Project != "" && s.companions.Exists(r.Context(), t.Project) != nil {
		return false
	}
	e, err := s.limiter.Take(r.Context(), x.Header(), t, r.URL.EscapedPath())
	if err != nil {
		e = s.storeError(r, err)
	}
	if e != nil {
		e.Write(x, r)
	}
	return e != nil
}

// rejectVersion responds to requests that accept no API version of the server.
func (s *Server) rejectVersion(x *exchange, r *http.Request) bool {
	e := wire.CheckAccept(r, s.config.choices.LenientAccept)
	if e != nil {
		e.Write(x, r)
	}
	return e != nil
}

// route passes a request to the handler of its route. net/http would respond to an unknown path or method with text.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if p := r.URL.EscapedPath(); path.Clean(p) != p { // the mux would redirect
		wire.NewError("RESOURCE_NOT_FOUND", p).Write(w, r)
		return
	}
	mux := s.muxOf(r)
	if allow, found := wire.FindRoute(mux, r); !found {
		notFound(r, allow, w.Header()).Write(w, r)
		return
	}
	mux.ServeHTTP(w, r)
}
