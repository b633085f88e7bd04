// Package workspace reads the configuration of a repository and finds the payload files that paths select.
package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/glob"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

const ConfigName = ".atlasint.yaml"

// Config is .atlasint.yaml. Its patterns are relative to its folder.
type Config struct {
	API       string                       `yaml:"api"`
	Rules     map[string]validate.Severity `yaml:"rules"`
	Exclude   []string                     `yaml:"exclude"`
	Overrides []override                   `yaml:"overrides"`
	BaseURL   string                       `yaml:"baseURL"`
	GroupID   string                       `yaml:"groupId"`

	File string // its path; "" if there is none

	dir      string
	excluded []*glob.Pattern
}

// override is what holds for some files only; the last one that matches a file counts.
type override struct {
	Paths []string `yaml:"paths"`
	API   string   `yaml:"api"`

	matching []*glob.Pattern
}

// FindConfig reads the configuration file, or the nearest one from the working directory upwards. Where
// there is none, all defaults hold.
func FindConfig(file string) (*Config, error) {
	if file != "" {
		return readConfig(file)
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, exit.Failuref("can't tell the working directory: %v", err)
	}
	for {
		file := filepath.Join(dir, ConfigName)
		// One that leads nowhere is there: passing it over would judge by other rules than were meant.
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
		return nil, exit.Failuref("can't tell the folder of %s: %v", redact.Path(file), err)
	}
	c := &Config{File: file, dir: dir}
	if err := c.decode(data); err != nil {
		return nil, exit.Usagef("%s: %v", redact.Path(file), err)
	}
	return c, nil
}

func (c *Config) decode(data []byte) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return yamlFault(err, "no valid YAML")
	}
	if len(doc.Content) == 0 {
		return nil
	}
	root := doc.Content[0]
	if err := plainMappings(root); err != nil {
		return err
	}
	if err := c.checkForms(root); err != nil {
		return err
	}
	if err := root.Decode(c); err != nil {
		return yamlFault(err, "a key that occurs twice, or a value that its key does not take")
	}
	return c.check()
}

// yamlFault is an error of the YAML library. Its texts quote anchors, tags, keys and values of any length, so
// that only those are shown that quote nothing.
func yamlFault(err error, otherwise string) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	text = strings.TrimSpace(strings.TrimPrefix(text, "unmarshal errors:"))
	if strings.ContainsAny(text, "'`\"!") || len(text) > 100 {
		var line int
		if _, err := fmt.Sscanf(text, "line %d:", &line); err != nil {
			return errors.New(otherwise)
		}
		return fmt.Errorf("line %d: %s", line, otherwise)
	}
	return errors.New(text)
}

// checkForms refuses keys that mean nothing and values of another form than their keys take.
func (c *Config) checkForms(root *yaml.Node) error {
	if err := knownKeys(root, "the configuration", "api", "baseURL", "exclude", "groupId", "overrides", "rules"); err != nil {
		return err
	}
	if list := valueOf(root, "overrides"); list != nil {
		for _, item := range list.Content {
			if err := knownKeys(item, "an override", "api", "paths"); err != nil {
				return err
			}
			if err := errors.Join(wantText(item, "api"), wantList(item, "paths")); err != nil {
				return err
			}
		}
	}
	for _, key := range []string{"api", "baseURL", "groupId"} {
		if err := wantText(root, key); err != nil {
			return err
		}
	}
	if rules := valueOf(root, "rules"); rules != nil && rules.Kind != yaml.MappingNode && rules.Tag != "!!null" {
		return fmt.Errorf("line %d: rules: want a mapping from rules to severities", rules.Line)
	}
	if list := valueOf(root, "overrides"); list != nil && list.Kind != yaml.SequenceNode && list.Tag != "!!null" {
		return fmt.Errorf("line %d: overrides: want a list", list.Line)
	}
	return wantList(root, "exclude")
}

func wantText(node *yaml.Node, key string) error {
	if value := valueOf(node, key); value != nil && value.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: %s: want a text", value.Line, key)
	}
	return nil
}

func wantList(node *yaml.Node, key string) error {
	value := valueOf(node, key)
	if value == nil || value.Tag == "!!null" {
		return nil
	}
	isText := func(item *yaml.Node) bool { return resolved(item).Kind == yaml.ScalarNode }
	if value.Kind != yaml.SequenceNode || !allOf(value.Content, isText) {
		return fmt.Errorf("line %d: %s: want a list of texts", value.Line, key)
	}
	return nil
}

func allOf(nodes []*yaml.Node, is func(*yaml.Node) bool) bool {
	return !slices.ContainsFunc(nodes, func(n *yaml.Node) bool { return !is(n) })
}

// resolved is the node that an alias refers to, else the node itself.
func resolved(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// knownKeys refuses a mapping with a key that means nothing.
func knownKeys(node *yaml.Node, what string, known ...string) error {
	if node = resolved(node); node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: %s is a mapping with the keys %s", node.Line, what, strings.Join(known, ", "))
	}
	for i := 0; i < len(node.Content); i += 2 {
		if key := node.Content[i]; !slices.Contains(known, key.Value) {
			if near := validate.Nearest(key.Value, known); near != "" {
				return fmt.Errorf("line %d: unknown key %s; did you mean %s?", key.Line, redact.Name(key.Value), near)
			}
			return fmt.Errorf("line %d: unknown key %s; the keys are %s", key.Line, redact.Name(key.Value), strings.Join(known, ", "))
		}
	}
	return nil
}

// maxKeys is how many keys a mapping may have.
const maxKeys = 1000

// plainMappings refuses large mappings and keys that occur twice, at any depth. The decoder compares each key
// with all others, and lists each pair of equal ones.
func plainMappings(node *yaml.Node) error {
	if node.Kind == yaml.MappingNode {
		if len(node.Content)/2 > maxKeys {
			return fmt.Errorf("line %d: a mapping with more than %d keys", node.Line, maxKeys)
		}
		seen := map[string]bool{}
		for i := 0; i < len(node.Content); i += 2 {
			key := node.Content[i]
			if key.Kind == yaml.ScalarNode && seen[key.Value] {
				return fmt.Errorf("line %d: the key %s occurs twice; keep one of them", key.Line, redact.Name(key.Value))
			}
			seen[key.Value] = true
		}
	}
	for _, child := range node.Content {
		if err := plainMappings(child); err != nil {
			return err
		}
	}
	return nil
}

// valueOf returns the value of a key, nil if there is none.
func valueOf(node *yaml.Node, key string) *yaml.Node {
	node = resolved(node)
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return resolved(node.Content[i+1])
		}
	}
	return nil
}

func (c *Config) check() error {
	if c.API != "" && !atlas.IsVersion(c.API) {
		return fmt.Errorf("api: unknown generation %s; it is v2 or v1.0", redact.Value(c.API))
	}
	if c.GroupID != "" && !atlas.IsID(c.GroupID) {
		return fmt.Errorf("groupId: %s is no project id; it has %s", redact.Value(c.GroupID), atlas.IDForm)
	}
	if err := c.compile(); err != nil {
		return err
	}
	for id, severity := range c.Rules {
		if !redact.Shown(id) || !redact.Readable(string(severity)) {
			return fmt.Errorf("rules: unknown rule or severity: %s: %s", redact.Name(id), redact.Value(string(severity)))
		}
		if _, err := validate.New(validate.WithSeverity(id, severity)); err != nil {
			return fmt.Errorf("rules: %w", err)
		}
	}
	return nil
}

// maxExcerpt is how many characters of a pattern an error shows.
const maxExcerpt = 100

// excerpt is a pattern, or its beginning if it is long, as it may be shown.
func excerpt(pattern string) string {
	if runes := []rune(pattern); len(runes) > maxExcerpt {
		pattern = string(runes[:maxExcerpt]) + "…"
	}
	return redact.Path(pattern)
}

// compile compiles the patterns. They share one budget, because each file is matched against all of them.
func (c *Config) compile() (err error) {
	budget := glob.NewBudget()
	if c.excluded, err = compileAll(c.Exclude, budget); err != nil {
		return fmt.Errorf("exclude: %w", err)
	}
	for i := range c.Overrides {
		o := &c.Overrides[i]
		if !atlas.IsVersion(o.API) {
			return fmt.Errorf("overrides[%d].api: unknown generation %s; it is v2 or v1.0", i, redact.Value(o.API))
		}
		if o.matching, err = compileAll(o.Paths, budget); err != nil {
			return fmt.Errorf("overrides[%d].paths: %w", i, err)
		}
	}
	return nil
}

func compileAll(patterns []string, budget *glob.Budget) ([]*glob.Pattern, error) {
	var compiled []*glob.Pattern
	for _, text := range patterns {
		p, err := glob.Compile(text, budget)
		if err != nil {
			return nil, badPattern(text, err)
		}
		compiled = append(compiled, p)
	}
	return compiled, nil
}

// Severities are the options that the rules of the configuration make.
func (c *Config) Severities() []validate.Option {
	var opts []validate.Option
	for id, severity := range c.Rules {
		opts = append(opts, validate.WithSeverity(id, severity))
	}
	return opts
}

// Excludes tells the files that are not to be judged.
func (c *Config) Excludes(file string) bool { return c.matches(file, c.excluded) }

// APIVersion returns the generation that holds for a file.
func (c *Config) APIVersion(file, fallback string) string {
	api := fallback
	if c.API != "" {
		api = c.API
	}
	for _, o := range c.Overrides {
		if c.matches(file, o.matching) {
			api = o.API
		}
	}
	return api
}

// matches reports whether a file, by its path from the configuration's folder, matches one of the patterns.
func (c *Config) matches(file string, patterns []*glob.Pattern) bool {
	if len(patterns) == 0 || file == Stdin {
		return false
	}
	rel, err := c.relative(file)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(patterns, func(p *glob.Pattern) bool { return p.Match(rel) })
}

// relative returns the path of a file from the configuration's folder, with slashes.
func (c *Config) relative(file string) (string, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(c.dir, abs)
	if err != nil {
		return "", fmt.Errorf("%w: %s", fs.ErrInvalid, file)
	}
	return filepath.ToSlash(rel), nil
}

// maxConfig is how many bytes a configuration may have.
const maxConfig = 1 << 20

// readConfigFile reads the configuration. The file was found, not named, and can be a link to any file.
func readConfigFile(file string) ([]byte, error) {
	data, err := readfile.Regular(file, maxConfig)
	if errors.Is(err, readfile.ErrNotRegular) {
		err = fmt.Errorf("%w; name another file with --config", err)
	}
	return data, err
}
