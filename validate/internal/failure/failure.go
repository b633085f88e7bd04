// Package failure describes what a payload fails in a schema.
package failure

import (
	"encoding/json"
	"fmt"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/schema"
	"github.com/atlasint/atlasint/internal/words"
)

// Failure is a keyword of a schema that a value does not meet.
type Failure struct {
	schema.Failure
	Value *jsonpos.Value // the object itself, where names of its members are missing or surplus
	Field *atlas.Field   // nil where the index does not have it
	Path  []string
}

// New returns a failure of a payload whose request body is the field.
func New(root *jsonpos.Value, payload *atlas.Field, f schema.Failure) Failure {
	value, field := root, payload
	for _, token := range f.Instance {
		if field != nil && value.Kind == jsonpos.Object {
			field = VariantOf(field, value).Lookup(token)
		} else if field != nil {
			field = field.Items
		}
		value = schema.Find(value, []string{token})
	}
	if field != nil {
		field = VariantOf(field, value)
	}
	return Failure{Failure: f, Value: value, Field: field, Path: f.Instance}
}

// Argument returns the value of the keyword that failed.
func (f Failure) Argument() *jsonpos.Value { return &f.Schema.Member(f.Keyword).Value }

// Kind returns the types of the schema except null, such as "string" or "string or integer".
func (f Failure) Kind() string {
	types := f.Schema.Member("type")
	if types == nil {
		return ""
	}
	if types.Value.Kind == jsonpos.String {
		return types.Value.Text
	}
	var names []string
	for _, name := range types.Value.Elements {
		if name.Text != "null" {
			names = append(names, name.Text)
		}
	}
	return words.List(names, "or")
}

// VariantOf returns the variant of a union that matches an object, or the field itself if none matches.
func VariantOf(field *atlas.Field, object *jsonpos.Value) *atlas.Field {
	if field.Variants == nil {
		return field
	}
	if variant := field.Variant(func(name string) string {
		if m := object.Member(name); m != nil {
			return m.Value.Text
		}
		return ""
	}); variant != nil {
		return variant
	}
	return field
}

// Name returns the name of a value in messages, such as DATADOG.region or TYPE.rules[0].name. Shown returns the name of
// a field as messages show it.
func Name(root *jsonpos.Value, typ string, path []string, shown func(string) string) string {
	name, at := typ, root
	for i, token := range path {
		if at.Kind == jsonpos.Array {
			name += "[" + token + "]"
		} else {
			name += "." + shown(token)
		}
		at = schema.Find(root, path[:i+1])
	}
	return name
}

// bounds are the keywords with a number, and their messages.
var bounds = map[string]string{
	"minimum": "want at least %s", "maximum": "want at most %s",
	"exclusiveMinimum": "want more than %s", "exclusiveMaximum": "want less than %s", "multipleOf": "want a multiple of %s",
}

// counts are the keywords with a number of things.
var counts = map[string][2]string{
	"minItems": {"want at least ", "element"}, "maxItems": {"want at most ", "element"}, "additionalItems": {"want fewer ", "element"},
	"minProperties": {"want at least ", "field"}, "maxProperties": {"want at most ", "field"},
}

// Words returns the message of a failure, without the name of the value, and a hint. It describes the keywords that
// have no rule of their own, except anyOf and oneOf. Shown returns the value as messages show it.
func (f Failure) Words(shown func() string) (message, next string) {
	if format := bounds[f.Keyword]; format != "" {
		return fmt.Sprintf(format, f.Argument().Text) + ", got " + shown(), ""
	}
	if count, ok := counts[f.Keyword]; ok {
		got := len(f.Value.Elements) + len(f.Value.Members)
		if f.Argument().Kind != jsonpos.Number {
			return "too many elements", "remove the last ones"
		}
		return fmt.Sprintf("%s%s, got %d", count[0], words.Quantity(f.Argument().Text, count[1]), got), ""
	}
	switch f.Keyword {
	case "uniqueItems":
		return "an element occurs twice", "keep one of them"
	case "pattern":
		return "want text of the form " + redact.Line(f.Argument().Text) + ", got " + redact.Size(f.Value.Text), ""
	case "format":
		return "want a value of the format " + redact.Plain(f.Argument().Text), ""
	case "required", "dependentRequired", "dependencies":
		return "missing " + words.Quantity(len(f.Names), "field") + ": " + words.List(quotedNames(f.Names), "and"), "add it"
	case "minContains", "maxContains", "contains":
		return "too few or too many elements match the schema", ""
	case "not":
		return "the schema excludes this value", ""
	}
	return "not allowed here", "remove it"
}

func quotedNames(names []string) []string {
	var shown []string
	for _, name := range names {
		shown = append(shown, redact.Name(name))
	}
	return shown
}

// Repeated returns the index of the first element that an earlier one equals, 0 if it finds none.
func Repeated(array *jsonpos.Value) int {
	seen := map[string]bool{}
	for i := range array.Elements {
		text, _ := json.Marshal(array.Elements[i].Any()) // a parsed value can't fail
		if seen[string(text)] {
			return i
		}
		seen[string(text)] = true
	}
	return 0
}
