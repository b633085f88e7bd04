package workspace

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/yamlform"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// alone is the value of extends in a configuration that applies without those in parent directories.
const alone = "none"

// maxFiles is the maximum number of files that extend each other.
const maxFiles = 10

// extendsFault returns why a text is not a value of extends, "" if it is.
func extendsFault(path string) string {
	switch {
	case path == "":
		return "no file; name a configuration of the repository, such as ../" + ConfigName + ", or write none"
	case isURL().MatchString(path):
		return "a URL or a drive; name a configuration of the repository, such as ../" + ConfigName
	case strings.Contains(path, `\`):
		return "a path with a backslash; write / between folders"
	case strings.HasPrefix(path, "/"):
		return "an absolute path; write it relative to this file, such as ../" + ConfigName
	}
	return ""
}

// readExtended adds the settings of the file that the configuration extends. The chain has the absolute paths of the
// files that are being read, of which this is the last. It takes a file that is known from there.
func (c *Config) readExtended(chain []string, known knownConfigs) error {
	switch c.Extends {
	case alone:
		return nil
	case "":
		c.last = c.source
		return nil
	}
	file := filepath.Join(c.source.dir, filepath.FromSlash(c.Extends))
	switch {
	case slices.Contains(chain, file):
		return c.extendsError("%s is extended in a loop; remove extends from one of the files", excerpt(c.Extends))
	case len(chain) == maxFiles:
		return c.extendsError("a chain of more than %d files; extend fewer", maxFiles)
	}
	real, err := c.baseFile()
	if err != nil {
		return err
	}
	if base := known.at(file); base != nil && len(chain)+1+len(base.Extended) <= maxFiles {
		return c.add(base)
	}
	data, err := readConfigFile(real)
	if err != nil {
		return c.extendsError("can't read %s: %w", excerpt(c.Extends), problem.Cause(err))
	}
	from := filepath.FromSlash(c.Extends)
	base, err := newConfig(filepath.Join(filepath.Dir(c.File), from), redact.Path(filepath.Join(filepath.Dir(c.source.shown), from)), data, true, c.budget)
	if err == nil {
		err = base.readExtended(append(chain, file), known)
	}
	if err != nil {
		return err
	}
	known.add(file, base)
	return c.add(base)
}

// extendsError returns a [problem.Input] at the value of extends.
func (c *Config) extendsError(format string, args ...any) error {
	return c.asInput(yamlform.ErrorAt(c.extendsAt, "extends: "+format, args...))
}

// baseFile returns the path without symbolic links of the file that the configuration extends. It accepts no file
// outside the repository: the errors of such a file could print parts that the author of the repository can't read.
func (c *Config) baseFile() (string, error) {
	name, from := excerpt(c.Extends), filepath.FromSlash(c.Extends)
	top := Repository(c.source.realDir)
	if !isWithin(top, filepath.Join(c.source.realDir, from)) {
		return "", c.extendsError("%s is outside the repository; name a file in it: its root is the nearest folder with .git, or else the topmost with %s", name, ConfigName)
	}
	file, err := filepath.EvalSymlinks(filepath.Join(c.source.dir, from))
	if errors.Is(err, fs.ErrNotExist) {
		return "", c.extendsError("%s does not exist; the path starts in the folder of this file", name)
	}
	if err != nil {
		return "", c.extendsError("can't read %s: %w", name, linkError(err))
	}
	if !isWithin(top, file) {
		return "", c.extendsError("%s is a symbolic link out of the repository; copy the file, or name another", name)
	}
	return file, nil
}

// add adds the settings of the file that c extends. The settings of c come later: they take precedence, also over the
// overrides of base.
func (c *Config) add(base *Config) error {
	overrides := slices.Clone(base.Overrides)
	if len(overrides) > 0 && (c.API != "" || len(c.Rules) > 0) {
		overrides = append(overrides, Override{API: c.API, Rules: c.Rules, all: true})
	}
	c.Overrides = append(overrides, c.Overrides...)
	c.API = cmp.Or(c.API, base.API)
	rules := map[string]validate.Severity{}
	maps.Copy(rules, base.Rules)
	maps.Copy(rules, c.Rules)
	c.Rules = rules
	c.Schemas = append(slices.Clone(base.Schemas), c.Schemas...)
	c.Exclude = append(slices.Clone(base.Exclude), c.Exclude...)
	c.excluded = append(slices.Clone(base.excluded), c.excluded...)
	c.YAML = cmp.Or(c.YAML, base.YAML)
	c.GroupID, c.groupIDFile = cmp.Or(c.GroupID, base.GroupID), cmp.Or(c.groupIDFile, base.groupIDFile)
	c.BaseURL, c.baseURLFile = cmp.Or(c.BaseURL, base.BaseURL), cmp.Or(c.baseURLFile, base.baseURLFile)
	c.Extended, c.last = append([]string{base.File}, base.Extended...), base.last
	switch {
	case c.schemaCount() > maxSchemas:
		return c.extendsError("more than %d schemas, with those of %s; name fewer", maxSchemas, excerpt(c.Extends))
	case len(c.Overrides) > maxOverrides:
		return c.extendsError("more than %d overrides, with those of %s; write fewer, with more paths each", maxOverrides, excerpt(c.Extends))
	}
	return c.renameSchemas()
}

// renameSchemas names the files of all schemas by their paths from the folder of the configuration: one name for each
// file.
func (c *Config) renameSchemas() error {
	if err := c.rename(c.Schemas); err != nil {
		return err
	}
	for i := range c.Overrides {
		o := &c.Overrides[i]
		o.Schemas = slices.Clone(o.Schemas) // shared with base
		if err := c.rename(o.Schemas); err != nil {
			return err
		}
	}
	return nil
}

func (c *Config) rename(entries []SchemaEntry) error {
	for i := range entries {
		e := &entries[i]
		name, err := filepath.Rel(c.source.dir, filepath.Join(e.of.dir, filepath.FromSlash(e.local)))
		if err != nil {
			return c.extendsError("can't name the schema %s: %w", redact.Path(e.local), err)
		}
		e.File = filepath.ToSlash(name)
	}
	return nil
}
