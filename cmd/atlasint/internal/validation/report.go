package validation

import (
	"os"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
)

// FillReport adds the outcomes of the files to a report and returns its exit code. It passes an error for each file
// that could not be read to diagnose.
func (s *Settings) FillReport(r *report.Report, files []string, outcomes []Outcome, diagnose func(text string)) int {
	r.Dir, _ = os.Getwd() // if it fails, absolute paths are kept
	code, listed := exit.OK, 0
	for i, o := range outcomes {
		listed += len(o.Result.Findings)
		name := s.reportName(files[i])
		if o.Err == nil || o.Result.Payloads > 0 { // findings before the read error count
			r.Add(name, o.Result)
		}
		r.AddFixes(name, o.Fix.Fixed, o.Fix.Fixes)
		if o.Fix.Note != "" {
			diagnose(o.Fix.Note)
		}
		if o.Err != nil {
			r.Fail(name, o.Err.Text)
			diagnose(o.Err.Text)
			code = max(code, o.Err.Code)
		}
	}
	if listed >= MaxListed {
		r.Limit = MaxListed
	}
	if code == exit.OK && (r.Summary.Errors > 0 || r.Strict && r.Summary.Warnings > 0 || r.DryRun && r.Summary.Fixed > 0) {
		code = exit.Findings
	}
	return code
}
