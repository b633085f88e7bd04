package types_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate/internal/types"
)

func TestCanonical(t *testing.T) {
	for names, want := range map[string][]string{
		"":                     nil,
		"DATADOG":              {"DATADOG"},
		"datadog Ops-Genie":    {"DATADOG", "OPS_GENIE"},
		"FLOWDOCK":             {"FLOWDOCK"}, // only v1.0 has it
		"*":                    nil,
		"DATADOG * PAGER_DUTY": nil, // all types
	} {
		got, unknown := types.Canonical(strings.Fields(names))
		if unknown != nil {
			t.Errorf("%s: %v", names, unknown)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", names, diff)
		}
	}
	if _, unknown := types.Canonical([]string{"DATADGO", "*"}); unknown == nil || unknown.Hint != `did you mean "DATADOG"?` {
		t.Errorf("an unknown type: %v", unknown)
	}
}

func TestMeant(t *testing.T) {
	for name, want := range map[string]string{
		"datadgo":        "DATADOG",
		"teams":          "MICROSOFT_TEAMS",
		"SPLUNK_ON_CALL": "VICTOR_OPS",
		"te":             "", // too short for a part of a title
		"GRAFANA":        "",
	} {
		if got := types.Of(schemas.V2).Meant(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestFieldsOfTypes(t *testing.T) {
	v2 := types.Of(schemas.V2)
	for name, want := range map[string][]string{
		"routingKey": {"VICTOR_OPS"},
		"unknown":    nil,
	} {
		if diff := cmp.Diff(want, v2.Owners(name)); diff != "" {
			t.Errorf("owners of %s (-want +got)\n%s", name, diff)
		}
	}
	if got := v2.Fitting(nil); got != nil {
		t.Errorf("no names fit %v", got)
	}
	if got := v2.Fitting([]string{"apiKey", "routingKey"}); !slices.Equal(got, []string{"VICTOR_OPS"}) {
		t.Errorf("apiKey and routingKey fit %v", got)
	}
	if got := v2.Fitting([]string{"apiKey", "microsoftTeamsWebhookUrl"}); got != nil {
		t.Errorf("fields of two types fit %v", got)
	}
}

// Every type has a schema that compiles: it is compiled on first use.
func TestSchemasCompile(t *testing.T) {
	for _, version := range []string{schemas.V1, schemas.V2} {
		set := types.Of(version)
		if len(set.Names) == 0 || len(set.Names) != len(set.ByName) {
			t.Errorf("%s: %d names of %d types", version, len(set.Names), len(set.ByName))
		}
		for _, name := range set.Names {
			if err := set.ByName[name].Schema().Compiles(); err != nil {
				t.Errorf("%s %s: %v", version, name, err)
			}
		}
	}
}
