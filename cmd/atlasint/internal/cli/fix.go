package cli

import (
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

// checkFix rejects flags that can't be combined with --fix or --dry-run.
func (f *validateFlags) checkFix() error {
	switch {
	case f.dryRun && !f.fix:
		return problem.Inputf("--dry-run needs --fix")
	case f.dryRun && f.format != report.Default:
		return problem.Inputf("--dry-run prints a diff and can't be combined with --format %s; leave out one of them", f.format)
	case f.dryRun && f.newBaseline != "":
		return problem.Inputf("--dry-run writes nothing and can't be combined with --write-baseline; leave out one of them")
	}
	return nil
}

// stopOnSignals makes the first signal end --fix after the current files: stopped, which is nil without --fix, reports
// whether it came. Call release to stop listening.
func (f *validateFlags) stopOnSignals(cmd *cobra.Command, files []string) (stopped func() bool, release func()) {
	if !f.fix || f.dryRun || slices.Contains(files, workspace.Stdin) {
		return nil, func() {}
	}
	return stopsignal.Once(func(os.Signal) {
		printDiagnostic(currentErr(cmd), "stopping after the current file; a second signal stops at once")
	})
}

// writeCorrections prints the diffs of a dry run, or the corrected standard input.
func writeCorrections(cmd *cobra.Command, run *validation.Run) (err error) {
	if run.CorrectsStdin() {
		_, err = unescaped(cmd.OutOrStdout()).Write(run.Corrected())
	} else {
		_, err = io.WriteString(cmd.OutOrStdout(), run.Diff())
	}
	return problem.Output(err)
}
