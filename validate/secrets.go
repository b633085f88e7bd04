package validate

import (
	"github.com/atlasint/atlasint/internal/atlas"
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
		typ := c.typ
		if typ == nil && c.root != nil && c.root.Member("type") != nil {
			typ = c.v.types.ByName[c.root.Member("type").Value.Text]
		}
		var known *atlas.Type
		if typ != nil {
			known = typ.Type
		}
		c.secrets = snippet.Secrets{Expanded: c.expanded, Refers: expand.HasReference}.Hider(c.root, known)
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
