package validation

import (
	"github.com/atlasint/atlasint/cmd/atlasint/internal/baseline"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
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
