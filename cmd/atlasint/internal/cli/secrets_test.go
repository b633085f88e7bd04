package cli_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/gen/schemas"
)

const canary = "canaryCANARYcanaryCANARYcanaryCANARYcan"

// No report format and no diagnostic contains the value of a secret field.
func TestReportsHideSecrets(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir)
	for _, format := range report.Names() {
		for _, api := range []string{schemas.V1, schemas.V2} {
			code, out, errOut := run("validate", "--api", api, "--format", format, "--strict", dir)
			if code != 1 {
				t.Errorf("%s: exit code %d, want 1: %s", format, code, errOut)
			}
			if len(out) < 10_000 {
				t.Errorf("%s: a report of %d bytes speaks of too few faults", format, len(out))
			}
			for i := 0; i+8 <= len(canary); i++ {
				if part := canary[i : i+8]; strings.Contains(out+errOut, part) {
					t.Fatalf("%s: the report shows %s", format, part)
				}
			}
		}
	}
}

// plant writes invalid payloads of all types with a sample secret in each secret field.
func plant(t *testing.T, dir string) {
	t.Helper()
	n := 0
	write := func(data string) {
		n++
		writeFile(t, filepath.Join(dir, fmt.Sprintf("%d.json", n)), data)
	}
	for _, typ := range schemas.Types {
		for _, f := range typ.Fields {
			if f.Secret == "" {
				continue
			}
			for _, value := range []any{canary, canary + "****", "<" + canary + ">", []string{canary}, "http://localhost/" + canary} {
				payload := map[string]any{"type": typ.Name, f.Name: value, "nonsense": 1}
				data, err := json.MarshalIndent(payload, "", "  ")
				if err != nil {
					t.Fatal(err)
				}
				write(string(data))
				write(strings.Replace(string(data), canary, canary+`\x`, 1))
				write(strings.ReplaceAll(string(data), `"`, `'`))
			}
		}
	}
}
