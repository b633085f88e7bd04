package validation

import (
	"bytes"
	"io"
	"slices"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/fix"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/yamlpos"
	"github.com/atlasint/atlasint/validate"
)

// fix makes [Settings.check] correct the files; with dryRun it computes the corrections only. It returns an error for
// standard input that can't be corrected.
func (s *Settings) fix(files []string, dryRun bool) error {
	if len(files) > 1 && slices.Contains(files, workspace.Stdin) {
		return problem.Inputf("--fix prints the corrected standard input; name no other file with -")
	}
	if slices.Contains(files, workspace.Stdin) && yamlpos.IsName(s.StdinName) {
		return problem.Inputf("%s", noYAML(s.StdinName))
	}
	s.fixer = &fix.Fixer{DryRun: dryRun}
	return nil
}

func noYAML(file string) string {
	return "can't fix " + redact.Path(file) + ": --fix changes JSON only; correct YAML files by hand"
}

func (s *Settings) fixFile(v *validate.Validator, file string, layout validate.Layout, result validate.Result) outcome {
	if yamlpos.IsName(file) {
		unchanged := fix.Outcome{Correction: fix.Correction{Result: result}}
		if result.Errors+result.Warnings > 0 {
			unchanged.Note = noYAML(file)
		}
		return s.fixedOutcome(unchanged, nil)
	}
	fixed, err := s.fixer.File(file, layout, result, checker(v, file, layout))
	return s.fixedOutcome(fixed, err)
}

func (s *Settings) fixStdin(v *validate.Validator, stdin io.Reader, layout validate.Layout) outcome {
	name := s.reportName(workspace.Stdin)
	fixed, err := s.fixer.Reader(name, stdin, layout, checker(v, name, layout))
	if err != nil {
		err = s.readError(workspace.Stdin, err)
	}
	return s.fixedOutcome(fixed, err)
}

func checker(v *validate.Validator, name string, layout validate.Layout) fix.Check {
	return func(data []byte) (validate.Result, error) { return v.CheckReader(name, bytes.NewReader(data), layout) }
}

// fixedOutcome returns the outcome of a file. Validators list more findings for corrections than reports may have.
func (s *Settings) fixedOutcome(fixed fix.Outcome, err error) outcome {
	r := fixed.Result
	fixed.Result = validate.Result{}
	r.Findings = slices.Clone(r.Findings[:min(len(r.Findings), s.MaxFindings)])
	return outcome{Result: s.withFlags(r), Err: err, Fix: fixed}
}
