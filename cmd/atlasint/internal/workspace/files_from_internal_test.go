package workspace

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
		{"a byte order mark", "\ufeffa.json\n", []string{"a.json"}},
		{"patterns", "{a,b}.json\n[ab].json\n", []string{"{a,b}.json", "[ab].json"}},
		{"a path twice", "a.json\nb.json\na.json\n", []string{"a.json", "b.json"}},
		{"a folder named type", "type/a: b.json\n", []string{"type/a: b.json"}},
		{"separated by NUL", "\"a\\303\"\x00b\nc.json\x00", []string{`"a\303"`, "b\nc.json"}},
	}
	for _, test := range tests {
		got, err := filesIn(Stdin, strings.NewReader(test.list))
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", test.name, err, diff)
		}
	}
}

// manyLines returns different paths, one per line.
func manyLines(n int) string {
	var list strings.Builder
	for i := range n {
		fmt.Fprintln(&list, i)
	}
	return list.String()
}

// Folders and patterns are searched a limited number of times, however they are spelled.
func TestSearchesAreLimited(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.json", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"./%s", "%s*.json"} {
		var paths []string
		for i := range maxSearches + 1 {
			paths = append(paths, fmt.Sprintf(form, strings.Repeat("./", i%40)))
		}
		if _, _, err := Expand(paths[:maxSearches], false); err != nil {
			t.Errorf("%s: %v", form, err)
		}
		if _, _, err := Expand(paths, false); err == nil || !strings.HasPrefix(err.Error(), "the paths have more than 1000 folders and patterns") {
			t.Errorf("%s: got %v", form, err)
		}
	}
}

// FilesFrom rejects other texts. The error prints none of its lines, since they may have secrets.
func TestFilesFromRejects(t *testing.T) {
	const key = "5f1d3b7a9c2e4806b1d7f3a95c0e2846"
	tests := []struct{ name, list, want string }{
		{"a payload", `{"type":"DATADOG","apiKey":"` + key + `"}`, "the list - looks like a payload; name it as a PATH, without --files-from"},
		{"a payload with line breaks", "{\n  \"apiKey\": \"" + key + "\"\n}\n", "the list - looks like a payload; "},
		{"an array", "[\n  {\"apiKey\": \"" + key + "\"}\n]\n", "the list - looks like a payload; "},
		{"YAML", "apiKey: " + key + "\ntype: DATADOG\n", "the list - looks like a payload; "},
		{"UTF-16", "\xff\xfea\x00\n\x00", "the list - is in UTF-16; save it as UTF-8"},
		{"many paths", manyLines(100_001), "the list - has more than 100000 paths; "},
		{"a long line", "a.json\n" + strings.Repeat("x", 40<<10), "the list - has a line of more than 32 KiB; "},
	}
	for _, test := range tests {
		_, err := filesIn(Stdin, strings.NewReader(test.list))
		got := fmt.Sprint(err)
		if !strings.HasPrefix(got, test.want) {
			t.Errorf("%s: the error is %s, want %s", test.name, got, test.want)
		}
		if strings.Contains(got, key) {
			t.Errorf("%s: the error shows the key: %s", test.name, got)
		}
	}
}
