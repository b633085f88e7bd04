package validate

import "strings"

type emptyValueRule struct{}

func (emptyValueRule) about() Rule {
	return Rule{
		ID: "empty-value", Default: Error,
		Summary:  `a required text or a secret is empty or blank`,
		Evidence: `An integration with an empty key never works, even where Atlas stores it (inferred)`,
		Fails:    `{"type": "OPS_GENIE", "apiKey": ""}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

func (emptyValueRule) content(c *check, t text) *problem {
	if !t.field.Required && t.field.Secret == "" || strings.TrimSpace(t.value.Text) != "" {
		return nil
	}
	next := "give it a value"
	if t.field.Optional(c.v.operation == Update) {
		next = "give it a value, or leave the field out"
	}
	return &problem{message: " is empty", next: hint(next)}
}
