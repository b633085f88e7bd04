package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

// A payload file has numbers, arrays and objects as Atlas answers them, with references in the place of secrets.
func TestFieldOfNestedValues(t *testing.T) {
	typ := atlas.NewType(&schemas.Type{Name: "RELAY", Fields: []schemas.Field{
		{Name: "count", Kind: "integer"},
		{Name: "hooks", Kind: "array", Items: &schemas.Field{Kind: "object", Fields: []schemas.Field{
			{Name: "name", Kind: "string"}, {Name: "token", Kind: "string", Secret: schemas.MaskLast4}, {Name: "id", Kind: "string", ReadOnly: true},
		}}},
	}})
	answer := atlas.Object([]byte(`{"count":12345678901234567890,"hooks":[{"name":"a","token":"****1234","id":"x","_new":"secret"}]}`))
	for name, want := range map[string]string{
		"count": `12345678901234567890`,
		"hooks": `[{"name":"a","token":"${env:RELAY_TOKEN}"}]`,
	} {
		doc, ok := fieldOf("RELAY", typ.Payload.Lookup(name), answer[name], true)
		if diff := cmp.Diff(want, string(doc)); diff != "" || !ok {
			t.Errorf("%s: %t (-want +got):\n%s", name, ok, diff)
		}
	}
	if doc, ok := fieldOf("RELAY", typ.Payload.Lookup("count"), []any{"secret"}, true); doc != nil || !ok {
		t.Errorf("a value of another type is kept: %s", doc)
	}
}
