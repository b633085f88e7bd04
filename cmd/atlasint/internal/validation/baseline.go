package validation

import (
	"github.com/atlasint/atlasint/cmd/atlasint/internal/baseline"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/validate"
)

// WriteBaseline writes the findings of all outcomes to a baseline and returns their number. If a file could not be
// read, it passes the errors to complain and writes nothing.
func (s *Settings) WriteBaseline(file string, files []string, outcomes []Outcome, complain func(text string)) (int, error) {
	var all report.Report
	var notes []string
	if code := s.FillReport(&all, files, outcomes, func(text string) { notes = append(notes, text) }); len(all.Failures) > 0 {
		for _, text := range notes {
			complain(text)
		}
		return 0, exit.New(code, "the baseline was not written; correct the errors, and run the command again")
	}
	if all.Summary.Omitted > 0 {
		return 0, exit.Usagef("the baseline was not written: there are more than %d findings; turn a rule off with --rule, or exclude files",
			MaxListed)
	}
	return baseline.Write(file, &all)
}

// RuleIsOff returns a function that reports whether a rule is off for a file of a report.
func (s *Settings) RuleIsOff(sel *Selection) func(file, rule string) bool {
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
