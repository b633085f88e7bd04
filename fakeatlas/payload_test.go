package fakeatlas

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/store"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/pattern"
)

// The answer to malformed hexadecimal digits is known, that to other patterns is not.
func TestWrongForm(t *testing.T) {
	for expression, want := range map[string]string{
		"^[0-9A-Fa-f]{32}$":  "must be a hexadecimal string",
		"^([0-9a-f]){40}$":   "must be a hexadecimal string",
		"^glc_[0-9a-z]{16}$": "does not have the right form",
	} {
		if got := formError(&atlas.Field{Form: pattern.New(expression)}); got != want {
			t.Errorf("%s: %q, want %q", expression, got, want)
		}
	}
}

// Numbers, arrays and objects of a body are stored unchanged, and callers can't change stored values.
func TestPayloadKeepsNestedValues(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	got := s.parseAs("v2", []byte(`{"type":"WEBHOOK","id":"1","a":[1,{"b":12345678901234567890}],"c":1.50,"d":null,"e":"x","e":"y"}`)).own()
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
