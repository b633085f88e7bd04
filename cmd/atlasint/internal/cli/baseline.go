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
	file, newFile string

	known     *baseline.Baseline // nil without a baseline
	maxListed int                // the value of --max-findings
}

func (b *baselineFlags) register(cmd *cobra.Command) {
	nonEmptyFlag(cmd, &b.file, "baseline", "report only findings that are not in this file, which --write-baseline has written")
	nonEmptyFlag(cmd, &b.newFile, "write-baseline", "write all findings to this file, as the baseline of later runs")
	usage.Exclusive(cmd, "baseline", "write-baseline")
}

// path returns the file of the baseline, "" without one.
func (b *baselineFlags) path() string { return b.file + b.newFile }

// read reads the baseline of --baseline, and checks the file of --write-baseline.
func (b *baselineFlags) read() (err error) {
	switch {
	case b.path() == workspace.Stdin:
		return exit.Usagef("a baseline can't be standard input or output; name a file")
	case b.newFile != "":
		err = baseline.Check(b.newFile)
	case b.file != "":
		b.known, err = baseline.Read(b.file)
	}
	return err
}

// useBaseline prepares the validation: all findings count, because the baseline may hide the first ones.
func (f *validateFlags) useBaseline(s *validation.Selection) {
	if f.baseline.path() == "" || f.settings.MaxFindings < 1 {
		return
	}
	s.RemoveFile(f.baseline.path())
	f.baseline.maxListed, f.settings.MaxFindings = f.settings.MaxFindings, validation.MaxListed
}

// writeBaseline writes and uses the baseline of --write-baseline.
func (f *validateFlags) writeBaseline(cmd *cobra.Command, files []string, outcomes []validation.Outcome) error {
	if f.baseline.newFile == "" {
		return nil
	}
	n, err := f.settings.WriteBaseline(f.baseline.newFile, files, outcomes, func(text string) { printDiagnostic(cmd.ErrOrStderr(), text) })
	if err != nil {
		return err
	}
	printDiagnostic(cmd.ErrOrStderr(), fmt.Sprintf("%s: wrote %s", redact.Path(f.baseline.newFile), words.Quantity(n, "finding")))
	f.baseline.known, err = baseline.Read(f.baseline.newFile)
	return err
}

// reportUnused prints the entries of the baseline without a finding, and counts the expired ones in the report.
func (f *validateFlags) reportUnused(cmd *cobra.Command, s *validation.Selection, r *report.Report) {
	unused := f.baseline.known.Unused(r, f.settings.RuleIsOff(s))
	r.Summary.Expired = len(unused.Expired)
	if f.quiet {
		return
	}
	for _, line := range f.baseline.known.Text(unused) {
		printDiagnostic(cmd.ErrOrStderr(), line)
	}
}
