package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/baseline"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
)

// baselineFlags are the flags of a baseline, of which at most one is set, and the baseline.
type baselineFlags struct {
	baselineFile, newBaseline string

	baseline  *baseline.Baseline // nil without a baseline
	maxListed int                // the value of --max-findings
}

func (b *baselineFlags) register(cmd *cobra.Command) {
	nonEmptyFlag(cmd, &b.baselineFile, "baseline", "report only findings that are not in this file, which --write-baseline has written")
	nonEmptyFlag(cmd, &b.newBaseline, "write-baseline", "write all findings to this file, as the baseline of later runs")
	usage.Exclusive(cmd, "baseline", "write-baseline")
}

// baselinePath returns the file of the baseline, "" without one.
func (b *baselineFlags) baselinePath() string { return b.baselineFile + b.newBaseline }

// readBaseline reads the baseline of --baseline, and checks the file of --write-baseline.
func (b *baselineFlags) readBaseline() (err error) {
	switch {
	case b.baselinePath() == workspace.Stdin:
		return exit.Usagef("a baseline can't be standard input or output; name a file")
	case b.newBaseline != "":
		err = baseline.Check(b.newBaseline)
	case b.baselineFile != "":
		b.baseline, err = baseline.Read(b.baselineFile)
	}
	return err
}

// useBaseline prepares the validation: all findings count, because the baseline may hide the first ones.
func (f *validateFlags) useBaseline(s *validation.Selection) {
	if f.baselinePath() == "" || f.MaxFindings < 1 {
		return
	}
	s.RemoveFile(f.baselinePath())
	f.maxListed, f.MaxFindings = f.MaxFindings, validation.MaxListed
}

// writeBaseline writes and uses the baseline of --write-baseline.
func (f *validateFlags) writeBaseline(cmd *cobra.Command, files []string, outcomes []validation.Outcome) error {
	if f.newBaseline == "" {
		return nil
	}
	n, err := f.WriteBaseline(f.newBaseline, files, outcomes, func(text string) { printDiagnostic(cmd.ErrOrStderr(), text) })
	if err != nil {
		return err
	}
	printDiagnostic(cmd.ErrOrStderr(), fmt.Sprintf("%s: wrote %s", redact.Path(f.newBaseline), words.Quantity(n, "finding")))
	f.baseline, err = baseline.Read(f.newBaseline)
	return err
}

// reportUnused prints the entries of the baseline without a finding, and counts the expired ones in the report.
func (f *validateFlags) reportUnused(cmd *cobra.Command, s *validation.Selection, r *report.Report) {
	unused := f.baseline.Unused(r, f.RuleIsOff(s))
	r.Summary.Expired = len(unused.Expired)
	if f.quiet {
		return
	}
	for _, line := range f.baseline.Text(unused) {
		printDiagnostic(cmd.ErrOrStderr(), line)
	}
}
