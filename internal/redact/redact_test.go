package redact_test

import (
	"fmt"
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
		{redact.Name, " api_key-2 ", `" api_key-2 "`},
		{redact.Name, "api key", "of 7 characters"},
		{redact.Name, "apiKey:x", "of 8 characters"},
		{redact.Name, "apiKey = x", "of 10 characters"},
		{redact.Name, "apiKey\tx", "of 8 characters"},
		{redact.Name, "apiKey：x", "of 8 characters"},
		{redact.Name, `apiKey"x"`, "of 9 characters"},
		{redact.Name, "apiKey|x", "of 8 characters"},
		{redact.Plain, "apiKey=x", "apiKey=x"},
		{redact.Pointer, "/a/apiKey=x/c", "/a"},
		{redact.Pointer, "", ""},
		{redact.Pointer, "/", "/"},
		{redact.Pointer, "/a~1b/0/c", "/a~1b/0/c"},
		{redact.Pointer, "/a/" + strings.Repeat("k", 41) + "/c", "/a"},
		{redact.Pointer, "/a/b\x1b[2J/c", "/a"},
		{redact.Pointer, "/a/üé/c", "/a/üé/c"},
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

// A key that is pasted in place of a path is hidden, in all forms of keys; paths are readable.
func TestPayloadPath(t *testing.T) {
	for _, path := range []string{
		"key", "key.txt", ".", "", "secrets/key", "secrets/production/eu-west-1/opsgenie-key-2", "../secrets/the-key-of-a-hook.txt", "a dir/ü.json",
		"/run/secrets/OpsGenie/team-1/key-of-team-1", `C:\Users\build-1\AppData\Local\key-of-team-1`, "~/Keys/2/opsgenie-eu-production",
		"./Secrets/2/opsgenie-eu-production", "7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64.key", "Secrets-2024/Production/opsgenie-api-key-of-team-1.p12",
		"/var/run/secrets/kubernetes.io/serviceaccount/token", ".secrets/production/opsgenie_api_key", `C:\Users\Build1\keys\the-key-of-a-hook.pem`,
	} {
		if got := redact.PayloadPath(path); got != path {
			t.Errorf("%s is shown as %s", path, got)
		}
	}
	for _, secret := range []string{
		"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64", "xoxb-123456789012-AbCdEfGhIjKl", "0123456789abcdef0123456789abcdef",
		"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "/7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64", "7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64/key.txt",
		"https://hooks.example.com/services/T00000000/B00000000/secret.key", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
		"MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ", "0123456789abcdef01234.", strings.Repeat("/", 41), strings.Repeat("k", 41),
		"correct.horse.battery.staple", "Tr0ub4dor.and.3xyz", "SG.abcdefghijklmnopqrstuv.wxyz1234", "ghp-abcdef0123456789abcdef.io",
		"correct-horse-battery-staple", "keys/ghp-abcdef0123456789abcdef.io", "/aB3dE5fG7hI9jK/LmN3oP5qR7sT9u/0vWxYz12",
		"./aB3dE5fG7hI9jK/LmN3oP5qR7sT9u/0vWxYz12", `C:\aB3dE5fG7hI9jK\LmN3oP5qR7sT9u`, "hooks.acme.io/services/0a1b2c3d4e5f",
		"//hooks.acme.io/services/0a1b2c3d4e5f", "u:p4ssw0rdlong1@h/x.txt", "user:p4ss/x.txt", "https:/h/p4ssw0rd9", "https://h/x.txt", "u:p@h",
		"a/b?token=aB3dE5fG7h", "a?t=1", "/a/b/token=ab3de5fg7h", "YWJjZGVmZ2g=", "keys/u:p4ssw0rd/x.key",
	} {
		want := fmt.Sprintf("of %d characters", len(secret))
		if got := redact.PayloadPath(secret); got != want {
			t.Errorf("%s is shown as %s", secret, got)
		}
	}
	if got := redact.PayloadPath("a\x1b[2J.json"); got != `"a\x1b[2J.json"` {
		t.Errorf("a control character is shown as %s", got)
	}
}
