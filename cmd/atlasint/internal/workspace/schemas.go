package workspace

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/validate"
)

// SchemaEntry is a JSON Schema of the user that payloads of some types must also meet.
type SchemaEntry struct {
	Types    []string          `yaml:"types"` // in any case; "*" is all types
	File     string            `yaml:"file"`  // from the folder of the configuration, with slashes
	Severity validate.Severity `yaml:"severity"`
}

var schemaKeys = []string{"file", "severity", "types"}

// checkSchemaForms returns an error for an entry of another form than a list of schemas has.
func checkSchemaForms(node *yaml.Node) error {
	list := valueOf(node, "schemas")
	if list == nil || list.Tag == "!!null" {
		return nil
	}
	if list.Kind != yaml.SequenceNode {
		return fmt.Errorf("line %d: schemas: want a list", list.Line)
	}
	for _, item := range list.Content {
		if err := checkKeys(item, "a schema", schemaKeys); err != nil {
			return err
		}
		if err := errors.Join(checkScalar(item, "file"), checkScalar(item, "severity"), checkList(item, "types")); err != nil {
			return err
		}
	}
	return nil
}

// checkSchemas returns an error for a value that no schema has, and completes the entries. It reads no file.
func (c *Config) checkSchemas() error {
	total := len(c.Schemas)
	if err := completeSchemas("schemas", c.Schemas); err != nil {
		return err
	}
	for i := range c.Overrides {
		total += len(c.Overrides[i].Schemas)
		if err := completeSchemas(fmt.Sprintf("overrides[%d].schemas", i), c.Overrides[i].Schemas); err != nil {
			return err
		}
	}
	if total > validate.MaxSchemas {
		return fmt.Errorf("schemas: more than %d schemas", validate.MaxSchemas)
	}
	return nil
}

func completeSchemas(key string, entries []SchemaEntry) error {
	for i := range entries {
		if err := entries[i].complete(); err != nil {
			return fmt.Errorf("%s[%d].%w", key, i, err)
		}
	}
	return nil
}

func (e *SchemaEntry) complete() error {
	switch e.Severity {
	case "":
		e.Severity = validate.Error
	case validate.Error, validate.Warning:
	default:
		return fmt.Errorf("severity: unknown severity %s; it is error or warning", redact.Value(string(e.Severity)))
	}
	if len(e.Types) == 0 {
		return errors.New(`types: no type; name integration types, or "*" for all`)
	}
	known := typeNames()
	for i, name := range e.Types {
		at := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
		switch {
		case name == "*":
		case at >= 0:
			e.Types[i] = known[at]
		default:
			near := suggest.Nearest(strings.ToUpper(name), known)
			if near == "" {
				return fmt.Errorf("types: unknown type %s; atlasint types lists them", redact.Value(name))
			}
			return fmt.Errorf("types: unknown type %s; did you mean %s?", redact.Value(name), near)
		}
	}
	if reason := outside(e.File); reason != "" {
		return fmt.Errorf("file: %s", reason)
	}
	return nil
}

// typeNames returns the names of the integration types of all API versions.
func typeNames() (names []string) {
	for _, api := range atlas.Versions() {
		for _, t := range atlas.Types(api) {
			names = append(names, t.Name)
		}
	}
	return names
}

// isURL matches a URL, and a path with a drive of Windows.
var isURL = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// outside returns why a path is not one below the folder of the configuration, "" if it is.
func outside(file string) string {
	switch {
	case file == "":
		return "no file; name a JSON Schema below the folder of the configuration"
	case isURL.MatchString(file):
		return "a URL or a drive; schemas are read from below the folder of the configuration only"
	case strings.Contains(file, `\`):
		return "a path with a backslash; write / between folders"
	case !filepath.IsLocal(filepath.FromSlash(file)):
		return "a path outside the folder of the configuration; schemas are read from below it only"
	}
	return ""
}

// SchemaSet has the compiled schemas of a configuration.
type SchemaSet struct {
	config   *Config
	compiled map[string]*validate.Schema // by file
	flag     []*validate.Schema          // of --schema
}

// maxSchema is the maximum size of a schema's file in bytes.
const maxSchema = 1 << 20

// ReadSchemas reads the schemas of the configuration and those of --schema, whose paths start in the working
// directory. It returns an error that ends the command with exit code 2 for a schema that can't be read or used.
func (c *Config) ReadSchemas(flag []string) (*SchemaSet, error) {
	set := &SchemaSet{config: c, compiled: map[string]*validate.Schema{}}
	entries := slices.Clone(c.Schemas)
	for _, o := range c.Overrides {
		entries = append(entries, o.Schemas...)
	}
	for _, e := range entries {
		if set.compiled[e.File] != nil {
			continue
		}
		file, err := c.below(e.File)
		if err != nil {
			return nil, exit.Usagef("%s: can't read the schema %s: %v", redact.Path(c.File), redact.Path(e.File), err)
		}
		if set.compiled[e.File], err = readSchema(e.File, file); err != nil {
			return nil, err
		}
	}
	for _, file := range flag {
		schema, err := readSchema(file, file)
		if err != nil {
			return nil, err
		}
		set.flag = append(set.flag, schema)
	}
	return set, nil
}

// below returns the path of a file without symbolic links. It fails if the file is not below the folder of the
// configuration.
func (c *Config) below(file string) (string, error) {
	dir, err := filepath.EvalSymlinks(c.dir)
	if err != nil {
		return "", errors.New(exit.Cause(err))
	}
	found, err := filepath.EvalSymlinks(filepath.Join(c.dir, filepath.FromSlash(file)))
	if err != nil {
		return "", errors.New(exit.Cause(err))
	}
	if rel, err := filepath.Rel(dir, found); err != nil || !filepath.IsLocal(rel) {
		return "", errors.New("a symbolic link leads outside the folder of the configuration")
	}
	return found, nil
}

func readSchema(name, file string) (*validate.Schema, error) {
	data, err := readfile.Regular(file, maxSchema)
	if err != nil {
		return nil, exit.Usagef("can't read the schema %s: %v", redact.Path(name), exit.Cause(err))
	}
	schema, err := validate.CompileSchema(name, data)
	if err != nil {
		return nil, exit.Usagef("%v", err)
	}
	return schema, nil
}

// SchemasOf returns the schemas that apply to a file: those of the configuration, then those of each override that
// matches the file.
func (c *Config) SchemasOf(file string) []SchemaEntry {
	entries := slices.Clone(c.Schemas)
	for _, o := range c.Overrides {
		if len(o.Schemas) > 0 && c.matchesAny(file, o.matching) {
			entries = append(entries, o.Schemas...)
		}
	}
	return entries
}

// Overridden returns the numbers of the overrides with schemas that match a file.
func (s *SchemaSet) Overridden(file string) (numbers []int) {
	for i, o := range s.config.Overrides {
		if len(o.Schemas) > 0 && s.config.matchesAny(file, o.matching) {
			numbers = append(numbers, i)
		}
	}
	return numbers
}

// Options returns the options of a validator for files that match these overrides.
func (s *SchemaSet) Options(overrides []int) (opts []validate.Option) {
	entries := slices.Clone(s.config.Schemas)
	for _, i := range overrides {
		entries = append(entries, s.config.Overrides[i].Schemas...)
	}
	for _, e := range entries {
		types := e.Types
		if slices.Contains(types, "*") {
			types = nil
		}
		opts = append(opts, validate.WithSchema(s.compiled[e.File], e.Severity, types...))
	}
	for _, schema := range s.flag {
		opts = append(opts, validate.WithSchema(schema, validate.Error))
	}
	return opts
}
