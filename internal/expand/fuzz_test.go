package expand_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/expand"
)

// FuzzText: references that stand for themselves leave a text as it is; what they stand for is not searched
// again; and a text without any is never looked up.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "${env:A}", "a${file:b/c}d${env:}", "${env:${file:x}}", "$${env:A}}", "${id}", "${env:\n}", "${ENV:A}", "${file:../../etc/passwd}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		looked := 0
		same, err := expand.Text(s, func(kind, name string) (string, error) {
			looked++
			if kind != "env" && kind != "file" || strings.ContainsAny(name, "{}") {
				t.Fatalf("looks up %q of kind %q", name, kind)
			}
			return "${" + kind + ":" + name + "}", nil
		})
		if err != nil || same != s || expand.Has(s) != (looked > 0) {
			t.Fatalf("%q becomes %q after %d look-ups: %v", s, same, looked, err)
		}
	})
}
