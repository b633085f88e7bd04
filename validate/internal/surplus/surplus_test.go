package surplus_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/surplus"
	"github.com/atlasint/atlasint/validate/internal/types"
)

// The kind of a surplus field decides which rule reports it; the hint is what to do with it.
func TestFault(t *testing.T) {
	const unknown = surplus.Unknown
	for _, tc := range []struct {
		apiVersion, typ, payload, name string
		kind                           surplus.Kind
		hint                           string
	}{
		{schemas.V2, "OPS_GENIE", `{}`, "api_key", unknown, `did you mean "apiKey"? only Terraform writes it in snake case (fields: id, type, apiKey, region)`},
		{schemas.V2, "OPS_GENIE", `{"apiKey":"k"}`, "apikey", unknown, `remove it: the payload already has "apiKey" (fields: id, type, apiKey, region)`},
		{schemas.V2, "OPS_GENIE", `{}`, "color", unknown, "the fields are id, type, apiKey and region"},
		{schemas.V2, "OPS_GENIE", `{}`, "$schema", unknown, "remove it, and name the schema in the editor's settings"},
		{schemas.V2, "OPS_GENIE", `{}`, "groupId", unknown, "remove it: the project is part of the URL, not of the payload"},
		{schemas.V2, "OPS_GENIE", `{}`, "id", unknown, "remove it"},
		{schemas.V2, "OPS_GENIE", `{}`, "sendDatabaseMetrics", surplus.Foreign, "remove it: Atlas rejects the fields of other types, even with the value false"},
		{schemas.V2, "PAGER_DUTY", `{}`, "apiKey", surplus.Foreign, `PAGER_DUTY calls it "serviceKey": rename it, since Atlas rejects the fields of other types`},
		{schemas.V2, "PROMETHEUS", `{}`, "scheme", surplus.Removed, "remove it"},
		{schemas.V1, "DATADOG", `{}`, "sendShardingMetrics", unknown, "remove it, or send the payload to v2"},
	} {
		set := types.Of(tc.apiVersion)
		typ := set.ByName[tc.typ]
		payload := tc.payload[:len(tc.payload)-1]
		if payload != "{" {
			payload += ","
		}
		doc, err := jsonpos.Parse([]byte(payload + `"` + tc.name + `":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		object := surplus.New(&doc.Root, typ.Payload)
		object.Type, object.Types = typ, set
		got := object.Fault(tc.name)
		if diff := cmp.Diff(tc.hint, got.Hint); got.Kind != tc.kind || diff != "" {
			t.Errorf("%s %s.%s: kind %d, want %d (-want +got)\n%s", tc.apiVersion, tc.typ, tc.name, got.Kind, tc.kind, diff)
		}
	}
}
