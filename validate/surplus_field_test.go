package validate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// The API description decides which rule reports a field that the type lacks, and what to do with it.
func TestSurplusFields(t *testing.T) {
	const unknown, foreign = "unknown-field", "foreign-field"
	for _, tc := range []struct {
		apiVersion, typ, payload, name string
		rule, hint                     string
	}{
		{schemas.V2, "OPS_GENIE", ``, "api_key", unknown, `did you mean "apiKey"? only Terraform writes it in snake case (fields: id, type, apiKey, region)`},
		{schemas.V2, "OPS_GENIE", `"apiKey":"k",`, "apikey", unknown, `remove it: the payload already has "apiKey" (fields: id, type, apiKey, region)`},
		{schemas.V2, "OPS_GENIE", ``, "color", unknown, "the fields are id, type, apiKey and region"},
		{schemas.V2, "OPS_GENIE", ``, "$schema", unknown, "remove it, and name the schema in the editor's settings"},
		{schemas.V2, "OPS_GENIE", ``, "groupId", unknown, "remove it: the project is part of the URL, not of the payload"},
		{schemas.V2, "DATADOG", ``, "customEndpoint", unknown, "remove it"},
		{schemas.V2, "OPS_GENIE", ``, "sendDatabaseMetrics", foreign, "remove it: Atlas rejects the fields of other types, even with the value false"},
		{schemas.V2, "PAGER_DUTY", ``, "apiKey", foreign, `PAGER_DUTY calls it "serviceKey": rename it, since Atlas rejects the fields of other types`},
		{schemas.V2, "PROMETHEUS", ``, "scheme", "removed-field", "remove it"},
		{schemas.V1, "DATADOG", ``, "sendShardingMetrics", unknown, "remove it, or send the payload to v2"},
	} {
		v := newValidator(t, validate.Options{APIVersion: tc.apiVersion})
		payload := `{"type":"` + tc.typ + `",` + tc.payload + `"` + tc.name + `":"x"}`
		var got []string
		for _, f := range v.Check("p", []byte(payload)) {
			if f.Pointer == "/"+tc.name {
				got = append(got, f.Rule+": "+f.Hint)
			}
		}
		if diff := cmp.Diff([]string{tc.rule + ": " + tc.hint}, got); diff != "" {
			t.Errorf("%s %s (-want +got)\n%s", tc.apiVersion, payload, diff)
		}
	}
}
