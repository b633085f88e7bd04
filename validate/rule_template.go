package validate

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/content"
	"github.com/atlasint/atlasint/validate/internal/freemarker"
	"github.com/atlasint/atlasint/validate/internal/placeholder"
)

type templateSyntaxRule struct{}

func (templateSyntaxRule) about() Rule {
	return Rule{
		ID: "template-syntax", Default: Error,
		Summary:  `a webhook template has a FreeMarker syntax error: an unclosed, stray or unknown directive, an unclosed or empty interpolation, or an invalid expression`,
		Evidence: `Atlas checks the syntax of templates when it saves them, and they are FreeMarker templates (official); the rule follows FreeMarker 2.3.31`,
		Fails:    `{"type": "WEBHOOK", "url": "https://hooks.example.com/atlas", "bodyTemplate": "{\"open\": <#if status == 'OPEN'>true<#else>false}"}`,
		Passes:   `{"type": "WEBHOOK", "url": "https://hooks.example.com/atlas", "bodyTemplate": "{\"open\": <#if status == 'OPEN'>true<#else>false</#if>}"}`,
	}
}

// content parses a webhook template, and stores the result for the rule template-json.
func (templateSyntaxRule) content(c *check, t stringField) *problem {
	if t.field.TemplateBytes == 0 {
		return nil
	}
	template, err := freemarker.Parse(t.value.Text)
	fault := (*freemarker.Error)(nil)
	if !errors.As(err, &fault) {
		if c.templates == nil {
			c.templates = map[*jsonpos.Value]*freemarker.Template{}
		}
		c.templates[t.value] = template
		return nil
	}
	next := "correct the template: Atlas rejects it before it saves the integration"
	text := t.value.Text
	if c.expanded[t.value] {
		text, _, _ = expand.Around(c.data[t.value.Start:t.value.End])
	}
	if placeholder.HasMisspelledReference(text) && !c.v.options.Literals {
		next = placeholder.PutReference
	}
	character := utf8.RuneCountInString(t.value.Text[:fault.Offset]) + 1
	return &problem{message: fmt.Sprintf(" has a FreeMarker syntax error at character %d: %s", character, fault.Reason), next: hint(next)}
}

type templateJSONRule struct{}

func (templateJSONRule) about() Rule {
	return Rule{
		ID: "template-json", Default: Warning,
		Summary:  `a webhook template renders to more bytes than Atlas accepts, or not to the JSON that Atlas needs; a template with directives that choose or repeat is not checked`,
		Evidence: `Atlas uses its default if a template renders to more than 16 KB (headers: 4 KB) or to no JSON (official)`,
		Fails:    `{"type": "WEBHOOK", "url": "https://hooks.example.com/atlas", "bodyTemplate": "{\"id\": ${id}"}`,
		Passes:   `{"type": "WEBHOOK", "url": "https://hooks.example.com/atlas", "bodyTemplate": "{\"id\": \"${id}\"}"}`,
	}
}

// warn checks the size and the JSON of what a webhook template renders to, unless its directives leave that open.
func (r templateJSONRule) warn(c *check, t stringField) bool {
	template := c.templates[t.value]
	if template == nil {
		return false
	}
	sample, decided := template.Sample()
	if !decided {
		return false
	}
	subject := c.subject(t.at.path)
	for _, f := range content.Template(sample, t.field.TemplateBytes, t.field.TemplateShape) {
		c.add(r, t.at, subject+f.Message, hint(f.Hint))
	}
	return false
}
