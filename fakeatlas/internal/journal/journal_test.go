package journal

import (
	"encoding/json"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

// The counted bytes are those of the bodies that are kept, after every way in which an entry or its bodies leave.
func TestBytesAreCounted(t *testing.T) {
	j := &Journal{Limit: 300}
	check := func(what string) {
		t.Helper()
		total := 0
		for _, e := range j.List() {
			total += e.size()
		}
		if total != j.bytes || total > maxBytes {
			t.Errorf("%s: %d bytes of bodies, counted as %d", what, total, j.bytes)
		}
	}
	for i := range 2 * j.Limit {
		j.Add(&Entry{Target: wire.Target{Project: strconv.Itoa(i % 2)}, Body: make([]byte, MaxBody), Response: make([]byte, 10)})
	}
	check("past the limit of bytes")
	if first, last := j.List()[0], j.List()[j.Limit-1]; first.Body != nil || last.Body == nil {
		t.Errorf("the oldest has %d bytes, the newest %d", len(first.Body), len(last.Body))
	}
	j.Remove(&Filter{Projects: []string{"1"}})
	check("after a removal")
	for range 2 * j.Limit {
		j.Add(&Entry{Body: make([]byte, 10)})
	}
	check("past the limit of entries")
	if j.Clear(); j.bytes != 0 {
		t.Errorf("%d bytes after Clear", j.bytes)
	}
}

// The journal shows nested values of an accepted body with their secrets masked, and none of a rejected one.
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

// Every operation of the companions has a description of its response, unless that is always empty.
func TestBodiesOfCompanions(t *testing.T) {
	empty := []string{
		"deleteGroupAlertConfig", "deleteGroupLimit", "removeGroupTeam", "enableGroupManagedSlowMs", "disableGroupManagedSlowMs",
	}
	for id, b := range allBodies() {
		if b.response == nil && !slices.Contains(empty, id) {
			t.Errorf("the response of %s has no description", id)
		}
	}
	if f := bodiesOf("createGroup").request; f == nil || f.Lookup("tags").Items.Lookup("key").Kind != "string" {
		t.Error("the body of createGroup lacks the key of a tag")
	}
}
