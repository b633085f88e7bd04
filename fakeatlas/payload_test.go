package fakeatlas

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// Numbers, arrays and objects of a body are stored unchanged, and callers can't change stored values.
func TestPayloadKeepsNestedValues(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	got := s.payloadRules("v2", "").Parse([]byte(`{"type":"WEBHOOK","id":"1","a":[1,{"b":12345678901234567890}],"c":1.50,"d":null,"e":"x","e":"y"}`)).Own()
	want := map[string]any{
		"a": []any{json.Number("1"), map[string]any{"b": json.Number("12345678901234567890")}},
		"c": json.Number("1.50"), "d": nil, "e": "y",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	copied := store.Integration{Fields: got}.Clone().Fields
	copied["a"].([]any)[1].(map[string]any)["b"] = "changed"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a change of the copy shows (-want +got):\n%s", diff)
	}
}
