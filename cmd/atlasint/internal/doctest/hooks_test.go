package doctest_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The pre-commit hooks match every payload that the commands of the documents and of init write, and all folders that
// the documents validate or apply: no payload is skipped silently.
func TestHooksMatchDocumentedPayloads(t *testing.T) {
	inRoot(t)
	matches := hookFilter(t)
	seen := 0
	for _, file := range documents(t) {
		for _, line := range fenced(t, file, "sh") {
			for _, words := range simpleCommands(strings.TrimSpace(line)) {
				for _, payload := range documentedPayloads(words) {
					seen++
					if !matches(payload) {
						t.Errorf("%s: %s: no hook checks %s", file, strings.Join(words, " "), payload)
					}
				}
			}
		}
	}
	if seen < 15 {
		t.Errorf("%d paths of payloads found", seen)
	}
	t.Chdir(t.TempDir())
	if code, _, errOut := run("init", "--yes", "SLACK", "DATADOG"); code != 0 {
		t.Fatal(errOut)
	}
	written, err := filepath.Glob("*/*/*.json")
	if err != nil || len(written) != 2 {
		t.Fatalf("init writes the payloads %q, %v", written, err)
	}
	for _, file := range written {
		if !matches(filepath.ToSlash(file)) {
			t.Errorf("no hook checks %s of init", file)
		}
	}
}

// hookFilter returns whether the hooks check a file.
func hookFilter(t *testing.T) func(file string) bool {
	t.Helper()
	files, exclude := hookPatterns(t)
	return func(file string) bool { return files.MatchString(file) && !exclude.MatchString(file) }
}

// A file at a path that begins with - would be a flag. A configuration can replace one of the patterns, so that each of
// them rejects it.
func TestHooksSkipFlags(t *testing.T) {
	inRoot(t)
	files, exclude := hookPatterns(t)
	for file, want := range map[string]bool{
		"integrations/atlas/a.json":              true,
		"x/integrations/atlas/a.json":            true,
		"x/-y/integrations/atlas/-a.json":        true,
		"x/\n/integrations/atlas/\n.json":        true,
		"-/integrations/atlas/a.json":            false,
		"--output=x/integrations/atlas/a.json":   false,
		"--config=/integrations/atlas/a.json":    false,
		"-o\nx/integrations/atlas/a.json":        false,
		"--baseline=integrations/atlas/a.ndjson": false,
	} {
		if got := files.MatchString(file); got != want {
			t.Errorf("files matches %q: %t, want %t", file, got, want)
		}
		if got := !exclude.MatchString(file); got != want {
			t.Errorf("exclude leaves %q: %t, want %t", file, got, want)
		}
	}
}

func hookPatterns(t *testing.T) (files, exclude *regexp.Regexp) {
	t.Helper()
	var hooks []struct{ Files, Exclude string }
	data, err := os.ReadFile(".pre-commit-hooks.yaml")
	if err == nil {
		err = yaml.Unmarshal(data, &hooks)
	}
	if err != nil || len(hooks) == 0 {
		t.Fatalf("%d hooks: %v", len(hooks), err)
	}
	verbose := strings.NewReplacer(" ", "", "\n", "", "(?xi)", "(?i)", "(?xis)", "(?is)") // Go has no flag x
	return regexp.MustCompile(verbose.Replace(hooks[0].Files)), regexp.MustCompile(verbose.Replace(hooks[0].Exclude))
}

// documentedPayloads returns a payload for each folder and pattern that a command reads, and for what new and get
// write.
func documentedPayloads(words []string) (payloads []string) {
	if len(words) < 2 || words[0] != "atlasint" {
		return nil
	}
	for i, word := range words[2:] {
		before := words[i+1]
		takesPayloads := slices.Contains([]string{"validate", "apply", "diff"}, words[1])
		isArgument := path.Ext(before) == "" || path.Base(before) == ".atlasint.yaml"
		switch {
		case strings.HasPrefix(word, "examples/") || before == "--config":
		case (words[1] == "new" || words[1] == "get") && before == "-o":
			if path.Ext(word) == "" {
				word += "/datadog.json"
			}
			payloads = append(payloads, word)
		case takesPayloads && isArgument && strings.Contains(word, "/"):
			if path.Ext(word) == "" {
				word = strings.TrimSuffix(word, "/") + "/datadog.json"
			}
			payloads = append(payloads, strings.NewReplacer("**/", "", "*", "datadog").Replace(word))
		}
	}
	return payloads
}
