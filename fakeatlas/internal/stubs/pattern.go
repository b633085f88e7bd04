package stubs

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/redact"
)

// pattern matches requests by their method and path. Precedence and conflicts are those of [http.ServeMux], whose
// patterns have no text after a wildcard.
type pattern struct {
	method   string // "": any
	segments []segment
	rest     bool // one more segment at least follows, or a slash
}

// segment matches one segment of a path: a text, or any longer text that ends with it.
type segment struct {
	text     string
	wildcard bool
}

// maxPath is the longest path of a stub in bytes.
const maxPath = 500

// newPattern reads the path of a stub.
func newPattern(method, path string) (pattern, error) {
	p := pattern{method: method}
	if err := checkPath(path); err != nil {
		return p, err
	}
	parts, names := strings.Split(path[1:], "/"), []string{}
	for i, part := range parts {
		if !strings.ContainsAny(part, "{}") {
			if err := checkText(part, i == len(parts)-1); err != nil {
				return p, err
			}
			p.segments = append(p.segments, segment{text: unescape(part)})
			continue
		}
		name, text, err := wildcard(part)
		if err != nil {
			return p, err
		}
		name, p.rest = strings.CutSuffix(name, "...")
		switch {
		case !isIdentifier(name):
			return p, pathError("a wildcard has no name of letters, digits and underscores", "use segments such as {groupId}")
		case p.rest && (text != "" || i < len(parts)-1):
			return p, pathError("{"+redact.Plain(name)+"...} is not the end of the path", "use it as the last segment")
		case slices.Contains(names, name):
			return p, pathError("two wildcards have the same name", "give each its own")
		case !p.rest:
			p.segments = append(p.segments, segment{text: unescape(text), wildcard: true})
		}
		names = append(names, name)
	}
	return p, nil
}

func pathError(message, hint string) *Error {
	return &Error{Pointer: "/path", Reason: message, Hint: hint}
}

// checkPath checks a path as a whole.
func checkPath(path string) error {
	switch {
	case path == "":
		return pathError("it is missing", `add one such as "/api/atlas/v2/groups/{groupId}/clusters"`)
	case len(path) > maxPath:
		return pathError("it has more than "+strconv.Itoa(maxPath)+" bytes", "use a shorter one, with {rest...} as the last segment")
	case path[0] != '/':
		return pathError(`it does not begin with "/"`, "use the path of the request, without scheme and host")
	case strings.ContainsAny(path, "?#"):
		return pathError("it has a query or a fragment", "use the path alone: a stub responds to every query")
	case strings.ContainsFunc(path, func(r rune) bool { return !unicode.IsPrint(r) || r == ' ' || r == unicode.ReplacementChar }):
		return pathError("it has white space or a control character", "write it as the request does, such as %20")
	case !isEscaped(path):
		return pathError("it has a % that begins no escape", "write %25 for a percent sign, and two hexadecimal digits after each other %")
	case !wire.HasSafePath(unescape(path)):
		return pathError("it has a dot segment, a backslash or a control character",
			"use the path that the request has, without such segments: requests with them get 404")
	case strings.Contains(path, "*") || strings.Contains(path, "/:"):
		return pathError("a wildcard has another form than {name}", "use {name} for one segment, or {rest...} for all that follow")
	}
	return nil
}

// checkText checks a segment without a wildcard.
func checkText(part string, last bool) error {
	switch {
	case part == "" && last:
		return pathError(`it ends in "/"`, "remove the slash, or add {rest...} for all paths below")
	case part == "":
		return pathError("it has an empty segment", "use the path that the request has, without such segments")
	}
	return nil
}

// wildcard returns the name of the wildcard that a segment begins with, and the text after it.
func wildcard(part string) (name, text string, err error) {
	inner, begins := strings.CutPrefix(part, "{")
	name, text, ends := strings.Cut(inner, "}")
	if !begins || !ends || strings.ContainsAny(name+text, "{}") {
		return "", "", pathError("a segment has a brace that belongs to no wildcard at its beginning",
			"use segments such as {name} or {name}:start, and no other braces")
	}
	return name, text, nil
}

func isIdentifier(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// isEscaped reports whether a text has only valid escapes.
func isEscaped(text string) bool {
	_, err := url.PathUnescape(text)
	return err == nil
}

// unescape decodes a text, unless it is invalid.
func unescape(part string) string {
	if text, err := url.PathUnescape(part); err == nil {
		return text
	}
	return part
}

// segmentsOf returns the segments of a path, decoded. The last one is empty if the path ends in a slash.
func segmentsOf(escaped string) []segment {
	var list []segment
	for part := range strings.SplitSeq(strings.TrimPrefix(escaped, "/"), "/") {
		list = append(list, segment{text: unescape(part)})
	}
	return list
}

// within reports whether b matches everything that a matches. If neither is within the other, no text matches both.
func (a segment) within(b segment) bool {
	if !b.wildcard {
		return a == b
	}
	return strings.HasSuffix(a.text, b.text) && (a.wildcard || len(a.text) > len(b.text))
}

func allWithin(list, others []segment) bool {
	for i, b := range others {
		if !list[i].within(b) {
			return false
		}
	}
	return true
}

// matches reports whether the pattern matches a path and a method.
func (p *pattern) matches(method string, path []segment) bool {
	return methodWithin(method, p.method) && p.fits(len(path), false) && allWithin(path, p.segments)
}

// fits reports whether the pattern can match paths with a number of segments, or with more.
func (p *pattern) fits(n int, more bool) bool {
	switch {
	case p.rest && more:
		return n >= len(p.segments)
	case p.rest:
		return n > len(p.segments)
	}
	return n == len(p.segments) && !more
}

// within reports whether q matches all requests that p matches.
func (p *pattern) within(q *pattern) bool {
	return methodWithin(p.method, q.method) && q.fits(len(p.segments), p.rest) && allWithin(p.segments, q.segments)
}

// methodWithin reports whether a pattern with the method b matches all requests that one with a matches.
func methodWithin(a, b string) bool {
	return a == b || b == "" || a == http.MethodHead && b == http.MethodGet
}

// overlaps reports whether some requests match both patterns.
func (p *pattern) overlaps(q *pattern) bool {
	if !methodWithin(p.method, q.method) && !methodWithin(q.method, p.method) {
		return false
	}
	for i := range min(len(p.segments), len(q.segments)) {
		if !p.segments[i].within(q.segments[i]) && !q.segments[i].within(p.segments[i]) {
			return false
		}
	}
	return p.rest && q.rest || p.fits(len(q.segments), q.rest) || q.fits(len(p.segments), p.rest)
}

// same reports whether both match the same requests.
func (p *pattern) same(q *pattern) bool { return p.within(q) && q.within(p) }
