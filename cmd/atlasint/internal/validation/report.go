package validation

import (
	"os"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
)

// fillReport adds the outcomes of the files to a report and returns the greatest kind of its problems. It passes an
// error for each file that could not be read to diagnose.
func (r *Run) fillReport(to *report.Report, diagnose func(text string)) problem.Kind {
	to.Dir, _ = os.Getwd() // if it fails, absolute paths are kept
	kind, listed := problem.None, 0
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
			to.Fail(name, o.Err.Error())
			diagnose(o.Err.Error())
			kind = max(kind, problem.KindOf(o.Err))
		}
	}
	if listed >= MaxListed {
		to.Limit = MaxListed
	}
	if kind == problem.None && (to.Summary.Errors > 0 || to.Strict && to.Summary.Warnings > 0 || to.DryRun && to.Summary.Fixed > 0) {
		kind = problem.Finding
	}
	return kind
}
