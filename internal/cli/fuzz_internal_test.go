package cli

import (
	"net/url"
	"strings"
	"testing"
	"unicode"

	"github.com/atlasint/atlasint/validate"
)

// FuzzConfig: no configuration makes the command panic; what it refuses it tells in words that fit on a line
// of a terminal; and what it takes is fit for use.
func FuzzConfig(f *testing.F) {
	for _, text := range []string{
		"", "api: v1.0", "rules: {url: off, enum: warning}", "exclude: ['**/x', '{a,b}[c]']", "overrides: [{paths: [a], api: v2}]", "rules: {x: y}",
		"&a [*a]", "a: &a [x]\nexclude: *a", "? [a]: b", "!!binary x", "api: !!int 2", "exclude: 2020-01-01", "- a\n- b", "%YAML 1.1\n---\n", "\"\\e[2J\": 1", "<<: {api: v2}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := &config{dir: "/"}
		if err := c.decode([]byte(text)); err != nil {
			_ = err.Error()
			return
		}
		if _, err := validate.New(c.severities()...); err != nil {
			t.Fatalf("%q is taken, but: %v", text, err)
		}
		c.excludes("/a/b.json")
		if api := c.apiOf("/a/b.json", "v2"); checkAPI(api) != nil {
			t.Fatalf("%q makes the generation %q", text, api)
		}
	})
}

// FuzzLog: whatever an address is, the log shows a short part of it, and nothing that acts on a terminal.
func FuzzLog(f *testing.F) {
	f.Add("GET", "/api/atlas/v2/groups/5d791c84ff7a2522cc4f9aa1/integrations", "pretty=true&pageNum=1")
	f.Add("x\u202e", "/\x1b[2J/\u009b/%2e", "\u009b=1&envelope=\u202e&pretty=%1b&&=")
	f.Fuzz(func(t *testing.T, method, path, query string) {
		for _, shown := range []string{shownWord(method), shownPath((&url.URL{Path: path}).EscapedPath()), shownQuery(query)} {
			if len(shown) > maxShown+3 && shown != shownWord(method) || strings.ContainsFunc(shown, func(r rune) bool {
				return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
			}) {
				t.Fatalf("shows %q", shown)
			}
		}
	})
}
