package serving

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
)

// Each document of a YAML file is validated for the API version that has its type.
func TestSeedsOfBothVersions(t *testing.T) {
	const opsgenie, flowdock = "type: OPS_GENIE\napiKey: k-1\n", "type: FLOWDOCK\napiToken: t\nflowName: f\norgName: o\n"
	for name, tc := range map[string]struct {
		text     string
		want     []string // the type and the API version of each seed
		findings int      // the errors of missing fields
	}{
		"v1.0 last":  {opsgenie + "---\n" + flowdock, []string{"OPS_GENIE v2", "FLOWDOCK v1.0"}, 0},
		"v1.0 first": {flowdock + "---\n" + opsgenie, []string{"FLOWDOCK v1.0", "OPS_GENIE v2"}, 0},
		"v1.0 alone": {flowdock, []string{"FLOWDOCK v1.0"}, 0},
		"both invalid": {"type: FLOWDOCK\napiToken: t\nflowName: f\n---\ntype: OPS_GENIE\n", nil,
			2},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			dir := filepath.Join(folder, "5d791c84ff7a2522cc4f9aa1")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			seeds, err := readSeeds(folder, nil, &out, report.Report{}, func(string) {})
			var got []string
			for _, s := range seeds {
				got = append(got, s.payload.Type+" "+s.payload.APIVersion)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || (err != nil) != (tc.findings > 0) {
				t.Errorf("%v, %s (-want +got):\n%s", err, out.String(), diff)
			}
			if n := strings.Count(out.String(), "[required]"); n != tc.findings {
				t.Errorf("%d findings instead of %d:\n%s", n, tc.findings, out.String())
			}
		})
	}
}

// No hint about a seed names a flag that atlasint serve lacks.
func TestSeedTooLarge(t *testing.T) {
	folder := t.TempDir()
	dir := filepath.Join(folder, "5d791c84ff7a2522cc4f9aa1")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	text := `{"type": "OPS_GENIE", "apiKey": "` + strings.Repeat("k", 1<<20) + `"}`
	if err := os.WriteFile(filepath.Join(dir, "a.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if _, err := readSeeds(folder, nil, &out, report.Report{}, func(string) {}); err == nil {
		t.Error("a seed of more than 1 MiB was accepted")
	}
	const want = ": larger than 1048576 bytes; payloads of Atlas are smaller than 32 KiB; write each payload into a file of its own [too-large]"
	if !strings.Contains(out.String(), want) || strings.Contains(out.String(), "--") {
		t.Error(out.String())
	}
}
