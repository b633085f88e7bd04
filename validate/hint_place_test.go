package validate_test

import (
	"slices"
	"testing"

	"github.com/atlasint/atlasint/validate"
)

// HintPlace is true for exactly the hints with a place, of each rule that has one.
func TestHintPlace(t *testing.T) {
	var rules []string
	for _, data := range []string{
		`{"type":"DATADOG","apikey":"k"}`, `{"tpye":"DATADOG","apiKey":"k"}`, `{"type":"DATADOG","apiKey":"k","apiKey":"l"}`,
		`{"type":"DATADOG","apiKey":"k","region":"us"}`, `{"type":"DATADOG","apiKey":`,
	} {
		for _, f := range new(validate.Validator).Check("f.json", []byte(data)) {
			if f.HintPlace != placeInHint.MatchString(f.Hint) {
				t.Errorf("HintPlace is %t: %s", f.HintPlace, f)
			}
			if f.HintPlace {
				rules = append(rules, f.Rule)
			}
		}
	}
	slices.Sort(rules)
	if want := []string{"duplicate-key", "required", "type-missing"}; !slices.Equal(slices.Compact(rules), want) {
		t.Errorf("rules %v, want %v", rules, want)
	}
}
