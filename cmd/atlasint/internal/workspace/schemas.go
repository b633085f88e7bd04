package workspace

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/validate"
)

// SchemaEntry is a JSON Schema of the user that payloads of some types must also meet.
type SchemaEntry struct {
	Types    []string          `yaml:"types"` // as in [atlas.TypeName]; "*" is all types
	File     string            `yaml:"file"`  // from the folder of the configuration, with slashes
	Severity validate.Severity `yaml:"severity"`
}

// checkSchemas returns an error for a value that no schema has, and completes the entries. It reads no file.
func (c *Config) checkSchemas() error {
	total := len(c.Schemas)
	if err := completeSchemas(c.Schemas, "schemas"); err != nil {
		return err
	}
	for i := range c.Overrides {
		total += len(c.Overrides[i].Schemas)
		if err := completeSchemas(c.Overrides[i].Schemas, "overrides", index(i), "schemas"); err != nil {
			return err
		}
	}
	if total > maxSchemas {
		return fmt.Errorf("schemas: more than %d schemas", maxSchemas)
	}
	return nil
}

func completeSchemas(entries []SchemaEntry, path ...string) error {
	for i := range entries {
		if key, text := entries[i].complete(); text != "" {
			return wrongValue(text, append(path, index(i), key)...)
		}
	}
	return nil
}

// index is an element of a list in the path of a [valueError].
func index(i int) string { return fmt.Sprintf("[%d]", i) }

// complete sets the defaults. It returns the key and the fault of an invalid value, or "".
func (e *SchemaEntry) complete() (key, fault string) {
	e.Severity = cmp.Or(e.Severity, validate.Error)
	known := typeNames()
	for i, name := range e.Types {
		switch meant := atlas.TypeName(name); {
		case name == "*":
		case slices.Contains(known, meant):
			e.Types[i] = meant
		default:
			near := suggest.Nearest(strings.ToUpper(name), known)
			if near == "" {
				return "types", fmt.Sprintf("unknown type %s; atlasint types lists them", redact.Value(name))
			}
			return "types", fmt.Sprintf("unknown type %s; did you mean %s?", redact.Value(name), near)
		}
	}
	if reason := outside(e.File); reason != "" {
		return "file", reason
	}
	e.File = path.Clean(e.File) // one spelling for each file
	return "", ""
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
var isURL = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`) })

// outside returns why a path is not one below the folder of the configuration, "" if it is.
func outside(file string) string {
	switch {
	case file == "":
		return "no file; name a JSON Schema below the folder of the configuration"
	case isURL().MatchString(file):
		return "a URL or a drive; name a file below the folder of the configuration"
	case strings.Contains(file, `\`):
		return "a path with a backslash; write / between folders"
	case !filepath.IsLocal(filepath.FromSlash(file)):
		return "a path outside the folder of the configuration; name a file below it"
	}
	return ""
}

// SchemaSet has the compiled schemas of a configuration. A nil set has none.
type SchemaSet struct {
	config   *Config
	compiled map[string]*validate.Schema // by file
	flag     []*validate.Schema          // of --schema
}

// maxSchemas is the maximum number of schemas of a configuration and the flags, all entries together.
const maxSchemas = 100

// maxSchema is the maximum size of a schema's file in bytes, that of [validate.CompileSchema].
const maxSchema = 256 << 10

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
		var err error
		if set.compiled[e.File], err = c.readSchema(e.File); err != nil {
			return nil, err
		}
	}
	seen := map[string]bool{}
	for _, file := range flag {
		if seen[filepath.Clean(file)] {
			continue
		}
		seen[filepath.Clean(file)] = true
		schema, err := compileFile(file, file)
		if err != nil {
			return nil, asUsage(err)
		}
		set.flag = append(set.flag, schema)
	}
	return set, nil
}

// readSchema compiles a schema of the configuration.
func (c *Config) readSchema(name string) (*validate.Schema, error) {
	file, err := c.below(name)
	if err != nil {
		return nil, exit.Usagef("%s: can't read the schema %s: %v", redact.Path(c.File), redact.Path(name), err)
	}
	schema, err := compileFile(name, file)
	var fault *validate.SchemaError // has a place of its own
	if err != nil && !errors.As(err, &fault) {
		return nil, exit.Usagef("%s: %v", redact.Path(c.File), err)
	}
	return schema, asUsage(err)
}

// below returns the path of a file without symbolic links. It fails if the file is not below the folder of the
// configuration.
func (c *Config) below(file string) (string, error) {
	dir, err := filepath.EvalSymlinks(c.dir)
	if err != nil {
		return "", linkError(err)
	}
	found, err := filepath.EvalSymlinks(filepath.Join(c.dir, filepath.FromSlash(file)))
	if err != nil {
		return "", linkError(err)
	}
	if rel, err := filepath.Rel(dir, found); err != nil || !filepath.IsLocal(rel) {
		return "", errors.New("a symbolic link leads outside the folder of the configuration")
	}
	return found, nil
}

// linkError returns the cause of an error of [filepath.EvalSymlinks], which has no value for links in a circle.
func linkError(err error) error {
	if strings.HasSuffix(err.Error(), "too many links") {
		return errors.New("symbolic links form a loop; remove one of them")
	}
	return errors.New(exit.Cause(err))
}

// compileFile compiles a schema. The error is a [*validate.SchemaError], or the reason why the file can't be read.
func compileFile(name, file string) (*validate.Schema, error) {
	data, err := readfile.Regular(file, maxSchema)
	var large *readfile.LimitError
	switch {
	case errors.As(err, &large):
		return nil, fmt.Errorf("can't read the schema %s: it is larger than %d KiB", redact.Path(name), maxSchema>>10)
	case err != nil:
		return nil, fmt.Errorf("can't read the schema %s: %s", redact.Path(name), exit.Cause(err))
	}
	return validate.CompileSchema(name, data)
}

// asUsage returns an error that ends the command with exit code 2; nil if err is nil.
func asUsage(err error) error {
	if err == nil {
		return nil
	}
	return exit.Usagef("%v", err)
}

// SchemasOf returns the schemas that apply to a file: those of the configuration, then those of each override that
// matches the file.
func (c *Config) SchemasOf(file string) []SchemaEntry { return c.entries(c.Overridden(file)) }

func (c *Config) entries(overrides []int) []SchemaEntry {
	entries := slices.Clone(c.Schemas)
	for _, i := range overrides {
		entries = append(entries, c.Overrides[i].Schemas...)
	}
	return entries
}

// Overridden returns the numbers of the overrides with schemas that match a file. They match the given path or the one
// without symbolic links: a link to a file does not avoid its policies. None match [Stdin].
func (c *Config) Overridden(file string) (numbers []int) {
	real := ""
	for i, o := range c.Overrides {
		if len(o.Schemas) == 0 || file == Stdin {
			continue
		}
		if real == "" {
			real = withoutLinks(file)
		}
		if c.matchesAny(file, o.matching) || matches(c.realDir, real, o.matching) {
			numbers = append(numbers, i)
		}
	}
	return numbers
}

// AddTo returns a validator with the schemas for files that match these overrides. A schema that several entries name
// applies once to each type, with the highest severity.
func (s *SchemaSet) AddTo(v *validate.Validator, overrides []int) (*validate.Validator, error) {
	if s == nil {
		return v, nil
	}
	for _, u := range s.uses(overrides) {
		var err error
		if v, err = v.WithSchema(u.schema, u.severity, u.types...); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// schemaUse is a schema with the types that it applies to; none mean all.
type schemaUse struct {
	schema   *validate.Schema
	severity validate.Severity
	types    []string
}

// uses returns the schemas of the overrides, then those of the flags.
func (s *SchemaSet) uses(overrides []int) (uses []schemaUse) {
	var files []string
	severity := map[string]map[string]validate.Severity{} // by file and type
	for _, e := range s.config.entries(overrides) {
		if severity[e.File] == nil {
			files, severity[e.File] = append(files, e.File), map[string]validate.Severity{}
		}
		types := e.Types
		if slices.Contains(types, "*") {
			types = typeNames()
		}
		for _, name := range types {
			if severity[e.File][name] != validate.Error {
				severity[e.File][name] = e.Severity
			}
		}
	}
	for _, file := range files {
		for _, level := range []validate.Severity{validate.Error, validate.Warning} {
			var types []string
			for name, is := range severity[file] {
				if is == level {
					types = append(types, name)
				}
			}
			if len(types) > 0 {
				uses = append(uses, schemaUse{s.compiled[file], level, types})
			}
		}
	}
	for _, schema := range s.flag {
		uses = append(uses, schemaUse{schema, validate.Error, nil})
	}
	return uses
}
