package validate

import (
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate/internal/correction"
	"github.com/atlasint/atlasint/validate/internal/failure"
	"github.com/atlasint/atlasint/validate/internal/rename"
)

type enumRule struct{}

func (enumRule) about() Rule {
	return Rule{
		ID: "enum", Default: Error,
		Summary:  `the value is not in the list of allowed values`,
		Evidence: `Atlas returns 400 INVALID_ENUM_VALUE (official); US1, EU1 and AP2 are names of other APIs (reported: terraform-provider-mongodbatlas#4392)`,
		Fails:    `{"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef", "region": "US1"}`,
		Passes:   `{"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef", "region": "US"}`,
	}
}

func (enumRule) explains(f failure.Failure) bool { return f.Keyword == "enum" || f.Keyword == "const" }

func (r enumRule) explain(c *check, f failure.Failure) {
	allowed := f.Argument().Elements
	if f.Keyword == "const" {
		allowed = []jsonpos.Value{*f.Argument()}
	}
	message := c.shown(f) + " is not allowed"
	if err := c.unset[f.Value]; err != nil {
		message = err.Reason
	}
	c.add(r, place(f.Value, f.Path...), c.subject(f.Path)+": "+message, c.unreplaced(f.Value, c.useOneOf(allowed, f)))
}

// useOneOf returns advice with the allowed values.
func (c *check) useOneOf(allowed []jsonpos.Value, f failure.Failure) advice {
	if f.Value.Kind != jsonpos.String || f.Field == nil {
		return hint("use " + words.List(words.Values(allowed), "or"))
	}
	values := make([]string, len(allowed))
	for i := range allowed {
		values[i] = allowed[i].Text
	}
	next := hint(rename.ValueHint(values, f.Field, f.Value.Text))
	if !c.secret(f) {
		next.edits = correction.Allowed(f.Value, values, f.Field)
	}
	return next
}

// shown returns a value as messages show it.
func (c *check) shown(f failure.Failure) string {
	switch {
	case c.expanded[f.Value]:
		return "the value of the reference"
	case c.secret(f), c.hides(f.Value.Text):
		return words.Article(f.Value.Kind) + " (value hidden)"
	case f.Value.Kind == jsonpos.String:
		return redact.Value(f.Value.Text)
	case f.Value.Kind == jsonpos.Number && !redact.Readable(f.Value.Text), f.Value.Kind == jsonpos.Array,
		f.Value.Kind == jsonpos.Object, f.Value.Kind == jsonpos.Null:
		return words.Article(f.Value.Kind)
	}
	return f.Value.Text
}
