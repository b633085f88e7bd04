// Package freemarker checks the syntax of FreeMarker templates, as Atlas does when it saves the templates of
// a webhook. [Parse] accepts and rejects what FreeMarker 2.3.31 with its default configuration does: tags in
// angle brackets (in square brackets after [#ftl]), interpolations ${…} and #{…}, and names either in
// camelCase or with underscores. It renders nothing: an undefined variable is no syntax error.
//
// One kind of error is missed: FreeMarker computes constant parameters of ftl, include and outputformat as it parses.
// Parse reads literals and sums of strings there, and accepts any other constant, such as ["HTML"][0].
package freemarker

import "fmt"

// maxDepth is how deep directives and expressions may nest. FreeMarker itself runs out of stack before:
// at 700 parentheses or 2,200 directives with Java's default stack.
const maxDepth = 2500

// Template is a template without syntax errors.
type Template struct {
	sample   string
	decided  bool
	computed bool // see parser.computed
}

// Error is a syntax error. Its text quotes nothing from the template but names of FreeMarker's own directives.
type Error struct {
	Offset int    // in bytes, from the start of the template; in a string with interpolations, that of the string
	Reason string // in plain English, without a full stop
}

func (e *Error) Error() string { return fmt.Sprintf("%s (at byte %d)", e.Reason, e.Offset) }

// Parse checks the syntax of a template. The error is an *Error and describes the first fault. The time is linear
// in the length of the template. Parse is safe for concurrent use.
func Parse(template string) (*Template, error) {
	p := newParser(template)
	p.root()
	if p.lx.err != nil {
		return nil, p.lx.err
	}
	return &Template{sample: p.sample.String(), decided: !p.undecided && !p.lx.otherBrackets, computed: p.computed}, nil
}

// Sample returns what the template renders to if each interpolation renders to the digit 1, which is legal both in
// JSON strings and as a JSON value. White space may differ. The result is false if that depends on more than
// interpolations: on a directive that chooses, repeats or calls, or on the brackets that tags are written in.
func (t *Template) Sample() (string, bool) {
	return t.sample, t.decided
}
