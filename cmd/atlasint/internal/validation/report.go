package validation

import (
	"errors"
	"os"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
)

// Fill adds the outcomes of the files to a report, with the names of the files in it, and returns its exit code. It passes an error for each file that could
// not be read to complain.
func Fill(r *report.Report, names []string, outcomes []Outcome, complain func(text string)) int {
	r.Dir, _ = os.Getwd() // if it fails, absolute paths are kept
	code, listed := exit.OK, 0
	for i, o := range outcomes {
		listed += len(o.Result.Findings)
		name := names[i]
		if o.Err == nil || o.Result.Payloads > 0 { // findings before the read error count
			r.Add(name, o.Result)
		}
		r.AddFixes(name, o.Fix.Fixed, o.Fix.Fixes)
		if o.Fix.Note != "" {
			complain(o.Fix.Note)
		}
		if o.Err != nil {
			var end *exit.Error
			errors.As(o.Err, &end)
			r.Fail(name, end.Text)
			complain(end.Text)
			code = max(code, end.Code)
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
