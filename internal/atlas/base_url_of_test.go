package atlas_test

import (
	"net/url"
	"testing"

	"github.com/atlasint/atlasint/internal/atlas"
)

func TestBaseURLOf(t *testing.T) {
	for text, want := range map[string]struct {
		base  string
		found bool
	}{
		"http://127.0.0.1:8080/api/atlas/v2":        {"http://127.0.0.1:8080", true},
		"http://127.0.0.1:8080/api/atlas":           {"http://127.0.0.1:8080", true},
		"http://127.0.0.1:8080/api/atlas/?x=secret": {"http://127.0.0.1:8080", true},
		"https://h/secret/api/atlas/v2":             {"", true},
		"https://u:secret@h/api/atlas/v2":           {"", true},
		"https://h/api/atlases":                     {"", false},
		"https://h/":                                {"", false},
	} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if base, found := atlas.BaseURLOf(u, "/api/atlas/"); base != want.base || found != want.found {
			t.Errorf("%s: %q, %t; want %v", text, base, found, want)
		}
	}
}
