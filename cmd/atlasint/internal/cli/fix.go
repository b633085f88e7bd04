package cli

import (
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

// prepareFix rejects flags and files that can't be combined with --fix, before a file is changed.
func (f *validateFlags) prepareFix(files []string) error {
	switch {
	case f.dryRun && !f.fix:
		return exit.Usagef("--dry-run needs --fix")
	case !f.fix:
		return nil
	case f.dryRun && f.format != report.Default:
		return exit.Usagef("--dry-run prints a diff and can't be combined with --format %s; leave out one of them", f.format)
	case f.dryRun && f.baseline.newFile != "":
		return exit.Usagef("--dry-run writes nothing and can't be combined with --write-baseline; leave out one of them")
	}
	return f.settings.Fix(files, f.dryRun)
}

// fixesStdin reports whether standard output is the corrected standard input.
func (f *validateFlags) fixesStdin(files []string) bool {
	return f.fix && !f.dryRun && slices.Contains(files, workspace.Stdin)
}

// stopOnSignals makes the first signal end --fix after the current files: stopped, which is nil without --fix, reports
// whether it came. Call release to stop listening.
func (f *validateFlags) stopOnSignals(cmd *cobra.Command, files []string) (stopped func() bool, release func()) {
	if !f.fix || f.dryRun || slices.Contains(files, workspace.Stdin) {
		return nil, func() {}
	}
	return stopsignal.Once(func() {
		printDiagnostic(currentErr(cmd), "stopping after the current file; a second signal stops at once")
	})
}

// reportWriter returns the stream of the report.
func (f *validateFlags) reportWriter(cmd *cobra.Command, files []string) io.Writer {
	if f.fixesStdin(files) {
		return cmd.ErrOrStderr()
	}
	return cmd.OutOrStdout()
}

// writeFixes prints the diffs of a dry run, or the corrected standard input.
func (f *validateFlags) writeFixes(cmd *cobra.Command, files []string, outcomes []validation.Outcome) error {
	for _, o := range outcomes {
		var err error
		if f.fixesStdin(files) {
			_, err = unescaped(cmd.OutOrStdout()).Write(o.Fix.Data)
		} else {
			_, err = io.WriteString(cmd.OutOrStdout(), o.Fix.Diff)
		}
		if err != nil {
			return outputError(err)
		}
	}
	return nil
}
