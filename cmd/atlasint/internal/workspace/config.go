// Package workspace reads the configuration of a repository and finds the payload files that paths select.
package workspace

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/glob"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// ConfigName is the name of the configuration file.
const ConfigName = ".atlasint.yaml"

// Config is a configuration file. The zero value is the configuration of a repository without one. Patterns match
// paths from the folder of the file. It is safe for concurrent use once it is read.
type Config struct {
	API       string                       `yaml:"api"`
	Rules     map[string]validate.Severity `yaml:"rules"`
	Exclude   []string                     `yaml:"exclude"`
	Overrides []Override                   `yaml:"overrides"`
	Schemas   []SchemaEntry                `yaml:"schemas"`
	BaseURL   string                       `yaml:"baseURL"`
	GroupID   string                       `yaml:"groupId"`
	YAML      bool                         `yaml:"yaml"` // *.yaml and *.yml below a folder are payloads

	File string `yaml:"-"` // its path; "" if there is none

	dir      string
	realDir  string // dir without symbolic links
	excluded []*glob.Pattern
}

// Override sets the API version or the severities of rules for the files that match its paths, or adds schemas to them.
// The last override that matches a file and has the API version or the rule sets it; the schemas of all that match apply.
type Override struct {
	Paths   []string                     `yaml:"paths"`
	API     string                       `yaml:"api"`
	Rules   map[string]validate.Severity `yaml:"rules"`
	Schemas []SchemaEntry                `yaml:"schemas"`

	matching []*glob.Pattern
}

// FindConfig reads a configuration file. If file is "", it reads the nearest one in the working directory and its
// parents, and returns the zero configuration if there is none. Errors end the command with exit code 2 for a wrong
// configuration, 3 for one that can't be read.
func FindConfig(file string) (*Config, error) {
	if file != "" {
		return readConfig(file)
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, exit.Failuref("can't find the working directory: %v", err)
	}
	for {
		file := filepath.Join(dir, ConfigName)
		// A broken link is an error: without the file, other rules would apply than the user meant.
		if _, err := os.Lstat(file); err == nil {
			return readConfig(file)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return &Config{}, nil
		}
		dir = parent
	}
}

func readConfig(file string) (*Config, error) {
	data, err := readConfigFile(file)
	if err != nil {
		return nil, exit.Failuref("can't read the configuration %s: %v", redact.Path(file), exit.Cause(err))
	}
	dir, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return nil, exit.Failuref("can't find the folder of %s: %v", redact.Path(file), err)
	}
	c := &Config{File: file, dir: dir, realDir: withoutLinks(dir)}
	if err := c.decode(data); err != nil {
		var at *placeError
		if errors.As(err, &at) {
			return nil, exit.Usagef("%s:%v", redact.Path(file), at)
		}
		return nil, exit.Usagef("%s: %v", redact.Path(file), err)
	}
	return c, nil
}

// check returns an error for a value that the forms of the keys allow and that has another fault. It compiles the patterns.
func (c *Config) check() error {
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

// compile compiles the patterns. They share one budget because each file is matched against all of them.
func (c *Config) compile() (err error) {
	budget := glob.NewBudget()
	if c.excluded, err = compileAll(c.Exclude, budget); err != nil {
		return wrongValue(err.Error(), "exclude")
	}
	for i := range c.Overrides {
		o := &c.Overrides[i]
		if o.matching, err = compileAll(o.Paths, budget); err != nil {
			return wrongValue(err.Error(), "overrides", index(i), "paths")
		}
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

// Excludes reports whether the configuration excludes a file from validation.
func (c *Config) Excludes(file string) bool { return c.matchesAny(file, c.excluded) }

// APIVersion returns the API version of a file, or the fallback if the configuration sets none.
func (c *Config) APIVersion(file, fallback string) string {
	api := fallback
	if c.API != "" {
		api = c.API
	}
	for _, o := range c.Overrides {
		if o.API != "" && c.matchesAny(file, o.matching) {
			api = o.API
		}
	}
	return api
}

// RuleOverrides returns the numbers of the overrides with rules that match the given path of a file.
func (c *Config) RuleOverrides(file string) (numbers []int) {
	for i, o := range c.Overrides {
		if len(o.Rules) > 0 && c.matchesAny(file, o.matching) {
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

// matchesAny reports whether the path of a file from the folder of the configuration matches one of the patterns.
func (c *Config) matchesAny(file string, patterns []*glob.Pattern) bool {
	if len(patterns) == 0 || file == Stdin {
		return false
	}
	abs, err := filepath.Abs(file)
	return err == nil && matches(c.dir, abs, patterns)
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
const maxConfig = 1 << 20

// readConfigFile reads a configuration file. The user may not have named it, and it can be a link to any file.
func readConfigFile(file string) ([]byte, error) {
	data, err := readfile.Regular(file, maxConfig)
	if errors.Is(err, readfile.ErrNotRegular) {
		err = fmt.Errorf("%w; name another file with --config", err)
	}
	return data, err
}
