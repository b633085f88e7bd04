package validate

import "github.com/atlasint/atlasint/validate/internal/content"

type urlRule struct{}

func (urlRule) about() Rule {
	return Rule{
		ID: "url", Default: Error,
		Summary:  `the URL is not an absolute http or https URL, contains white space or invisible characters, or has an invalid host or port; plain http and hosts that are not on the public internet are warnings`,
		Evidence: `Atlas returns 400 INVALID_URL (official); it sends requests from the public internet`,
		Fails:    `{"type": "WEBHOOK", "url": "/hooks/atlas"}`,
		Passes:   `{"type": "WEBHOOK", "url": "https://hooks.example.com/atlas"}`,
	}
}

// content checks the URL of a webhook. No message shows it: such URLs are secrets.
func (urlRule) content(_ *check, t stringField) *problem {
	if t.field.Format != "uri" {
		return nil
	}
	fault := content.URL(t.value.Text)
	if fault == nil {
		return nil
	}
	p := &problem{message: fault.Message, next: hint(fault.Hint)}
	if fault.Warning {
		p.severity = Warning
	}
	return p
}
