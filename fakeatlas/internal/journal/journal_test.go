package journal

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

// The journal shows nested values of an accepted body with their secrets masked, and none of a refused one.
func TestJournalOfNestedValues(t *testing.T) {
	hooks := atlas.NewType(&schemas.Type{Fields: []schemas.Field{{Name: "hooks", Kind: "array", Items: &schemas.Field{Kind: "object", Fields: []schemas.Field{
		{Name: "label", Kind: "string"}, {Name: "token", Kind: "string", Secret: schemas.MaskLast4},
	}}}}}).Payload.Lookup("hooks")
	sent := []any{map[string]any{"label": "a", "token": "abcd1234"}, json.Number("7")}
	for status, want := range map[int]any{
		200: []any{map[string]any{"label": "a", "token": "****1234"}, "(hidden)"},
		400: "(hidden)",
	} {
		if diff := cmp.Diff(want, mask{accepted: status == 200}.value(hooks, sent)); diff != "" {
			t.Errorf("%d (-want +got):\n%s", status, diff)
		}
	}
}

// Every operation of the companions has a description of its answer, unless that is always empty.
func TestBodiesOfCompanions(t *testing.T) {
	for id, b := range allBodies() {
		if b.answer == nil && !slices.Contains([]string{"deleteGroupAlertConfig", "deleteGroupLimit", "removeGroupTeam", "enableGroupManagedSlowMs", "disableGroupManagedSlowMs"}, id) {
			t.Errorf("the answer of %s has no description", id)
		}
	}
	if f := bodiesOf("createGroup").request; f == nil || f.Lookup("tags").Items.Lookup("key").Kind != "string" {
		t.Error("the body of createGroup lacks the key of a tag")
	}
}
