package validation_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

const wrong = `{"type":"OPS_GENIE","ApiKey":"0123456789abcdef"}`

// settings returns the settings of a run as the command line without flags has them.
func settings() *validation.Settings {
	return &validation.Settings{API: schemas.V2, Operation: string(validate.Create), Jobs: 1, MaxFindings: 10, MaxSize: 1 << 20}
}

// reported runs all steps and returns the report, its kind and the diagnostics.
func reported(t *testing.T, run *validation.Run, args ...string) (*report.Report, problem.Kind, string) {
	t.Helper()
	var diagnostics strings.Builder
	run.Diagnose = func(text string) { diagnostics.WriteString(text + "\n") }
	if _, err := run.Select(validation.Input{Args: args}); err != nil {
		t.Fatal(err)
	}
	if err := run.Validate(); err != nil {
		t.Fatal(err)
	}
	r := &report.Report{}
	kind, err := run.Report(r)
	if err != nil {
		t.Fatal(err)
	}
	return r, kind, diagnostics.String()
}

// The findings of a new baseline don't count, in the same run and in later ones. The baseline in the folder of the
// payloads is no payload.
func TestRunWithBaseline(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("payload.json", []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	r, kind, _ := reported(t, &validation.Run{Settings: settings()}, ".")
	found := r.Summary.Errors
	if kind != problem.Finding || found == 0 {
		t.Fatalf("without a baseline: kind %d, %+v", kind, r.Summary)
	}
	r, kind, text := reported(t, &validation.Run{Settings: settings(), NewBaseline: "known.json"}, ".")
	type outcome struct {
		Kind      problem.Kind
		Baselined int
	}
	want := outcome{problem.None, found}
	if diff := cmp.Diff(want, outcome{kind, r.Summary.Baselined}); diff != "" {
		t.Errorf("with a new baseline (-want +got):\n%s", diff)
	}
	if !strings.Contains(text, "known.json: wrote ") {
		t.Errorf("with a new baseline, the diagnostics are %s", text)
	}
	r, kind, text = reported(t, &validation.Run{Settings: settings(), Baseline: "known.json"}, ".")
	if diff := cmp.Diff(want, outcome{kind, r.Summary.Baselined}); diff != "" {
		t.Errorf("with the baseline (-want +got):\n%s", diff)
	}
	if r.Summary.Files != 1 {
		t.Errorf("with the baseline, %d files are checked, want 1", r.Summary.Files)
	}
	if text != "" {
		t.Errorf("with the baseline, the diagnostics are %s", text)
	}
}

// A run with Fix corrects the file; a dry run returns the diff. Standard input is corrected in memory.
func TestRunCorrects(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("payload.json", []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	dry := &validation.Run{Settings: settings(), Fix: true, DryRun: true}
	if _, _, text := reported(t, dry, "payload.json"); text != "" || !strings.Contains(dry.Diff(), `+{"type":"OPS_GENIE","apiKey"`) {
		t.Errorf("the diff is %q; %s", dry.Diff(), text)
	}
	stdin := &validation.Run{Settings: settings(), Fix: true, Stdin: strings.NewReader(wrong)}
	right := strings.Replace(wrong, "ApiKey", "apiKey", 1)
	if reported(t, stdin, "-"); !stdin.CorrectsStdin() || string(stdin.Corrected()) != right {
		t.Errorf("standard input is corrected to %s", stdin.Corrected())
	}
	if data, _ := os.ReadFile("payload.json"); string(data) != wrong {
		t.Errorf("a dry run or standard input changed the file to %s", data)
	}
	reported(t, &validation.Run{Settings: settings(), Fix: true}, "payload.json")
	if data, _ := os.ReadFile("payload.json"); string(data) != right {
		t.Errorf("the file is corrected to %s", data)
	}
}
