package fakeatlas

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/control"
	"github.com/atlasint/atlasint/fakeatlas/internal/nearmiss"
	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/logtext"
)

// Stub is an answer to requests that the server has no route for: an unknown path, or a method that a path does not
// have. Of the stubs that match a request, the one with the most specific path answers, as in [http.ServeMux]. Of those
// with the same path, those with Times come before those without, then the oldest comes first.
type Stub struct {
	ID       string            // given by the server
	Method   string            // such as GET, which includes HEAD; empty: any
	Path     string            // without the query, such as "/api/atlas/v2/groups/{groupId}/clusters/{rest...}"
	Status   int               // from 200 to 599; 0: 200
	Headers  map[string]string // of the answer
	Body     any               // nil: none; a string or []byte: sent unchanged; anything else: JSON. 1 MiB at most
	Times    int               // how many requests it answers; 0: no limit
	Answered int               // how many it has answered
}

// Format prints the stub with "(hidden)" in place of secrets, for every verb.
func (s Stub) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.LogValue().String()) }

// LogValue implements [slog.LogValuer], without secrets.
func (s Stub) LogValue() slog.Value {
	text, _ := stubs.Stub(s).Masked().MarshalJSON() // a stub can always be encoded
	return slog.StringValue(string(text))
}

// MarshalJSON writes the stub as the control API reads it, with its whole body.
func (s Stub) MarshalJSON() ([]byte, error) {
	if _, err := stubs.NewAnswer(http.StatusOK, nil, s.Body); err != nil {
		return nil, err
	}
	return stubs.Stub(s).Document().MarshalJSON()
}

// UnmarshalJSON reads a stub as the control API does: it rejects unknown members, and its error has a JSON Pointer.
func (s *Stub) UnmarshalJSON(data []byte) error {
	parsed, err := stubs.Parse(data)
	*s = Stub(parsed)
	return err
}

// Stub adds stubs, all or none. There are at most 1000, with 16 MiB of bodies and headers together. The error names the
// place in the stub, and contains no body.
func (s *Server) Stub(add ...Stub) error {
	_, err := s.stubs.Add(plainStubs(add)...)
	return numbered(len(add), err)
}

// SetStubs replaces all stubs, or none. Without arguments it removes them all.
func (s *Server) SetStubs(all ...Stub) error {
	_, err := s.stubs.Set(plainStubs(all)...)
	return numbered(len(all), err)
}

// Stubs returns the stubs, the oldest first, including those that have answered as often as they may.
func (s *Server) Stubs() []Stub {
	list := []Stub{}
	for _, stub := range s.stubs.All() {
		list = append(list, Stub(stub))
	}
	return list
}

// numbered adds the number of the stub to an error about one of n.
func numbered(n int, err error) error {
	var invalid *stubs.Error
	if n > 1 && errors.As(err, &invalid) {
		return fmt.Errorf("stub %d: %w", invalid.Index+1, err)
	}
	return err
}

func plainStubs(list []Stub) []stubs.Stub {
	plain := make([]stubs.Stub, len(list))
	for i, stub := range list {
		plain[i] = stubs.Stub(stub)
	}
	return plain
}

// isServed reports whether the server answers a path itself, so that no stub can.
func (s *Server) isServed(method, path string) bool {
	if control.IsPath(path) {
		return true
	}
	r, err := http.NewRequestWithContext(context.Background(), method, path, http.NoBody)
	if err != nil || method == "" {
		return false
	}
	_, found := wire.FindRoute(s.muxOf(r), r)
	return found
}

// muxOf returns the mux with the routes for a request.
func (s *Server) muxOf(r *http.Request) *http.ServeMux {
	if strings.HasPrefix(r.URL.Path, wire.ByNamePath) {
		return s.byName
	}
	return s.mux
}

// answerUnserved answers a request that the server has no route for: by a stub, by the fallback, or with an error that
// describes how to add a stub. It reports whether the request is such a one.
func (s *Server) answerUnserved(x *exchange, r *http.Request) bool {
	if x.entry.Operation != wire.OtherOperation {
		return false
	}
	allow, found := wire.FindRoute(s.muxOf(r), r)
	if found {
		return false
	}
	if answer, id, ok := s.stubs.Take(r); ok {
		x.entry.Stub = id
		wire.Drain(r)
		answer.Write(x)
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

// writeNotFound answers a request without a route, and describes the stub that would answer it. Allow has the methods that
// its path has.
func (s *Server) writeNotFound(x *exchange, r *http.Request, allow string) {
	e := notFound(r, allow, x.Header())
	p := r.URL.EscapedPath()
	if strings.HasPrefix(p, "/api/") && path.Clean(p) == p && logtext.Method(r.Method) == r.Method { // a stub can answer it
		e.Detail = strings.TrimSuffix(e.Detail, ".") + ". " + s.nearMiss(r)
	}
	e.Write(x, r)
}

// notFound returns the error of a request without a route. Allow has the methods that its path has.
func notFound(r *http.Request, allow string, header http.Header) *wire.Error {
	if allow == "" {
		return wire.NewError("RESOURCE_NOT_FOUND", r.URL.Path)
	}
	header.Set("Allow", allow)
	return wire.NewError("UNEXPECTED_ERROR").WithStatus(http.StatusMethodNotAllowed).WithDetail("Method Not Allowed")
}

// nearMiss describes a request without a route, the similar routes, and the stub that would answer it, and logs that.
// It shows as much of the path as the journal.
func (s *Server) nearMiss(r *http.Request) string {
	pattern := nearmiss.Pattern(r.URL.EscapedPath())
	similar := strings.Join(nearmiss.Similar(s.routes, r.Method, r.URL.Path), ", ")
	if s.config.logger != nil {
		s.config.logger.Warn("no route and no stub for this request; to answer it, add a stub",
			slog.String("method", r.Method), slog.String("path", pattern), slog.String("similar", similar))
	}
	text := wire.NotServed + r.Method + " " + pattern
	if similar != "" {
		text += "; similar: " + similar
	}
	text += ". To answer it, add a stub with this method and path"
	if s.control != nil {
		text += ": POST " + control.Prefix + "stubs"
	}
	return text + "."
}
