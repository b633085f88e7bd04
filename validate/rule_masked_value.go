package validate

import (
	"strings"
	"unicode/utf8"
)

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
	if t.field.Secret == "" || !t.isMasked() {
		return nil
	}
	return &problem{message: ": this is a mask that Atlas returned instead of the secret", next: hint("replace it by the real value")}
}

// isMasked reports whether Atlas returned the value masked. A template may contain runs of stars, as in
// "**** alert ****": its mask is stars and at most four characters.
func (t stringField) isMasked() bool {
	s := t.value.Text
	if t.field.TemplateBytes == 0 {
		return masked(s)
	}
	rest := strings.TrimLeft(s, "*")
	return rest != s && utf8.RuneCountInString(rest) <= 4
}

// masked reports whether s has the form of a masked value: a run of stars, as in "****7890" and "https://host/****7890", or
// fewer before the last four characters, which is the mask of a secret of five to seven.
func masked(s string) bool {
	if !strings.Contains(s, "*") {
		return false
	}
	rest := strings.TrimLeft(s, "*")
	return strings.Contains(s, "****") || rest == "" || rest != s && utf8.RuneCountInString(rest) == 4
}
