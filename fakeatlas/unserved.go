package fakeatlas

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/control"
	"github.com/atlasint/atlasint/fakeatlas/internal/fallback"
	"github.com/atlasint/atlasint/fakeatlas/internal/nearmiss"
	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/logtext"
)

// WithFallback forwards requests below /api/ that the server has no route and no stub for to another server, such as a
// mock of the rest of Atlas, without credentials and cookies. The server returns its response, up to 16 MiB, including
// redirects. It returns 502 if the other server doesn't respond within 30 seconds. The address of the other server must
// be of the loopback interface, also each time that its name is resolved: see [WithRemoteFallback]. The environment's
// proxy is not used.
func WithFallback(url string) Option {
	return withFallback("WithFallback", url, fallback.New)
}

// WithRemoteFallback is like [WithFallback] for a server on any machine, which gets the paths, queries, bodies and all
// headers but credentials and cookies of these requests.
func WithRemoteFallback(url string) Option {
	return withFallback("WithRemoteFallback", url, fallback.NewRemote)
}

func withFallback(option, url string, newProxy func(string) (*fallback.Proxy, error)) Option {
	return func(c *config) error {
		p, err := newProxy(url)
		switch {
		case errors.Is(err, fallback.ErrRemote):
			e := &OptionError{Option: option, Reason: "the fallback can't be used: " + err.Error()}
			e.Hint, e.SuggestedOption = "allow it with WithRemoteFallback", "WithRemoteFallback"
			return e
		case err != nil:
			return wrongOption(option, "use one such as http://127.0.0.1:4010", "the fallback can't be used: %v", err)
		}
		c.fallback = p
		return nil
	}
}

// logFallback logs why the fallback did not respond.
func (s *Server) logFallback(cause string) {
	if s.config.logger != nil {
		s.config.logger.Error("the fallback did not respond: " + cause)
	}
}

// rejectLoop responds to a request that the fallback has sent back.
func (s *Server) rejectLoop(x *exchange, r *http.Request) bool {
	if s.config.fallback == nil || !s.config.fallback.Forwarded(r) {
		return false
	}
	s.config.fallback.WriteLoop(x, r)
	return true
}

// WriteForbidden responds to a request with status 403, in the form of the API that has the path: that of Atlas or the
// control API. It is for handlers that reject requests before the server gets them, which then are not in its journal.
func (s *Server) WriteForbidden(w http.ResponseWriter, r *http.Request, reason, hint string) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if s.control != nil && control.IsPath(r.URL.Path) {
		control.WriteError(w, &control.Error{Status: http.StatusForbidden, Message: reason, Hint: hint})
		return
	}
	wire.NewError("UNEXPECTED_ERROR").WithStatus(http.StatusForbidden).WithDetail(withHint(reason, hint)).Write(w, r)
}

// forwards reports whether the fallback gets a request that nothing else responds to.
func (s *Server) forwards(r *http.Request) bool {
	p := r.URL.EscapedPath()
	return s.config.fallback != nil && strings.HasPrefix(p, "/api/") && path.Clean(p) == p
}

// servedMethods returns the methods of a path that the server serves itself, so that no stub can.
func (s *Server) servedMethods(path string) []string {
	const unknown = "-" // no route has this method: the mux lists those of the path
	r, err := http.NewRequestWithContext(context.Background(), unknown, path, http.NoBody)
	if err != nil {
		return nil
	}
	allow, _ := wire.FindRoute(s.muxOf(r), r)
	if allow == "" {
		return nil
	}
	return strings.Split(allow, ", ")
}

// muxOf returns the mux with the routes for a request.
func (s *Server) muxOf(r *http.Request) *http.ServeMux {
	if strings.HasPrefix(r.URL.Path, wire.ByNamePath) {
		return s.byName
	}
	return s.mux
}

// serveUnserved responds to a request that the server has no route for: with a stub, with the fallback, or with an
// error that describes how to add a stub. It reports whether it has responded.
func (s *Server) serveUnserved(x *exchange, r *http.Request) bool {
	if x.entry.Operation != wire.OtherOperation {
		return false
	}
	allow, found := wire.FindRoute(s.muxOf(r), r)
	if found {
		return false
	}
	if response, id, ok := s.stubs.Consume(r); ok {
		x.entry.Stub = id
		wire.Drain(r)
		response.Write(x)
		return true
	}
	if s.forwards(r) {
		x.entry.Fallback = true
		s.config.fallback.ServeHTTP(x, r)
		return true
	}
	s.writeNotFound(x, r, allow)
	return true
}

// writeNotFound responds to a request without a route, and describes the stub to add. Allow has the methods that its
// path has.
func (s *Server) writeNotFound(x *exchange, r *http.Request, allow string) {
	e := notFound(r, allow, x.Header())
	p := r.URL.EscapedPath()
	switch clean := path.Clean(p); {
	case !strings.HasPrefix(clean, "/api/"):
	case clean != p || !wire.HasSafePath(r.URL.Path):
		e.Detail += " " + wire.NotServed +
			"paths with a slash at the end, or with empty segments, dots, backslashes or control characters: correct the URL."
	case stubs.HasMethod(r.Method) || allow == "": // a path of the server has no stub without a method
		e.Detail = strings.TrimSuffix(e.Detail, ".") + ". " + s.nearMiss(r)
	}
	e.Write(x, r)
}

// notFound returns the error of a request without a route. Allow has the methods that its path has.
func notFound(r *http.Request, allow string, header http.Header) *wire.Error {
	if allow == "" {
		return wire.NewError("RESOURCE_NOT_FOUND", r.URL.EscapedPath())
	}
	header.Set("Allow", allow)
	return wire.NewError("UNEXPECTED_ERROR").WithStatus(http.StatusMethodNotAllowed).WithDetail("Method Not Allowed")
}

// nearMiss describes a request without a route, the similar routes, and the stub to add, and logs that. It shows as
// much of the method and the path as the journal. Only a stub without a method responds to unusual ones.
func (s *Server) nearMiss(r *http.Request) string {
	pattern := nearmiss.Pattern(r.URL.EscapedPath())
	method, stub := r.Method, "this method and path"
	if !stubs.HasMethod(method) {
		method, stub = logtext.Method(method), "this path and without a method"
	}
	decoded := wire.DecodedPath(r.URL)
	similar, longer := strings.Join(nearmiss.Similar(s.routes, r.Method, decoded), ", "), nearmiss.Longer(s.routes, r.Method, decoded)
	if longer != "" {
		similar = longer
	}
	if s.config.logger != nil {
		parts := []any{slog.String("method", method), slog.String("path", pattern)}
		if similar != "" {
			parts = append(parts, slog.String("similar", similar))
		}
		s.config.logger.Warn("no route and no stub for this request; to respond to it, add a stub", parts...)
	}
	text := wire.NotServed + method + " " + pattern
	if longer != "" {
		return text + ", whose last segment is missing: use " + longer + "."
	}
	if similar != "" {
		text += "; similar: " + similar
	}
	text += ". To respond to it, add a stub with " + stub
	if s.control != nil {
		text += ": POST " + control.Prefix + "stubs"
	}
	return text + "."
}
