package connection

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/hintkind"
)

// The command has a hint for every kind of the client. A hint does not mention Go options.
func TestHintsForEveryKind(t *testing.T) {
	for _, kind := range hintkind.OfClient() {
		if text := clientHints[kind]; text == "" || strings.Contains(text, "option") {
			t.Errorf("the hint for %s is %q", kind, text)
		}
	}
	if got, want := len(clientHints), len(hintkind.OfClient()); got != want {
		t.Errorf("the command has %d hints for %d kinds", got, want)
	}
}
