package fakeatlas

import (
	"errors"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/control"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/internal/atlas"
)

// ServeHTTP answers a request as Atlas does. Where a [Fault] drops the connection it panics with
// [http.ErrAbortHandler], which a server of net/http and [Server.Transport] understand; whoever calls it
// directly, as with httptest.NewRecorder, has to recover.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.control != nil && control.IsPath(r.URL.Path) {
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
	if strings.HasPrefix(r.URL.Path, wire.OAuthPath) {
		x.entry.User = s.auth.ClientOf(r)
		if !s.applyFault(x, r) {
			s.route(x, r)
		}
		return
	}
	if wire.APIVersionOf(r.URL.Path) == "" {
		wire.NewError("RESOURCE_NOT_FOUND", r.URL.Path).Write(x, r)
		return
	}
	if err := s.auth.Authenticate(x, r); err != nil {
		writeAuthError(x, r, s.refusalOf(r, err))
		return
	}
	x.entry.User = s.auth.UserOf(r)
	if e := s.limit(x, r); e != nil {
		e.Write(x, r)
		return
	}
	if s.applyFault(x, r) {
		return
	}
	if !s.config.lenientAccept {
		if e := wire.CheckAccept(r); e != nil {
			e.Write(x, r)
			return
		}
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

// storeError is the answer where the store fails. Why it does is logged, as far as the store has found words
// that are fit for it; a client that has gone away is no failure.
func (s *Server) storeError(r *http.Request, err error) *wire.Error {
	if s.config.logger != nil && r.Context().Err() == nil {
		s.config.logger.Error("the store failed", slog.String("reason", failureText(err)))
	}
	return wire.NewError("UNEXPECTED_ERROR")
}

func failureText(err error) string {
	var worded *store.Failure
	if errors.As(err, &worded) {
		return worded.Text
	}
	return "it does not say" // not in words that are known to hold no secret
}

// writeAuthError answers a request whose credentials are missing or wrong, or can't be checked.
func writeAuthError(x *exchange, r *http.Request, e *wire.Error) {
	if e.Status == http.StatusUnauthorized {
		x.entry.ErrorCode = e.Code // no header has it
		e.WriteUnauthorized(x)
		return
	}
	e.Write(x, r)
}

// route hands a request to the generated routes. What they would refuse as text, an unknown path or
// method, is refused as Atlas does.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if p := r.URL.EscapedPath(); path.Clean(p) != p { // the mux would redirect
		wire.NewError("RESOURCE_NOT_FOUND", r.URL.Path).Write(w, r)
		return
	}
	switch allow, found := wire.FindRoute(s.mux, r); {
	case found:
		s.mux.ServeHTTP(w, r)
	case allow == "":
		wire.NewError("RESOURCE_NOT_FOUND", r.URL.Path).Write(w, r)
	default:
		w.Header().Set("Allow", allow)
		wire.NewError("UNEXPECTED_ERROR").WithStatus(http.StatusMethodNotAllowed).WithDetail("Method Not Allowed").Write(w, r)
	}
}

// refusalOf returns an error as an answer: a refusal as it is, any other as a failure of the store.
func (s *Server) refusalOf(r *http.Request, err error) *wire.Error {
	var refused *wire.Error
	if errors.As(err, &refused) {
		return refused
	}
	return s.storeError(r, err)
}

// limit takes a token for a request to the integrations of a project that exists. Other requests have no
// bucket: recorded answers of GROUP_NOT_FOUND have no headers of the rate limit.
func (s *Server) limit(x *exchange, r *http.Request) *wire.Error {
	t := x.entry.Target
	if !t.Integrations || !atlas.IsID(t.Project) || s.config.projects != nil && !s.config.projects[t.Project] {
		return nil
	}
	e, err := s.limiter.Take(r.Context(), x.Header(), t, r.URL.Path)
	if err != nil {
		return s.storeError(r, err)
	}
	return e
}
