package validate

import "github.com/atlasint/atlasint/validate/internal/content"

type maskedValueRule struct{}

func (maskedValueRule) about() Rule {
	return Rule{
		ID: "masked-value", Default: Error,
		Summary:  `the value is a mask that Atlas returned instead of a secret`,
		Evidence: `Responses show secrets as ****7890 (captured). Atlas rejects a mask with 400 INVALID_INTEGRATION_SETTINGS (reported: terraform-provider-mongodbatlas#3379), or overwrites the secret with it`,
		Fails:    `{"type": "OPS_GENIE", "apiKey": "********************************cdef"}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "01234567-89ab-cdef-0123-456789abcdef"}`,
	}
}

func (maskedValueRule) content(_ *check, t stringField) *problem {
	if t.field.Secret == "" || !content.IsMasked(t.field, t.value.Text) {
		return nil
	}
	return &problem{message: ": this is a mask that Atlas returned instead of the secret", next: hint("replace it with the real value")}
}
