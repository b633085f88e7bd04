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

func (emptyValueRule) content(c *check, t stringField) *problem {
	if !t.field.Required && t.field.Secret == "" || strings.TrimSpace(t.value.Text) != "" {
		return nil
	}
	message, next := " is empty", "set a value"
	if err := c.unset[t.value]; err != nil {
		message, next = ": "+err.Reason, err.Hint
	}
	return &problem{message: message, next: adviceFor(t.field, next, next+", or leave out the field")}
}
