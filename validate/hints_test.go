package validate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/validate"
)

// A program can replace hints by hints about its own options.
func TestHintsForPrograms(t *testing.T) {
	type hints struct {
		Rule       string
		Layout     validate.Layout
		APIVersion string
		Format     string
	}
	const opsGenie = `{"type": "OPS_GENIE", "apiKey": "k-1"}`
	for _, tc := range []struct {
		payload string
		layout  validate.Layout
		want    hints
	}{
		{`[` + opsGenie + `]`, validate.One, hints{Rule: "not-an-object", Layout: validate.Array}},
		{opsGenie, validate.Array, hints{Rule: "not-an-object", Layout: validate.One}},
		{`"text"`, validate.One, hints{Rule: "not-an-object"}},
		{`{"type": "FLOWDOCK"}`, validate.One, hints{Rule: "type-unknown", APIVersion: "v1.0"}},
		{`{"type": "SLAK"}`, validate.One, hints{Rule: "type-unknown"}},
		{`{"results": [` + opsGenie + `], "totalCount": 1}`, validate.One, hints{Rule: "type-missing", Format: "response"}},
		{`{"format": "p", "digests": []}`, validate.One, hints{Rule: "type-missing", Format: "plan"}},
		{`{"version": 1, "findings": []}`, validate.One, hints{Rule: "type-missing", Format: "baseline"}},
		{`{"type": 1, "apiVersion": "v1", "kind": "Secret"}`, validate.One, hints{Rule: "type-unknown", Format: "resource"}},
		{`{"type": "module", "scripts": {}}`, validate.One, hints{Rule: "type-unknown", Format: "file"}},
		{"apiVersion: v1\nkind: Secret\n", validate.One, hints{Rule: "syntax", Format: "resource"}},
		{`[{"check_name": "a", "fingerprint": "b"}]`, validate.One, hints{Rule: "not-an-object", Format: "file"}},
		{`{"apiKey": "k-1"}`, validate.One, hints{Rule: "type-missing"}},
	} {
		result, err := new(validate.Validator).CheckReader("f", strings.NewReader(tc.payload), tc.layout)
		if err != nil || len(result.Findings) == 0 {
			t.Fatalf("%s: %v, %v", tc.payload, result, err)
		}
		f := result.Findings[0]
		if diff := cmp.Diff(tc.want, hints{f.Rule, f.HintLayout, f.HintAPIVersion, f.HintFormat}); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", tc.payload, diff)
		}
	}
}
