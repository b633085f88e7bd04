package cli

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/terminal"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate"
)

type validateFlags struct {
	settings               validation.Settings
	format, output         string
	filesFrom, config      string
	strict, quiet, verbose bool
	noColor                bool
	printConfig            bool
	fix, dryRun            bool
	junitLocations         bool
	baseline               baselineFlags
}

// printConfigFlags are the flags that can be combined with --print-config: others would have no effect.
var printConfigFlags = []string{
	"print-config", "api", "config", "files-from", "stdin-filename", "rule", "schema", "quiet", "no-color",
}

func newValidate() *cobra.Command {
	var f validateFlags
	cmd := &cobra.Command{
		Use:   "validate [PATH...]",
		Short: "Check payload files before they are sent",
		Long: `Validates payload files against the schema of their integration type and the rules that Atlas applies beyond
it. No message contains the value of a secret field.

A PATH is a file, a folder, a pattern, or - for standard input. In a folder, atlasint validates all *.json,
*.ndjson and *.jsonl files at any depth. Folders and patterns skip folders whose name begins with a dot,
node_modules, and links to folders; name such a folder to include it. A file is validated once, even if several
PATHs name it.
A .ndjson or .jsonl file contains one payload per line. Each document of a .yaml or .yml file is a payload;
in a folder, atlasint validates them if .atlasint.yaml has yaml: true.

--fix corrects names and values that differ from one of the API in case, separators or white space around them,
other names of regions, and quoted booleans. All other bytes stay. It never changes a secret, a link, or a
read-only file, and no YAML.

Set the API version with --api, or for single files with overrides in .atlasint.yaml. The default is v2.`,
		Example: `  atlasint validate integrations/atlas/
  atlasint validate --api v1.0 flowdock.json
  atlasint validate --fix --dry-run integrations/atlas/
  atlasint validate 'integrations/atlas/**/*.json' --format sarif > atlasint.sarif
  jq -c '.[]' all.json | atlasint validate --ndjson -`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.registerInput(cmd)
	flags := cmd.Flags()
	nonEmptyFlag(cmd, &f.settings.Type, "type", "require this integration type")
	flags.StringVar(&f.settings.Operation, "for", string(validate.Create), "validate the payloads for create or update")
	f.format = report.Default
	formatFlag(cmd, &f.format, &f.output, report.Names())
	flags.BoolVar(&f.junitLocations, "junit-locations", false,
		"add the attributes file and line to the tests of --format junit, for GitLab; the schemas of Jenkins don't allow them")
	flags.BoolVar(&f.strict, "strict", false, "fail on warnings too")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "print only findings at error severity, without snippets and summary")
	flags.BoolVar(&f.verbose, "verbose", false, "also list the valid files")
	usage.Exclusive(cmd, "quiet", "verbose")
	flags.IntVar(&f.settings.Jobs, "jobs", runtime.GOMAXPROCS(0), "number of files to validate in parallel")
	flags.Lookup("jobs").DefValue = "one for each CPU" // the manual must not depend on the machine
	f.baseline.register(cmd)
	flags.BoolVar(&f.settings.OneProject, "one-project", false, "treat all payloads as those of one project, which has one integration per type")
	flags.BoolVar(&f.settings.Expand, "expand", false, "replace ${env:NAME} and ${file:PATH} before validation")
	flags.BoolVar(&f.fix, "fix", false, "correct files where only one correction is possible; - prints the corrected payload")
	flags.BoolVar(&f.dryRun, "dry-run", false, "with --fix, print the corrections as a diff and write nothing")
	flags.BoolVar(&f.printConfig, "print-config", false, "print the configuration and the settings of each file, and validate nothing")
	flags.VisitAll(func(flag *pflag.Flag) {
		if !slices.Contains(printConfigFlags, flag.Name) {
			usage.Exclusive(cmd, "print-config", flag.Name)
		}
	})
	complete(cmd, "for", string(validate.Create), string(validate.Update))
	complete(cmd, "type", validation.AllTypeNames()...)
	return cmd
}

// registerInput registers the flags of all commands that read payloads.
func (f *validateFlags) registerInput(cmd *cobra.Command) {
	apiFlag(cmd, &f.settings.API)
	flags := cmd.Flags()
	flags.BoolVar(&f.settings.Array, "array", false, "read a JSON array as many payloads")
	flags.BoolVar(&f.settings.Lines, "ndjson", false, "read one payload per line, for any file name")
	usage.Exclusive(cmd, "array", "ndjson")
	flags.IntVar(&f.settings.MaxFindings, "max-findings", 100,
		fmt.Sprintf("maximum number of findings to list per file, at most %d per report; all are counted", validation.MaxListed))
	flags.Int64Var(&f.settings.MaxSize, "max-size", atlas.MaxPayload, "maximum size of a payload in bytes")
	flags.BoolVar(&f.noColor, "no-color", false, "print no colors, as with NO_COLOR in the environment")
	flags.StringArrayVar(&f.settings.Rules, "rule", nil, "set the severity of a rule to error, warning or off, such as plaintext-secret=error; may be repeated")
	nonEmptyFlag(cmd, &f.filesFrom, "files-from", "read more PATHs from this file, one per line as git prints them, or separated by NUL bytes; - is standard input")
	flags.StringVar(&f.settings.StdinName, "stdin-filename", "", "path of the PATH - in reports and for the configuration")
	flags.StringArrayVar(&f.settings.Schemas, "schema", nil, "also validate payloads of all types against this JSON Schema; may be repeated")
	configFlag(cmd, &f.config)
}

func configFlag(cmd *cobra.Command, file *string) {
	nonEmptyFlag(cmd, file, "config", "configuration file (default: .atlasint.yaml in the working directory or the nearest parent)")
}

func complete(cmd *cobra.Command, flag string, values ...string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

func (f *validateFlags) run(cmd *cobra.Command, args []string) error {
	if f.fix {
		defer stopsignal.IgnoreClosedPipe()() // else a message to a closed pipe would end the run and leave a draft
	}
	if err := checkFormat(cmd, f.format, f.output, report.Names()); err != nil {
		return err
	}
	if f.junitLocations && f.format != report.Tests {
		return exit.Usagef("--junit-locations needs --format %s", report.Tests)
	}
	if f.printConfig {
		return f.writeConfig(cmd, args)
	}
	if f.settings.Jobs < 1 {
		return exit.Usagef("--jobs must be at least 1, not %d", f.settings.Jobs)
	}
	if err := f.baseline.read(); err != nil {
		return err
	}
	s, err := f.selectFiles(cmd, args)
	if err != nil {
		return err
	}
	f.useBaseline(s)
	if err := f.prepareFix(s.Files); err != nil {
		return err
	}
	if err := s.CheckOutput("-o", f.output, f.baseline.path()); err != nil {
		return err
	}
	outcomes, err := f.validateFiles(cmd, s)
	if err != nil {
		return err
	}
	if err := f.writeFixes(cmd, s.Files, outcomes); err != nil {
		return err
	}
	if err := f.writeBaseline(cmd, s.Files, outcomes); err != nil {
		return err
	}
	return f.report(cmd, s, outcomes)
}

func (f *validateFlags) selectFiles(cmd *cobra.Command, args []string) (*validation.Selection, error) {
	paths, err := workspace.Paths(args, f.filesFrom, f.settings.StdinName, cmd.InOrStdin())
	if err != nil {
		return nil, err
	}
	return f.settings.Select(paths, f.config, cmd.Flags().Changed("api"))
}

// validateFiles validates the selected files. The outcomes are in the order of the files.
func (f *validateFlags) validateFiles(cmd *cobra.Command, s *validation.Selection) (outcomes []validation.Outcome, err error) {
	stopped, release := f.stopOnSignals(cmd, s.Files)
	defer release()
	note := func(text string) { printDiagnostic(cmd.ErrOrStderr(), text) }
	if err := s.CheckSkipped(note); err != nil {
		return nil, err
	}
	if !f.quiet {
		f.settings.Notes(s, note)
	}
	if err := validation.CheckAPI(f.settings.API); err != nil {
		return nil, err
	}
	f.settings.TuneGC(s.Files)
	run := validation.Run{Stdin: cmd.InOrStdin(), Stopped: stopped, Checked: new(atomic.Int64)}
	run.Snippets = f.format == report.Default && !f.quiet // no other report shows them
	typed := slices.Contains(s.Files, workspace.Stdin) && terminal.CanConfirm(run.Stdin)
	if f.quiet || typed {
		return f.settings.Validate(s, run)
	}
	text := func() string {
		return fmt.Sprintf("validated %d of %s", run.Checked.Load(), words.Quantity(len(s.Files), "file"))
	}
	withProgress(cmd, text, func() { outcomes, err = f.settings.Validate(s, run) })
	return outcomes, err
}

// writeConfig prints the settings of the selected files as JSON.
func (f *validateFlags) writeConfig(cmd *cobra.Command, args []string) error {
	if err := validation.CheckAPI(f.settings.API); err != nil {
		return err
	}
	s, err := f.selectFiles(cmd, args)
	if err != nil {
		return err
	}
	shown, err := f.settings.EffectiveConfig(s)
	if err != nil {
		return err
	}
	if !f.quiet {
		f.settings.Notes(s, func(text string) { printDiagnostic(cmd.ErrOrStderr(), text) })
	}
	return printJSON(cmd, shown)
}

// report prints the report, and an error for each file that could not be read.
func (f *validateFlags) report(cmd *cobra.Command, s *validation.Selection, outcomes []validation.Outcome) error {
	files := s.Files
	r := f.emptyReport(cmd, files)
	if f.baseline.known != nil {
		r.Known, r.KnownAs, r.PerInput = f.baseline.known.Has, f.baseline.known.Name, f.baseline.maxListed
	}
	code := f.settings.FillReport(r, files, outcomes, func(text string) { printDiagnostic(cmd.ErrOrStderr(), text) })
	if f.baseline.known != nil {
		f.reportUnused(cmd, s, r)
	}
	if err := f.printReport(cmd, f.reportWriter(cmd, files), r); err != nil {
		return err
	}
	f.noteOtherVersion(cmd, s, outcomes)
	switch {
	case code == exit.OK:
		return nil
	case f.output != "":
		return exit.New(code, "findings or errors: see the report in "+redact.Path(f.output))
	}
	return exit.New(code, "")
}

// noteOtherVersion prints a note about files that are valid in the other API version.
func (f *validateFlags) noteOtherVersion(cmd *cobra.Command, s *validation.Selection, outcomes []validation.Outcome) {
	if f.quiet {
		return
	}
	if note := f.settings.OtherVersion(s, outcomes); note != "" {
		printDiagnostic(cmd.ErrOrStderr(), note)
	}
}

// printReport prints the report, or writes it to the file of -o.
func (f *validateFlags) printReport(cmd *cobra.Command, out io.Writer, r *report.Report) error {
	format, _ := report.Find(f.format)
	var file bytes.Buffer
	if f.output != "" {
		out = redact.NewWriter(&file, redact.EscapeText)
	}
	if f.format == report.Annotations {
		out = unescaped(out)
	}
	err := format(out, r)
	if err == nil && !f.quiet && !report.ShowsFixes(f.format) {
		err = report.WriteFixes(cmd.ErrOrStderr(), r)
	}
	if err != nil {
		return reportError(err)
	}
	if f.output == "" {
		return nil
	}
	return write(cmd, f.output, file.Bytes())
}

// makeReport returns the report and its exit code. It prints an error for each file that could not be read.
func (f *validateFlags) makeReport(cmd *cobra.Command, s *validation.Selection, outcomes []validation.Outcome) (*report.Report, int) {
	r := f.emptyReport(cmd, s.Files)
	code := f.settings.FillReport(r, s.Files, outcomes, func(text string) { printDiagnostic(cmd.ErrOrStderr(), text) })
	f.noteOtherVersion(cmd, s, outcomes)
	return r, code
}

func (f *validateFlags) emptyReport(cmd *cobra.Command, files []string) *report.Report {
	return &report.Report{
		Version: version(), Quiet: f.quiet, Verbose: f.verbose, Strict: f.strict, Locations: f.junitLocations,
		Color:  !f.noColor && f.output == "" && terminal.SupportsColor(unescaped(f.reportWriter(cmd, files))),
		Fixing: f.fix, DryRun: f.dryRun,
	}
}
