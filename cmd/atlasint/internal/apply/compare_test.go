package apply_test

import (
	"os"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/gen/schemas"
)

// Wrong settings are rejected before a payload is validated.
func TestValidateChecksSettingsFirst(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.json", []byte(`{"type":"OPS_GENIE","apiKey":"k"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, c := range map[string]*apply.Comparison{
		"":                               {Only: []string{"ops-genie"}},
		"unknown type \"BEEPER\"; ":      {Only: []string{"BEEPER"}},
		"--out a.json would overwrite a": {Output: apply.Output{Flag: "--out", File: "a.json"}},
		"can't prune: a.json is not a f": {Prune: apply.Prune{Folders: true}},
	} {
		validated := false
		c.Report = &report.Report{}
		c.WhileValidating = func(_ []string, work func() error) error {
			validated = true
			return work()
		}
		run := &validation.Run{
			Settings: &validation.Settings{API: schemas.V2, Operation: "create", Jobs: 1, MaxFindings: 1, MaxSize: 1 << 20},
			Diagnose: func(text string) { t.Log(text) },
		}
		err := c.Validate(run, validation.Input{Args: []string{"a.json"}})
		if kind := problem.KindOf(err); kind != problem.None && kind != problem.Input {
			t.Errorf("%q: kind %d", want, kind)
		}
		if got := textOf(err); !strings.HasPrefix(got, want) || (got == "") != (want == "") {
			t.Errorf("got %q, want %q", got, want)
		}
		if validated != (want == "") {
			t.Errorf("%q: validated: %t", want, validated)
		}
	}
}
