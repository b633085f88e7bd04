package validate_test

import (
	"os"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/hintkind"
)

// The documentation of findings has every kind of hint.
func TestHintKindsAreDocumented(t *testing.T) {
	source, err := os.ReadFile("finding.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range hintkind.OfValidate() {
		if !strings.Contains(string(source), `"`+kind+`"`) {
			t.Errorf("finding.go does not document %q", kind)
		}
	}
}
