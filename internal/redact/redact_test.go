package redact_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/redact"
)

func TestShown(t *testing.T) {
	for _, tc := range []struct {
		show func(string) string
		in   string
		want string
	}{
		{redact.Value, "US1", `"US1"`},
		{redact.Value, "", `""`},
		{redact.Value, "a\x1b[2Jb", `"a\x1b[2Jb"`},
		{redact.Value, "a\u202eb", `"a\u202eb"`},
		{redact.Value, `a"b`, `"a\"b"`},
		{redact.Value, "DATADOG_LOG_EXPORT", `"DATADOG_LOG_EXPORT"`},
		{redact.Value, strings.Repeat("é", 24), `"` + strings.Repeat("é", 24) + `"`},
		{redact.Value, strings.Repeat("é", 25), "a text of 25 characters"},
		{redact.Value, "0123456789abcdef0", "a text of 17 characters"},
		{redact.Name, "sendUserProvidedResourceTagsEnabled", `"sendUserProvidedResourceTagsEnabled"`},
		{redact.Name, strings.Repeat("k", 41), "of 41 characters"},
		{redact.Name, "0123456789abcdef01234", "of 21 characters"},
		{redact.Pointer, "", ""},
		{redact.Pointer, "/", "/"},
		{redact.Pointer, "/a~1b/0/c", "/a~1b/0/c"},
		{redact.Pointer, "/a/" + strings.Repeat("k", 41) + "/c", "/a"},
		{redact.Path, "a dir/ü.json", "a dir/ü.json"},
		{redact.Path, `a"b.json`, `a"b.json`},
		{redact.Path, "a\x1b[2J.json", `"a\x1b[2J.json"`},
		{redact.Path, "a\nb.json", `"a\nb.json"`},
		{redact.Path, "a\xff.json", `"a\xff.json"`},
		{redact.Line, "a\n\tb\x1b[2Jc é", "a b\ufffd[2Jc é"},
		{redact.Size, "s", "1 character (value hidden)"},
		{redact.Size, "secret", "6 characters (value hidden)"},
	} {
		if got := tc.show(tc.in); got != tc.want {
			t.Errorf("%q is shown as %s, want %s", tc.in, got, tc.want)
		}
	}
}
