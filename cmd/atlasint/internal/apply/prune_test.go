package apply_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/validate"
)

// The integration of a payload without a document is unknown, and could be deleted, whatever the counts of findings
// are.
func TestPruneNeedsADocumentOfEachPayload(t *testing.T) {
	document := validate.Document{Type: "OPS_GENIE"}
	whole := validate.Result{Payloads: 1, Documents: []validate.Document{document}}
	for name, tc := range map[string]struct {
		result validate.Result
		want   string
	}{
		"a document":      {whole, ""},
		"two documents":   {validate.Result{Payloads: 2, Documents: []validate.Document{document, document}}, ""},
		"no document":     {validate.Result{Payloads: 1}, "can't prune: b.json has a payload without a type, "},
		"one of two":      {validate.Result{Payloads: 2, Documents: []validate.Document{document}}, "can't prune: b.json has a payload without a type, "},
		"a lost document": {validate.Result{Payloads: 1, Warnings: 1}, "can't prune: b.json has a payload without a type, "},
	} {
		for _, prune := range []apply.Prune{{Folders: true}, {All: true}} {
			err := prune.CheckResults([]string{"a.json", "b.json"}, []validate.Result{whole, tc.result})
			if got := textOf(err); !strings.HasPrefix(got, tc.want) || (tc.want == "") != (err == nil) {
				t.Errorf("%s: %+v: %q, want %q", name, prune, got, tc.want)
			}
			if kind := problem.KindOf(err); kind != problem.None && kind != problem.Finding {
				t.Errorf("%s: %+v: kind %d", name, prune, kind)
			}
		}
		if err := (apply.Prune{}).CheckResults([]string{"b.json"}, []validate.Result{tc.result}); err != nil {
			t.Errorf("%s, without prune: %v", name, err)
		}
	}
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
