package validate

import (
	"fmt"
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/validate/internal/words"
)

type enumRule struct{}

func (enumRule) about() Rule {
	return Rule{
		ID: "enum", Default: Error,
		Summary:  `the value is not one of the list`,
		Evidence: `Atlas answers 400 INVALID_ENUM_VALUE (official); US1, EU1 and AP2 are names of other APIs (reported: terraform-provider-mongodbatlas#4392)`,
		Fails:    `{"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef", "region": "US1"}`,
		Passes:   `{"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef", "region": "US"}`,
	}
}

func (enumRule) explains(f failure) bool { return f.Keyword == "enum" || f.Keyword == "const" }

func (r enumRule) explain(c *check, f failure) {
	allowed := f.keyword().Elements
	if f.Keyword == "const" {
		allowed = []jsonpos.Value{*f.keyword()}
	}
	c.add(r, place(f.value, f.path...), fmt.Sprintf("%s: %s is not allowed", c.subject(f.path), c.shown(f)), hint(useOneOf(allowed, f)))
}

// useOneOf returns a hint with the allowed values.
func useOneOf(allowed []jsonpos.Value, f failure) string {
	if f.value.Kind != jsonpos.String || f.field == nil {
		return "use " + words.List(words.Values(allowed), "or")
	}
	values := make([]string, len(allowed))
	for i := range allowed {
		values[i] = allowed[i].Text
	}
	return enumHint(values, f.field, f.value.Text)
}

// shown returns a value as messages show it.
func (c *check) shown(f failure) string {
	switch {
	case c.expanded[f.value]:
		return "what the reference stands for"
	case c.secret(f):
		return words.Article(f.value.Kind) + " (value hidden)"
	case f.value.Kind == jsonpos.String:
		return redact.Value(f.value.Text)
	case f.value.Kind == jsonpos.Number && !redact.Readable(f.value.Text), f.value.Kind == jsonpos.Array, f.value.Kind == jsonpos.Object, f.value.Kind == jsonpos.Null:
		return words.Article(f.value.Kind)
	}
	return f.value.Text
}

// enumHint returns a hint with the allowed values that may replace value.
func enumHint(allowed []string, f *atlas.Field, value string) string {
	name, meant := "", ""
	for _, alias := range f.Aliases {
		if means(value, alias.Value) && len(alias.Value) > len(name) { // eu.example.com, not example.com
			name, meant = alias.Value, alias.Text
		}
	}
	if name != "" {
		return fmt.Sprintf("Atlas calls it %q", meant)
	}
	use := "use " + words.Quoted(allowed, "or")
	for _, rejected := range f.RefusedValues {
		if means(value, rejected.Value) {
			return rejected.Text + "; " + use
		}
	}
	if near := suggest.Nearest(value, allowed); near != "" {
		return fmt.Sprintf("did you mean %q? (%s)", near, use)
	}
	return use
}

// means reports whether a value is another name for a value of the list: in any case and, if the name is a host,
// also as a URL of the host or of a subdomain. A subdomain with a digit is another site, such as us4.
func means(value, name string) bool {
	if strings.EqualFold(value, name) {
		return true
	}
	if !strings.Contains(name, ".") || !strings.Contains(value, ".") {
		return false
	}
	host := strings.ToLower(strings.TrimSpace(value))
	if _, after, isURL := strings.Cut(host, "://"); isURL {
		host = after
	}
	if end := strings.IndexAny(host, "/:?#"); end >= 0 {
		host = host[:end]
	}
	sub, found := strings.CutSuffix(strings.TrimSuffix(host, "."), name)
	label := strings.TrimSuffix(sub, ".")
	return found && (sub == "" || label != sub && !strings.ContainsAny(label[strings.LastIndexByte(label, '.')+1:], "0123456789"))
}
