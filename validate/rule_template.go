package validate

import (
	"encoding/json"
	"fmt"
)

type templateJSONRule struct{}

func (templateJSONRule) about() Rule {
	return Rule{
		ID: "template-json", Default: Warning,
		Summary:  `a webhook template is larger than what it may render to, or is not the JSON that Atlas needs once its variables are filled`,
		Evidence: `Atlas takes its default where a template renders to more than 16 KB (headers: 4 KB) or to no JSON (official)`,
		Fails:    `{"type": "WEBHOOK", "url": "https://hooks.example.com/atlas", "bodyTemplate": "{\"id\": ${id}"}`,
		Passes:   `{"type": "WEBHOOK", "url": "https://hooks.example.com/atlas", "bodyTemplate": "{\"id\": \"${id}\"}"}`,
	}
}

var templateVariable = lazily(`\$\{[^{}]*\}`)

// warn checks a webhook template: its own size, since the rendered one is not known, and the JSON that is left
// once every variable is replaced by a digit, which fits inside and outside of quotes.
func (r templateJSONRule) warn(c *check, t text) bool {
	if t.field.TemplateBytes == 0 {
		return false
	}
	subject := c.subject(t.at.path)
	if n := len(t.value.Text); n > t.field.TemplateBytes {
		c.add(r, t.at, fmt.Sprintf("%s has %d bytes; Atlas uses its default once a template renders to more than %d", subject, n, t.field.TemplateBytes), hint("shorten it"))
	}
	filled := []byte(templateVariable().ReplaceAllString(t.value.Text, "0"))
	switch t.field.TemplateShape {
	case "headers":
		var headers map[string]any
		if json.Unmarshal(filled, &headers) != nil || headers == nil || hasNested(headers) {
			c.add(r, t.at, subject+" does not render to a JSON object of header names and values", hint("Atlas sends its default headers instead"))
		}
	default:
		if !json.Valid(filled) {
			c.add(r, t.at, subject+" does not render to JSON", hint("Atlas posts its default body instead"))
		}
	}
	return false
}

func hasNested(headers map[string]any) bool {
	for _, value := range headers {
		switch value.(type) {
		case map[string]any, []any, nil:
			return true
		}
	}
	return false
}
