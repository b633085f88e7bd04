package validate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/validate"
)

// TestCountsPastTheLimit shows that the counts do not depend on how many findings are kept, for each rule and severity,
// as a creation and as an update.
func TestCountsPastTheLimit(t *testing.T) {
	var payloads []string
	for _, r := range validate.Rules() {
		if strings.HasPrefix(r.Fails, "{") {
			payloads = append(payloads, r.Fails)
		}
	}
	if len(payloads) < 15 {
		t.Fatalf("only %d rules have a payload", len(payloads))
	}
	inputs := []struct {
		file   string
		layout validate.Layout
		input  string
	}{
		{"lines.ndjson", validate.Lines, strings.Repeat(strings.Join(payloads, "\n")+"\n", 3)},
		// Of the array, some are kept past the limit.
		{"array.json", validate.Array, "[" + strings.TrimSuffix(strings.Repeat(strings.Join(payloads, ",")+",", 30), ",") + "]"},
		{"documents.yaml", validate.ByName, strings.Repeat("---\n"+strings.Join(payloads, "\n---\n")+"\n", 3)},
	}
	for _, in := range inputs {
		for _, r := range validate.Rules() {
			for _, severity := range []validate.Severity{validate.Off, validate.Warning, validate.Error} {
				if r.FixedSeverity {
					continue
				}
				count := func(limit int) (n [4]int) {
					v := newValidator(t, validate.Options{MaxFindings: limit, Documents: true, Severities: map[string]validate.Severity{r.ID: severity}})
					result := checkLayout(t, v, in.file, in.layout, in.input)
					update := result.ForUpdates(func(validate.Document) bool { return true })
					return [4]int{result.Errors, result.Warnings, update.Errors, update.Warnings}
				}
				if diff := cmp.Diff(count(10_000), count(1)); diff != "" {
					t.Errorf("%s: %s=%s: errors and warnings, the same for updates (-all kept, +one kept):\n%s", in.file, r.ID, severity, diff)
				}
			}
		}
	}
}

func checkLayout(t *testing.T, v *validate.Validator, file string, layout validate.Layout, input string) validate.Result {
	t.Helper()
	result, err := v.CheckReader(file, strings.NewReader(input), layout)
	if err != nil {
		t.Fatal(err)
	}
	return result
}
