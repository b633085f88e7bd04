package journal

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

// The journal shows nested values of an accepted body with their secrets masked, and none of a refused one.
func TestJournalOfNestedValues(t *testing.T) {
	hooks := atlas.NewType(&schemas.Type{Fields: []schemas.Field{{Name: "hooks", Kind: "array", Items: &schemas.Field{Kind: "object", Fields: []schemas.Field{
		{Name: "name", Kind: "string"}, {Name: "token", Kind: "string", Secret: schemas.MaskLast4},
	}}}}}).Payload.Lookup("hooks")
	sent := []any{map[string]any{"name": "a", "token": "abcd1234"}, json.Number("7")}
	for status, want := range map[int]any{
		200: []any{map[string]any{"name": "a", "token": "****1234"}, json.Number("7")},
		400: "(hidden)",
	} {
		if diff := cmp.Diff(want, (&Entry{Status: status}).maskedValue(hooks, sent)); diff != "" {
			t.Errorf("%d (-want +got):\n%s", status, diff)
		}
	}
}
