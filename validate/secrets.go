package validate

import (
	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/snippet"
)

// hides reports whether a text of the payload must not be shown, because it has a part in common with the value of a
// secret or unknown field or of a reference. Texts that only the description of the API contributes are not passed to
// it: they don't depend on the secret.
func (c *check) hides(text string) bool {
	return !snippet.IsPublic(text) && c.secretTexts().HasSecret(text)
}

// secretTexts returns the secrets of the current payload. Findings before its type is checked hide the same.
func (c *check) secretTexts() *redact.Hider {
	if c.secrets == nil {
		c.secrets = snippet.Secrets{Expanded: c.expanded, Refers: expand.HasReference}.Hider(c.root, c.v.types.TypeOf(c.root))
	}
	return c.secrets
}

// shownName returns the name of a field of the payload as messages show it.
func (c *check) shownName(name string) string {
	if c.hides(name) {
		return redact.Hidden
	}
	return redact.Name(name)
}
