package doctest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestGoBlocks looks for the Go code of the documents in tests and in examples/, where it is compiled and run.
func TestGoBlocks(t *testing.T) {
	inRoot(t)
	sources := goSources(t)
	for _, file := range documents(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if walked(t, file) {
			continue
		}
		for _, after := range strings.Split(string(data), "\n```go\n")[1:] {
			block, _, _ := strings.Cut(after, "\n```")
			if !strings.Contains(sources, "\n"+unindented(block)+"\n") {
				t.Errorf("%s: no test and no example is\n%s", file, block)
			}
		}
	}
}

// walked reports whether a script of .ci turns the blocks of a document into files and commands, in their order.
func walked(t *testing.T, document string) bool {
	t.Helper()
	path, ok := map[string]string{"docs/downstream.md": ".ci/downstream/run", "docs/generators.md": ".ci/generators/run"}[document]
	if !ok {
		return false
	}
	script, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(script), document) {
		t.Fatalf("nothing runs the blocks of %s (%v)", document, err)
	}
	return true
}

// goSources returns all tests and all Go code in examples/, without indent.
func goSources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (path == "gen" || path == "internal/gen" || strings.HasPrefix(entry.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") && (filepath.Ext(path) != ".go" || !strings.HasPrefix(path, "examples")) {
			return nil
		}
		data, err := os.ReadFile(path)
		all.WriteString("\n" + unindented(string(data)) + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func unindented(code string) string {
	lines := strings.Split(code, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.Join(lines, "\n")
}

// TestDownstreamExample looks for the test of docs/downstream.md that writes integrations in the example: the tests of
// the example compile and run it, too.
func TestDownstreamExample(t *testing.T) {
	inRoot(t)
	_, block, _ := strings.Cut(readFile(t, "docs/downstream.md"), "\nfunc TestCreateAndUpdate(")
	block, _, found := strings.Cut(block, "\n```")
	if !found || !strings.HasSuffix(readFile(t, "examples/downstream/atlas/write_test.go"), block+"\n") {
		t.Errorf("examples/downstream/atlas/write_test.go does not end with the block of docs/downstream.md:\n%s", block)
	}
}

// TestBlocksHaveLanguages finds blocks that no test runs because they name no language.
func TestBlocksHaveLanguages(t *testing.T) {
	inRoot(t)
	for _, file := range documents(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		inside := false
		for line := range strings.Lines(string(data)) {
			if !strings.HasPrefix(line, "```") {
				continue
			}
			if !inside && strings.TrimSpace(line) == "```" {
				t.Errorf("%s: a block without a language", file)
			}
			inside = !inside
		}
		if inside {
			t.Errorf("%s: a block does not end", file)
		}
	}
}

// TestConfigurationDocument validates with the configuration in docs/configuration.md.
func TestConfigurationDocument(t *testing.T) {
	inRoot(t)
	lines := fenced(t, "docs/configuration.md", "yaml")
	payload, err := filepath.Abs("examples/payloads/v1.0/flowdock.json")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(payload)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	extending := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "extends:") })
	writeFile(t, ".atlasint.yaml", strings.Join(lines[:extending], ""))
	writeFile(t, "integrations/atlas/old/flowdock.json", string(data))
	writeFile(t, "integrations/atlas/drafts/none.json", "")
	wantPlaintextSecret(t, "integrations/atlas")
	writeFile(t, "integrations/atlas/dev/.atlasint.yaml", strings.Join(lines[extending:], ""))
	writeFile(t, "integrations/atlas/dev/flowdock.json", string(data))
	t.Chdir("integrations/atlas/dev")
	wantPlaintextSecret(t, "--api", "v1.0", ".")
}

// wantPlaintextSecret checks that validate reports one finding: a secret in plain text.
func wantPlaintextSecret(t *testing.T, args ...string) {
	t.Helper()
	code, out, errOut := run(append([]string{"validate", "--quiet"}, args...)...)
	if code != 1 || errOut != "" {
		t.Errorf("validate %q: exit code %d, want 1; stderr is %q", args, code, errOut)
	}
	if strings.Count(out, "\n") != 1 || strings.Count(out, "[plaintext-secret]") != 1 {
		t.Errorf("validate %q: stdout is %q, want one finding of plaintext-secret", args, out)
	}
}
