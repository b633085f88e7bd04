package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// The limits of [CompileBounded].
const (
	maxSize       = 256 << 10 // bytes of a schema
	maxSubschemas = 2000      // subschemas, as written and with each $ref replaced with what it refers to
	MaxSteps      = 250_000   // steps of validating one value, of about a microsecond each
	MaxFailures   = 200       // failures of one value
	maxChain      = 64        // subschemas that apply to one and the same value inside each other
	maxBound      = 1 << 31   // a length or a number of elements that a keyword compares with
	maxDigits     = 1000      // digits of a number of the schema, with its exponent written out
)

// ErrLimit is the error of [Schema.Validate] for a value that would take more than [MaxSteps] steps, or that has
// too many failures. Only schemas of [CompileBounded] have these limits.
var ErrLimit = errors.New("too complex to validate")

// expandKeyword is a keyword for the root of a schema of [CompileBounded]: see [Schema.AsWritten].
const expandKeyword = "x-atlasint-expand"

// CompileBounded compiles a schema that may be hostile: of draft 2020-12, or of draft-07 if $schema names it.
// Formats are asserted in both drafts. It loads nothing, and $id has no effect. It fails if the schema is not valid,
// if a reference has no target in the schema or is part of a loop, if a keyword, a format or a regular expression is
// not supported, and if the schema exceeds a limit. The error is an [*Error] with its place.
func CompileBounded(source []byte) (*Schema, error) {
	root, err := parseBounded(source)
	if err != nil {
		return nil, err
	}
	s := &Schema{source: source, root: root, bounded: true, anchors: map[string]target{}, expressions: map[string]expression{}}
	i := inspector{schema: s, known: map[*jsonpos.Value]bool{}}
	if err := i.inspect(); err != nil {
		return nil, err
	}
	b := builder{schema: s, nodes: map[*jsonpos.Value]*node{}}
	s.node = b.node(s.root, "")
	s.nodes, s.gaps = b.nodes, b.gaps
	compiled, err := s.compileRoot()
	if err != nil {
		return nil, s.located(err)
	}
	s.compile = func() (*jsonschema.Schema, error) { return compiled, nil }
	return s, nil
}

func parseBounded(source []byte) (*jsonpos.Value, error) {
	if len(source) > maxSize {
		return nil, &Error{Reason: fmt.Sprintf("larger than %d KiB; split it into several schemas", maxSize>>10)}
	}
	doc, err := jsonpos.Parse(source)
	var fault *jsonpos.SyntaxError
	switch {
	case errors.As(err, &fault):
		return nil, &Error{Start: fault.Start, Reason: fault.Error()}
	case doc.Root.Kind != jsonpos.Object && doc.Root.Kind != jsonpos.Bool:
		return nil, &Error{Start: doc.Root.Start, Reason: `a JSON Schema is an object, true or false; write one such as {"required": ["region"]}`}
	case len(doc.Duplicates) > 0:
		return nil, &Error{Start: doc.Duplicates[0].NameStart, Pointer: doc.Duplicates[0].Pointer, Reason: "the key occurs twice; keep one of them"}
	}
	if long := longNumber(&doc.Root); long != nil {
		return nil, &Error{Start: long.Start, Reason: fmt.Sprintf("a number of more than %d digits, with those of its exponent; write a shorter one", maxDigits)}
	}
	return &doc.Root, nil
}

// longNumber returns the first number with too many digits, nil if there is none.
func longNumber(v *jsonpos.Value) *jsonpos.Value {
	if v.Kind == jsonpos.Number && digits(v.Text) > maxDigits {
		return v
	}
	for i := range v.Elements {
		if long := longNumber(&v.Elements[i]); long != nil {
			return long
		}
	}
	for i := range v.Members {
		if long := longNumber(&v.Members[i].Value); long != nil {
			return long
		}
	}
	return nil
}

// compileRoot compiles the schema without the keywords that name it and its draft: jsonschema/v5 would look
// elsewhere for what they name.
func (s *Schema) compileRoot() (*jsonschema.Schema, error) {
	root := s.root.Any()
	if object, ok := root.(map[string]any); ok {
		delete(object, "$schema")
		delete(object, "$id")
	}
	source, err := json.Marshal(root)
	if err != nil {
		return nil, err
	}
	compiler := newCompiler()
	if s.draft7 {
		compiler.Draft = jsonschema.Draft7
	}
	compiler.AssertFormat = true
	compiler.Formats["regex"] = isExpression
	// Contents are annotations, as draft 2020-12 has it; jsonschema/v5 asserts them in draft-07.
	compiler.Decoders["base64"] = func(text string) ([]byte, error) { return []byte(text), nil }
	compiler.MediaTypes["application/json"] = func([]byte) error { return nil }
	return compileWith(compiler, source)
}

// located returns the first fault of the schema by its place. jsonschema/v5 finds faults in random order.
func (s *Schema) located(err error) error {
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return invalidSchema(err)
	}
	var first *Error
	for _, leaf := range leaves(invalid, nil) {
		path := tokens(leaf.InstanceLocation)
		fault := &Error{Pointer: jsonpos.Pointer(path...), Start: Find(s.root, path).Start, Reason: wrongValue(path)}
		if first == nil || fault.Start < first.Start || fault.Start == first.Start && fault.Reason < first.Reason {
			first = fault
		}
	}
	return first
}

func leaves(e *jsonschema.ValidationError, list []*jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return append(list, e)
	}
	for _, cause := range e.Causes {
		list = leaves(cause, list)
	}
	return list
}

// isKeyword has the names that errors may show, since they are not those of the author.
var isKeyword = func() map[string]bool {
	known := map[string]bool{}
	for keyword := range subschemas {
		known[keyword] = true
	}
	for keyword := range annotations {
		known[keyword] = true
	}
	for _, keyword := range strings.Fields(`type enum const pattern format minLength maxLength minimum maximum exclusiveMinimum
		exclusiveMaximum multipleOf minItems maxItems uniqueItems minContains maxContains required minProperties maxProperties
		dependentRequired dependencies propertyNames $ref $anchor $id $schema contentEncoding contentMediaType`) {
		known[keyword] = true
	}
	return known
}()

// AsWritten reports whether a bounded schema validates the text of payloads, before references are replaced: the
// keyword x-atlasint-expand in its root is false.
func (s *Schema) AsWritten() bool { return s.asWritten }

// Text returns the text of a keyword of the root, such as title; "" if it has none.
func (s *Schema) Text(keyword string) string { return Text(s.root, keyword) }

// Text returns the text of a keyword of a subschema, "" if it has none.
func Text(subschema *jsonpos.Value, keyword string) string {
	if subschema == nil {
		return ""
	}
	if m := subschema.Member(keyword); m != nil && m.Value.Kind == jsonpos.String {
		return m.Value.Text
	}
	return ""
}
