package workspace

import (
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/glob"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/validate"
)

// No configuration makes the command panic, and an accepted configuration has valid severities and API versions.
func FuzzConfig(f *testing.F) {
	for _, text := range []string{
		"", "api: v1.0", "rules: {url: off, enum: warning}", "exclude: ['**/x', '{a,b}[c]']",
		"overrides: [{paths: [a], api: v2}]", "overrides: [{paths: ['**'], rules: {url: off}}]", "rules: {url: false}",
		"extends: none", "extends: ../x.yaml", "rules: {x: y}",
		"&a [*a]", "a: &a [x]\nexclude: *a", "? [a]: b", "!!binary x", "api: !!int 2", "exclude: 2020-01-01",
		"- a\n- b", "%YAML 1.1\n---\n", "\"\\e[2J\": 1", "<<: {api: v2}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := newConfig("/"+ConfigName, "/"+ConfigName, []byte(text), false, glob.NewBudget())
		if err != nil {
			_ = err.Error()
			return
		}
		if _, err := validate.New(validate.Options{Severities: c.RulesWith(c.RuleOverrides("/a/b.json"))}); err != nil {
			t.Fatalf("%q is accepted, but: %v", text, err)
		}
		c.Excludes("/a/b.json")
		if api := c.APIVersion("/a/b.json", "v2"); !atlas.IsVersion(api) {
			t.Fatalf("%q returns the API version %q", text, api)
		}
	})
}
