package validate_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// Each rule's failing example gets a finding of that rule, and its passing one gets none of it.
func TestRuleExamples(t *testing.T) {
	seen := map[string]bool{}
	inWords := 0
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
		for _, example := range []struct {
			text string
			want bool
		}{{r.Fails, true}, {r.Passes, false}} {
			if !strings.HasPrefix(example.text, "{") && !strings.HasPrefix(example.text, "[") {
				inWords++
				continue
			}
			if got := yields(t, r, example.text); got != example.want {
				t.Errorf("%s: %s: a finding of it: %v, want %v", r.ID, example.text, got, example.want)
			}
		}
	}
	if inWords > 9 {
		t.Errorf("%d examples are in words, want at most 9", inWords)
	}
}

// The texts of some rules name the fields that they judge, while what is judged is up to the API description.
func TestRulesNameTheFieldsThatTheyJudge(t *testing.T) {
	judged := map[string][]string{}
	for _, typ := range schemas.Types {
		for _, f := range typ.Fields {
			note := func(rule string, is bool) {
				if name := typ.Name + "." + f.Name; is && !slices.Contains(judged[rule], name) {
					judged[rule] = append(judged[rule], name)
				}
			}
			note("key-format", f.Pattern != "")
			note("new-relic-format", f.DisputedPattern != "")
			note("prometheus-password", f.Name == "password")
		}
	}
	named := map[string][]string{
		"key-format":          {"PAGER_DUTY.serviceKey", "DATADOG.apiKey"},
		"new-relic-format":    {"NEW_RELIC.accountId", "NEW_RELIC.licenseKey"},
		"prometheus-password": {"PROMETHEUS.password"},
	}
	if diff := cmp.Diff(named, judged); diff != "" {
		t.Errorf("let the texts in validate/catalogue.go speak of all fields that are judged, and then this test (-named +judged):\n%s", diff)
	}
}

var ruleID = regexp.MustCompile(`(?m)^\trule[A-Za-z]+ += "([a-z-]+)"$`)

// A finding of a rule that the catalogue lacks would have no severity, and so fail nothing.
func TestEveryRuleIsInTheCatalogue(t *testing.T) {
	source, err := os.ReadFile("rules.go")
	if err != nil {
		t.Fatal(err)
	}
	var ids, catalogue []string
	for _, match := range ruleID.FindAllStringSubmatch(string(source), -1) {
		ids = append(ids, match[1])
	}
	for _, r := range validate.Rules() {
		catalogue = append(catalogue, r.ID)
	}
	slices.Sort(ids)
	slices.Sort(catalogue)
	if diff := cmp.Diff(ids, catalogue); diff != "" {
		t.Errorf("rules (-in rules.go +in catalogue.go):\n%s", diff)
	}
}

// What the API description has to say of a type is said under the name of a rule.
func TestCaveatsAreRules(t *testing.T) {
	for _, typ := range schemas.Types {
		for _, caveat := range typ.Caveats {
			if !slices.ContainsFunc(validate.Rules(), func(r validate.Rule) bool { return r.ID == caveat.Value }) {
				t.Errorf("%s %s: x-caveats names %q, which is no rule", typ.Generation, typ.Name, caveat.Value)
			}
		}
	}
}

func yields(t *testing.T, r validate.Rule, payload string) bool {
	t.Helper()
	severity := r.Default
	if severity == validate.Off {
		severity = validate.Error
	}
	v, err := validate.New(validate.WithSeverity(r.ID, severity))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range v.Check("example", []byte(payload)) {
		if f.Rule == r.ID {
			return true
		}
	}
	return false
}
