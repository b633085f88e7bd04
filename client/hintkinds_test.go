package client_test

import (
	"os"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/hintkind"
)

// The documentation of the errors has every kind of hint.
func TestHintKindsAreDocumented(t *testing.T) {
	source, err := os.ReadFile("errors.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range hintkind.OfClient() {
		if !strings.Contains(string(source), `"`+kind+`"`) {
			t.Errorf("errors.go does not document %q", kind)
		}
	}
}
