package fakeatlas

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

var namedCode = regexp.MustCompile(`(?:NewError\(|return |code [!=]= )"([A-Z]+(?:_[A-Z]+)+)"`)

// The API description has the status and the text of each code in the responses of the fake. An unknown code would have
// the status 0, which is invalid.
func TestEveryCodeIsDescribed(t *testing.T) {
	own, err := filepath.Glob("*.go")
	inner, errInner := filepath.Glob("internal/*/*.go")
	if err := errors.Join(err, errInner); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range append(own, inner...) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, match := range namedCode.FindAllStringSubmatch(string(source), -1) {
			found++
			if _, ok := wire.ErrorCodes()[match[1]]; !ok {
				t.Errorf("%s names %s, which is no code of x-error-codes in openapi/; use the code that replaces it", file, match[1])
			}
		}
	}
	if found < 30 {
		t.Errorf("found %d codes, expected 30 at least", found)
	}
}
