package validation

import (
	"cmp"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// Settings are those of a run.
type Settings struct {
	API                string
	APIIsFixed         bool // API is given, and beats the configuration
	Type, Operation    string
	Array, Lines       bool
	Expand, OneProject bool
	BaseURLFlag        string // of the commands that call Atlas
	Sending            bool   // keep the payloads, and judge by what must hold of those that are sent
	Snippets           bool
	Rules              []string
	Jobs, MaxFindings  int
	MaxSize            int64
}

// Selection is the files that the arguments, the flags and the configuration select.
type Selection struct {
	Config   *workspace.Config
	Paths    []string // the arguments, then the lines of --files-from
	Files    []string // to validate
	Excluded []string // files below the paths that match exclude in the configuration
}

func (f *Settings) Select(paths []string, config string) (*Selection, error) {
	files, distinct, err := workspace.Expand(paths)
	if err != nil {
		return nil, err
	}
	s := &Selection{Paths: paths}
	if s.Config, err = workspace.FindConfig(config); err != nil {
		return nil, err
	}
	for _, file := range files {
		if s.Config.Excludes(file) {
			s.Excluded = append(s.Excluded, file)
		} else {
			s.Files = append(s.Files, file)
		}
	}
	// A file can be validated twice only if it counts as a payload of both API versions.
	if !distinct {
		s.Files = workspace.Unique(s.Files, func(file string) string { return f.APIVersionOf(s.Config, file) })
	}
	return s, nil
}

// tuneCollector trades memory for time. Little of what is read stays: a long input needs no more memory than a short
// one if it is collected often, for a tenth more time. Payloads of a bounded size are collected seldom, which takes a
// fifth of the CPU time away and adds 10 MiB.
func (f *Settings) tuneGC(files []string) {
	switch {
	case f.Lines || slices.ContainsFunc(files, mayBeLong):
		debug.SetGCPercent(50)
	case f.MaxSize <= validate.DefaultMaxSize:
		debug.SetGCPercent(400)
	}
}

// Judge validates the selected files. The outcomes are in the order of the files.
func (f *Settings) Validate(s *Selection, stdin io.Reader) ([]Outcome, error) {
	checkers, err := f.validators(s.Config)
	if err != nil {
		return nil, err
	}
	f.tuneGC(s.Files)
	run := f.checkAll(s.Files, stdin, checkers)
	if f.OneProject {
		results := make([]*validate.Result, len(run.list))
		for i := range run.list {
			results[i] = &run.list[i].Result
		}
		validate.OneProject(results, f.MaxFindings)
		run.trim()
	}
	return run.list, nil
}

// checker gives the validator that a file is to be judged by.
type validatorOf func(file string) (*validate.Validator, error)

// checkers makes a validator for each generation. It fails where none can be made, so that a wrong flag
// is found before any file is read.
func (f *Settings) validators(cfg *workspace.Config) (validatorOf, error) {
	opts, err := f.options(cfg)
	if err != nil {
		return nil, err
	}
	validators := map[string]*validate.Validator{}
	faults := map[string]error{}
	for _, api := range atlas.Versions() {
		if api != f.API && cfg.File == "" && f.Type == "" {
			continue // nothing could ask for it
		}
		v, err := validate.New(append(opts, validate.WithAPIVersion(api))...)
		if err != nil {
			faults[api] = err
		}
		validators[api] = v
	}
	if faults[f.API] != nil && (f.APIIsFixed || len(cfg.Overrides) == 0 || len(faults) == len(atlas.Versions())) {
		return nil, OptionError(faults[f.API])
	}
	return func(file string) (*validate.Validator, error) {
		api := f.APIVersionOf(cfg, file)
		if faults[api] != nil {
			return nil, exit.Usagef("%s: %v", redact.Path(file), OptionError(faults[api]))
		}
		return validators[api], nil
	}, nil
}

// APIVersionOf is what a file is judged by: that of the flag, else of the configuration.
func (f *Settings) APIVersionOf(cfg *workspace.Config, file string) string {
	if f.APIIsFixed {
		return f.API
	}
	return cfg.APIVersion(file, f.API)
}

// options are those of all validators; what the command line says of a rule beats the configuration.
func (f *Settings) options(cfg *workspace.Config) ([]validate.Option, error) {
	opts := append(cfg.Severities(),
		validate.WithType(f.Type),
		validate.WithOperation(validate.Operation(f.Operation)),
		validate.WithMaxSize(f.MaxSize),
		validate.WithMaxFindings(min(f.MaxFindings, MaxListed)),
		validate.WithJobs(f.Jobs),
	)
	if f.Snippets { // no other report shows them, so none other pays
		opts = append(opts, validate.WithSnippets())
	}
	if f.OneProject {
		opts = append(opts, validate.WithOneProject())
	}
	if f.Expand {
		opts = append(opts, validate.WithExpansion())
	}
	if connection.IsGovernment(cmp.Or(f.BaseURLFlag, os.Getenv(connection.BaseURLVariable), cfg.BaseURL)) {
		opts = append(opts, validate.WithGovernment())
	}
	for _, rule := range f.Rules {
		id, severity, ok := strings.Cut(rule, "=")
		if !ok {
			return nil, exit.Usagef("--rule %s: write RULE=error, RULE=warning or RULE=off", redact.Value(rule))
		}
		opts = append(opts, validate.WithSeverity(id, validate.Severity(severity)))
	}
	if f.Sending {
		opts = append(opts, sendingOptions()...)
	}
	return opts, nil
}

// mayBeLong tells inputs that are more than one payload: NDJSON, or standard input.
func mayBeLong(file string) bool { return !strings.EqualFold(filepath.Ext(file), ".json") }

// checkAll checks the files, several at a time; the outcomes come in the order of the files.
func (f *Settings) checkAll(files []string, stdin io.Reader, of validatorOf) *outcomes {
	run := newOutcomes(len(files), MaxListed)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(f.Jobs, len(files)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(files)); i = next.Add(1) - 1 {
				run.add(int(i), f.check(files[i], stdin, of))
			}
		})
	}
	workers.Wait()
	return run
}

func (f *Settings) check(file string, stdin io.Reader, of validatorOf) Outcome {
	v, err := of(file)
	if err != nil {
		return Outcome{Err: err}
	}
	layout := validate.ByName
	switch {
	case f.Array:
		layout = validate.Array
	case f.Lines:
		layout = validate.Lines
	}
	var result validate.Result
	if file == workspace.Stdin {
		result, err = v.CheckReader(report.Stdin, stdin, layout)
	} else {
		result, err = v.CheckFile(file, layout)
	}
	if err != nil {
		return Outcome{WithFlags(result), exit.Failuref("can't read %s: %v", redact.Path(file), exit.Cause(err))}
	}
	return Outcome{WithFlags(result), nil}
}

// forSending returns the rules that can't be switched off for payloads that are sent.
func sendingOptions() []validate.Option {
	opts := []validate.Option{validate.WithDocuments()}
	for _, rule := range []string{"masked-value", "unresolved", "duplicate-type", "duplicate-key"} {
		opts = append(opts, validate.WithSeverity(rule, validate.Error))
	}
	return opts
}
