package connection

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/client"
)

// The command has a hint for every option that a hint of the client names. Its own hints do not mention Go options.
func TestHintsForEveryOption(t *testing.T) {
	for option, text := range clientHints {
		if _, ok := reflect.TypeFor[client.Options]().FieldByName(option); !ok || strings.Contains(text, "option") {
			t.Errorf("the hint for %s is %q", option, text)
		}
	}
	files, err := filepath.Glob("../../../../client/*.go")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, match := range regexp.MustCompile(`the option (\w+)"`).FindAllStringSubmatch(string(source), -1) {
			named[match[1]] = true
			if clientHints[match[1]] == "" {
				t.Errorf("%s names the option %s, for which there is no hint", name, match[1])
			}
		}
	}
	if len(named) != len(clientHints) {
		t.Errorf("the command has %d hints for %d options", len(clientHints), len(named))
	}
}
