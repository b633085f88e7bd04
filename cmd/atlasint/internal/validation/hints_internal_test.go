package validation

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/validate"
)

// The command replaces or completes every hint for which it has a flag.
func TestFlagHints(t *testing.T) {
	const opsGenie = `{"type": "OPS_GENIE", "apiKey": "k-1"}`
	for _, tc := range []struct {
		payload string
		layout  validate.Layout
		want    string
	}{
		{`[` + opsGenie + `]`, validate.One, "use --array to validate each element as a payload"},
		{opsGenie, validate.Array, "leave out --array to validate a single payload"},
		{`{"type": "FLOWDOCK"}`, validate.One, "it exists in v1.0 only; use --api v1.0"},
		{`{"results": [], "totalCount": 0}`, validate.One, "this is a response of Atlas, not a payload; atlasint get --as-payload writes payload files of a project's integrations"},
		{strings.Repeat(" ", 100), validate.One, "payloads of Atlas are smaller than 32 KiB; for NDJSON, the limit applies to each line; --max-size raises the limit"},
	} {
		v, err := validate.New(validate.Options{MaxSize: 99})
		if err != nil {
			t.Fatal(err)
		}
		result, err := v.CheckReader("f", strings.NewReader(tc.payload), tc.layout)
		if err != nil || len(result.Findings) == 0 {
			t.Fatalf("%s: %v, %v", tc.payload, result, err)
		}
		if diff := cmp.Diff(tc.want, WithFlags(result).Findings[0].Hint); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", tc.payload, diff)
		}
	}
}
