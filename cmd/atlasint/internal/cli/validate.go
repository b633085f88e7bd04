package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

type validateFlags struct {
	api, typ, operation    string
	format                 string
	filesFrom, config      string
	strict, quiet, verbose bool
	noColor                bool
	array, lines           bool
	expand, oneProject     bool
	baseURLFlag            string // of the commands that call Atlas
	sending                bool   // keep the payloads, and judge by what must hold of those that are sent
	rules                  []string
	jobs, maxFindings      int
	maxSize                int64
}

func newValidate() *cobra.Command {
	var f validateFlags
	cmd := &cobra.Command{
		Use:   "validate [PATH...]",
		Short: "Check payload files before they are sent",
		Long: `Checks payload files against the schema of their integration type and the rules that Atlas
applies beyond it. A PATH is a file, a folder (its *.json, *.ndjson and *.jsonl are taken, at any
depth), a pattern, or - for standard input. Below a folder, those whose names begin with a dot are left
out, and so are node_modules and links to folders: name them. A pattern skips them too. A file that is
named twice, also by another spelling or a link, is validated once. A .ndjson or .jsonl file holds one
payload a line.

The generation of the API is --api, else what .atlasint.yaml says of the file, else v2. No message
holds the value of a secret field.`,
		Example: `  atlasint validate payloads/
  atlasint validate --api v1.0 flowdock.json
  atlasint validate 'payloads/**/*.json' --format sarif > atlasint.sarif
  jq -c '.[]' all.json | atlasint validate --ndjson -`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.registerInput(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.typ, "type", "", "demand this integration type")
	flags.StringVar(&f.operation, "for", string(validate.Create), "what the payloads are for: create or update")
	flags.StringVar(&f.format, "format", report.Default, "format of the report: "+strings.Join(report.Names(), ", "))
	flags.BoolVar(&f.strict, "strict", false, "fail on warnings too")
	flags.BoolVar(&f.quiet, "quiet", false, "print findings at error severity only: no snippets, no summary")
	flags.BoolVar(&f.verbose, "verbose", false, "name the good files too")
	apart(cmd, "quiet", "verbose")
	flags.IntVar(&f.jobs, "jobs", runtime.GOMAXPROCS(0), "files to check at a time")
	flags.Lookup("jobs").DefValue = "one for each CPU" // the same in all manuals
	flags.BoolVar(&f.oneProject, "one-project", false, "take all payloads for those of one project, which has one of each type")
	flags.BoolVar(&f.expand, "expand", false, "replace ${env:NAME} and ${file:PATH} before judging")
	complete(cmd, "for", string(validate.Create), string(validate.Update))
	complete(cmd, "format", report.Names()...)
	complete(cmd, "type", slices.Compact(slices.Sorted(slices.Values(append(typeNames("v2"), typeNames("v1.0")...))))...)
	return cmd
}

// registerInput registers the flags of all commands that read payloads.
func (f *validateFlags) registerInput(cmd *cobra.Command) {
	apiFlag(cmd, &f.api)
	flags := cmd.Flags()
	flags.BoolVar(&f.array, "array", false, "read a JSON array as many payloads")
	flags.BoolVar(&f.lines, "ndjson", false, "read one payload a line, whatever the name of the file")
	apart(cmd, "array", "ndjson")
	flags.IntVar(&f.maxFindings, "max-findings", validate.DefaultMaxFindings, fmt.Sprintf("findings of one file to list, %d in a whole report at most; all are counted", maxListed))
	flags.Int64Var(&f.maxSize, "max-size", validate.DefaultMaxSize, "bytes above which a payload is refused")
	flags.BoolVar(&f.noColor, "no-color", false, "never colour the report; NO_COLOR in the environment does the same")
	flags.StringArrayVar(&f.rules, "rule", nil, "set a rule's severity, as in plaintext-secret=error; error, warning or off")
	flags.StringVar(&f.filesFrom, "files-from", "", "read more PATHs from this file, one a line; - is standard input")
	configFlag(cmd, &f.config)
}

func configFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "config", "", "configuration file (default: the nearest .atlasint.yaml upwards)")
}

func complete(cmd *cobra.Command, flag string, values ...string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

func (f *validateFlags) run(cmd *cobra.Command, args []string) error {
	format, ok := report.Find(f.format)
	if !ok {
		return exit.Usagef("unknown format %q; it is one of %s", f.format, strings.Join(report.Names(), ", "))
	}
	if f.jobs < 1 {
		return exit.Usagef("--jobs must be at least 1, not %d", f.jobs)
	}
	s, err := f.selectFiles(cmd, args)
	if err != nil {
		return err
	}
	outcomes, err := f.judge(cmd, s)
	if err != nil {
		return err
	}
	return f.report(cmd, format, s.files, outcomes)
}

// selection is the files that the arguments, the flags and the configuration select.
type selection struct {
	config   *workspace.Config
	paths    []string // the arguments, then the lines of --files-from
	files    []string // to validate
	excluded []string // files below the paths that match exclude in the configuration
}

func (f *validateFlags) selectFiles(cmd *cobra.Command, args []string) (*selection, error) {
	paths, err := f.paths(cmd, args)
	if err != nil {
		return nil, err
	}
	files, distinct, err := workspace.Expand(paths)
	if err != nil {
		return nil, err
	}
	s := &selection{paths: paths}
	if s.config, err = workspace.FindConfig(f.config); err != nil {
		return nil, err
	}
	for _, file := range files {
		if s.config.Excludes(file) {
			s.excluded = append(s.excluded, file)
		} else {
			s.files = append(s.files, file)
		}
	}
	// A file can be validated twice only if it counts as a payload of both API versions.
	if !distinct {
		s.files = workspace.Unique(s.files, func(file string) string { return f.generation(cmd, s.config, file) })
	}
	return s, nil
}

// tuneCollector trades memory for time. Little of what is read stays: a long input needs no more memory than a short
// one if it is collected often, for a tenth more time. Payloads of a bounded size are collected seldom, which takes a
// fifth of the CPU time away and adds 10 MiB.
func (f *validateFlags) tuneCollector(files []string) {
	switch {
	case f.lines || slices.ContainsFunc(files, mayBeLong):
		debug.SetGCPercent(50)
	case f.maxSize <= validate.DefaultMaxSize:
		debug.SetGCPercent(400)
	}
}

// judge validates the selected files. The outcomes are in the order of the files.
func (f *validateFlags) judge(cmd *cobra.Command, s *selection) ([]outcome, error) {
	if len(s.files) == 0 {
		// Hooks name what is excluded, which is no failure; a pattern that takes too much looks the same.
		complain(cmd.ErrOrStderr(), fmt.Sprintf("nothing was judged: exclude in %s leaves out all that was named, files: %d", redact.Path(s.config.File), len(s.excluded)))
	}
	checkers, err := f.checkers(cmd, s.config)
	if err != nil {
		return nil, err
	}
	f.tuneCollector(s.files)
	run := f.checkAll(s.files, cmd.InOrStdin(), checkers)
	if f.oneProject {
		results := make([]*validate.Result, len(run.list))
		for i := range run.list {
			results[i] = &run.list[i].result
		}
		validate.OneProject(results, f.maxFindings)
		run.trim()
	}
	return run.list, nil
}

// paths returns the arguments and the lines of --files-from.
func (f *validateFlags) paths(cmd *cobra.Command, args []string) ([]string, error) {
	if f.filesFrom != "" {
		more, err := workspace.FilesFrom(f.filesFrom, cmd.InOrStdin())
		if err != nil {
			return nil, err
		}
		args = append(args, more...)
		if len(args) == 0 {
			return nil, exit.Usagef("the list %s is empty; it names one path a line", redact.Path(f.filesFrom))
		}
	}
	if len(args) == 0 {
		return nil, exit.Usagef("no path; name a file, a folder, or - for standard input")
	}
	return args, nil
}

// checker gives the validator that a file is to be judged by.
type checker func(file string) (*validate.Validator, error)

// checkers makes a validator for each generation. It fails where none can be made, so that a wrong flag
// is found before any file is read.
func (f *validateFlags) checkers(cmd *cobra.Command, cfg *workspace.Config) (checker, error) {
	if err := checkAPI(f.api); err != nil {
		return nil, err
	}
	opts, err := f.options(cfg)
	if err != nil {
		return nil, err
	}
	made := map[string]*validate.Validator{}
	faults := map[string]error{}
	for _, api := range atlas.Versions() {
		if api != f.api && cfg.File == "" && f.typ == "" {
			continue // nothing could ask for it
		}
		v, err := validate.New(append(opts, validate.WithAPIVersion(api))...)
		if err != nil {
			faults[api] = err
		}
		made[api] = v
	}
	fixed := cmd.Flags().Changed("api")
	if faults[f.api] != nil && (fixed || len(cfg.Overrides) == 0 || len(faults) == len(atlas.Versions())) {
		return nil, optionError(faults[f.api])
	}
	return func(file string) (*validate.Validator, error) {
		api := f.generation(cmd, cfg, file)
		if faults[api] != nil {
			return nil, exit.Usagef("%s: %v", redact.Path(file), optionError(faults[api]))
		}
		return made[api], nil
	}, nil
}

// generation is what a file is judged by: that of the flag, else of the configuration.
func (f *validateFlags) generation(cmd *cobra.Command, cfg *workspace.Config, file string) string {
	if cmd.Flags().Changed("api") {
		return f.api
	}
	return cfg.APIVersion(file, f.api)
}

// options are those of all validators; what the command line says of a rule beats the configuration.
func (f *validateFlags) options(cfg *workspace.Config) ([]validate.Option, error) {
	opts := append(cfg.Severities(),
		validate.WithType(f.typ),
		validate.WithOperation(validate.Operation(f.operation)),
		validate.WithMaxSize(f.maxSize),
		validate.WithMaxFindings(min(f.maxFindings, maxListed)),
		validate.WithJobs(f.jobs),
	)
	if f.format == report.Default && !f.quiet { // no other report shows them, so none other pays
		opts = append(opts, validate.WithSnippets())
	}
	if f.oneProject {
		opts = append(opts, validate.WithOneProject())
	}
	if f.expand {
		opts = append(opts, validate.WithExpansion())
	}
	if connection.IsGovernment(cmp.Or(f.baseURLFlag, os.Getenv(connection.BaseURLVariable), cfg.BaseURL)) {
		opts = append(opts, validate.WithGovernment())
	}
	for _, rule := range f.rules {
		id, severity, ok := strings.Cut(rule, "=")
		if !ok {
			return nil, exit.Usagef("--rule %s: write RULE=error, RULE=warning or RULE=off", redact.Value(rule))
		}
		opts = append(opts, validate.WithSeverity(id, validate.Severity(severity)))
	}
	if f.sending {
		opts = append(opts, forSending()...)
	}
	return opts, nil
}

// mayBeLong tells inputs that are more than one payload: NDJSON, or standard input.
func mayBeLong(file string) bool { return !strings.EqualFold(filepath.Ext(file), ".json") }

// checkAll checks the files, several at a time; the outcomes come in the order of the files.
func (f *validateFlags) checkAll(files []string, stdin io.Reader, of checker) *outcomes {
	run := newOutcomes(len(files), maxListed)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(f.jobs, len(files)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(files)); i = next.Add(1) - 1 {
				run.put(int(i), f.check(files[i], stdin, of))
			}
		})
	}
	workers.Wait()
	return run
}

func (f *validateFlags) check(file string, stdin io.Reader, of checker) outcome {
	v, err := of(file)
	if err != nil {
		return outcome{err: err}
	}
	layout := validate.ByName
	switch {
	case f.array:
		layout = validate.Array
	case f.lines:
		layout = validate.Lines
	}
	var result validate.Result
	if file == workspace.Stdin {
		result, err = v.CheckReader(report.Stdin, stdin, layout)
	} else {
		result, err = v.CheckFile(file, layout)
	}
	if err != nil {
		return outcome{withFlags(result), exit.Failuref("can't read %s: %v", redact.Path(file), exit.Cause(err))}
	}
	return outcome{withFlags(result), nil}
}

// report prints what came of all files, and complains of those that could not be read.
func (f *validateFlags) report(cmd *cobra.Command, format report.Format, files []string, outcomes []outcome) error {
	r, code := f.gather(cmd, files, outcomes)
	out := cmd.OutOrStdout()
	if f.format == report.Annotations {
		out = unescaped(out)
	}
	if err := format(out, r); err != nil {
		return exit.Failuref("can't write the report: %v", err)
	}
	if code == exit.OK {
		return nil
	}
	return exit.New(code, "")
}

// gather makes a report of what came of all files, tells the exit code that it asks for, and complains of
// files that could not be read.
func (f *validateFlags) gather(cmd *cobra.Command, files []string, outcomes []outcome) (*report.Report, int) {
	r := &report.Report{
		Version: version(), Quiet: f.quiet, Verbose: f.verbose, Strict: f.strict,
		Color: !f.noColor && colorful(cmd.OutOrStdout()),
	}
	r.Dir, _ = os.Getwd() // without it, absolute paths stay as they are
	code, listed := exit.OK, 0
	for i, o := range outcomes {
		listed += len(o.result.Findings)
		name := files[i]
		if name == workspace.Stdin {
			name = report.Stdin
		}
		if o.err == nil {
			r.Add(name, o.result)
			continue
		}
		if o.result.Payloads > 0 { // what was found before the reading failed
			r.Add(name, o.result)
		}
		var end *exit.Error
		errors.As(o.err, &end)
		r.Fail(name, end.Text)
		complain(cmd.ErrOrStderr(), end.Text)
		code = max(code, end.Code)
	}
	if listed >= maxListed {
		r.Limit = maxListed
	}
	if code == exit.OK && (r.Summary.Errors > 0 || f.strict && r.Summary.Warnings > 0) {
		code = exit.Findings
	}
	return r, code
}

// colorful tells whether a report may be coloured: where it goes to a terminal that can, for a person
// who has not said no (no-color.org).
func colorful(w io.Writer) bool {
	file, ok := unescaped(w).(*os.File)
	return ok && isatty.IsTerminal(file.Fd()) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
