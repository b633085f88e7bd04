package atlas_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/atlas"
)

func TestShownURL(t *testing.T) {
	for base, want := range map[string]string{
		"https://cloud.mongodb.com":                          "https://cloud.mongodb.com",
		"https://name:hunter2@cloud.mongodb.com/":            "https://cloud.mongodb.com",
		"http://127.0.0.1:8080/proxy/?token=hunter2#hunter2": "http://127.0.0.1:8080/(hidden)",
		"https://us/er:hunter2@cloud.mongodb.com":            "(hidden)",
		"https://hunter2/er:us%40cloud.mongodb.com":          "(hidden)",
		"https://a.example//":                                "https://a.example",
		"name:hunter2@cloud.mongodb.com":                     "(hidden)",
		"https://name:hunter2@%zz":                           "(hidden)",
		"hunter2":                                            "(hidden)",
		"":                                                   "(hidden)",
		"https://" + strings.Repeat("a", 1000) + "/hunter2":  "https://" + strings.Repeat("a", 592) + "…/(hidden)",
	} {
		if got := atlas.ShownURL(base); got != want {
			t.Errorf("%q: got %q, want %q", base, got, want)
		}
	}
}
