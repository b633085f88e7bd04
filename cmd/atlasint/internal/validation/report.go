package validation

import (
	"os"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
)

// fillReport adds the outcomes of the files to a report and returns its exit code. It passes an error for each file
// that could not be read to diagnose.
func (r *Run) fillReport(to *report.Report, diagnose func(text string)) int {
	to.Dir, _ = os.Getwd() // if it fails, absolute paths are kept
	code, listed := exit.OK, 0
	for i, o := range r.outcomes {
		listed += len(o.Result.Findings)
		name := r.Settings.reportName(r.selection.Files[i])
		if o.Err == nil || o.Result.Payloads > 0 { // findings before the read error count
			to.Add(name, o.Result)
		}
		to.AddFixes(name, o.Fix.Fixed, o.Fix.Fixes)
		if o.Fix.Note != "" {
			diagnose(o.Fix.Note)
		}
		if o.Err != nil {
			to.Fail(name, o.Err.Text)
			diagnose(o.Err.Text)
			code = max(code, o.Err.Code)
		}
	}
	if listed >= MaxListed {
		to.Limit = MaxListed
	}
	if code == exit.OK && (to.Summary.Errors > 0 || to.Strict && to.Summary.Warnings > 0 || to.DryRun && to.Summary.Fixed > 0) {
		code = exit.Findings
	}
	return code
}
