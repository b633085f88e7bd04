// Package stubs keeps the responses that users set for requests without a route of the server.
package stubs

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
)

// Stub is a response, and the requests that get it.
type Stub struct {
	ID      string            // given by the server
	Method  string            // "": any
	Path    string            // a pattern as that of [http.ServeMux], without a method and a host; text may follow {name}
	Status  int               // 0: 200
	Header  map[string]string // of the response
	Body    any               // see [NewResponse]
	Times   int               // how many requests it responds to; 0: no limit
	Applied int               // how many requests it has responded to
}

// Error is the error of a stub that can't be used. It contains no value of a body or a header.
type Error struct {
	Index   int    // of the stub, if there are several
	Pointer string // JSON Pointer of the place in the stub; "": the stub as a whole
	Reason  string // the cause
	Hint    string // what to do; may be ""
}

// Error returns the place, the cause and the hint.
func (e *Error) Error() string {
	text := e.Text("")
	if e.Hint != "" {
		text += "; " + e.Hint
	}
	return text
}

// Text returns the place and the cause. Prefix is the pointer of the stub in its document.
func (e *Error) Text(prefix string) string {
	text := "invalid stub"
	if at := redact.Pointer(prefix + e.Pointer); at != "" {
		text += " at " + at
	}
	return text + ": " + e.Reason
}

// Masked returns the stub as lists show it, without secrets.
func (s Stub) Masked() json.Marshaler {
	s.Header, s.Body = MaskHeaders(s.Header), MaskBody(s.Body)
	return s.Document()
}

// Document returns the JSON document of the stub.
func (s Stub) Document() json.Marshaler {
	o := wire.Object{wire.Field("id", s.ID)}
	if s.Method != "" {
		o = append(o, wire.Field("method", s.Method))
	}
	o = append(o, wire.Field("path", s.Path), wire.Field("status", s.Status))
	if len(s.Header) > 0 {
		o = append(o, wire.Field("headers", s.Header))
	}
	if text, ok := s.Body.([]byte); ok {
		s.Body = string(text)
	}
	if s.Body != nil {
		o = append(o, wire.Field("body", s.Body))
	}
	return append(o, wire.Field("times", s.Times), wire.Field("applied", s.Applied))
}

// methods are the methods that a stub may have.
var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
}

// HasMethod reports whether a stub can respond to requests with a method.
func HasMethod(method string) bool { return slices.Contains(methods, method) }

// entry is a stub that was checked.
type entry struct {
	Stub
	response Response
	pattern  pattern
}

// newEntry checks a stub.
func newEntry(s Stub) (*entry, error) {
	s.Method = strings.ToUpper(s.Method)
	if s.Status == 0 {
		s.Status = http.StatusOK
	}
	if s.Method != "" && !HasMethod(s.Method) {
		hint := suggest.Hint(s.Method, methods, "use one of "+strings.Join(methods, ", ")+", or omit it for all")
		return nil, &Error{Pointer: "/method", Reason: redact.Value(s.Method) + " is not a method of a stub", Hint: hint}
	}
	if s.Times < 0 {
		return nil, &Error{Pointer: "/times", Reason: "it is negative", Hint: "use 0 for no limit"}
	}
	p, err := newPattern(s.Method, s.Path)
	if err != nil {
		return nil, err
	}
	resp, invalid := NewResponse(s.Status, s.Header, s.Body)
	if invalid != nil {
		return nil, invalid
	}
	return &entry{s, resp, p}, nil
}

// sample returns the path of a request that the stub matches, with texts that no route has in place of the wildcards.
func (e *entry) sample() string {
	parts := strings.Split(e.Path, "/")
	for i, part := range parts {
		if _, text, isWildcard := strings.Cut(part, "}"); isWildcard {
			parts[i] = "-" + text
		}
	}
	return strings.Join(parts, "/")
}
