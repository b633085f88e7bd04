package doctest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var yamlOrGroovy = regexp.MustCompile("(?ms)^```(?:yaml|groovy)\n(.*?)^```$")

// The pages on pre-commit, CI and several projects quote each file of examples/ci once. They have no other block of
// these languages, except for configurations.
func TestQuotedExamples(t *testing.T) {
	inRoot(t)
	var blocks, files []string
	for _, page := range []string{"docs/pre-commit.md", "docs/ci.md", "docs/several-projects.md"} {
		for _, m := range yamlOrGroovy.FindAllStringSubmatch(readFile(t, page), -1) {
			if !strings.HasPrefix(m[1], "extends:") {
				blocks = append(blocks, m[1])
			}
		}
	}
	for _, name := range ciExamples(t) {
		files = append(files, readFile(t, name))
	}
	slices.Sort(blocks)
	slices.Sort(files)
	if diff := cmp.Diff(files, blocks); diff != "" {
		t.Errorf("examples/ci differs from the blocks of the pages (-files +blocks)\n%s", diff)
	}
}

var filesOfHook = regexp.MustCompile(`(?m)^ +files: (\^.*/)\.\*(\S+)$`)

// The hooks of the examples check every name of a payload, as the hooks without files do.
func TestFilesOfExampleHooks(t *testing.T) {
	inRoot(t)
	examples := 0
	for _, name := range ciExamples(t) {
		for _, m := range filesOfHook.FindAllStringSubmatch(readFile(t, name), -1) {
			examples++
			for _, extension := range []string{"json", "ndjson", "jsonl", "yaml", "yml"} {
				file := strings.TrimPrefix(m[1], "^") + "slack." + extension
				if !regexp.MustCompile(m[1] + ".*" + m[2]).MatchString(file) {
					t.Errorf("%s does not check %s", name, file)
				}
			}
		}
	}
	if examples < 3 {
		t.Errorf("%d hooks have files, want 3", examples)
	}
}

// The page on baselines quotes its example.
func TestQuotedBaseline(t *testing.T) {
	inRoot(t)
	if !strings.Contains(readFile(t, "docs/baseline.md"), readFile(t, "examples/baseline/known.json")) {
		t.Error("docs/baseline.md does not contain examples/baseline/known.json")
	}
}

var (
	usedAction = regexp.MustCompile(`(?m)^ *-? *uses: (.*)$`)
	pinned     = regexp.MustCompile(`^(\./|atlasint/atlasint@v.*|[^@ ]+@[0-9a-f]{40} # v[0-9.]+)$`)
)

// The examples pin the actions of others by commit, with the version as a comment. make release-check compares our own
// version.
func TestVersionsOfActions(t *testing.T) {
	inRoot(t)
	files := append(ciExamples(t), "action.yml")
	workflows, _ := filepath.Glob(".github/workflows/*.yml")
	if len(workflows) == 0 {
		t.Error("there are no workflows")
	}
	for _, file := range append(files, workflows...) {
		for _, m := range usedAction.FindAllStringSubmatch(readFile(t, file), -1) {
			if !pinned.MatchString(m[1]) {
				t.Errorf("%s: the action %s is not pinned by its commit, with the version as a comment", file, m[1])
			}
		}
	}
}

func ciExamples(t *testing.T) (files []string) {
	t.Helper()
	entries, err := os.ReadDir("examples/ci")
	if err != nil || len(entries) == 0 {
		t.Fatalf("%d examples: %v", len(entries), err)
	}
	for _, entry := range entries {
		files = append(files, filepath.Join("examples/ci", entry.Name()))
	}
	return files
}
