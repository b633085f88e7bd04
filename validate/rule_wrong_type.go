package validate

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/words"
)

type nullRule struct{}

func (nullRule) about() Rule {
	return Rule{
		ID: "null", Default: Error,
		Summary:  `null stands where Atlas takes none`,
		Evidence: `The description lists few fields as nullable (official)`,
		Fails:    `{"type": "OPS_GENIE", "apiKey": "k-1", "region": null}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

func (nullRule) explains(f failure) bool { return f.Keyword == "type" && f.value.Kind == jsonpos.Null }

func (r nullRule) explain(c *check, f failure) {
	give := "give it " + words.WithArticle(f.kind())
	next := hint(give)
	switch {
	case f.field == nil:
	case f.field.Required:
		next = hint("the field is required: " + give)
	case f.field.Name != "":
		next = adviceFor(f.field, give, "leave the field out")
	}
	c.add(r, place(f.value, f.path...), c.subject(f.path)+": null is not allowed", next)
}

type wrongTypeRule struct{}

func (wrongTypeRule) about() Rule {
	return Rule{
		ID: "wrong-type", Default: Error,
		Summary:  `the value is of the wrong JSON type`,
		Evidence: `Atlas answers 400 INVALID_JSON_ATTRIBUTE (official)`,
		Fails:    `{"type": "PROMETHEUS", "enabled": "true", "username": "u", "password": "p", "serviceDiscovery": "http"}`,
		Passes:   `{"type": "PROMETHEUS", "enabled": true, "username": "u", "password": "p", "serviceDiscovery": "http"}`,
	}
}

func (wrongTypeRule) explains(f failure) bool { return f.Keyword == "type" }

func (r wrongTypeRule) explain(c *check, f failure) {
	want, got := f.kind(), f.value.Kind.String()
	text := ""
	switch isString := f.value.Kind == jsonpos.String; {
	case c.expanded[f.value]: // its value is not shown, and it has no quotes that could be removed
		text = "a reference always is text; write the value itself"
	case isString && isLiteral(want, f.value.Text) && !c.secret(f):
		got, text = fmt.Sprintf("string %q", f.value.Text), "remove the quotes"
	case want == "boolean":
		text = "write true or false"
	case want == "integer" && f.value.Kind == jsonpos.Number:
		text = "write a whole number"
	case want == "array":
		text = "write a list, between [ and ]"
	case want == "object":
		text = "write an object, between { and }"
	case want == "string" && (f.value.Kind == jsonpos.Number || f.value.Kind == jsonpos.Bool):
		text = quoteHint(f, f.value.Text)
	}
	c.add(r, place(f.value, f.path...), fmt.Sprintf("%s: want %s, got %s", c.subject(f.path), want, got), hint(text))
}

// isLiteral reports whether a text in quotes would be a value of the kind without them.
func isLiteral(kind, s string) bool {
	switch kind {
	case "boolean":
		return s == "true" || s == "false"
	case "integer":
		_, err := strconv.ParseInt(s, 10, 64)
		return err == nil && len(s) < 16
	}
	return false
}

// quoteHint returns the hint for a number or a boolean in place of a text.
func quoteHint(f failure, value string) string {
	switch {
	case f.field == nil:
	case f.field.Enum != nil && !slices.Contains(f.field.Enum, value):
		return enumHint(f.field.Enum, f.field, value)
	case f.field.Form != nil && !f.field.Form.Matches(value):
		return "write " + f.field.Form.String() + ", in quotes"
	case f.field.Format == "uri":
		return "write the whole URL, in quotes"
	}
	return "put it in quotes"
}
