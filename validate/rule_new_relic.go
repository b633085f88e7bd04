package validate

import (
	"fmt"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate/internal/content"
)

type newRelicFormatRule struct{}

func (newRelicFormatRule) about() Rule {
	return Rule{
		ID: "new-relic-format", Default: Warning,
		Summary:  `a New Relic account id or license key is not 40 hexadecimal digits`,
		Evidence: `The API description has the pattern (official); real accounts do not match it (reported: mongodb-atlas-cli#415)`,
		Fails:    `{"type": "NEW_RELIC", "accountId": "2857404", "licenseKey": "123456789abcdef0123456789abcdef012345678", "readToken": "t-1", "writeToken": "t-2"}`,
		Passes:   `{"type": "NEW_RELIC", "accountId": "0123456789abcdef0123456789abcdef01234567", "licenseKey": "123456789abcdef0123456789abcdef012345678", "readToken": "t-1", "writeToken": "t-2"}`,
	}
}

func (r newRelicFormatRule) warn(c *check, t stringField) bool {
	if s := t.value.Text; t.field.Disputed != nil && !t.field.Disputed.Matches(s) && !content.IsMasked(t.field, s) && s != "" {
		c.add(r, t.at, fmt.Sprintf("%s: the official pattern is %s, got %s", c.subject(t.at.path), t.field.Disputed, redact.Size(s)),
			hint("some accounts have another form and work; check the value"))
	}
	return false
}
