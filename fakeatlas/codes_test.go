package fakeatlas

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var namedCode = regexp.MustCompile(`(?:refuse\(|return |code [!=]= )"([A-Z]+(?:_[A-Z]+)+)"`)

// The answers of this package name their codes, and the API description has the status and the words. A code that
// it does not have would be a status of 0, with which no answer begins.
func TestEveryCodeIsDescribed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, match := range namedCode.FindAllStringSubmatch(string(source), -1) {
			found++
			if _, ok := errorCodes()[match[1]]; !ok {
				t.Errorf("%s names %s, which is no code of x-error-codes in openapi/; name the one that took its place", file, match[1])
			}
		}
	}
	if found < 30 {
		t.Errorf("found %d codes, expected 30 at least", found)
	}
}
