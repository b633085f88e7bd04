// Package validation validates the files that a command selects, several at a time.
package validation

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/fix"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// Settings are the settings of a [Run].
type Settings struct {
	API                string
	Type, Operation    string
	Array, Lines       bool
	Expand, OneProject bool
	BaseURLFlag        string // the flag of commands that call Atlas
	Sending            bool   // return parsed payloads, and apply the rules for payloads that are sent
	Rules              []string
	Schemas            []string // files of --schema
	StdinName          string   // the file name of standard input in reports and for the configuration; "" if it has none
	Jobs, MaxFindings  int
	MaxSize            int64
	isList             bool       // files are named by --files-from
	apiIsFixed         bool       // API comes from a flag and takes precedence over the configuration
	fixer              *fix.Fixer // corrects the files; nil: they are only validated
}

// validate validates the selected files. The outcomes are in the order of the files.
func (r *Run) validate() ([]outcome, error) {
	s, sel := r.Settings, r.selection
	checkers, err := s.validators(sel.Config, r.Snippets)
	if err != nil {
		return nil, err
	}
	if s.fixer != nil {
		s.fixer.APIVersion = func(file string) string { return s.APIVersionOf(sel.Config, file) }
	}
	all, n := s.checkAll(sel.Files, r, checkers)
	if n < len(sel.Files) {
		return nil, problem.Failuref("stopped by a signal: %d of %d files were checked; run the command again for the others", n, len(sel.Files))
	}
	if s.OneProject {
		v, err := validate.New(validate.Options{MaxFindings: s.MaxFindings})
		if err != nil {
			return nil, err
		}
		results := make([]*validate.Result, len(all.list))
		for i := range all.list {
			results[i] = &all.list[i].Result
		}
		v.OneProject(results)
		all.trim()
	}
	return all.list, nil
}

// validatorOf returns the validator for a file.
type validatorOf func(file string) (*validate.Validator, error)

// validators creates a validator for each API version. Wrong options are reported before any file is read.
func (s *Settings) validators(cfg *workspace.Config, snippets bool) (validatorOf, error) {
	opts, err := s.options(cfg)
	if err != nil {
		return nil, err
	}
	opts.Snippets = snippets
	schemas, err := s.readSchemas(cfg)
	if err != nil {
		return nil, err
	}
	cache := &validatorCache{settings: s, config: cfg, options: opts, schemas: schemas,
		validators: map[string]*validate.Validator{}, faults: map[string]error{}}
	for _, api := range atlas.Versions() {
		if api != s.API && cfg.File == "" && s.Type == "" {
			continue // no file can need it
		}
		_, _ = cache.validator(variant{api: api})
	}
	if fault := cache.faults[s.API]; fault != nil && (s.apiIsFixed || len(cfg.Overrides) == 0 || len(cache.faults) == len(atlas.Versions())) {
		return nil, optionError(fault)
	}
	plain := maps.Clone(cache.validators) // read without a lock
	return func(file string) (*validate.Validator, error) {
		of := s.variantOf(cfg, file)
		if v := plain[of.api]; v != nil && of.isPlain() {
			return v, nil
		}
		v, err := cache.validator(of)
		if err != nil {
			return nil, problem.Inputf("%s: %w", redact.Path(file), optionError(err))
		}
		return v, nil
	}, nil
}

// variant is what the configuration sets for a file: the API version, and the numbers of the overrides that match it.
type variant struct {
	api            string
	schemas, rules []int
}

func (s *Settings) variantOf(cfg *workspace.Config, file string) variant {
	named := s.named(file)
	return variant{s.APIVersionOf(cfg, file), cfg.Overridden(named), cfg.RuleOverrides(named)}
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

// severityOfPolicy returns the severity of the rule policy for a file: that of the flags, else of the configuration. It
// is "" if the schemas have their own.
func (s *Settings) severityOfPolicy(cfg *workspace.Config, file string) validate.Severity {
	return s.policySeverity(cfg.RulesWith(cfg.RuleOverrides(file)))
}

func (s *Settings) policySeverity(rules map[string]validate.Severity) validate.Severity {
	for _, rule := range slices.Backward(s.Rules) {
		if id, severity, _ := strings.Cut(rule, "="); id == policyRule {
			return validate.Severity(severity)
		}
	}
	return rules[policyRule]
}

// readSchemas reads the schemas of the flags and of the configuration. It returns nil if the rule policy is off for all
// files.
func (s *Settings) readSchemas(cfg *workspace.Config) (*workspace.SchemaSet, error) {
	off := s.policySeverity(cfg.Rules) == validate.Off
	for _, o := range cfg.Overrides {
		severity := s.policySeverity(o.Rules)
		off = off && (severity == "" || severity == validate.Off)
	}
	if off {
		return nil, nil
	}
	return cfg.ReadSchemas(s.Schemas)
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

func (c *validatorCache) validator(of variant) (*validate.Validator, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := of.key()
	if c.validators[k] == nil && c.faults[k] == nil {
		if v, err := c.create(of); err != nil {
			c.faults[k] = err
		} else {
			c.validators[k] = v
		}
	}
	return c.validators[k], c.faults[k]
}

func (c *validatorCache) create(of variant) (*validate.Validator, error) {
	options := c.options
	options.APIVersion = of.api
	var err error
	if options.Severities, err = c.settings.severities(c.config.RulesWith(of.rules)); err != nil {
		return nil, err
	}
	v, err := validate.New(options)
	if err != nil {
		return nil, err
	}
	return c.schemas.AddTo(v, of.schemas)
}

// APIVersionOf returns the API version of a file: that of the flag, or of the configuration.
func (s *Settings) APIVersionOf(cfg *workspace.Config, file string) string {
	if s.apiIsFixed {
		return s.API
	}
	return cfg.APIVersion(s.named(file), s.API)
}

// named returns the path of a file for the configuration: that of standard input is its name, if it has one.
func (s *Settings) named(file string) string {
	if file == workspace.Stdin && s.StdinName != "" {
		return s.StdinName
	}
	return file
}

// reportName returns the name of a file in reports.
func (s *Settings) reportName(file string) string {
	if file = s.named(file); file == workspace.Stdin {
		return report.Stdin
	}
	return file
}

// options returns the options of all validators, without the severities. Flags take precedence over the configuration.
func (s *Settings) options(cfg *workspace.Config) (validate.Options, error) {
	_, err := s.severities(cfg.Rules) // of the flags, before any file is read
	if err == nil {
		err = s.checkLimits()
	}
	listed := s.MaxFindings
	if s.fixer != nil {
		listed = MaxListed // only listed findings are corrected
	}
	return validate.Options{
		Type:        s.Type,
		Operation:   validate.Operation(s.Operation),
		Government:  atlas.IsGovernment(cmp.Or(s.BaseURLFlag, os.Getenv(atlas.BaseURLVariable), cfg.BaseURL)),
		Expand:      s.Expand,
		MaxSize:     s.MaxSize,
		MaxFindings: min(listed, MaxListed),
		Jobs:        s.Jobs,
		Documents:   s.Sending,
		OneProject:  s.OneProject,
	}, err
}

// checkLimits rejects values for which the validator would use its defaults.
func (s *Settings) checkLimits() error {
	switch {
	case s.Operation == "":
		return problem.Inputf("--for is empty; it is %s or %s", validate.Create, validate.Update)
	case s.MaxSize < 1:
		return problem.Inputf("--max-size must be at least 1, not %d", s.MaxSize)
	case s.MaxFindings < 1:
		return problem.Inputf("--max-findings must be at least 1, not %d", s.MaxFindings)
	}
	return nil
}

// severities returns the severities of rules: those of the configuration, changed by the flags. The rules for payloads
// that are sent can't be turned off, but placeholders can be allowed.
func (s *Settings) severities(rules map[string]validate.Severity) (map[string]validate.Severity, error) {
	severities := maps.Clone(rules)
	if severities == nil {
		severities = map[string]validate.Severity{}
	}
	for _, rule := range s.Rules {
		id, severity, ok := strings.Cut(rule, "=")
		if !ok {
			return nil, problem.Inputf("--rule %s: write RULE=error, RULE=warning or RULE=off", redact.Value(rule))
		}
		severities[id] = validate.Severity(severity)
	}
	if s.Sending {
		for _, rule := range []string{"masked-value", UnresolvedRule, duplicateRule, "duplicate-key"} {
			severities[rule] = validate.Error
		}
		if _, set := severities[placeholderRule]; !set {
			severities[placeholderRule] = validate.Error // Atlas would store the text in place of a working value
		}
	}
	return severities, nil
}

// checkAll checks files concurrently. The outcomes are in the order of the files. It returns the number of the files
// that it checked before r.Stopped.
func (s *Settings) checkAll(files []string, r *Run, of validatorOf) (*outcomes, int) {
	run := newOutcomes(len(files), MaxListed)
	var next, done atomic.Int64
	var workers sync.WaitGroup
	for range min(s.Jobs, len(files)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(files)) && (r.Stopped == nil || !r.Stopped()); i = next.Add(1) - 1 {
				run.add(int(i), s.check(files[i], r.Stdin, of))
				done.Add(1)
				if r.Checked != nil {
					r.Checked.Add(1)
				}
			}
		})
	}
	workers.Wait()
	return run, int(done.Load())
}

func (s *Settings) check(file string, stdin io.Reader, of validatorOf) outcome {
	v, err := of(file)
	if err != nil {
		return outcome{Err: err}
	}
	layout := validate.ByName
	switch {
	case s.Array:
		layout = validate.Array
	case s.Lines:
		layout = validate.Lines
	}
	var result validate.Result
	switch {
	case file == workspace.Stdin && s.fixer != nil:
		return s.fixStdin(v, stdin, layout)
	case file == workspace.Stdin:
		result, err = v.CheckReader(s.reportName(file), stdin, layout)
	default:
		result, err = v.CheckFile(file, layout)
	}
	if err != nil {
		return outcome{Result: s.withFlags(result), Err: s.readError(file, err)}
	}
	if s.fixer != nil {
		return s.fixFile(v, file, layout, result)
	}
	return outcome{Result: s.withFlags(result)}
}
