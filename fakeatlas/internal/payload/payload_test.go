package payload

import (
	"testing"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/pattern"
)

// The response to malformed hexadecimal digits is known, that to other patterns is not.
func TestWrongForm(t *testing.T) {
	for expression, want := range map[string]string{
		"^[0-9A-Fa-f]{32}$":  "must be a hexadecimal string",
		"^([0-9a-f]){40}$":   "must be a hexadecimal string",
		"^glc_[0-9a-z]{16}$": "does not have the right form",
	} {
		if got := formError(&atlas.Field{Form: pattern.New(expression)}); got != want {
			t.Errorf("%s: %q, want %q", expression, got, want)
		}
	}
}
