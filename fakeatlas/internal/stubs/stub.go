// Package stubs has the answers that testers give a server for requests that it has no route for.
package stubs

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/redact"
)

// Stub is an answer, and the requests that get it.
type Stub struct {
	ID       string            // given by the server
	Method   string            // "": any
	Path     string            // a pattern as that of [http.ServeMux], without a method and a host
	Status   int               // 0: 200
	Headers  map[string]string // of the answer
	Body     any               // see [NewAnswer]
	Times    int               // how many requests it answers; 0: no limit
	Answered int               // how many it has answered
}

// Error is the error of a stub that can't be used. It contains no value of a body or a header.
type Error struct {
	Index   int    // of the stub, if there are several
	Pointer string // JSON Pointer of the place in the stub; "": the stub as a whole
	Message string // the cause
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
	return text + ": " + e.Message
}

// Masked returns the stub as lists show it, without secrets.
func (s Stub) Masked() json.Marshaler {
	s.Headers, s.Body = MaskHeaders(s.Headers), MaskBody(s.Body)
	return s.Document()
}

// Document returns the JSON document of the stub.
func (s Stub) Document() json.Marshaler {
	o := wire.Object{wire.Field("id", s.ID)}
	if s.Method != "" {
		o = append(o, wire.Field("method", s.Method))
	}
	o = append(o, wire.Field("path", s.Path), wire.Field("status", s.Status))
	if len(s.Headers) > 0 {
		o = append(o, wire.Field("headers", s.Headers))
	}
	if text, ok := s.Body.([]byte); ok {
		s.Body = string(text)
	}
	if s.Body != nil {
		o = append(o, wire.Field("body", s.Body))
	}
	return append(o, wire.Field("times", s.Times), wire.Field("answered", s.Answered))
}

// methods are the methods that a stub may have.
var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
}

// maxPath is the longest path of a stub in bytes.
const maxPath = 500

// entry is a stub that was checked.
type entry struct {
	Stub
	answer  Answer
	pattern string // of the mux; the same for stubs of the same requests
}

// newEntry checks a stub.
func newEntry(s Stub) (*entry, error) {
	s.Method = strings.ToUpper(s.Method)
	if s.Status == 0 {
		s.Status = http.StatusOK
	}
	if s.Method != "" && !slices.Contains(methods, s.Method) {
		return nil, &Error{Pointer: "/method", Message: redact.Value(s.Method) + " is not a method of a stub", Hint: "use one of " + strings.Join(methods, ", ") + ", or omit it for all"}
	}
	if s.Times < 0 {
		return nil, &Error{Pointer: "/times", Message: "it is negative", Hint: "use 0 for no limit"}
	}
	path, err := muxPath(s.Path)
	if err != nil {
		return nil, err
	}
	answer, err := NewAnswer(s.Status, s.Headers, s.Body)
	if err != nil {
		return nil, err
	}
	return &entry{s, answer, strings.TrimPrefix(s.Method+" "+path, " ")}, nil
}

// muxPath checks a path, and names its wildcards by their number, so that two paths that match the same requests are
// equal.
func muxPath(path string) (string, error) {
	problem := func(message, hint string) (string, error) {
		return "", &Error{Pointer: "/path", Message: message, Hint: hint}
	}
	switch {
	case path == "":
		return problem("it is missing", `add one such as "/api/atlas/v2/groups/{groupId}/clusters"`)
	case len(path) > maxPath:
		return problem("it has more than "+strconv.Itoa(maxPath)+" bytes", "use a shorter one, with {rest...} as the last segment")
	case path[0] != '/':
		return problem(`it does not begin with "/"`, "use the path of the request, without scheme and host")
	case strings.ContainsAny(path, "?#"):
		return problem("it has a query or a fragment", "use the path alone: a stub answers every query")
	case strings.ContainsFunc(path, func(r rune) bool { return !unicode.IsPrint(r) || r == ' ' || r == unicode.ReplacementChar }):
		return problem("it has white space or a control character", "write it as the request does, such as %20")
	}
	segments := strings.Split(path[1:], "/")
	names := []string{}
	for i, segment := range segments {
		name, suffix, err := wildcard(segment, i == len(segments)-1)
		switch {
		case err != nil:
			return "", err
		case name == "":
			continue
		case slices.Contains(names, name):
			return problem("two wildcards have the same name", "give each its own")
		}
		names = append(names, name)
		segments[i] = "{w" + strconv.Itoa(len(names)) + suffix + "}"
	}
	return "/" + strings.Join(segments, "/"), nil
}

// wildcard returns the name of a segment that is a wildcard, and "..." if it matches several segments; "" if it is none.
func wildcard(segment string, last bool) (name, suffix string, err error) {
	problem := func(message, hint string) (string, string, error) {
		return "", "", &Error{Pointer: "/path", Message: message, Hint: hint}
	}
	switch {
	case segment == "" && last:
		return problem(`it ends in "/"`, "remove the slash, or add {rest...} for all paths below")
	case segment == "" || segment == "." || segment == "..":
		return problem("it has an empty segment, or one of dots", "use the path that the request has, without such segments")
	case !strings.ContainsAny(segment, "{}"):
		return "", "", nil
	}
	name, begins := strings.CutPrefix(segment, "{")
	name, ends := strings.CutSuffix(name, "}")
	name, several := strings.CutSuffix(name, "...")
	switch {
	case !begins || !ends || strings.ContainsAny(name, "{}"):
		return problem("a wildcard is not a whole segment", "use segments such as {name}, and no other braces")
	case !isIdentifier(name):
		return problem("a wildcard has no name of letters, digits and underscores", "use segments such as {groupId}")
	case several && !last:
		return problem("{"+redact.Plain(name)+"...} is not the last segment", "use it at the end only")
	case several:
		suffix = "..."
	}
	return name, suffix, nil
}

func isIdentifier(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// sample returns a request that the stub matches, with segments that no route has in place of the wildcards. The method
// is "" if the stub matches several methods, or paths of different lengths.
func (e *entry) sample() (method, path string) {
	segments := strings.Split(e.Path, "/")
	method = e.Method
	for i, segment := range segments {
		if !strings.HasPrefix(segment, "{") {
			continue
		}
		segments[i] = "-"
		if strings.HasSuffix(segment, "...}") {
			method = ""
		}
	}
	return method, strings.Join(segments, "/")
}
