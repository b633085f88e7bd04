package suggest_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/suggest"
)

func TestNearest(t *testing.T) {
	candidates := []string{"apiKey", "region", "customEndpoint"}
	for name, want := range map[string]string{
		"api_key":                    "apiKey",
		"APIKEY":                     "apiKey",
		"apkiey":                     "apiKey",
		"regoin":                     "region",
		"reg":                        "",
		"custom-end-point":           "customEndpoint",
		"":                           "",
		"password":                   "",
		strings.Repeat("é", 65):      "",
		strings.Repeat("apiKey", 11): "",
	} {
		if got := suggest.Nearest(name, candidates); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestSameLetters(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"api-key", "APIKey", true}, {"_a b_", "AB", true}, {"", "- _", true}, {"apikey", "apikeys", false}, {"a", "b", false},
	} {
		if got := suggest.SameLetters(tc.a, tc.b); got != tc.want {
			t.Errorf("%q, %q: got %t", tc.a, tc.b, got)
		}
	}
}
