package validation

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A reference to the output is found in any part of a payload, in any form that JSON and YAML allow.
func TestReferencesToTheOutput(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"secret", "other", "of ü"} {
		if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir("payloads", 0o700); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 100_000)
	whole := filepath.ToSlash(filepath.Join(dir, "secret"))
	for name, tc := range map[string]struct {
		output, text string
		want         bool
	}{
		"a reference":            {"secret", `{"apiKey":"${file:../secret}"}`, true},
		"in YAML":                {"secret", "apiKey: ${file:../secret}\n", true},
		"an absolute path":       {"secret", `{"apiKey":"${file:` + whole + `}"}`, true},
		"an escape":              {"secret", `{"apiKey":"${file:..\/secret}"}`, true},
		"a letter as escape":     {"of ü", `{"apiKey":"${file:../of \u00fc}"}`, true},
		"an escaped reference":   {"secret", `{"apiKey":"\u0024\u007Bfile\u003a..\u002fsecret\u007d"}`, true},
		"escaped in YAML":        {"secret", `apiKey: "\x24{f\x69le:../\U00000073ecret}"`, true},
		"an escaped backslash":   {"secret", `{"name":"\\","apiKey":"\\\u0024{file:../secret}"}`, true},
		"no escape":              {"secret", `{"apiKey":"\\u0024{file:../secret}"}`, false},
		"wrong escapes":          {"secret", `apiKey: "\xzz ${file:..\u002gx} \u0024{file:../secret}"`, true},
		"the second one":         {"secret", `{"apiKey":"${file:../other}","name":"a${env:A}${file:../secret}"}`, true},
		"late":                   {"secret", long + "${" + long + "${file:../secret}" + long, true},
		"another file":           {"secret", `{"apiKey":"${file:../other}"}`, false},
		"of another folder":      {"secret", `{"apiKey":"${file:secret}"}`, false},
		"a variable":             {"secret", `{"apiKey":"${env:../secret}"}`, false},
		"not yet an output":      {"new", `{"apiKey":"${file:../new}"}`, false},
		"no reference":           {"secret", `{"apiKey":"../secret"}`, false},
		"no end":                 {"secret", `{"apiKey":"${file:../secret`, false},
		"a folder as the output": {"payloads", `{"apiKey":"${file:../payloads}"}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("payloads", "a.json")
			if err := os.WriteFile(file, []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := refersTo(tc.output, file); got != tc.want {
				t.Errorf("refersTo returns %t", got)
			}
			finder := newFinder(tc.output, "payloads")
			if finder == nil {
				return
			}
			for part := range slices.Chunk([]byte(tc.text), 7) {
				_, _ = finder.Write(part)
			}
			if finder.found != tc.want {
				t.Errorf("found in parts: %t", finder.found)
			}
		})
	}
	if refersTo("secret", "missing.json") {
		t.Error("a missing payload has a reference")
	}
}
