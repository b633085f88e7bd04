package validate

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/schema"
	"github.com/atlasint/atlasint/validate/internal/words"
)

// schemaRest explains the keywords that no other rule does.
type schemaRest struct{}

func (schemaRest) about() Rule {
	return Rule{
		ID: "schema", Default: Error,
		Summary:  `the payload breaks another keyword of its type's schema, such as a bound, a number of elements or a combination of fields`,
		Evidence: `The schema follows from the API description (official)`,
		Fails:    `a list with an element that occurs twice, where the description wants different ones`,
		Passes:   `the list without the second one`,
	}
}

func (schemaRest) explains(failure) bool { return true }

func (r schemaRest) explain(c *check, f failure) {
	at := place(f.value, f.path...)
	switch f.Keyword {
	case "propertyNames", "additionalProperties", "unevaluatedProperties":
		for _, name := range f.Names {
			if m := f.value.Member(name); m != nil {
				at = span{start: m.NameStart, end: m.NameEnd, path: append(slices.Clone(f.path), name)}
			}
			c.add(r, at, c.subject(f.path)+": the field "+redact.Name(name)+" is not allowed", hint("remove it"))
		}
		return
	case "required", "dependentRequired", "dependencies", "anyOf", "oneOf", "minProperties", "maxProperties":
		at.end = at.start + 1
	case "uniqueItems":
		if i := repeated(f.value); i > 0 {
			at = place(&f.value.Elements[i], f.path...)
		}
	}
	message, next := r.messageAndHint(c, f)
	c.add(r, at, c.subject(f.path)+": "+message, hint(next))
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

// messageAndHint returns the message of a failure, without the name of the value, and the hint.
func (schemaRest) messageAndHint(c *check, f failure) (message, next string) {
	if format := bounds[f.Keyword]; format != "" {
		return fmt.Sprintf(format, f.keyword().Text) + ", got " + c.shown(f), ""
	}
	if count, ok := counts[f.Keyword]; ok {
		got := len(f.value.Elements) + len(f.value.Members)
		if f.keyword().Kind != jsonpos.Number {
			return "too many elements", "remove the last ones"
		}
		return fmt.Sprintf("%s%s, got %d", count[0], words.Quantity(f.keyword().Text, count[1]), got), ""
	}
	switch f.Keyword {
	case "uniqueItems":
		return "an element occurs twice", "keep one of them"
	case "pattern":
		return "want text of the form " + redact.Line(f.keyword().Text) + ", got " + redact.Size(f.value.Text), ""
	case "format":
		return "want a value of the format " + redact.Plain(f.keyword().Text), ""
	case "required", "dependentRequired", "dependencies":
		return "missing " + words.Quantity(fmt.Sprint(len(f.Names)), "field") + ": " + words.List(quotedNames(f.Names), "and"), "add what is missing"
	case "minContains", "maxContains", "contains":
		return "too few or too many elements of the form that the schema asks for", ""
	case "anyOf", "oneOf":
		return union(c, f)
	case "not":
		return "the value has a form that the schema excludes", ""
	}
	return "not allowed here", "remove it"
}

// union returns the message for a value that matches none of the branches of anyOf or oneOf, or more than one of oneOf.
// The hint is the first failure in the nearest branch.
func union(c *check, f failure) (message, next string) {
	if len(f.Nearest) == 0 {
		return "the value has more than one of the forms of which it may have one", ""
	}
	return "the value has none of the forms that the schema lists", "the nearest one: " + c.messageOf(f.Nearest[0])
}

// messageOf returns the message of the first finding for a failure.
func (c *check) messageOf(f schema.Failure) string {
	v := *c.v
	v.options.MaxFindings, v.options.Snippets, v.options.Severities = 1, false, nil
	probe := &check{v: &v, lines: c.lines, root: c.root, typ: c.typ, expanded: c.expanded}
	probe.explain(probe.newFailure(f))
	if len(probe.findings) == 0 {
		return "it lacks a field"
	}
	return probe.findings[0].Message
}

func quotedNames(names []string) []string {
	var shown []string
	for _, name := range names {
		shown = append(shown, redact.Name(name))
	}
	return shown
}

// repeated returns the index of the first element that an earlier one equals, 0 if it finds none.
func repeated(array *jsonpos.Value) int {
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
