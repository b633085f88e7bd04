package dist

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
	"time"

	"go.yaml.in/yaml/v3"
)

// config is the part of .goreleaser.yaml that this package uses.
type config struct {
	Project  string          `yaml:"project_name"`
	Builds   []buildConfig   `yaml:"builds"`
	Archives []archiveConfig `yaml:"archives"`
	Checksum struct {
		Name string `yaml:"name_template"`
	} `yaml:"checksum"`
}

type buildConfig struct {
	Main    string   `yaml:"main"`
	Binary  string   `yaml:"binary"`
	Env     []string `yaml:"env"`
	Flags   []string `yaml:"flags"`
	Ldflags []string `yaml:"ldflags"`
	OS      []string `yaml:"goos"`
	Arch    []string `yaml:"goarch"`
	AMD64   []string `yaml:"goamd64"`
	ARM64   []string `yaml:"goarm64"`
}

type archiveConfig struct {
	Formats   []string `yaml:"formats"`
	Overrides []struct {
		OS      string   `yaml:"goos"`
		Formats []string `yaml:"formats"`
	} `yaml:"format_overrides"`
	Name  string `yaml:"name_template"`
	Files []struct {
		Pattern string `yaml:"src"`
		Folder  string `yaml:"dst"`
	} `yaml:"files"`
}

func (c config) build() buildConfig     { return c.Builds[0] }
func (c config) archive() archiveConfig { return c.Archives[0] }

func (a archiveConfig) format(system string) string {
	for _, o := range a.Overrides {
		if o.OS == system {
			return o.Formats[0]
		}
	}
	return a.Formats[0]
}

func readConfig(file string) (config, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return config{}, err
	}
	var c config
	if err := yaml.Unmarshal(data, &c); err != nil {
		return config{}, fmt.Errorf("%s: %w", file, err)
	}
	if len(c.Builds) != 1 || len(c.Archives) != 1 || len(c.archive().Formats) != 1 {
		return config{}, fmt.Errorf("%s: want one build and one archive with one format", file)
	}
	if len(c.build().AMD64) != 1 || len(c.build().ARM64) != 1 {
		return config{}, fmt.Errorf("%s: want one goamd64 and one goarm64", file)
	}
	return c, nil
}

// source is the released commit. The fields have the names that the templates of goreleaser use.
type source struct {
	ProjectName string
	Tag         string // with its v
	FullCommit  string
	Date        time.Time
}

// readSource reads the tag, the commit and the date from the environment variables VERSION, COMMIT and
// SOURCE_DATE_EPOCH, and from git if a variable is empty.
func readSource(root string) (source, error) {
	s := source{Tag: os.Getenv("VERSION"), FullCommit: os.Getenv("COMMIT")}
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	var err error
	if s.FullCommit == "" {
		if s.FullCommit, err = git(root, "rev-parse", "HEAD"); err != nil {
			return source{}, err
		}
	}
	if epoch == "" {
		if epoch, err = git(root, "show", "-s", "--format=%ct", s.FullCommit); err != nil {
			return source{}, err
		}
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return source{}, fmt.Errorf("SOURCE_DATE_EPOCH is not a number of seconds")
	}
	s.Date = time.Unix(seconds, 0).UTC()
	if s.Tag == "" {
		s.Tag, err = s.version(root)
	}
	return s, err
}

// version returns the tag of the commit, or the pseudo-version of the go command if the commit has no tag. The result ends
// with +dirty if the work tree differs from the commit.
func (s source) version(root string) (string, error) {
	tag, err := git(root, "describe", "--tags", "--exact-match", "--match", "v*", s.FullCommit)
	if err != nil {
		tag = "v0.0.0-" + s.Date.Format("20060102150405") + "-" + s.FullCommit[:12]
	}
	changes, err := git(root, "status", "--porcelain")
	if changes != "" {
		tag += "+dirty"
	}
	return tag, err
}

func git(root string, args ...string) (string, error) {
	cmd := exec.CommandContext(context.Background(), "git", args...)
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w; or set VERSION, COMMIT and SOURCE_DATE_EPOCH", args[0], err)
	}
	return strings.TrimSpace(string(out)), nil
}

// fill fills a template of .goreleaser.yaml.
func (s source) fill(text string, t platform) (string, error) {
	parsed, err := template.New("").Option("missingkey=error").Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = parsed.Execute(&out, map[string]string{
		"ProjectName": s.ProjectName, "Tag": s.Tag, "Version": strings.TrimPrefix(s.Tag, "v"),
		"FullCommit": s.FullCommit, "Os": t.os, "Arch": t.arch,
	})
	return out.String(), err
}

// build builds the command for a target. It overrides environment variables such as GOFLAGS.
func (r *Release) build(t platform, file string) error {
	b := r.config.build()
	ldflags, err := r.source.fill(strings.Join(b.Ldflags, " "), t)
	if err != nil {
		return err
	}
	file, err = filepath.Abs(file)
	if err != nil {
		return err
	}
	args := append([]string{"build"}, b.Flags...)
	_, err = r.goCommand(t, append(args, "-ldflags="+ldflags, "-o", file, b.Main)...)
	return err
}

// goCommand runs the go command with the environment of a build for the target, and returns its output.
func (r *Release) goCommand(t platform, args ...string) (string, error) {
	b := r.config.build()
	cmd := exec.CommandContext(context.Background(), "go", args...)
	cmd.Dir = r.root
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOEXPERIMENT=", "GOWORK=off",
		"GOOS="+t.os, "GOARCH="+t.arch, "GOAMD64="+b.AMD64[0], "GOARM64="+b.ARM64[0])
	cmd.Env = append(cmd.Env, b.Env...)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, complaints.String())
	}
	return string(out), nil
}
