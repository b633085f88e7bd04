package validate

import (
	"fmt"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate/internal/content"
	"github.com/atlasint/atlasint/validate/internal/failure"
)

type keyFormatRule struct{}

func (keyFormatRule) about() Rule {
	return Rule{
		ID: "key-format", Default: Error,
		Summary:  `a Datadog API key or a PagerDuty service key is not 32 hexadecimal digits; white space or invisible characters around another secret, or quotes around one that is the value of a reference, are a warning`,
		Evidence: `Atlas returns 400 INVALID_INTEGRATION_SETTINGS "apiKey must be a hexadecimal string" (reported: terraform-provider-mongodbatlas#3379); its error list has INVALID_DATADOG_API_KEY and INVALID_PAGER_DUTY_SERVICE_KEY (official)`,
		Fails:    `{"type": "DATADOG", "apiKey": "a1a23bcdef45ghijk6789"}`,
		Passes:   `{"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef"}`,
	}
}

func (keyFormatRule) explains(f failure.Failure) bool {
	return f.Keyword == "pattern" && f.Field != nil && f.Field.Secret != "" && f.Field.Form != nil
}

func (r keyFormatRule) explain(c *check, f failure.Failure) {
	c.add(r, place(f.Value, f.Path...), fmt.Sprintf("%s: want %s, got %s", c.subject(f.Path), f.Field.Form, redact.Size(f.Value.Text)),
		c.unreplaced(f.Value, hint(content.KeyHint(f.Field.Form, f.Value.Text))))
}

// warn finds white space, or quotes in an environment variable or a file, around a secret that the schema accepts with
// them.
func (r keyFormatRule) warn(c *check, t stringField) bool {
	switch {
	case t.field.TemplateBytes > 0, t.field.Secret == "", t.field.Secret == schemas.MaskOrigin, t.field.Form != nil:
		// No key, or one that an error is about.
	case content.Around(t.value.Text) != "" && strings.TrimSpace(t.value.Text) != "":
		c.addAs(Warning, r, t.at, c.subject(t.at.path)+" has "+content.Around(t.value.Text)+" around it (value hidden)",
			hint("remove it, unless it belongs to the secret"))
	case c.expanded[t.value] && content.IsQuoted(t.value.Text):
		c.addAs(Warning, r, t.at, c.subject(t.at.path)+" has quotes around it (value hidden)", hint("remove them, unless they belong to the secret"))
	}
	return false
}
