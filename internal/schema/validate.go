package schema

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/pattern"
)

// Failure is one keyword that a value does not meet. It contains no text of the value except names of members.
type Failure struct {
	// Keyword is the keyword, such as "enum"; "" for the schema false, which accepts nothing.
	Keyword string
	// Instance leads from the root of the value to the part that failed: names and array indices. For a member
	// that is not allowed or that is missing it leads to the object, and Names has the names.
	Instance []string
	// Schema is the subschema that the keyword is in, nil if Keyword is "".
	Schema *jsonpos.Value
	// Pointer is the JSON Pointer of the keyword in the schema, references followed.
	Pointer string
	// Names are the missing names of required and dependentRequired, in the order of the schema, and the surplus
	// names of additionalProperties, unevaluatedProperties and propertyNames, in the order of the value.
	Names []string
	// Nearest are the failures of the branch of anyOf or oneOf that is nearest to the value. They are empty
	// where more than one branch of oneOf accepts the value.
	Nearest []Failure

	conditions []condition
}

// Validate returns the failures of v by jsonschema/v5, in the order of their places in v; none if v is valid. An error
// means that the schema is not valid, that its references form a loop, or [ErrLimit].
func (s *Schema) Validate(v *jsonpos.Value) ([]Failure, error) {
	compiled, err := s.compile()
	if err != nil {
		return nil, invalidSchema(err)
	}
	if s.bounded && s.exceeds(v) {
		return nil, ErrLimit
	}
	err = compiled.Validate(v.Any())
	var validationErr *jsonschema.ValidationError
	switch {
	case err == nil:
		return nil, nil
	case !errors.As(err, &validationErr):
		return nil, invalidSchema(err)
	}
	c := collector{schema: s, root: v}
	list := c.failures(validationErr)
	if s.bounded && c.count > MaxFailures {
		return nil, ErrLimit
	}
	if len(list) == 0 { // no error had a known location; the value is invalid nevertheless
		list = []Failure{{}}
	}
	return list, nil
}

// Compiles reports what keeps jsonschema/v5 from compiling the schema; nil if nothing does.
func (s *Schema) Compiles() error {
	_, err := s.compile()
	if err != nil {
		return invalidSchema(err)
	}
	return nil
}

// Error is a fault of a schema.
type Error struct {
	// Start is the byte offset of the faulty part in the text of the schema; only errors of [CompileBounded] have it.
	Start int
	// Pointer is the JSON Pointer of the faulty part, "" if it is not known.
	Pointer string
	// Reason describes the fault, without any text of the schema.
	Reason string
}

// Error returns the reason and the place.
func (e *Error) Error() string {
	if e.Pointer == "" {
		return e.Reason
	}
	return fmt.Sprintf("%s at %s", e.Reason, e.Pointer)
}

// invalidSchema words errors of jsonschema/v5, whose texts may quote the schema.
func invalidSchema(err error) error {
	var loop jsonschema.InfiniteLoopError
	var validationErr *jsonschema.ValidationError
	switch {
	case errors.As(err, &loop):
		return &Error{Reason: "its references form a loop"}
	case errors.As(err, &validationErr):
		for len(validationErr.Causes) > 0 {
			validationErr = validationErr.Causes[0]
		}
		return &Error{Pointer: jsonpos.Pointer(tokens(validationErr.InstanceLocation)...), Reason: "not a valid JSON Schema"}
	case errors.Is(err, errNoLoading):
		return &Error{Reason: "a $ref refers to another document"}
	default:
		return &Error{Reason: "not a valid JSON Schema: a reference has no target, or a regular expression is not supported"}
	}
}

// collector converts errors of jsonschema/v5 to failures.
type collector struct {
	schema *Schema
	root   *jsonpos.Value
	count  int // failures so far
}

// failures returns the failures of one error, sorted: the library goes through properties in random order.
func (c *collector) failures(e *jsonschema.ValidationError) []Failure {
	var list []Failure
	c.collect(e, &list)
	if c.schema.bounded && c.count > MaxFailures {
		return list // the caller ignores it then
	}
	type placed struct {
		Failure
		offset int
	}
	var sorted []placed
	for _, f := range list {
		sorted = append(sorted, placed{f, c.offset(f)})
	}
	slices.SortStableFunc(sorted, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.Pointer, b.Pointer))
	})
	for i := range sorted {
		list[i] = sorted[i].Failure
	}
	return slices.CompactFunc(list, equal)
}

// equal reports whether two failures are one: each part of a schema for names fails by itself.
func equal(a, b Failure) bool {
	return a.Keyword == b.Keyword && slices.Equal(a.Instance, b.Instance) && slices.Equal(a.Names, b.Names) && a.Pointer == b.Pointer
}

func (c *collector) collect(e *jsonschema.ValidationError, list *[]Failure) {
	if c.schema.bounded && c.count > MaxFailures {
		return
	}
	at := c.schema.locate(tokens(e.KeywordLocation))
	switch at.keyword {
	case "oneOf", "anyOf":
		c.branches(e, at, list)
		return
	case "minContains", "propertyNames":
	default:
		if len(e.Causes) > 0 {
			for _, cause := range e.Causes {
				c.collect(cause, list)
			}
			return
		}
	}
	c.count++
	f := Failure{
		Keyword: at.keyword, Instance: tokens(e.InstanceLocation), Schema: at.schema, Pointer: at.pointer, conditions: at.conditions,
	}
	c.fillNames(&f, at.rest)
	*list = append(*list, f)
}

// fillNames sets the names of a failure, and its instance to the object that has them.
func (c *collector) fillNames(f *Failure, rest []string) {
	object := Find(c.root, f.Instance)
	switch f.Keyword {
	case "required":
		f.Names = missing(object, f.Schema.Member("required").Value.Elements)
	case "dependentRequired", "dependencies":
		if m := f.Schema.Member(f.Keyword); m != nil && len(rest) > 0 {
			f.Pointer += jsonpos.Pointer(rest[0])
			f.Names = missing(object, child(&m.Value, rest[0]).Elements)
		}
	case "additionalProperties":
		f.Names = surplus(object, f.Schema)
	case "unevaluatedProperties", "propertyNames":
		if last := len(f.Instance) - 1; last >= 0 {
			f.Names, f.Instance = f.Instance[last:], f.Instance[:last]
		}
	}
}

func missing(object *jsonpos.Value, required []jsonpos.Value) (names []string) {
	there := make(map[string]bool, len(object.Members))
	for i := range object.Members {
		there[object.Members[i].Name] = true
	}
	for i := range required {
		if name := required[i].Text; !there[name] {
			names = append(names, name)
		}
	}
	return names
}

// surplus returns the names that neither properties nor patternProperties of the schema cover.
func surplus(object, schema *jsonpos.Value) (names []string) {
	allowed := map[string]bool{}
	if m := schema.Member("properties"); m != nil {
		for i := range m.Value.Members {
			allowed[m.Value.Members[i].Name] = true
		}
	}
	var patterns []*pattern.Pattern
	if m := schema.Member("patternProperties"); m != nil {
		for i := range m.Value.Members {
			patterns = append(patterns, pattern.New(m.Value.Members[i].Name))
		}
	}
	for i := range object.Members {
		name := object.Members[i].Name
		if !allowed[name] && !slices.ContainsFunc(patterns, func(p *pattern.Pattern) bool { return p == nil || p.Matches(name) }) {
			names = append(names, name)
		}
	}
	return names
}

// offset returns the place of a failure in the value: that of its first name, if the value has it.
func (c *collector) offset(f Failure) int {
	at := Find(c.root, f.Instance)
	if len(f.Names) > 0 {
		if m := at.Member(f.Names[0]); m != nil {
			return m.NameStart
		}
	}
	return at.Start
}

// Find returns the part of root that the tokens lead to: of members with the same name the last one. It
// returns the last part that exists if the others match no part.
func Find(root *jsonpos.Value, path []string) *jsonpos.Value {
	for _, token := range path {
		next := child(root, token)
		if next == nil {
			return root
		}
		root = next
	}
	return root
}
