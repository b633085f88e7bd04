package expand_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/expand"
)

// FuzzText: references whose values are themselves leave a text unchanged; their values are not searched
// again; a text without any is never looked up; and a name that is not UTF-8 is refused.
func FuzzText(f *testing.F) {
	for _, s := range []string{
		"", "${env:A}", "a${file:b/c}d${env:}", "${env:${file:x}}", "$${env:A}}", "${id}", "${env:\n}", "${ENV:A}",
		"${file:../../etc/passwd}", "${file:\xe5}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		looked, valid := 0, true
		same, err := expand.Text(s, func(kind, name string) (string, *expand.Error) {
			looked++
			if kind != "env" && kind != "file" {
				t.Fatalf("looks up the kind %q", kind)
			}
			if strings.ContainsAny(name, "{}") {
				t.Fatalf("looks up the name %q", name)
			}
			valid = valid && utf8.ValidString(name)
			return "${" + kind + ":" + name + "}", nil
		})
		if (err == nil) != valid {
			t.Fatalf("%q: %v; all names are UTF-8: %t", s, err, valid)
		}
		if err == nil && same != s {
			t.Fatalf("%q becomes %q", s, same)
		}
		if got := expand.HasReference(s); got != (looked > 0) {
			t.Fatalf("%q has references: %t, but %d look-ups", s, got, looked)
		}
	})
}
