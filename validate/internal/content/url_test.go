package content_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/validate/internal/content"
)

// Each fault of a URL, none of which shows a part of it.
func TestURL(t *testing.T) {
	for url, want := range map[string]string{
		"https://hooks.example.com/secret":       "",
		"https://hooks.example.com:8443/secret":  "",
		" https://hooks.example.com/secret":      "white space",
		"https://hooks.example.com/secret path":  "white space",
		"https://hooks.example.com/secret\u200b": "invisible",
		"https://hooks\u200b.example.com/secret": "invisible",
		"https://hooks.example.com/secret%zz":    "malformed",
		"https://hooks..example.com/secret":      "malformed",
		"hooks.example.com/secret":               "not an absolute URL",
		"https:///secret":                        "not an absolute URL",
		"ftp://hooks.example.com/secret":         "neither an http nor",
		"https://hooks.example.com:0/secret":     "invalid port",
		"https://127.0.0.1/secret":               "can't reach",
		"https://intranet/secret":                "can't reach",
		"http://hooks.example.com/secret":        "plain http",
	} {
		got := content.URL(url)
		if got == nil {
			got = &content.Fault{}
		}
		if want == "" && got.Message != "" {
			t.Errorf("%q: %+v, want no fault", url, *got)
		}
		if !strings.Contains(got.Message, want) {
			t.Errorf("%q: %+v, want %q", url, *got, want)
		}
		if strings.Contains(got.Message+got.Hint, "hooks") {
			t.Errorf("%q: a part of the URL is in %+v", url, *got)
		}
		if isWarning := want == "can't reach" || want == "plain http"; got.Warning != isWarning {
			t.Errorf("%q: a warning: %v", url, got.Warning)
		}
	}
}

func TestAround(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "key": "", "k e y": "", "k\u200bey": "", " key": "white space", "key\n": "white space",
		"\ufeffkey": "invisible characters", "key\u200b": "invisible characters",
	} {
		if got := content.Around(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
