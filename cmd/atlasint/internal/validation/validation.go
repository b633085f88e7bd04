// Package validation validates the files that a command selects, several at a time.
package validation

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/fix"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// Settings are the settings of a run.
type Settings struct {
	API                string
	APIIsFixed         bool // API comes from a flag and takes precedence over the configuration
	Type, Operation    string
	Array, Lines       bool
	Expand, OneProject bool
	BaseURLFlag        string // the flag of commands that call Atlas
	Sending            bool   // return parsed payloads, and apply the rules for payloads that are sent
	Snippets           bool
	Rules              []string
	Schemas            []string // files of --schema
	StdinName          string   // the file name of standard input in reports and for the configuration; "" if it has none
	Jobs, MaxFindings  int
	MaxSize            int64
	Fixer              *fix.Fixer    // corrects the files; nil: they are only validated
	Checked            *atomic.Int64 // counts the files that have been validated; nil counts none
}

// tuneGC trades memory for time. Little of a long input stays in memory: frequent collections keep the memory small
// for a tenth more time. Rare collections save a fifth of the CPU time for payloads of a bounded size, and add 10
// MiB.
func (f *Settings) tuneGC(files []string) {
	switch {
	case f.Lines || slices.ContainsFunc(files, mayBeLong):
		debug.SetGCPercent(50)
	case f.MaxSize <= atlas.MaxPayload:
		debug.SetGCPercent(400)
	}
}

// Validate validates the selected files. The outcomes are in the order of the files.
func (f *Settings) Validate(s *Selection, stdin io.Reader) ([]Outcome, error) {
	checkers, err := f.validators(s.Config)
	if err != nil {
		return nil, err
	}
	f.tuneGC(s.Files)
	if f.Fixer != nil {
		f.Fixer.APIVersion = func(file string) string { return f.APIVersionOf(s.Config, file) }
	}
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

// validatorOf returns the validator for a file.
type validatorOf func(file string) (*validate.Validator, error)

// validators creates a validator for each API version. Wrong options are reported before any file is read.
func (f *Settings) validators(cfg *workspace.Config) (validatorOf, error) {
	opts, err := f.options(cfg)
	if err != nil {
		return nil, err
	}
	schemas, err := f.ReadSchemas(cfg)
	if err != nil {
		return nil, err
	}
	m := &validatorCache{settings: f, config: cfg, options: opts, schemas: schemas, validators: map[string]*validate.Validator{}, faults: map[string]error{}}
	for _, api := range atlas.Versions() {
		if api != f.API && cfg.File == "" && f.Type == "" {
			continue // no file can need it
		}
		_, _ = m.validator(variant{api: api})
	}
	if fault := m.faults[f.API]; fault != nil && (f.APIIsFixed || len(cfg.Overrides) == 0 || len(m.faults) == len(atlas.Versions())) {
		return nil, OptionError(fault)
	}
	plain := maps.Clone(m.validators) // read without a lock
	return func(file string) (*validate.Validator, error) {
		of := f.variantOf(cfg, file)
		if v := plain[of.api]; v != nil && of.isPlain() {
			return v, nil
		}
		v, err := m.validator(of)
		if err != nil {
			return nil, exit.Usagef("%s: %v", redact.Path(file), OptionError(err))
		}
		return v, nil
	}, nil
}

// variant is what the configuration sets for a file: the API version, and the numbers of the overrides that match it.
type variant struct {
	api            string
	schemas, rules []int
}

func (f *Settings) variantOf(cfg *workspace.Config, file string) variant {
	named := f.Named(file)
	return variant{f.APIVersionOf(cfg, file), cfg.Overridden(named), cfg.RuleOverrides(named)}
}

// isPlain reports whether only the API version differs from other files.
func (v variant) isPlain() bool { return len(v.schemas)+len(v.rules) == 0 }

// key is the API version alone if the variant is plain.
func (v variant) key() string {
	if v.isPlain() {
		return v.api
	}
	return fmt.Sprint(v.api, v.schemas, v.rules)
}

// PolicySeverity returns the severity of the rule policy for a file: that of the flags, else of the configuration. It is ""
// if the schemas have their own.
func (f *Settings) PolicySeverity(cfg *workspace.Config, file string) validate.Severity {
	return f.policySeverity(cfg.RulesWith(cfg.RuleOverrides(file)))
}

func (f *Settings) policySeverity(rules map[string]validate.Severity) validate.Severity {
	for _, rule := range slices.Backward(f.Rules) {
		if id, severity, _ := strings.Cut(rule, "="); id == "policy" {
			return validate.Severity(severity)
		}
	}
	return rules["policy"]
}

// ReadSchemas reads the schemas of the flags and of the configuration. It returns nil if the rule policy is off for all
// files.
func (f *Settings) ReadSchemas(cfg *workspace.Config) (*workspace.SchemaSet, error) {
	off := f.policySeverity(cfg.Rules) == validate.Off
	for _, o := range cfg.Overrides {
		severity := f.policySeverity(o.Rules)
		off = off && (severity == "" || severity == validate.Off)
	}
	if off {
		return nil, nil
	}
	return cfg.ReadSchemas(f.Schemas)
}

// validatorCache makes a validator for each variant, once. It is safe for concurrent use.
type validatorCache struct {
	settings *Settings
	config   *workspace.Config
	options  validate.Options
	schemas  *workspace.SchemaSet

	mu         sync.Mutex
	validators map[string]*validate.Validator
	faults     map[string]error
}

func (m *validatorCache) validator(of variant) (*validate.Validator, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := of.key()
	if m.validators[k] == nil && m.faults[k] == nil {
		if v, err := m.create(of); err != nil {
			m.faults[k] = err
		} else {
			m.validators[k] = v
		}
	}
	return m.validators[k], m.faults[k]
}

func (m *validatorCache) create(of variant) (*validate.Validator, error) {
	options := m.options
	options.APIVersion = of.api
	var err error
	if options.Severities, err = m.settings.severities(m.config.RulesWith(of.rules)); err != nil {
		return nil, err
	}
	v, err := validate.New(options)
	if err != nil {
		return nil, err
	}
	return m.schemas.AddTo(v, of.schemas)
}

// APIVersionOf returns the API version of a file: that of the flag, or of the configuration.
func (f *Settings) APIVersionOf(cfg *workspace.Config, file string) string {
	if f.APIIsFixed {
		return f.API
	}
	return cfg.APIVersion(f.Named(file), f.API)
}

// Named returns the path of a file for the configuration: that of standard input is its name, if it has one.
func (f *Settings) Named(file string) string {
	if file == workspace.Stdin && f.StdinName != "" {
		return f.StdinName
	}
	return file
}

// ReportName returns the name of a file in reports.
func (f *Settings) ReportName(file string) string {
	if file = f.Named(file); file == workspace.Stdin {
		return report.Stdin
	}
	return file
}

// options returns the options of all validators, without the severities. Flags take precedence over the configuration.
func (f *Settings) options(cfg *workspace.Config) (validate.Options, error) {
	_, err := f.severities(cfg.Rules) // of the flags, before any file is read
	if err == nil {
		err = f.checkLimits()
	}
	listed := f.MaxFindings
	if f.Fixer != nil {
		listed = MaxListed // only listed findings are corrected
	}
	return validate.Options{
		Type:        f.Type,
		Operation:   validate.Operation(f.Operation),
		Government:  connection.IsGovernment(cmp.Or(f.BaseURLFlag, os.Getenv(connection.BaseURLVariable), cfg.BaseURL)),
		Expand:      f.Expand,
		MaxSize:     f.MaxSize,
		MaxFindings: min(listed, MaxListed),
		Jobs:        f.Jobs,
		Snippets:    f.Snippets, // they take time, and no other report shows them
		Documents:   f.Sending,
		OneProject:  f.OneProject,
	}, err
}

// checkLimits rejects values for which the validator would use its defaults.
func (f *Settings) checkLimits() error {
	switch {
	case f.Operation == "":
		return exit.Usagef("--for is empty; it is %s or %s", validate.Create, validate.Update)
	case f.MaxSize < 1:
		return exit.Usagef("--max-size must be at least 1, not %d", f.MaxSize)
	case f.MaxFindings < 1:
		return exit.Usagef("--max-findings must be at least 1, not %d", f.MaxFindings)
	}
	return nil
}

// severities returns the severities of rules: those of the configuration, changed by the flags. The rules for payloads that
// are sent can't be turned off.
func (f *Settings) severities(rules map[string]validate.Severity) (map[string]validate.Severity, error) {
	severities := maps.Clone(rules)
	if severities == nil {
		severities = map[string]validate.Severity{}
	}
	for _, rule := range f.Rules {
		id, severity, ok := strings.Cut(rule, "=")
		if !ok {
			return nil, exit.Usagef("--rule %s: write RULE=error, RULE=warning or RULE=off", redact.Value(rule))
		}
		severities[id] = validate.Severity(severity)
	}
	if f.Sending {
		for _, rule := range []string{"masked-value", "unresolved", "duplicate-type", "duplicate-key"} {
			severities[rule] = validate.Error
		}
	}
	return severities, nil
}

// mayBeLong reports whether an input may have many payloads: NDJSON or standard input.
func mayBeLong(file string) bool { return !strings.EqualFold(filepath.Ext(file), ".json") }

// checkAll checks files concurrently. The outcomes are in the order of the files.
func (f *Settings) checkAll(files []string, stdin io.Reader, of validatorOf) *outcomes {
	run := newOutcomes(len(files), MaxListed)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(f.Jobs, len(files)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(files)); i = next.Add(1) - 1 {
				run.add(int(i), f.check(files[i], stdin, of))
				if f.Checked != nil {
					f.Checked.Add(1)
				}
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
	switch {
	case file == workspace.Stdin && f.Fixer != nil:
		return f.fixStdin(v, stdin, layout)
	case file == workspace.Stdin:
		result, err = v.CheckReader(f.ReportName(file), stdin, layout)
	default:
		result, err = v.CheckFile(file, layout)
	}
	if err != nil {
		return Outcome{Result: WithFlags(result), Err: f.readError(file, err)}
	}
	if f.Fixer != nil {
		return f.fixFile(v, file, layout, result)
	}
	return Outcome{Result: WithFlags(result)}
}

func (f *Settings) readError(file string, err error) error {
	return exit.Failuref("can't read %s: %v", redact.Path(f.Named(file)), exit.Cause(err))
}
