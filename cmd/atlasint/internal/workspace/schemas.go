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

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/validate"
)

// SchemaEntry is a JSON Schema of the user that payloads of some types must also meet.
type SchemaEntry struct {
	Types    []string          `yaml:"types"` // as in [atlas.TypeName]; "*" is all types
	File     string            `yaml:"file"`  // from the folder of the nearest configuration, with slashes
	Severity validate.Severity `yaml:"severity"`

	of           *source // the configuration that names the file
	local        string  // the path from its folder
	line, column int     // of the path in the configuration, from 1
}

// checkSchemas returns an error for a value that no schema has, and completes the entries. It reads no file.
func (c *Config) checkSchemas() error {
	if c.schemaCount() > maxSchemas {
		return wrongValue(fmt.Sprintf("more than %d schemas; name fewer", maxSchemas), "schemas")
	}
	if err := c.completeSchemas(c.Schemas, "schemas"); err != nil {
		return err
	}
	for i := range c.Overrides {
		if err := c.completeSchemas(c.Overrides[i].Schemas, "overrides", index(i), "schemas"); err != nil {
			return err
		}
	}
	return nil
}

// schemaCount returns the number of entries, with those of overrides.
func (c *Config) schemaCount() int {
	n := len(c.Schemas)
	for _, o := range c.Overrides {
		n += len(o.Schemas)
	}
	return n
}

func (c *Config) completeSchemas(entries []SchemaEntry, path ...string) error {
	for i := range entries {
		if key, text := entries[i].complete(); text != "" {
			return wrongValue(text, append(path, index(i), key)...)
		}
		entries[i].of, entries[i].local = c.source, entries[i].File
	}
	return nil
}

// locateSchemas keeps the places of the paths in the document of the configuration.
func (c *Config) locateSchemas(root *yaml.Node) {
	locateEntries(root, c.Schemas, "schemas")
	for i := range c.Overrides {
		locateEntries(root, c.Overrides[i].Schemas, "overrides", index(i), "schemas")
	}
}

func locateEntries(root *yaml.Node, entries []SchemaEntry, path ...string) {
	for i := range entries {
		at := valueError{path: append(slices.Clone(path), index(i), "file")}
		node := at.node(root)
		entries[i].line, entries[i].column = node.Line, node.Column
	}
}

// asInput adds the place of the path to an error of its file, which becomes a [problem.Input].
func (e *SchemaEntry) asInput(err error) error {
	return problem.Inputf("%s:%d:%d: %w", e.of.shown, e.line, e.column, err)
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
			hint := suggest.Hint(strings.ToUpper(name), known, "atlasint types lists them")
			return "types", fmt.Sprintf("unknown type %s; %s", redact.Value(name), hint)
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
	size     int                         // of the files in bytes
	flag     []*validate.Schema          // of --schema
}

// maxSchemas is the maximum number of schemas of a configuration and the flags, all entries together.
const maxSchemas = 100

// maxSchema is the maximum size of a schema's file in bytes, that of [validate.CompileSchema].
const maxSchema = 256 << 10

// maxSchemaSum is the maximum size of all schema files of a configuration in bytes: compiling them takes time.
const maxSchemaSum = 2 << 20

// ReadSchemas reads the schemas of the configuration and those of --schema, whose paths start in the working
// directory. It returns a [problem.Input] for a schema that can't be read or used.
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
		if set.compiled[e.File], err = set.read(e); err != nil {
			return nil, err
		}
	}
	seen := map[string]bool{}
	for _, file := range flag {
		if seen[filepath.Clean(file)] {
			continue
		}
		seen[filepath.Clean(file)] = true
		schema, err := compileFile(file)
		if err != nil {
			return nil, problem.Of(problem.Input, err)
		}
		set.flag = append(set.flag, schema)
	}
	return set, nil
}

// Files returns the paths of the configuration and of those that it extends.
func (c *Config) Files() []string { return append([]string{c.File}, c.Extended...) }

// SchemaFiles returns the paths of the schemas in the configuration that exist.
func (c *Config) SchemaFiles() (files []string) {
	entries := slices.Clone(c.Schemas)
	for _, o := range c.Overrides {
		entries = append(entries, o.Schemas...)
	}
	for _, e := range entries {
		if file, err := e.of.below(e.local); err == nil {
			files = append(files, file)
		}
	}
	return files
}

// read compiles a schema of the configuration.
func (s *SchemaSet) read(e SchemaEntry) (*validate.Schema, error) {
	file, err := e.of.below(e.local)
	if err != nil {
		return nil, e.asInput(fmt.Errorf("can't read the schema %s: %w", redact.Path(e.local), err))
	}
	data, err := readSchema(e.local, file)
	if err != nil {
		return nil, e.asInput(err)
	}
	if s.size += len(data); s.size > maxSchemaSum {
		return nil, e.asInput(fmt.Errorf("the schemas have more than %d MiB together; use fewer or smaller ones", maxSchemaSum>>20))
	}
	schema, err := validate.CompileSchema(e.File, data)
	return schema, problem.Of(problem.Input, err)
}

// below returns the path of a file without symbolic links. It fails if the file is not below the folder of the
// configuration.
func (s *source) below(file string) (string, error) {
	found, err := filepath.EvalSymlinks(filepath.Join(s.dir, filepath.FromSlash(file)))
	if err != nil {
		return "", linkError(err)
	}
	if !isWithin(s.realDir, found) {
		return "", errors.New("a symbolic link leads outside the folder of the configuration; copy the file into it")
	}
	return found, nil
}

// linkError returns the cause of an error of [filepath.EvalSymlinks], which has no value for links in a circle.
func linkError(err error) error {
	if strings.HasSuffix(err.Error(), "too many links") {
		return problem.Worded("symbolic links form a loop; remove one of them", err)
	}
	return problem.Cause(err)
}

// readSchema reads the file of a schema with the name for errors.
func readSchema(name, file string) ([]byte, error) {
	data, err := readfile.Regular(file, maxSchema)
	var large *readfile.LimitError
	switch {
	case errors.As(err, &large):
		return nil, fmt.Errorf("can't read the schema %s: %w", redact.Path(name),
			problem.Worded(fmt.Sprintf("it is larger than %d KiB; split it into several schemas", maxSchema>>10), err))
	case err != nil:
		return nil, fmt.Errorf("can't read the schema %s: %w", redact.Path(name), problem.Cause(err))
	}
	return data, nil
}

// compileFile compiles a schema of the flag.
func compileFile(file string) (*validate.Schema, error) {
	data, err := readSchema(file, file)
	if err != nil {
		return nil, err
	}
	return validate.CompileSchema(file, data)
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
	path, resolved := c.patternPath(file), ""
	for i, o := range c.Overrides {
		if len(o.Schemas) == 0 || path == "" {
			continue
		}
		if resolved == "" {
			resolved = withoutLinks(file)
		}
		if o.match(path) || matches(o.matching.of.realDir, resolved, o.matching.patterns) {
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
	files, severities := s.severities(overrides)
	for _, file := range files {
		for _, severity := range []validate.Severity{validate.Error, validate.Warning} {
			if types := typesWith(severities[file], severity); len(types) > 0 {
				uses = append(uses, schemaUse{s.compiled[file], severity, types})
			}
		}
	}
	for _, schema := range s.flag {
		uses = append(uses, schemaUse{schema, validate.Error, nil})
	}
	return uses
}

// severities returns the files of the overrides in their order, and their severities by file and type. An error takes
// precedence over a warning.
func (s *SchemaSet) severities(overrides []int) (files []string, severities map[string]map[string]validate.Severity) {
	severities = map[string]map[string]validate.Severity{}
	for _, e := range s.config.entries(overrides) {
		if severities[e.File] == nil {
			files, severities[e.File] = append(files, e.File), map[string]validate.Severity{}
		}
		types := e.Types
		if slices.Contains(types, "*") {
			types = typeNames()
		}
		for _, name := range types {
			if severities[e.File][name] != validate.Error {
				severities[e.File][name] = e.Severity
			}
		}
	}
	return files, severities
}

// typesWith returns the types with a severity.
func typesWith(severities map[string]validate.Severity, severity validate.Severity) (types []string) {
	for name, is := range severities {
		if is == severity {
			types = append(types, name)
		}
	}
	return types
}
