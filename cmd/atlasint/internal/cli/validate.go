package cli

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"runtime"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate"
)

type validateFlags struct {
	input                  inputFlags
	format, output         string
	strict, quiet, verbose bool
	printConfig            bool
	fix, dryRun            bool
	junitLocations         bool
	baseline, newBaseline  string // files, of which at most one is set
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
*.ndjson and *.jsonl files at any depth, except files whose name begins with a dot. Folders and patterns skip
folders whose name begins with a dot, node_modules, and links to folders; name such a file or folder to include
it. A file is validated once, even if several PATHs name it.
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
	f.input.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.input.settings.Type, "type", "", "require this integration type")
	flags.StringVar(&f.input.settings.Operation, "for", string(validate.Create), "validate the payloads for create or update")
	f.format = report.Default
	formatFlag(cmd, &f.format, &f.output, report.Names())
	flags.BoolVar(&f.junitLocations, "junit-locations", false,
		"add the attributes file and line to the tests of --format junit, for GitLab; the schemas of Jenkins don't allow them")
	flags.BoolVar(&f.strict, "strict", false, "fail on warnings too")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "print only findings at error severity, without snippets and summary")
	flags.BoolVar(&f.verbose, "verbose", false, "also list the valid files")
	usage.Exclusive(cmd, "quiet", "verbose")
	flags.IntVar(&f.input.settings.Jobs, "jobs", runtime.GOMAXPROCS(0), "number of files to validate in parallel")
	flags.Lookup("jobs").DefValue = "one for each CPU" // the manual must not depend on the machine
	flags.StringVar(&f.baseline, "baseline", "", "report only findings that are not in this file, which --write-baseline has written")
	flags.StringVar(&f.newBaseline, "write-baseline", "", "write all findings to this file, as the baseline of later runs")
	usage.Exclusive(cmd, "baseline", "write-baseline")
	flags.BoolVar(&f.input.settings.OneProject, "one-project", false, "treat all payloads as those of one project, which has one integration per type")
	flags.BoolVar(&f.input.settings.Expand, "expand", false, "replace ${env:NAME} and ${file:PATH} before validation")
	flags.BoolVar(&f.fix, "fix", false, "correct files where only one correction is possible; - prints the corrected payload")
	flags.BoolVar(&f.dryRun, "dry-run", false, "with --fix, print the corrections as a diff and write nothing")
	flags.BoolVar(&f.printConfig, "print-config", false, "print the configuration and the settings of each file, and validate nothing")
	flags.VisitAll(func(flag *pflag.Flag) {
		if !slices.Contains(printConfigFlags, flag.Name) {
			usage.Exclusive(cmd, "print-config", flag.Name)
		}
	})
	complete(cmd, "for", string(validate.Create), string(validate.Update))
	complete(cmd, "type", atlas.TypeNames()...)
	return cmd
}

func (f *validateFlags) run(cmd *cobra.Command, args []string) error {
	if f.fix {
		defer stopsignal.IgnoreClosedPipe()() // else a message to a closed pipe would end the run and leave a draft
	}
	if err := f.check(cmd); err != nil {
		return err
	}
	run := f.input.newRun(cmd)
	run.Fix, run.DryRun, run.Baseline, run.NewBaseline, run.Quiet = f.fix, f.dryRun, f.baseline, f.newBaseline, f.quiet
	run.Snippets = f.format == report.Default && !f.quiet // no other report shows them
	if f.printConfig {
		return f.writeConfig(cmd, run, args)
	}
	s, err := run.Select(f.input.named(cmd, args))
	if err != nil {
		return err
	}
	if err := s.CheckOutput("-o", f.output, cmp.Or(f.baseline, f.newBaseline)); err != nil {
		return err
	}
	if err := f.validateFiles(cmd, run, s.Files); err != nil {
		return err
	}
	if err := writeCorrections(cmd, run); err != nil {
		return err
	}
	return f.report(cmd, run)
}

// check rejects values and combinations of flags, before a file is read.
func (f *validateFlags) check(cmd *cobra.Command) error {
	if err := checkFormat(cmd, f.format, f.output, report.Names()); err != nil {
		return err
	}
	switch {
	case f.junitLocations && f.format != report.Tests:
		return problem.Inputf("--junit-locations needs --format %s", report.Tests)
	case f.input.settings.Jobs < 1:
		return problem.Inputf("--jobs must be at least 1, not %d", f.input.settings.Jobs)
	}
	return f.checkFix()
}

// validateFiles validates the selected files. A signal ends --fix after the current file.
func (f *validateFlags) validateFiles(cmd *cobra.Command, run *validation.Run, files []string) error {
	var release func()
	run.Stopped, release = f.stopOnSignals(cmd, files)
	defer release()
	return whileValidating(cmd, run, files, run.Validate)
}

// writeConfig prints the settings of the selected files as JSON.
func (f *validateFlags) writeConfig(cmd *cobra.Command, run *validation.Run, args []string) error {
	if err := validation.CheckAPI(f.input.settings.API); err != nil {
		return err
	}
	if _, err := run.Select(f.input.named(cmd, args)); err != nil {
		return err
	}
	shown, err := run.EffectiveConfig()
	if err != nil {
		return err
	}
	return printJSON(cmd, shown)
}

// report prints the report, and an error for each file that could not be read.
func (f *validateFlags) report(cmd *cobra.Command, run *validation.Run) error {
	out := cmd.OutOrStdout()
	if run.CorrectsStdin() {
		out = cmd.ErrOrStderr()
	}
	r := &report.Report{
		Version: version(), Quiet: f.quiet, Verbose: f.verbose, Strict: f.strict, Locations: f.junitLocations,
		Color:  f.output == "" && f.input.hasColor(out),
		Fixing: f.fix, DryRun: f.dryRun,
	}
	kind, err := run.Report(r)
	if err != nil {
		return err
	}
	if err := f.printReport(cmd, out, r); err != nil {
		return err
	}
	printOtherVersion(cmd, run)
	switch {
	case kind == problem.None:
		return nil
	case f.output != "":
		return problem.Of(kind, errors.New(reportCounts(r)+"see "+redact.Path(f.output)))
	}
	return problem.Printed(kind)
}

// reportCounts returns the numbers of findings and of inputs that could not be read, "" if there are none.
func reportCounts(r *report.Report) string {
	s, text := r.Summary, ""
	if s.Errors+s.Warnings > 0 {
		text = words.Quantity(s.Errors, "error") + ", " + words.Quantity(s.Warnings, "warning")
	}
	if len(r.Failures) > 0 {
		if text != "" {
			text += ", "
		}
		text += words.Quantity(len(r.Failures), "file") + " not read"
	}
	if text == "" {
		return ""
	}
	return text + ": "
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
		return problem.Report(err)
	}
	if f.output == "" {
		return nil
	}
	return write(cmd, f.output, file.Bytes())
}
