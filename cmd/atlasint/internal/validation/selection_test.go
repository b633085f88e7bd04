package validation_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
)

// writeFiles changes to a new folder with these files.
func writeFiles(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// An output file that exists is recognized by any of its paths.
func TestCheckOutput(t *testing.T) {
	writeFiles(t, map[string]string{
		".atlasint.yaml":     "extends: base/rules.yaml\nexclude: [payloads/reports/**]\n",
		"base/rules.yaml":    "rules: {placeholder: off}\n",
		"baseline.json":      `{"version":1,"findings":[]}`,
		"payloads/one.json":  wrong,
		"payloads/note.text": "",
		"single.json":        wrong,
	})
	working, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		output, baseline string
		want             string // part of the error; "" if the output is accepted
	}{
		"none":                           {},
		"outside of the payloads":        {output: "out.json"},
		"a new folder":                   {output: filepath.Join("reports", "out.json")},
		"no payload, below the payloads": {output: filepath.Join("payloads", "note.text")},
		"excluded":                       {output: filepath.Join("payloads", "reports", "out.json")},
		"another baseline":               {output: "out.json", baseline: "baseline.json"},
		"the baseline":                   {output: "baseline.json", baseline: "baseline.json", want: "would overwrite the baseline"},
		"the baseline, by its absolute path": {
			output:   filepath.Join(working, "baseline.json"),
			baseline: "baseline.json",
			want:     "would overwrite the baseline",
		},
		"a baseline that does not exist": {output: filepath.Join(".", "new.json"), baseline: "new.json", want: "would overwrite the baseline"},
		"the configuration":              {output: ".atlasint.yaml", want: "would overwrite the configuration"},
		"an extended configuration":      {output: filepath.Join("base", "rules.yaml"), want: "would overwrite the configuration"},
		"a payload":                      {output: "single.json", want: "would overwrite a file that is validated"},
		"a payload below a folder":       {output: filepath.Join(working, "payloads", "one.json"), want: "would overwrite a file that is validated"},
		"a payload of the next run":      {output: filepath.Join("payloads", "out.json"), want: "would be read as a payload by the next run"},
	} {
		t.Run(name, func(t *testing.T) {
			run := &validation.Run{Settings: settings()}
			s, err := run.Select(validation.Input{Args: []string{"payloads", "single.json"}})
			if err != nil {
				t.Fatal(err)
			}
			err = s.CheckOutput("-o", tc.output, tc.baseline)
			if tc.want == "" {
				if err != nil {
					t.Errorf("rejected: %v", err)
				}
				return
			}
			if err == nil {
				t.Fatalf("accepted, want %s", tc.want)
			}
			if text := err.Error(); !strings.HasPrefix(text, "-o ") || !strings.Contains(text, tc.want) {
				t.Errorf("the error is %s, want -o and %s", text, tc.want)
			}
		})
	}
}
