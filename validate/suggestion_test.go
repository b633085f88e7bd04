package validate_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

func TestSuggestions(t *testing.T) {
	const opsGenie = `{"type": "OPS_GENIE", "apiKey": "k-1"}`
	var (
		none   = validate.Suggestion{}
		array  = validate.Suggestion{Layout: validate.Array}
		one    = validate.Suggestion{Layout: validate.One}
		update = validate.Suggestion{Operation: validate.Update}
		v1     = validate.Suggestion{APIVersion: schemas.V1}
		v2     = validate.Suggestion{APIVersion: schemas.V2}
		format = func(name string) validate.Suggestion { return validate.Suggestion{Format: name} }
	)
	for _, tc := range []struct {
		payload    string
		apiVersion string // "": v2
		layout     validate.Layout
		rule       string
		want       validate.Suggestion
	}{
		{payload: `[` + opsGenie + `]`, layout: validate.One, rule: "not-an-object", want: array},
		{payload: opsGenie, layout: validate.Array, rule: "not-an-object", want: one},
		{payload: `"text"`, rule: "not-an-object", want: none},
		{payload: `{"type": "FLOWDOCK"}`, rule: "type-unknown", want: v1},
		{payload: `{"type": "WEBHOOK", "bodyTemplate": ""}`, apiVersion: schemas.V1, rule: "unknown-field", want: v2},
		{payload: `{"type": "SLAK"}`, rule: "type-unknown", want: none},
		{payload: `{"type": "SLACK", "channelName": "alerts"}`, rule: "required", want: update},
		{payload: `{"results": [` + opsGenie + `], "totalCount": 1}`, rule: "type-missing", want: format("response")},
		{payload: `{"format": "p", "digests": []}`, rule: "type-missing", want: format("plan")},
		{payload: `{"version": 1, "findings": []}`, rule: "type-missing", want: format("baseline")},
		{payload: `{"type": 1, "apiVersion": "v1", "kind": "Secret"}`, rule: "type-unknown", want: format("resource")},
		{payload: `{"type": "module", "scripts": {}}`, rule: "type-unknown", want: format("file")},
		{payload: "apiVersion: v1\nkind: Secret\n", rule: "syntax", want: format("resource")},
		{payload: `[{"check_name": "a", "fingerprint": "b"}]`, rule: "not-an-object", want: format("file")},
		{payload: `{"apiKey": "k-1"}`, rule: "type-missing", want: none},
	} {
		v := newValidator(t, validate.Options{APIVersion: tc.apiVersion})
		result, err := v.CheckReader("f", strings.NewReader(tc.payload), tc.layout)
		if err != nil {
			t.Fatalf("%s: %v", tc.payload, err)
		}
		i := slices.IndexFunc(result.Findings, func(f validate.Finding) bool { return f.Rule == tc.rule })
		if i < 0 {
			t.Fatalf("%s: no finding of rule %s, but %v", tc.payload, tc.rule, result.Findings)
		}
		if diff := cmp.Diff(tc.want, result.Findings[i].Suggestion); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", tc.payload, diff)
		}
	}
}

// A suggestion has Place exactly if the hint names a place, in each rule with such hints.
func TestSuggestionOfPlace(t *testing.T) {
	var rules []string
	for _, data := range []string{
		`{"type":"DATADOG","apikey":"k"}`, `{"tpye":"DATADOG","apiKey":"k"}`, `{"type":"DATADOG","apiKey":"k","apiKey":"l"}`,
		`{"type":"DATADOG","apiKey":"k","region":"us"}`, `{"type":"DATADOG","apiKey":`,
	} {
		for _, f := range new(validate.Validator).Check("f.json", []byte(data)) {
			want := validate.Suggestion{Place: placeInHint.MatchString(f.Hint)}
			if diff := cmp.Diff(want, f.Suggestion); diff != "" {
				t.Errorf("%s (-want +got):\n%s", f, diff)
			}
			if f.Suggestion.Place {
				rules = append(rules, f.Rule)
			}
		}
	}
	slices.Sort(rules)
	if diff := cmp.Diff([]string{"duplicate-key", "required", "type-missing"}, slices.Compact(rules)); diff != "" {
		t.Errorf("rules with a place in the hint (-want +got):\n%s", diff)
	}
}

// The hint of an invalid type in the options suggests the API version that has the type.
func TestSuggestionOfOptionError(t *testing.T) {
	for typ, want := range map[string]validate.Suggestion{"FLOWDOCK": {APIVersion: schemas.V1}, "SLAK": {}} {
		_, err := validate.New(validate.Options{Type: typ})
		var wrong *validate.OptionError
		if !errors.As(err, &wrong) {
			t.Fatalf("%s: %v", typ, err)
		}
		if diff := cmp.Diff(want, wrong.Suggestion); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", typ, diff)
		}
	}
}
