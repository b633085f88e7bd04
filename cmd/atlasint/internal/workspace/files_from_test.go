package workspace_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

func TestFilesFrom(t *testing.T) {
	tests := []struct {
		name, list string
		want       []string
	}{
		{"lines", "a.json\r\n\nb c.json", []string{"a.json", "b c.json"}},
		{"git's octal escapes", `"caf\303\251.json"`, []string{"caf\u00e9.json"}},
		{"all of git's letters", `"\a\b\t\n\v\f\r\"\\"` + "\n", []string{"\a\b\t\n\v\f\r\"\\"}},
		{"quoted without an escape", `"a.json"`, []string{"a.json"}},
		{"a quote alone", "\"\n", []string{`"`}},
		{"a quote inside", `"a"b"`, []string{`"a"b"`}},
		{"no escape of git", `"a\x.json"`, []string{`"a\x.json"`}},
		{"an escape that is cut", `"a\30"`, []string{`"a\30"`}},
		{"an escape beyond a byte", `"a\777"`, []string{`"a\777"`}},
		{"an escaped NUL", `"a\000"`, []string{`"a\000"`}},
		{"a backslash at the end", `"a\"`, []string{`"a\"`}},
		{"a backslash without quotes", `a\303.json`, []string{`a\303.json`}},
		{"separated by NUL", "\"a\\303\"\x00b\nc.json\x00", []string{`"a\303"`, "b\nc.json"}},
	}
	for _, test := range tests {
		got, err := workspace.FilesFrom(workspace.Stdin, strings.NewReader(test.list))
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", test.name, err, diff)
		}
	}
}
