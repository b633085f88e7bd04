package doctest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/clitest"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// TestShellBlocks parses the command lines in shell blocks: our commands, flags and arguments, targets of the
// Makefile, programs of the tree.
func TestShellBlocks(t *testing.T) {
	inRoot(t)
	ours := 0
	for _, file := range documents(t) {
		for _, line := range fenced(t, file, "sh") {
			for _, words := range simpleCommands(line) {
				if words[0] == "atlasint" {
					ours++
				}
				if err := callable(words); err != nil {
					t.Errorf("%s: %s: %v", file, strings.TrimSpace(line), err)
				}
			}
		}
	}
	if ours < 30 {
		t.Errorf("found %d command lines of atlasint in the documents", ours)
	}
}

// TestHelpExamples parses the examples in the help of every command.
func TestHelpExamples(t *testing.T) {
	inRoot(t)
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Runnable() && c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
		for line := range strings.Lines(c.Example) {
			for _, words := range simpleCommands(line) {
				if err := callable(words); err != nil {
					t.Errorf("%s --help: %s: %v", c.CommandPath(), strings.TrimSpace(line), err)
				}
			}
			if !strings.HasPrefix(line, "  ") || !strings.Contains(line, c.CommandPath()) {
				t.Errorf("%s --help: %q is no indented example of it", c.CommandPath(), line)
			}
		}
		for _, below := range c.Commands() {
			walk(below)
		}
	}
	walk(cli.Tree())
}

// TestWrongCommandLinesAreFound shows that wrong command lines are found.
func TestWrongCommandLinesAreFound(t *testing.T) {
	inRoot(t)
	for _, line := range []string{
		"atlasint validte x", "atlasint validate --formt json x", "atlasint validate --jobs many x", "atlasint types DATADOG",
		"cat x | atlasint schema", "A=b atlasint nothing", "atlasint validate --array --ndjson x", "make nothing", "go run no/such/file.go",
		"go run ./cmd/atlasint validte x", "go run github.com/atlasint/atlasint/cmd/atlasint@v0.1.0 validte x", "go tool atlasint validte x",
		"unheard-of program", "go install ./no/such/folder", "docker run IMAGE serve --adr :0", "atlasint", "./no/such/program", ".ci/lib.sh",
	} {
		faulty := slices.ContainsFunc(simpleCommands(line), func(words []string) bool { return callable(words) != nil })
		if !faulty {
			t.Errorf("no fault found in %s", line)
		}
	}
}

// simpleCommands splits a line of a shell block into the commands between its pipes and the like, each
// without redirections and settings of the environment.
func simpleCommands(line string) (commands [][]string) {
	var words []string
	end := func() {
		for len(words) > 0 && assignment.MatchString(words[0]) {
			words = words[1:]
		}
		if len(words) > 0 {
			commands = append(commands, words)
		}
		words = nil
	}
	redirected := false
	for _, token := range shellToken.FindAllString(line, -1) {
		switch {
		case strings.HasPrefix(token, "#"):
			end()
			return commands
		case redirection.MatchString(token):
			redirected = true
		case strings.ContainsAny(token[:1], "|&;()"):
			end()
		case redirected:
			redirected = false
		default:
			words = append(words, strings.NewReplacer("'", "", `"`, "", `\`, "").Replace(token))
		}
	}
	end()
	return commands
}

var (
	// A comment, an operator, or a word with its quotes.
	shellToken  = regexp.MustCompile(`#.*|\d*[<>]+&?\d*|\|\||&&|[|&;()]|(?:'[^']*'|"[^"]*"|\\.|[^\s|&;()<>'"\\])+`)
	redirection = regexp.MustCompile(`^\d*[<>]`)
	assignment  = regexp.MustCompile(`^[A-Z_]+=`)
)

// others are the programs of others that documents may call.
var others = []string{
	"git", "cd", "chmod", "jq", "curl", "pre-commit", "golangci-lint", "sha256sum", "gh", "tar", "export", "mkdir",
	"atlas", "brew", "sudo", "npm", "printf", "openapi-typescript", "openapi-ts", "orval", "openapi-zod-client",
	"openapi", "quicktype", "json2ts",
}

// callable returns an error if a command line can't be run.
func callable(words []string) error {
	switch program := words[0]; {
	case program == "atlasint":
		return readable(words[1:])
	case program == "make":
		return targets(words[1:])
	case program == "go":
		return goCommand(words[1:])
	case program == "npx" && len(words) > 3 && words[1] == "--no" && words[2] == "--": // downloads no package
		return callable(words[3:])
	case program == "npx" && len(words) > 1:
		return callable(words[1:])
	case program == "docker":
		return container(words[1:])
	case slices.Contains(others, program):
		return nil
	case strings.Contains(program, "/"):
		return executable(program)
	}
	return fmt.Errorf("no test knows the program %s", words[0])
}

// executable returns an error if the tree has no such program.
func executable(program string) error {
	info, err := os.Stat(program)
	if err == nil && info.Mode()&0o100 == 0 {
		err = fmt.Errorf("%s is not executable", program)
	}
	return err
}

// readable compares a command line with the commands, their flags and their arguments.
func readable(words []string) error {
	root := cli.Tree()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	c, rest, err := root.Find(words)
	if err != nil {
		return err
	}
	c.InitDefaultHelpFlag()
	if err := c.ParseFlags(rest); err != nil {
		return err
	}
	if words := c.Flags().NFlag() + len(c.Flags().Args()); c == root && words == 0 {
		return fmt.Errorf("it names no command")
	}
	if err := c.ValidateArgs(c.Flags().Args()); err != nil {
		return err
	}
	return c.ValidateFlagGroups()
}

func targets(words []string) error {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		return err
	}
	for _, word := range words {
		if !strings.Contains(word, "=") && !strings.Contains(string(makefile), "\n"+word+":") {
			return fmt.Errorf("the Makefile has no target %s", word)
		}
	}
	return nil
}

// goCommand checks a call of go: our command from the tree, as a tool or from the module, or a file.
func goCommand(words []string) error {
	if len(words) == 2 && words[0] == "install" && strings.HasPrefix(words[1], ".") {
		_, err := os.Stat(words[1])
		return err
	}
	if len(words) < 2 || words[0] != "run" && words[0] != "tool" {
		return nil
	}
	program, version, _ := strings.Cut(words[1], "@")
	switch program {
	case "./cmd/atlasint", "atlasint", "github.com/atlasint/atlasint/cmd/atlasint":
		return readable(words[2:])
	}
	if version != "" || words[0] == "tool" { // others'
		return nil
	}
	_, err := os.Stat(program)
	return err
}

// container checks the command that a container of our image runs.
func container(words []string) error {
	for i, word := range words {
		if words[0] == "run" && imageName.MatchString(word) && i+1 < len(words) {
			return readable(words[i+1:])
		}
	}
	return nil
}

var imageName = regexp.MustCompile(`^(IMAGE|atlasint|ghcr\.io/atlasint/atlasint)(:.*)?$`)

// TestDocumentedCommands runs the commands of the documents, each line in a folder with the files that it names, with
// a fake Atlas instead of the real one.
func TestDocumentedCommands(t *testing.T) {
	if raced {
		t.Skip("the commands are processes, which share no memory")
	}
	inRoot(t)
	generator, err := clitest.GeneratorFolder()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", generator+string(filepath.ListSeparator)+os.Getenv("PATH"))
	secure := httptest.NewTLSServer(fakeHandler(t))
	t.Cleanup(secure.Close)
	ran := map[string]bool{}
	for _, file := range documents(t) {
		for _, line := range fenced(t, file, "sh") {
			line = strings.TrimSpace(line)
			calls := simpleCommands(line)
			if len(calls) == 0 || !ours(calls) || walked(t, file) || ran[strings.Join(calls[0], " ")] {
				continue
			}
			ran[strings.Join(calls[0], " ")] = true
			dir := t.TempDir()
			if calls[0][1] != "get" && calls[0][1] != "new" { // which write payloads and overwrite none
				writeNamedFiles(t, dir)
			}
			if strings.Contains(line, "datadog.yaml") || strings.Contains(line, "*.yaml") {
				writeYAMLFiles(t, dir)
			}
			if strings.Contains(line, "dev/.atlasint.yaml") {
				writeProject(t, filepath.Join(dir, "integrations/atlas/dev"))
			}
			documentedAtlas(t)
			runDocumented(t, dir, line, calls[0][1:], secure.URL)
		}
	}
	if len(ran) < 55 {
		t.Errorf("%d commands of the documents were run", len(ran))
	}
}

func fakeHandler(t *testing.T) http.Handler {
	t.Helper()
	s, err := fakeatlas.New()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// runDocumented runs a line unchanged, except for addresses, and for --yes. A command that compares may find
// differences, and one that deletes may find nothing.
func runDocumented(t *testing.T, dir, line string, words []string, secure string) {
	t.Helper()
	script, _, _ := strings.Cut(line, " #")
	script = strings.ReplaceAll(script, "https://127.0.0.1:8443", secure)
	kind := words[0]
	switch {
	case kind == "serve":
		serve(t, dir, script).stop(t)
		return
	case kind == "ping" && slices.Contains(words, "--addr-file"): // which serve writes
		if err := os.WriteFile(filepath.Join(dir, "url.txt"), []byte(secure+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	case kind == "apply" || kind == "delete":
		if !slices.Contains(words, "--yes") && !slices.Contains(words, "--dry-run") {
			script += " --yes"
		}
	}
	isWaiting := kind == "fake" && words[1] == "wait-for"
	if isWaiting { // no client of the tests makes the requests
		script += " --timeout 1ms"
	}
	if kind == "apply" && strings.Contains(script, "plan.json") { // which the line before it writes
		script = "atlasint diff --out plan.json integrations/atlas/; " + script
	}
	if slices.Contains(words, "--check") { // it checks the output of the line before it
		script = strings.TrimSuffix(script, " --check") + " && " + script
	}
	cmd := exec.Command("sh", "-c", script) // atlasint is on PATH by testscript.Main
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	mayDiffer := slices.Contains([]string{"diff", "drift", "delete"}, kind) && cmd.ProcessState.ExitCode() == 1 || isWaiting && cmd.ProcessState.ExitCode() == 1
	if err != nil && !mayDiffer {
		t.Errorf("%s: %v\n%s", line, err, out)
	}
}

// ours reports whether a line calls only atlasint and jq.
func ours(calls [][]string) bool {
	found := false
	for _, words := range calls {
		if words[0] != "atlasint" && words[0] != "jq" {
			return false
		}
		if _, err := exec.LookPath(words[0]); err != nil {
			return false
		}
		found = found || words[0] == "atlasint"
	}
	return found
}

// writeNamedFiles writes the files that the documents name.
func writeNamedFiles(t *testing.T, dir string) {
	t.Helper()
	datadog, err := os.ReadFile("examples/payloads/v2/datadog.json")
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "all.json"), "["+string(datadog)+"]")
	ahead, err := os.ReadFile("examples/drift/atlas-v2-ahead.yaml")
	if err != nil {
		t.Fatal(err)
	}
	level := regexp.MustCompile(`(?m)^.*# ahead\n`).ReplaceAllString(string(ahead), "")
	older, err := os.ReadFile("openapi/atlas-v1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"openapi-2025-03-12.yaml": level, "v2.json": level, "v1.json": string(older)} {
		writeFile(t, filepath.Join(dir, name), text)
	}
	writeFile(t, filepath.Join(dir, "credentials.yaml"), strings.Join(fenced(t, "docs/roles.md", "yaml"), ""))
	empty, err := json.Marshal(store.State{})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		".atlasint-baseline.json": `{"version":1,"findings":[]}`, "before.json": string(empty),
		"fault.json": `{"status":503}`, "clusters.json": `{"path":"/clusters"}`,
	} {
		writeFile(t, filepath.Join(dir, name), text)
	}
	if _, _, _, err := clitest.Certificate(dir); err != nil {
		t.Fatal(err)
	}
	for to, from := range map[string]string{
		"integrations/atlas/datadog.json":               "v2/datadog.json",
		"integrations/atlas/prometheus.json":            "v2/prometheus.json",
		"seeds/5d791c84ff7a2522cc4f9aa1/ops-genie.json": "v2/ops-genie.json",
		"integrations/atlas/deep/ops-genie.json":        "v2/ops-genie.json",
		"flowdock.json":                                 "v1.0/flowdock.json",
		"payload.json":                                  "v2/webhook.json",
	} {
		data, err := os.ReadFile(filepath.Join("examples/payloads", from))
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(dir, to), string(data))
	}
}

// writeYAMLFiles writes payloads in YAML, of which JSON is a part. Commands that prune reject them next to JSON.
func writeYAMLFiles(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"datadog.yaml", "integrations/atlas/datadog.yaml"} {
		writeFile(t, filepath.Join(dir, name), readFile(t, "examples/payloads/v2/datadog.json"))
	}
}

// writeProject writes a payload and the configuration of its project.
func writeProject(t *testing.T, dir string) {
	t.Helper()
	writeFile(t, filepath.Join(dir, ".atlasint.yaml"), "groupId: 5d791c84ff7a2522cc4f9aa1\n")
	writeFile(t, filepath.Join(dir, "datadog.json"), readFile(t, "examples/payloads/v2/datadog.json"))
}

// TestEnvironmentTopic compares atlasint help environment with the variables that the code reads.
func TestEnvironmentTopic(t *testing.T) {
	inRoot(t)
	_, help, _ := run("help", "environment")
	var documented, read []string
	for _, m := range regexp.MustCompile(`(?m)^  ([A-Z_]+)  `).FindAllStringSubmatch(help, -1) {
		documented = append(documented, m[1])
	}
	files, err := filepath.Glob("cmd/atlasint/internal/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"client/*.go", "internal/atlas/*.go"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	for _, file := range files {
		isDist := filepath.Base(filepath.Dir(file)) == "dist" // builds releases and is not in the command
		if isDist || strings.HasSuffix(file, "_test.go") || filepath.Base(file) == "topics.go" {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range variable.FindAllStringSubmatch(string(data), -1) {
			read = append(read, m[1]+m[2])
		}
	}
	slices.Sort(documented)
	slices.Sort(read)
	if read = slices.Compact(read); !slices.Equal(documented, read) {
		t.Errorf("the help has %v, the sources read %v; cmd/atlasint/internal/cli/topics.go describes each", documented, read)
	}
}

// variable matches a name of ours in a string, or any name that is looked up.
var variable = regexp.MustCompile(`"((?:MONGODB_ATLAS|ATLASINT|REDIS)_[A-Z_]+)"|(?:Getenv|LookupEnv)\("([A-Z_]+)"\)`)

// TestConfigurationTopic compares atlasint help configuration with the keys of the configuration.
func TestConfigurationTopic(t *testing.T) {
	_, help, _ := run("help", "configuration")
	var documented []string
	for _, m := range regexp.MustCompile(`(?m)^  (\w+)  `).FindAllStringSubmatch(help, -1) {
		documented = append(documented, m[1])
	}
	slices.Sort(documented)
	t.Chdir(t.TempDir())
	for text, keys := range map[string][]string{"no-such-key: 1\n": documented, "overrides:\n- no-such-key: 1\n": {"api", "paths", "rules", "schemas"}} {
		writeFile(t, ".atlasint.yaml", text)
		_, _, refusal := run("get")
		if want := "the keys are " + strings.Join(keys, ", ") + "\n"; !strings.HasSuffix(refusal, want) {
			t.Errorf("the configuration %q is refused by\n%swhich does not end with\n%s", text, refusal, want)
		}
		for _, key := range keys {
			if !strings.Contains(help, key) {
				t.Errorf("the help says nothing of %s", key)
			}
		}
	}
}
