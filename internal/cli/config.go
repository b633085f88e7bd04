package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/redact"
)

const configName = ".atlasint.yaml"

// config is .atlasint.yaml. Its patterns are relative to its folder.
type config struct {
	API       string     `yaml:"api"`
	Overrides []override `yaml:"overrides"`

	dir string
}

// override is what holds for some files only; the last one that matches a file counts.
type override struct {
	Paths []string `yaml:"paths"`
	API   string   `yaml:"api"`
}

// findConfig reads the configuration file, or the nearest one from the working directory upwards. Where
// there is none, all defaults hold.
func findConfig(file string) (*config, error) {
	if file != "" {
		return readConfig(file)
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, failure("can't tell the working directory: %v", err)
	}
	for {
		file := filepath.Join(dir, configName)
		if _, err := os.Stat(file); err == nil {
			return readConfig(file)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return &config{}, nil
		}
		dir = parent
	}
}

func readConfig(file string) (*config, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, failure("can't read the configuration %s: %v", redact.Path(file), reason(err))
	}
	defer in.Close()
	dir, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return nil, failure("can't tell the folder of %s: %v", redact.Path(file), err)
	}
	c := &config{dir: dir}
	dec := yaml.NewDecoder(in)
	dec.KnownFields(true)
	if err := dec.Decode(c); err != nil && !isEmpty(err) {
		return nil, usage("%s: %v", redact.Path(file), err)
	}
	return c, c.check(file)
}

func isEmpty(err error) bool { return err.Error() == "EOF" }

func (c *config) check(file string) error {
	if c.API != "" && checkAPI(c.API) != nil {
		return usage("%s: api: unknown generation %q; it is v2 or v1.0", redact.Path(file), c.API)
	}
	for i, o := range c.Overrides {
		if checkAPI(o.API) != nil {
			return usage("%s: overrides[%d].api: unknown generation %q; it is v2 or v1.0", redact.Path(file), i, o.API)
		}
		for _, p := range o.Paths {
			if !doublestar.ValidatePattern(p) {
				return usage("%s: overrides[%d].paths: the pattern %s is malformed", redact.Path(file), i, redact.Path(p))
			}
		}
	}
	return nil
}

// apiOf returns the generation that holds for a file.
func (c *config) apiOf(file, fallback string) string {
	api := fallback
	if c.API != "" {
		api = c.API
	}
	rel, err := c.relative(file)
	if err != nil {
		return api
	}
	for _, o := range c.Overrides {
		for _, p := range o.Paths {
			if ok, _ := doublestar.Match(p, rel); ok {
				api = o.API
			}
		}
	}
	return api
}

// relative returns the path of a file from the configuration's folder, with slashes.
func (c *config) relative(file string) (string, error) {
	if c.dir == "" || file == stdinName {
		return "", errors.New("no configuration holds for it")
	}
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
