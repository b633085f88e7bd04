package validation_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
)

func TestKnownTypes(t *testing.T) {
	for names, want := range map[string]string{
		"datadog":            "DATADOG",
		"PagerDuty flowdock": "PAGER_DUTY FLOWDOCK", // FLOWDOCK is of v1.0 only
		"":                   "",
	} {
		got, err := validation.KnownTypes("v2", strings.Fields(names))
		if diff := cmp.Diff(want, strings.Join(got, " ")); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", names, err, diff)
		}
	}
	if _, err := validation.KnownTypes("v2", []string{"DATADOG", "DATADGO"}); err == nil || !strings.Contains(err.Error(), "DATADOG") {
		t.Errorf("the error has no suggestion: %v", err)
	}
}

func TestTypesInAnySpelling(t *testing.T) {
	for _, tc := range []struct{ api, names, want, err string }{
		{"v2", "slack SLACK datadog", "SLACK DATADOG", ""},
		{"v1.0", "flowdock", "FLOWDOCK", ""},
		{"v2", "flowdock", "", "FLOWDOCK"},
		{"v3", "slack", "", "unknown API version"},
	} {
		var got []string
		types, err := validation.Types(tc.api, strings.Fields(tc.names))
		for _, one := range types {
			got = append(got, one.Name)
		}
		text := ""
		if err != nil {
			text = err.Error()
		}
		if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tc.api, tc.names, diff)
		}
		if tc.err == "" && err != nil {
			t.Errorf("%s %s: %v", tc.api, tc.names, err)
		}
		if !strings.Contains(text, tc.err) {
			t.Errorf("%s %s: the error is %q, want %q", tc.api, tc.names, text, tc.err)
		}
	}
}
