package validate

import (
	"slices"

	"github.com/atlasint/atlasint/internal/schema"
	"github.com/atlasint/atlasint/validate/internal/failure"
)

// otherKeywordRule explains the keywords that no other rule does.
type otherKeywordRule struct{}

func (otherKeywordRule) about() Rule {
	return Rule{
		ID: "schema", Default: Error,
		Summary:  `the payload breaks another keyword of its type's schema, such as a bound, a number of elements or a combination of fields`,
		Evidence: `The schema is part of the API description (official)`,
		Fails:    `a list with an element that occurs twice, where the schema requires different elements`,
		Passes:   `the list without the second one`,
	}
}

func (otherKeywordRule) explains(failure.Failure) bool { return true }

func (r otherKeywordRule) explain(c *check, f failure.Failure) {
	at := place(f.Value, f.Path...)
	switch f.Keyword {
	case "propertyNames", "additionalProperties", "unevaluatedProperties":
		for _, name := range f.Names {
			if m := f.Value.Member(name); m != nil {
				at = span{start: m.NameStart, end: m.NameEnd, path: append(slices.Clone(f.Path), name)}
			}
			c.add(r, at, c.subject(f.Path)+": the field "+c.shownName(name)+" is not allowed", hint("remove it"))
		}
		return
	case "required", "dependentRequired", "dependencies", "anyOf", "oneOf", "minProperties", "maxProperties":
		at.end = at.start + 1
	case "uniqueItems":
		if i := failure.Repeated(f.Value); i > 0 {
			at = place(&f.Value.Elements[i], f.Path...)
		}
	}
	message, next := r.messageAndHint(c, f)
	c.add(r, at, c.subject(f.Path)+": "+message, hint(next))
}

// messageAndHint returns the message of a failure, without the name of the value, and the hint.
func (otherKeywordRule) messageAndHint(c *check, f failure.Failure) (message, next string) {
	if f.Keyword == "anyOf" || f.Keyword == "oneOf" {
		return union(c, f)
	}
	return f.Words(func() string { return c.shown(f) })
}

// union returns the message for a value that matches none of the branches of anyOf or oneOf, or more than one of oneOf.
// The hint is the first failure in the nearest branch.
func union(c *check, f failure.Failure) (message, next string) {
	if len(f.Nearest) == 0 {
		return "the value matches more than one of the forms, and must match one", ""
	}
	return "the value matches none of the forms in the schema", "the nearest one: " + c.messageOf(f.Nearest[0])
}

// messageOf returns the message of the first finding for a failure.
func (c *check) messageOf(f schema.Failure) string {
	v := *c.v
	v.options.MaxFindings, v.options.Snippets, v.options.Severities = 1, false, nil
	probe := &check{
		input:   input{v: &v, lines: c.lines},
		payload: payload{root: c.root, typ: c.typ, expanded: c.expanded, secrets: c.secretTexts()},
	}
	probe.explain(probe.newFailure(f))
	if len(probe.findings) == 0 {
		return "it lacks a field"
	}
	return probe.findings[0].Message
}
