package validate

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/validate/internal/records"
)

// A finding that only an update has is complete: it has the hint of an update.
func TestUpdateFindingsHaveTheHintOfAnUpdate(t *testing.T) {
	v, err := New(Options{Documents: true})
	if err != nil {
		t.Fatal(err)
	}
	c := v.newCheck("a.json", []byte("{}"), records.At{})
	c.addWith(severities{never, Warning}, unresolvedRule{}, span{end: 2}, "a message", advice{text: "for a creation", update: "for an update"})
	want := []Finding{{
		File: "a.json", Line: 1, Column: 1, EndLine: 1, EndColumn: 3,
		Rule: "unresolved", Severity: Warning, Message: "a message", Hint: "for an update",
	}}
	if diff := cmp.Diff(want, c.onUpdate); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
