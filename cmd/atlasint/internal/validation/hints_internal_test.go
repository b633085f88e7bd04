package validation

import (
	"testing"

	"github.com/atlasint/atlasint/internal/hintkind"
)

// The command replaces or completes the hint of every kind.
func TestHintsForEveryKind(t *testing.T) {
	for _, kind := range hintkind.OfValidate() {
		if got := flagHint("a hint", kind, "v2"); got == "a hint" {
			t.Errorf("kind %s has the hint of the library", kind)
		}
	}
}
