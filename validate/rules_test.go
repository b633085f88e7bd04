package validate_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// The catalog has each rule once, with all texts.
func TestRulesHaveTexts(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range validate.Rules() {
		if seen[r.ID] {
			t.Errorf("two rules are called %s", r.ID)
		}
		seen[r.ID] = true
		for what, text := range map[string]string{"summary": r.Summary, "evidence": r.Evidence, "failing example": r.Fails, "passing example": r.Passes} {
			if text == "" {
				t.Errorf("%s has no %s", r.ID, what)
			}
		}
	}
}

// The texts of some rules name the fields that the rules check; the API description decides which these are.
func TestRulesNameTheirFields(t *testing.T) {
	checked := map[string][]string{}
	for _, typ := range schemas.Types {
		for _, f := range typ.Fields {
			note := func(rule string, is bool) {
				if name := typ.Name + "." + f.Name; is && !slices.Contains(checked[rule], name) {
					checked[rule] = append(checked[rule], name)
				}
			}
			note("key-format", f.Pattern != "" && f.Secret != "")
			note("white-space", f.Pattern == `^[^ \t\n\v\f\r]+$`)
			note("new-relic-format", f.DisputedPattern != "")
			note("prometheus-password", f.MissingOnCreate == "prometheus-password")
		}
	}
	named := map[string][]string{
		"key-format":          {"PAGER_DUTY.serviceKey", "DATADOG.apiKey"},
		"white-space":         {"FLOWDOCK.flowName"},
		"new-relic-format":    {"NEW_RELIC.accountId", "NEW_RELIC.licenseKey"},
		"prometheus-password": {"PROMETHEUS.password"},
	}
	if diff := cmp.Diff(named, checked); diff != "" {
		t.Errorf("name all fields that a rule is about in its texts, and then in this test (-named +checked):\n%s", diff)
	}
}

var ruleID = regexp.MustCompile(`\bID: "([a-z-]+)"`)

// A rule that the catalog lacks would have no entry in docs/rules.md.
func TestEveryRuleIsInTheCatalog(t *testing.T) {
	files, err := filepath.Glob("rule_*.go")
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range ruleID.FindAllStringSubmatch(string(source), -1) {
			declared = append(declared, match[1])
		}
	}
	var listed []string
	for _, r := range validate.Rules() {
		listed = append(listed, r.ID)
	}
	slices.Sort(declared)
	slices.Sort(listed)
	if diff := cmp.Diff(declared, listed); diff != "" {
		t.Errorf("(-declared +in the catalog):\n%s", diff)
	}
	if len(listed) < 30 {
		t.Errorf("%d rules, want at least 30", len(listed))
	}
}

// The caveats of types in the API description have names of rules.
func TestCaveatsAreRules(t *testing.T) {
	for _, typ := range schemas.Types {
		for _, caveat := range typ.Caveats {
			if !slices.ContainsFunc(validate.Rules(), func(r validate.Rule) bool { return r.ID == caveat.Value }) {
				t.Errorf("%s %s: x-caveats names %q, which is no rule", typ.APIVersion, typ.Name, caveat.Value)
			}
		}
	}
}
