package cli

import (
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/fix"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/yamlpos"
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
	case f.dryRun && f.newBaseline != "":
		return exit.Usagef("--dry-run writes nothing and can't be combined with --write-baseline; leave out one of them")
	case len(files) > 1 && slices.Contains(files, workspace.Stdin):
		return exit.Usagef("--fix prints the corrected standard input; name no other file with -")
	}
	if i := slices.IndexFunc(files, func(file string) bool { return yamlpos.IsName(f.Named(file)) }); i >= 0 {
		return exit.Usagef("can't fix %s: --fix changes JSON only; correct YAML files by hand", redact.Path(f.Named(files[i])))
	}
	f.Fixer = &fix.Fixer{DryRun: f.dryRun}
	return nil
}

// fixesStdin reports whether standard output is the corrected standard input.
func (f *validateFlags) fixesStdin(files []string) bool {
	return f.fix && !f.dryRun && slices.Contains(files, workspace.Stdin)
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
