package validate_test

import (
	"strings"
	"testing"

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
