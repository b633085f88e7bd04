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
		{redact.Pointer, "/a/b\x1b[2J/c", "/a"},
		{redact.Pointer, "/a/ü é/c", "/a/ü é/c"},
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

func TestIsCode(t *testing.T) {
	for code, want := range map[string]bool{
		"SLACK_OAUTH2_NOT_CONFIGURED": true, "INVALID_URL": true, "RATE_LIMITED_TOKEN_BUCKET": true, "VERSION_2_GONE": true, "A_B": true,
		"": false, "_": false, "INVALID_": false, "_INVALID": false, "INVALID__URL": false, "INVALID": false, "invalid_client": false,
		"INVALID_URL.": false, "INVALID-URL": false, "INVALID_ÜRL": false, "INVALID_UR\nL": false,
		"SA_5F1D3B7A9C2E4806": false, "A1B_2C3": false, "KEY_123": false,
		"AKIA_IOSFODNN7EXAMPLE": false, "A_" + strings.Repeat("B", 21): false, strings.Repeat("ABCDEFGH_", 8) + "A": false,
	} {
		if got := redact.IsCode(code); got != want {
			t.Errorf("%q: %t, want %t", code, got, want)
		}
	}
}

func TestSecrets(t *testing.T) {
	for _, tc := range []struct {
		in, want string
		secrets  []string
	}{
		{"the key k3yCanary77 is wrong", "the key (hidden) is wrong", []string{"k3yCanary77"}},
		{"the KEY K3YCANARY77 is wrong", "the KEY (hidden) is wrong", []string{"k3yCanary77"}},
		{"a part yCanary7 of it", "a part (hidden) of it", []string{"k3yCanary77"}},
		{"too short a part Canary7", "too short a part Canary7", []string{"k3yCanary77"}},
		{"two: k3yCanary77k3yCanary77", "two: (hidden)", []string{"k3yCanary77"}},
		{"xabcdx", "x(hidden)x", []string{"abcd"}},
		{"US of USER_UNAUTHORIZED, (US)", "(hidden) of USER_UNAUTHORIZED, ((hidden))", []string{"US"}},
		{"é\xffk3yCanary77é", "é\ufffd(hidden)é", []string{"k3yCanary77", ""}},
		{"\xff\xff\xffk3yCanary77", "\ufffd(hidden)", []string{"k3yCanary77"}},
		{"none", "none", nil},
	} {
		if got := redact.Secrets(tc.in, tc.secrets); got != tc.want {
			t.Errorf("%q without %q is %q, want %q", tc.in, tc.secrets, got, tc.want)
		}
	}
}

// A name of only spaces would be invisible in a message.
func TestPathQuotesSpaces(t *testing.T) {
	for name, want := range map[string]string{
		" ": `" "`, "   ": `"   "`, "\t": `"\t"`, "\u00a0": `"\u00a0"`, "": "", "a b": "a b", " a": " a", "a ": "a ",
	} {
		if got := redact.Path(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}
