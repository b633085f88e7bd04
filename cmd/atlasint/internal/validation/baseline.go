package validation

import (
	"cmp"
	"errors"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/baseline"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate"
)

// baselineFile returns the file of the baseline, "" without one.
func (r *Run) baselineFile() string { return cmp.Or(r.Baseline, r.NewBaseline) }

// readBaseline reads the baseline, and checks the file of the new one.
func (r *Run) readBaseline() (err error) {
	switch {
	case r.baselineFile() == workspace.Stdin:
		return problem.Inputf("a baseline can't be standard input or output; name a file")
	case r.NewBaseline != "":
		err = baseline.Check(r.NewBaseline)
	case r.Baseline != "":
		r.known, err = baseline.Read(r.Baseline)
		if problem.KindOf(err) == problem.Input {
			err = problem.Inputf("%w; write a new baseline with --write-baseline", err)
		}
	}
	return err
}

// useBaseline prepares the validation: all findings count, because the baseline may hide the first ones.
func (r *Run) useBaseline() {
	if r.baselineFile() == "" || r.Settings.MaxFindings < 1 {
		return
	}
	r.selection.removeFile(r.baselineFile())
	r.maxListed, r.Settings.MaxFindings = r.Settings.MaxFindings, MaxListed
}

// writeBaseline writes the findings of all outcomes to the new baseline, and uses it. If a file could not be read, it
// writes nothing.
func (r *Run) writeBaseline() error {
	if r.NewBaseline == "" {
		return nil
	}
	var all report.Report
	var notes []string
	if kind := r.fillReport(&all, func(text string) { notes = append(notes, text) }); len(all.Failures) > 0 {
		for _, text := range notes {
			r.Diagnose(text)
		}
		return problem.Of(kind, errors.New("the baseline was not written; correct the errors, and run the command again"))
	}
	if all.Summary.Omitted > 0 {
		return problem.Inputf("the baseline was not written: there are more than %d findings; turn a rule off with --rule, or exclude files",
			MaxListed)
	}
	n, err := baseline.Write(r.NewBaseline, &all)
	if err != nil {
		return err
	}
	r.Diagnose(redact.Path(r.NewBaseline) + ": wrote " + words.Quantity(n, "finding"))
	r.known, err = baseline.Read(r.NewBaseline)
	return err
}

// countUnused counts the expired entries of the baseline in the report, and passes a note about those without a finding
// to Diagnose.
func (r *Run) countUnused(to *report.Report) {
	unused := r.known.Unused(to, r.Settings.ruleIsOff(r.selection))
	to.Summary.Expired = len(unused.Expired)
	if r.Quiet {
		return
	}
	for _, line := range r.known.Text(unused) {
		r.Diagnose(line)
	}
}

// ruleIsOff returns a function that reports whether a rule is off for a file of a report.
func (s *Settings) ruleIsOff(sel *Selection) func(file, rule string) bool {
	defaults := map[string]validate.Severity{}
	for _, r := range validate.Rules() {
		defaults[r.ID] = r.Default
	}
	return func(file, rule string) bool {
		if file == report.Stdin {
			file = workspace.Stdin
		}
		severities, err := s.severities(sel.Config.RulesWith(sel.Config.RuleOverrides(s.named(file))))
		severity, set := severities[rule]
		if !set {
			severity = defaults[rule]
		}
		return err == nil && severity == validate.Off
	}
}
