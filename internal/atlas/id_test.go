package atlas_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/openapi"
)

// Both documents state the form, for project ids; that of integrations' ids is the same.
func TestIsID(t *testing.T) {
	const stated = `^([a-f0-9]{24})$`
	for name, doc := range map[string][]byte{"v1.0": openapi.V1().Document, "v2": openapi.V2().Document} {
		if !strings.Contains(string(doc), "pattern: '"+stated+"'") {
			t.Errorf("%s states another form", name)
		}
	}
	form := regexp.MustCompile(stated)
	id := "32b6e34b3d91647abb20e7b8"
	for _, s := range []string{
		"", id, id[1:], id + "0", id + "\n", " " + id[1:], strings.ToUpper(id), id[1:] + "g", id[1:] + "\x00", id[1:] + "ａ", id[:21] + "ａ",
		strings.Repeat("0", 24), strings.Repeat("g", 24), strings.Repeat("-", 24),
	} {
		if got, want := atlas.IsID(s), form.MatchString(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}
