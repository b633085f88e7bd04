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

func (emptyValueRule) content(_ *check, t stringField) *problem {
	if !t.field.Required && t.field.Secret == "" || strings.TrimSpace(t.value.Text) != "" {
		return nil
	}
	return &problem{message: " is empty", next: adviceFor(t.field, "set a value", "set a value, or leave out the field")}
}
