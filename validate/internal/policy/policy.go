// Package policy describes what a payload breaks in a JSON Schema of the user, and hides the secrets of the payload.
package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/schema"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate/internal/failure"
)

// Payload is a payload of a known type.
type Payload struct {
	Root  *jsonpos.Value
	Type  *atlas.Type
	Hider *redact.Hider
	// Shown returns the value of a failure as messages show it.
	Shown func(failure.Failure) string
}

// Violation is what a payload breaks at one place.
type Violation struct {
	Start, End int      // bytes of the input
	Path       []string // up to the first name that is hidden
	Message    string   // with the name of the value
	Hint       string
	Pointer    string // of the subschema
	Missing    bool   // the payload lacks a field, which an update does not change
	Described  bool   // the message is a text in the schema
}

// Violations returns the violations of one policy, each once. Several keywords of a subschema with a description of its
// own are one violation.
func (p *Payload) Violations(failures []schema.Failure) (list []Violation) {
	r, reported := report{p, p.Hider}, map[string]bool{}
	for _, one := range failures {
		f := r.failure(one)
		message, next := r.message(f)
		for _, at := range r.places(f) {
			if key := fmt.Sprint(at.path, message); !reported[key] {
				reported[key] = true
				list = append(list, r.violation(f, at, message, next))
			}
		}
	}
	return list
}

// report describes failures of a payload.
type report struct {
	*Payload
	*redact.Hider
}

// place is a range of bytes in the input, and its path in the payload.
type place struct {
	start, end int
	path       []string
}

func (r report) failure(f schema.Failure) failure.Failure {
	return failure.New(r.Root, r.Type.Payload, f)
}

func (r report) violation(f failure.Failure, at place, message, next string) Violation {
	v := Violation{Start: at.start, End: at.end, Path: at.path, Message: r.subject(at.path) + ": " + message, Hint: next,
		Missing: r.isMissing(f), Described: r.described(f) != ""}
	if i := slices.IndexFunc(at.path, r.HidesName); i >= 0 {
		v.Path = at.path[:i]
	}
	v.Pointer = f.Pointer
	if i := strings.LastIndex(f.Pointer, jsonpos.Pointer(f.Keyword)); f.Keyword != "" && i >= 0 { // dependentRequired/NAME
		v.Pointer = f.Pointer[:i]
	}
	v.Pointer = r.Hider.Pointer(v.Pointer)
	return v
}

// subject returns the name of a value in messages, like that of other rules, and hides more names.
func (r report) subject(path []string) string {
	return failure.Name(r.Root, r.Type.Name, path, func(token string) string {
		if r.HidesName(token) {
			return redact.Hidden
		}
		return redact.Path(token)
	})
}

// isMissing reports whether the failure is about fields that the payload lacks, which an update does not change.
func (r report) isMissing(f failure.Failure) bool {
	switch f.Keyword {
	case "required", "dependentRequired", "dependencies", "minProperties":
		return f.Value == r.Root
	case "anyOf", "oneOf":
		return len(f.Nearest) > 0 && !slices.ContainsFunc(f.Nearest, func(near schema.Failure) bool { return !r.isMissing(r.failure(near)) })
	}
	return false
}

// places returns the places of a failure: each name that is missing or not allowed has its own.
func (r report) places(f failure.Failure) []place {
	at := place{f.Value.Start, f.Value.End, f.Path}
	switch f.Keyword {
	case "required", "dependentRequired", "dependencies":
		at.start, at.end = r.begin(f.Value)
	case "anyOf", "oneOf", "not", "minProperties", "maxProperties", "const", "enum":
		if f.Value.Kind == jsonpos.Object {
			at.start, at.end = r.begin(f.Value)
		}
	case "uniqueItems":
		if i := failure.Repeated(f.Value); i > 0 {
			return []place{{f.Value.Elements[i].Start, f.Value.Elements[i].End, f.Path}}
		}
	}
	if len(f.Names) == 0 {
		return []place{at}
	}
	var places []place
	for _, name := range f.Names {
		one := place{at.start, at.end, append(slices.Clone(f.Path), name)}
		if m := f.Value.Member(name); m != nil {
			one.start, one.end = m.NameStart, m.NameEnd
		}
		places = append(places, one)
	}
	return places
}

// begin is the place of a failure of a whole object: the type of a payload, else the first byte.
func (r report) begin(v *jsonpos.Value) (start, end int) {
	if v == r.Root {
		of := &r.Root.Member("type").Value
		return of.Start, of.End
	}
	return v.Start, v.Start + 1
}

// message returns the description of the failing subschema, else its title, else the keyword in words; and the
// fault in the nearest branch of anyOf or oneOf.
func (r report) message(f failure.Failure) (message, next string) {
	if message = r.described(f); message == "" {
		message = r.words(f)
	}
	if len(f.Nearest) == 0 {
		return message, ""
	}
	near := r.failure(f.Nearest[0])
	near.Names = near.Names[:min(1, len(near.Names))]
	nearest, _ := r.message(near)
	return message, "the nearest form: " + r.subject(r.places(near)[0].path) + ": " + nearest
}

// described returns the description of the failing subschema, else its title, else "".
func (r report) described(f failure.Failure) string {
	return cmp.Or(r.Text(schema.Text(f.Schema, "description")), r.Text(schema.Text(f.Schema, "title")))
}

// words describes the keyword of a failure.
func (r report) words(f failure.Failure) string {
	if f.Keyword != "" && f.Argument().Kind == jsonpos.Number && r.Hides(f.Argument().Text) {
		return "the value does not meet " + f.Keyword
	}
	switch f.Keyword {
	case "required", "dependentRequired", "dependencies":
		return "the field is missing"
	case "additionalProperties", "unevaluatedProperties", "propertyNames", "":
		return "not allowed"
	case "enum", "const":
		return "want " + r.allowed(f)
	case "type":
		return "want " + f.Kind() + ", got " + words.Article(f.Value.Kind)
	case "minLength":
		return "want at least " + words.Quantity(f.Argument().Text, "character")
	case "maxLength":
		return "want at most " + words.Quantity(f.Argument().Text, "character")
	case "pattern":
		return "want text of the form " + r.Text(f.Argument().Text)
	case "anyOf", "oneOf":
		if len(f.Nearest) == 0 {
			return "the value matches more than one of the forms, and must match one"
		}
		return "the value matches none of the forms in the schema"
	}
	message, _ := f.Words(func() string { return r.Shown(f) })
	return r.Text(message)
}

// maxListed is how many values of an enum a message lists.
const maxListed = 10

// allowed lists the values of enum or const if they may be shown.
func (r report) allowed(f failure.Failure) string {
	values := []jsonpos.Value{*f.Argument()}
	if f.Keyword == "enum" {
		values = f.Argument().Elements
	}
	hides := func(v jsonpos.Value) bool {
		return v.Kind == jsonpos.Object || v.Kind == jsonpos.Array || r.Hides(v.Text)
	}
	if len(values) == 1 && hides(values[0]) {
		return "the value in the schema"
	}
	if len(values) > maxListed || slices.ContainsFunc(values, hides) {
		return "one of the " + words.Quantity(len(values), "value") + " in the schema"
	}
	return words.List(words.Values(values), "or")
}

// PlaceCount returns the number of places that the failures are about: each name of a field is one.
func PlaceCount(failures []schema.Failure) (n int) {
	for _, f := range failures {
		n += max(1, len(f.Names))
	}
	return n
}

// NextStep returns the hint for a message in the words of the keyword, with the title of the schema.
func NextStep(title string) string {
	name := "your policy"
	if title != "" {
		name += ` "` + title + `"`
	}
	return name + " requires this: correct the payload, or change the policy"
}
