package validation_test

import (
	"os"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
)

// selected runs the first step and returns its error.
func selected(run *validation.Run, args ...string) error {
	run.Diagnose = func(string) {}
	_, err := run.Select(validation.Input{Args: args})
	return err
}

// A file that can't be a baseline is rejected before any payload is read.
func TestSelectRejectsBaselines(t *testing.T) {
	writeFiles(t, map[string]string{"payload.json": wrong})
	for name, tc := range map[string]struct {
		run  validation.Run
		want string
	}{
		"standard input":           {run: validation.Run{Baseline: "-"}, want: "a baseline can't be standard input or output"},
		"standard output":          {run: validation.Run{NewBaseline: "-"}, want: "a baseline can't be standard input or output"},
		"a file that is missing":   {run: validation.Run{Baseline: "missing.json"}, want: "missing.json"},
		"a payload":                {run: validation.Run{Baseline: "payload.json"}, want: "payload.json"},
		"a payload to write again": {run: validation.Run{NewBaseline: "payload.json"}, want: "payload.json"},
	} {
		t.Run(name, func(t *testing.T) {
			tc.run.Settings = settings()
			if err := selected(&tc.run, "payload.json"); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

// A baseline with only a part of the findings is not written.
func TestBaselineIsNotWritten(t *testing.T) {
	many := strings.Repeat(wrong+"\n", validation.MaxListed+1)
	for name, tc := range map[string]struct {
		files map[string]string
		args  []string
		kind  problem.Kind
		want  string
	}{
		"a file is missing": {
			files: map[string]string{"payload.json": wrong},
			args:  []string{"payload.json", "missing.json"},
			kind:  problem.Failure,
			want:  "the baseline was not written; correct the errors",
		},
		"too many findings": {
			files: map[string]string{"payloads.ndjson": many},
			args:  []string{"payloads.ndjson"},
			kind:  problem.Input,
			want:  "the baseline was not written: there are more than",
		},
	} {
		t.Run(name, func(t *testing.T) {
			writeFiles(t, tc.files)
			run := &validation.Run{Settings: settings(), NewBaseline: "known.json"}
			run.Settings.MaxSize = 1 << 30
			if err := selected(run, tc.args...); err != nil {
				t.Fatal(err)
			}
			var diagnostics strings.Builder
			run.Diagnose = func(text string) { diagnostics.WriteString(text + "\n") }
			if err := run.Validate(); err != nil {
				t.Fatal(err)
			}
			_, err := run.Report(&report.Report{})
			if err == nil {
				t.Fatalf("no error, want %s", tc.want)
			}
			if kind := problem.KindOf(err); kind != tc.kind {
				t.Errorf("the kind is %d, want %d: %v", kind, tc.kind, err)
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the error is %v, want %s", err, tc.want)
			}
			if missing := strings.Contains(diagnostics.String(), "missing.json"); missing != (tc.kind == problem.Failure) {
				t.Errorf("the diagnostics are %s", diagnostics.String())
			}
			if _, err := os.Stat("known.json"); !os.IsNotExist(err) {
				t.Errorf("the baseline was written: %v", err)
			}
		})
	}
}

// Entries of corrected findings are expired. Entries of rules that are off are not, and new findings count.
func TestUnusedEntries(t *testing.T) {
	const other = `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef","region":"MARS"}`
	for name, tc := range map[string]struct {
		files   map[string]string // after the baseline was written
		rules   []string
		quiet   bool
		kind    problem.Kind
		expired int
		notes   string // part of the diagnostics; "" for none
	}{
		"unchanged": {},
		"corrected": {
			files:   map[string]string{"a.json": ofBoth},
			expired: 1,
			notes:   "known.json: 1 entry is expired",
		},
		"corrected, quiet": {
			files:   map[string]string{"a.json": ofBoth},
			quiet:   true,
			expired: 1,
		},
		"a rule that is off": {
			rules: []string{"enum=off"},
			notes: "known.json: 1 entry is of a rule that is off in this run: enum",
		},
		"a rule that is off by an override": {
			files: map[string]string{".atlasint.yaml": "overrides:\n- paths: [a.json]\n  rules: {enum: off}\n"},
			notes: "known.json: 1 entry is of a rule that is off in this run: enum",
		},
		"a new finding": {
			files: map[string]string{"b.json": other},
			kind:  problem.Finding,
		},
	} {
		t.Run(name, func(t *testing.T) {
			writeFiles(t, map[string]string{"a.json": other})
			reported(t, &validation.Run{Settings: settings(), NewBaseline: "known.json"}, ".")
			for name, text := range tc.files {
				if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			run := &validation.Run{Settings: settings(), Baseline: "known.json", Quiet: tc.quiet}
			run.Settings.Rules = tc.rules
			r, kind, notes := reported(t, run, ".")
			if kind != tc.kind || r.Summary.Expired != tc.expired {
				t.Errorf("kind %d, want %d; %+v, want %d expired", kind, tc.kind, r.Summary, tc.expired)
			}
			if !strings.Contains(notes, tc.notes) || (tc.notes == "") != (notes == "") {
				t.Errorf("got %q, want %q", notes, tc.notes)
			}
		})
	}
}
