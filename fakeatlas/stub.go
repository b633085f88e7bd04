package fakeatlas

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
)

// Stub is a response to requests that the server has no route for: an unknown path, or a method that a path does not
// have. Of the stubs that match a request, the one with the most specific path applies, as in [http.ServeMux]. Of those
// with the same path, those with Times come before those without, then the oldest comes first.
type Stub struct {
	ID     string // set by the server
	Method string // such as GET, which includes HEAD; empty: any
	// Path has no query. Examples are "/api/atlas/v2/groups/{groupId}/clusters/{name}:start" and "/x/{rest...}".
	Path    string
	Status  int               // from 200 to 599; 0: 200
	Header  map[string]string // of the response
	Body    any               // nil: none; a string or []byte: sent unchanged; anything else: JSON. 1 MiB at most
	Times   int               // how many requests it responds to; 0: no limit
	Applied int               // how many requests it has responded to; set by the server
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
	if _, err := stubs.NewResponse(http.StatusOK, nil, s.Body); err != nil {
		return nil, err
	}
	return stubs.Stub(s).Document().MarshalJSON()
}

// UnmarshalJSON reads a stub as the control API does: it rejects unknown members. The error is a [*StubError].
func (s *Stub) UnmarshalJSON(data []byte) error {
	parsed, err := stubs.Parse(data)
	*s = Stub(parsed)
	return stubError(1, err)
}

// StubError is the error for a [Stub] that the server can't use. It contains no value of a body or a header.
type StubError struct {
	Index   int    // of the stub among the arguments, from 0
	Pointer string // JSON Pointer of the place in the stub, such as /path; empty: the stub as a whole
	Reason  string
	Hint    string // what to try next; may be empty
}

// Error returns the place, the reason and the hint on one line.
func (e *StubError) Error() string {
	plain := stubs.Error(*e)
	return plain.Error()
}

// Stub adds stubs, all or none. There are at most 1000, with 16 MiB of bodies and headers together. The error wraps a
// [*StubError].
func (s *Server) Stub(add ...Stub) error {
	_, err := s.stubs.Add(plainStubs(add)...)
	return stubError(len(add), err)
}

// SetStubs replaces all stubs, or none. Without arguments it removes them all. The error wraps a [*StubError].
func (s *Server) SetStubs(all ...Stub) error {
	_, err := s.stubs.Set(plainStubs(all)...)
	return stubError(len(all), err)
}

// Stubs returns the stubs, the oldest first, including those that have responded as often as they may. A Body that is
// neither text nor []byte is its JSON, a [json.RawMessage]. The caller owns the result.
func (s *Server) Stubs() []Stub {
	list := []Stub{}
	for _, stub := range s.stubs.All() {
		list = append(list, Stub(stub))
	}
	return list
}

// stubError returns the error about one of n stubs, with its number if there are several.
func stubError(n int, err error) error {
	var invalid *stubs.Error
	if !errors.As(err, &invalid) {
		return err
	}
	wrong := StubError(*invalid)
	wrong.Index = max(0, wrong.Index) // it is -1 for a document that is not JSON
	if n > 1 {
		return fmt.Errorf("stub %d: %w", wrong.Index+1, &wrong)
	}
	return &wrong
}

func plainStubs(list []Stub) []stubs.Stub {
	plain := make([]stubs.Stub, len(list))
	for i, stub := range list {
		plain[i] = stubs.Stub(stub)
	}
	return plain
}
