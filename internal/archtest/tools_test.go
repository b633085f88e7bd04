package archtest

import (
	"slices"
	"strings"
	"testing"
)

func TestCheckTools(t *testing.T) {
	const both = "package tools\nimport _ \"example.org/a\"\nimport _ \"example.org/b\"\n"
	tests := []struct {
		name, gomod, tools string
		want               []string
	}{
		{"block", "module m\n\ntool (\n\texample.org/a // why\n\n\t\"example.org/b\"\n)\n\nrequire example.org/c v1.0.0\n", both, nil},
		{"block without a space", "tool(\nexample.org/b\nexample.org/a\n)\n", both, nil},
		{"single lines", "tool example.org/a\ntool example.org/b // why\n", both, nil},
		{"one of each", "tool example.org/a\ntool (\n\texample.org/b\n)\n", both, nil},
		{"other blocks are no tools", "require (\n\texample.org/c v1.0.0\n)\ntool example.org/a\ntool example.org/b\n", both, nil},
		{"none", "module m\n", "package tools\n", nil},
		{"import missing", "tool example.org/a\ntool example.org/b\ntool example.org/c\n", both,
			[]string{"tools.go lacks the tool example.org/c"}},
		{"import not blank", "tool example.org/a\n", "package tools\nimport \"example.org/a\"\n",
			[]string{"tools.go lacks the tool example.org/a"}},
		{"tool line missing", "tool example.org/b\n", both,
			[]string{"go.mod lacks the tool example.org/a"}},
		{"tool line in a comment", "tool example.org/b\n// tool example.org/a\n", both,
			[]string{"go.mod lacks the tool example.org/a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := checkTools(tree(map[string]string{"go.mod": test.gomod, "tools.go": test.tools}))
			if !slices.Equal(got, test.want) {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestCheckToolsNeedsBothFiles(t *testing.T) {
	for _, lost := range []string{"go.mod", "tools.go"} {
		files := map[string]string{"go.mod": "module m\n", "tools.go": "package tools\n"}
		delete(files, lost)
		if got := checkTools(tree(files)); len(got) != 1 || !strings.Contains(got[0], lost) {
			t.Errorf("without %s: got %q", lost, got)
		}
	}
}
