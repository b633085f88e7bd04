package cli

import (
	"fmt"
	"io"
	"slices"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/terminal"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/words"
)

// inputFlags are the flags of the commands that read payloads.
type inputFlags struct {
	settings          validation.Settings
	filesFrom, config string
	noColor           bool
}

func (f *inputFlags) register(cmd *cobra.Command) {
	configuredAPIFlag(cmd, &f.settings.API)
	flags := cmd.Flags()
	flags.BoolVar(&f.settings.Array, "array", false, "read a JSON array as many payloads")
	flags.BoolVar(&f.settings.Lines, "ndjson", false, "read one payload per line, for any file name")
	usage.Exclusive(cmd, "array", "ndjson")
	flags.IntVar(&f.settings.MaxFindings, "max-findings", 100,
		fmt.Sprintf("maximum number of findings to list per file, at most %d per report; all are counted", validation.MaxListed))
	flags.Int64Var(&f.settings.MaxSize, "max-size", atlas.MaxPayload, "maximum size of a payload in bytes")
	flags.BoolVar(&f.noColor, "no-color", false, "print no colors, as with NO_COLOR in the environment")
	flags.StringArrayVar(&f.settings.Rules, "rule", nil, "set the severity of a rule to error, warning or off, such as plaintext-secret=error; may be repeated")
	flags.StringVar(&f.filesFrom, "files-from", "", "read more PATHs from this file, one per line as git prints them, or separated by NUL bytes; - is standard input")
	flags.StringVar(&f.settings.StdinName, "stdin-filename", "", "path of the PATH - in reports and for the configuration")
	flags.StringArrayVar(&f.settings.Schemas, "schema", nil, "also validate payloads of all types against this JSON Schema; may be repeated")
	configFlag(cmd, &f.config)
}

// newRun returns a run that prints diagnostics. The caller sets its other fields.
func (f *inputFlags) newRun(cmd *cobra.Command) *validation.Run {
	return &validation.Run{
		Settings: &f.settings, Stdin: cmd.InOrStdin(), Checked: new(atomic.Int64),
		Diagnose: func(text string) { printDiagnostic(cmd.ErrOrStderr(), text) },
	}
}

// named returns the payload files and the configuration that the arguments and the flags name.
func (f *inputFlags) named(cmd *cobra.Command, args []string) validation.Input {
	return validation.Input{Args: args, FilesFrom: f.filesFrom, Config: f.config, APIIsFixed: cmd.Flags().Changed("api")}
}

// hasColor reports whether a report on a stream of the command has colors.
func (f *inputFlags) hasColor(out io.Writer) bool {
	return !f.noColor && terminal.SupportsColor(unescaped(out))
}

// whileValidating does the work of validating files and returns its error. It shows the progress, unless you type a
// payload.
func whileValidating(cmd *cobra.Command, run *validation.Run, files []string, work func() error) (err error) {
	typed := slices.Contains(files, workspace.Stdin) && terminal.CanConfirm(run.Stdin)
	if run.Quiet || typed {
		return work()
	}
	text := func() string {
		return fmt.Sprintf("validated %d of %s", run.Checked.Load(), words.Quantity(len(files), "file"))
	}
	withProgress(cmd, text, func() { err = work() })
	return err
}

// printOtherVersion prints a note about files that are valid in the other API version.
func printOtherVersion(cmd *cobra.Command, run *validation.Run) {
	if note := run.OtherVersion(); note != "" {
		printDiagnostic(cmd.ErrOrStderr(), note)
	}
}
