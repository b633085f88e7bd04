package archtest

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// readYAML reads a YAML file of the module.
func readYAML[T any](t *testing.T, fsys fs.FS, name string) (value T) {
	t.Helper()
	data, err := fs.ReadFile(fsys, name)
	if err == nil {
		err = yaml.Unmarshal(data, &value)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return value
}

// The jobs of the workflow run each target of make check-all once, in its order: later targets use files of earlier
// ones.
func TestWorkflowRunsAllChecks(t *testing.T) {
	fsys := moduleFS(t)
	makefile, err := fs.ReadFile(fsys, "Makefile")
	if err != nil {
		t.Fatal(err)
	}
	variable := func(name string) string {
		match := regexp.MustCompile(`(?m)^` + name + ` := (.*)$`).FindSubmatch(makefile)
		if match == nil {
			t.Fatalf("the Makefile has no variable %s", name)
		}
		return string(match[1])
	}
	all := strings.Fields(strings.Replace(variable("CHECK_ALL"), "$(CHECK)", variable("CHECK"), 1))
	workflow := readYAML[struct {
		Jobs map[string]struct {
			Strategy struct {
				Matrix struct {
					Include []struct{ Targets string }
				}
			}
		}
	}](t, fsys, ".github/workflows/test.yml")
	var run []string
	for _, job := range workflow.Jobs["linux"].Strategy.Matrix.Include {
		targets := strings.Fields(job.Targets)
		if !slices.IsSortedFunc(targets, func(a, b string) int { return slices.Index(all, a) - slices.Index(all, b) }) {
			t.Errorf("the targets %q have another order than CHECK_ALL", targets)
		}
		run = append(run, targets...)
	}
	slices.Sort(run)
	slices.Sort(all)
	if diff := cmp.Diff(all, run); diff != "" {
		t.Errorf("(-CHECK_ALL +workflow)\n%s", diff)
	}
}

// Dependabot updates each module, each locked npm package and the actions.
func TestDependabotReadsAllModules(t *testing.T) {
	root := filepath.Join("..", "..")
	want := map[string][]string{"github-actions": {"/"}}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", "node_modules", "testdata", "dist"}, entry.Name()):
			return fs.SkipDir
		case entry.Name() == "go.mod":
			want["gomod"] = append(want["gomod"], path.Join("/", path.Dir(name)))
		case entry.Name() == "package-lock.json":
			want["npm"] = append(want["npm"], path.Join("/", path.Dir(name)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, update := range readYAML[struct {
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directories []string
		}
	}](t, os.DirFS(root), ".github/dependabot.yml").Updates {
		got[update.Ecosystem] = update.Directories
	}
	for _, list := range []map[string][]string{got, want} {
		for _, directories := range list {
			slices.Sort(directories)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-modules +dependabot)\n%s", diff)
	}
}
