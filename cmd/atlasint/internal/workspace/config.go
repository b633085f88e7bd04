// Package workspace reads the configuration of a repository and finds the payload files that paths select.
package workspace

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/glob"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/yamlform"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// ConfigName is the name of the configuration file.
const ConfigName = ".atlasint.yaml"

// Config is a configuration file, with the settings of the files that it extends. The zero value is the configuration
// of a repository without one. Patterns match paths from the folder of the file that has them. It is safe for
// concurrent use once it is read.
type Config struct {
	Extends   string                       `yaml:"extends"` // a path from its folder, with slashes; [alone]; "" if it is not set
	API       string                       `yaml:"api"`
	Rules     map[string]validate.Severity `yaml:"rules"`
	Exclude   []string                     `yaml:"exclude"`
	Overrides []Override                   `yaml:"overrides"`
	Schemas   []SchemaEntry                `yaml:"schemas"`
	BaseURL   string                       `yaml:"baseURL"`
	GroupID   string                       `yaml:"groupId"`
	YAML      *bool                        `yaml:"yaml"`

	File     string   `yaml:"-"` // its path; "" if there is none
	Extended []string `yaml:"-"` // the paths of the files that it extends, the nearest first

	source      *source
	budget      *glob.Budget // of the patterns of all files
	extendsAt   *yaml.Node   // the value of extends, nil if there is none
	last        *source      // the last of the files that extend each other, nil if it is to apply alone
	excluded    []patternSet // of each file that excludes files
	baseURLFile string       // the file that sets BaseURL, for messages
	groupIDFile string       // the file that sets GroupID, for messages
	searched    bool         // no flag names the file
	workdir     string       // the working directory, which relative paths of files start from
}

// source is a configuration file. Its patterns and the paths of its schemas start in its folder.
type source struct {
	file         string
	shown        string // its path for messages
	dir, realDir string // the absolute path of its folder, and that without symbolic links
}

func newSource(file, shown string) (*source, error) {
	dir, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return nil, problem.Failuref("can't find the folder of %s: %w", shown, problem.Cause(err))
	}
	return &source{file, shown, dir, withoutLinks(dir)}, nil
}

// patternSet has the patterns of a key of a configuration file.
type patternSet struct {
	of       *source
	key      string // such as overrides[1].paths
	texts    []string
	patterns []*glob.Pattern // of the texts
}

// Override sets the API version or the severities of rules for the files that match its paths, or adds schemas to them.
// The last override that matches a file and has the API version or the rule sets it; the schemas of all that match
// apply.
type Override struct {
	Paths   []string                     `yaml:"paths"`
	API     string                       `yaml:"api"`
	Rules   map[string]validate.Severity `yaml:"rules"`
	Schemas []SchemaEntry                `yaml:"schemas"`

	matching patternSet
	all      bool // matches all files instead
}

// FindConfig reads a configuration file and those that it extends. If file is "", it reads the nearest one in the
// working directory and its parents, and returns a configuration without settings if there is none. The error is a
// [problem.Input] for a wrong configuration, a [problem.Failure] for one that can't be read.
func FindConfig(file string) (*Config, error) {
	searched := file == ""
	dir, err := os.Getwd()
	if searched && err != nil {
		return nil, problem.Failuref("can't find the working directory: %w", problem.Cause(err))
	}
	shown := redact.Path(file)
	if searched {
		file = newSearch("").nearest(dir)
		shown = shownFrom(dir, file)
	}
	c := &Config{}
	if file != "" {
		if c, err = readConfig(file, shown, nil); err != nil {
			return nil, err
		}
	}
	c.searched, c.workdir = searched, dir
	return c, nil
}

// readConfig reads a configuration file and those that it extends. It takes files that are known from there.
func readConfig(file, shown string, known knownConfigs) (*Config, error) {
	if c := known.at(file); c != nil {
		return c, nil
	}
	data, err := readConfigFile(file)
	if errors.Is(err, readfile.ErrNotRegular) {
		err = fmt.Errorf("%w; name another file with --config", err)
	}
	if err != nil {
		return nil, problem.Failuref("can't read the configuration %s: %w", shown, problem.Cause(err))
	}
	c, err := newConfig(file, shown, data, isLink(file), glob.NewBudget())
	if err == nil {
		err = c.readExtended([]string{filepath.Join(c.source.dir, filepath.Base(file))}, known)
	}
	if err != nil {
		return nil, err
	}
	known.add(file, c)
	return c, nil
}

// newConfig returns the settings of one file, which messages name as shown. The user named an indirect file by another
// one or by a link only: no error shows a text of it unless its keys are those of a configuration.
func newConfig(file, shown string, data []byte, isIndirect bool, budget *glob.Budget) (*Config, error) {
	source, err := newSource(file, shown)
	if err != nil {
		return nil, err
	}
	c := &Config{File: file, source: source, budget: budget}
	if err := c.decode(data, isIndirect); err != nil {
		return nil, c.asInput(err)
	}
	if c.BaseURL != "" {
		c.baseURLFile = shown
	}
	if c.GroupID != "" {
		c.groupIDFile = shown
	}
	return c, nil
}

// asInput adds the file to an error of its contents, which becomes a [problem.Input].
func (c *Config) asInput(err error) error {
	var at *yamlform.PlaceError
	if errors.As(err, &at) {
		return problem.Inputf("%s:%w", c.source.shown, at)
	}
	return problem.Inputf("%s: %w", c.source.shown, err)
}

// check returns an error for a value that the forms of the keys allow and that has another fault. It compiles the
// patterns.
func (c *Config) check() error {
	if len(c.Overrides) > maxOverrides {
		return wrongValue(fmt.Sprintf("more than %d overrides; write fewer, with more paths each", maxOverrides), "overrides")
	}
	if err := c.compile(); err != nil {
		return err
	}
	if err := c.checkSchemas(); err != nil {
		return err
	}
	if err := checkRules(c.Rules, "rules"); err != nil {
		return err
	}
	for i, o := range c.Overrides {
		if err := checkRules(o.Rules, "overrides", index(i), "rules"); err != nil {
			return err
		}
	}
	return nil
}

func checkRules(rules map[string]validate.Severity, path ...string) error {
	for _, id := range slices.Sorted(maps.Keys(rules)) {
		at := append(slices.Clone(path), id)
		if !redact.Shown(id) {
			return wrongValue("unknown rule "+redact.Name(id), at...)
		}
		if _, err := validate.New(validate.Options{Severities: map[string]validate.Severity{id: rules[id]}}); err != nil {
			return wrongValue(err.Error(), at...)
		}
	}
	return nil
}

// maxExcerpt is how many characters of a pattern an error shows.
const maxExcerpt = 100

// excerpt returns a pattern for a message, cut off if it is long.
func excerpt(pattern string) string {
	if runes := []rune(pattern); len(runes) > maxExcerpt {
		pattern = string(runes[:maxExcerpt]) + "…"
	}
	return redact.Path(pattern)
}

// compile compiles the patterns. They share one budget, also with other files, because each payload file is matched
// against all of them.
func (c *Config) compile() error {
	patterns, err := compileAll(c.Exclude, c.budget)
	if err != nil {
		return wrongValue(err.Error(), "exclude")
	}
	if len(patterns) > 0 {
		c.excluded = []patternSet{{c.source, excludeKey, c.Exclude, patterns}}
	}
	for i := range c.Overrides {
		o := &c.Overrides[i]
		if patterns, err = compileAll(o.Paths, c.budget); err != nil {
			return wrongValue(err.Error(), "overrides", index(i), "paths")
		}
		o.matching = patternSet{c.source, "overrides" + index(i) + ".paths", o.Paths, patterns}
	}
	return nil
}

func compileAll(patterns []string, budget *glob.Budget) ([]*glob.Pattern, error) {
	var compiled []*glob.Pattern
	for _, pattern := range patterns {
		p, err := glob.Compile(pattern, budget)
		if err != nil {
			return nil, patternError(pattern, err)
		}
		compiled = append(compiled, p)
	}
	return compiled, nil
}

// excludeKey is the key of the patterns of excluded files.
const excludeKey = "exclude"

// Excludes reports whether the configuration excludes a file from validation.
func (c *Config) Excludes(file string) bool { return c.ExcludedBy(file) != "" }

// ExcludedBy returns the path, for messages, of the configuration file whose exclude matches a file, "" if none does.
func (c *Config) ExcludedBy(file string) string {
	path := c.patternPath(file)
	for _, patterns := range c.excluded {
		if patterns.match(path) {
			return patterns.of.shown
		}
	}
	return ""
}

// Target returns the configuration file to write a setting into, for messages.
func (c *Config) Target() string {
	if c.source == nil {
		return "a new " + ConfigName
	}
	return c.source.shown
}

// BaseURLFile returns the path, for messages, of the configuration file that sets BaseURL, "" if none does.
func (c *Config) BaseURLFile() string { return c.baseURLFile }

// GroupIDFile returns the path, for messages, of the configuration file that sets GroupID, "" if none does.
func (c *Config) GroupIDFile() string { return c.groupIDFile }

// ReadsYAML reports whether *.yaml and *.yml below a folder are payloads.
func (c *Config) ReadsYAML() bool { return c.YAML != nil && *c.YAML }

// APIVersion returns the API version of a file, or the fallback if the configuration sets none.
func (c *Config) APIVersion(file, fallback string) string {
	api := cmp.Or(c.API, fallback)
	path := c.patternPath(file)
	for _, o := range c.Overrides {
		if o.API != "" && o.match(path) {
			api = o.API
		}
	}
	return api
}

// RuleOverrides returns the numbers of the overrides with rules that match the given path of a file.
func (c *Config) RuleOverrides(file string) (numbers []int) {
	path := c.patternPath(file)
	for i, o := range c.Overrides {
		if len(o.Rules) > 0 && o.match(path) {
			numbers = append(numbers, i)
		}
	}
	return numbers
}

// RulesWith returns the severities of rules of the configuration, changed by these overrides in their order.
func (c *Config) RulesWith(overrides []int) map[string]validate.Severity {
	rules := map[string]validate.Severity{}
	maps.Copy(rules, c.Rules)
	for _, i := range overrides {
		maps.Copy(rules, c.Overrides[i].Rules)
	}
	return rules
}

// patternPath returns the absolute path of a file for patterns, "" if there are none, and for [Stdin], which no pattern
// matches.
func (c *Config) patternPath(file string) string {
	if file == Stdin || len(c.Overrides)+len(c.excluded) == 0 {
		return ""
	}
	return c.pathOf(file)
}

// pathOf returns the absolute path of a file. It calls no function of the operating system, because this happens
// several times for each file.
func (c *Config) pathOf(file string) string {
	if filepath.IsAbs(file) {
		return filepath.Clean(file)
	}
	return filepath.Join(c.workdir, file)
}

// match reports whether the override is for the file with this absolute path.
func (o *Override) match(path string) bool { return o.all && path != "" || o.matching.match(path) }

// match reports whether one of the patterns matches an absolute path.
func (p patternSet) match(path string) bool {
	return path != "" && len(p.patterns) > 0 && matches(p.of.dir, path, p.patterns)
}

// matches reports whether the path of a file from a folder matches one of the patterns. Both paths are absolute.
func matches(dir, file string, patterns []*glob.Pattern) bool {
	rel, err := filepath.Rel(dir, file)
	if err != nil {
		return false
	}
	rel = filepath.ToSlash(rel)
	return slices.ContainsFunc(patterns, func(p *glob.Pattern) bool { return p.Match(rel) })
}

// maxConfig is the maximum size of a configuration file in bytes.
const maxConfig = 64 << 10

// readConfigFile reads a configuration file. The user may not have named it, and it can be a link to any file.
func readConfigFile(file string) ([]byte, error) {
	data, err := readfile.Regular(file, maxConfig)
	var large *readfile.LimitError
	if errors.As(err, &large) {
		err = problem.Worded(
			fmt.Sprintf("it is larger than %d KiB; write fewer settings, or move some into a file that it extends", maxConfig>>10), err)
	}
	return data, err
}
