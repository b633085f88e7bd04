package doctest_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/clidoc"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/clitest"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/validate"
)

// TestRulesDocument compares docs/rules.md with the catalog; -update rewrites it.
func TestRulesDocument(t *testing.T) {
	inRoot(t)
	clitest.Golden(t, "docs/rules.md", rulesDocument(t))
}

func rulesDocument(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	out.WriteString(`# Rules

A rule is one check of [` + "`atlasint validate`](validate.md)" + `. To read about one rule on the command line, run ` + "`explain`" + `:

` + "```sh" + `
atlasint explain masked-value
` + "```" + `

An *error* is a payload that Atlas rejects, or that breaks the integration if Atlas accepts it. A *warning* is probably
a mistake, or a constraint that the sources dispute.

Set the severity of a rule with ` + "`--rule RULE=error|warning|off`" + `, or in [` + "`.atlasint.yaml`](configuration.md)" + `. Rules with
"always" have a fixed severity.

` + "```yaml" + `
rules:
  plaintext-secret: error
  slack-oauth: off
` + "```" + `

| Rule | Severity | Finding |
|---|---|---|
`)
	for _, r := range validate.Rules() {
		finding, _, _ := strings.Cut(r.Summary, "; ") // its section has the details
		finding, _, _ = strings.Cut(finding, ": ")
		fmt.Fprintf(&out, "| [%s](#%[1]s) | %s | %s |\n", r.ID, severity(r), escapeHTML(finding))
	}
	out.WriteString(`
The sections below have the details. In each, "Why" ends with the evidence in parentheses:

| Evidence | Source |
|---|---|
| official | the published description or manual |
| captured | recorded responses of Atlas |
| reported | a response that a public issue quotes |
| inferred | no direct evidence |
`)
	for _, r := range validate.Rules() {
		code, text, _ := run("explain", r.ID)
		if code != 0 {
			t.Fatalf("explain %s: exit code %d", r.ID, code)
		}
		_, text, _ = strings.Cut(text, "\n") // the heading repeats the first line
		sentence, examples, _ := strings.Cut(text, "\n\nFails:")
		fmt.Fprintf(&out, "\n## %s\n\n%s\n\n```text\nFails:%s```\n", r.ID, escapeHTML(sentence), examples)
	}
	return out.String()
}

// escapeHTML keeps <API-KEY> from being read as a tag.
func escapeHTML(s string) string { return strings.ReplaceAll(s, "<", "&lt;") }

func severity(r validate.Rule) string {
	if r.FixedSeverity {
		return string(r.Default) + ", always"
	}
	return string(r.Default)
}

// TestCommandDocument compares docs/cli.md with the commands; -update rewrites it.
func TestCommandDocument(t *testing.T) {
	inRoot(t)
	clitest.Golden(t, "docs/cli.md", string(clidoc.Markdown(cli.Tree())))
}

// TestConsoleBlocks runs the commands of the console blocks in the documents and compares their output, each document
// with an Atlas of its own; -run TestConsoleBlocks -update rewrites the blocks.
func TestConsoleBlocks(t *testing.T) {
	inRoot(t)
	commands := 0
	for _, file := range documents(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		host := documentedAtlas(t)
		executed := executeBlocks(string(data), func(command string) string {
			commands++
			out := strings.ReplaceAll(runConsole(t, command), "http://"+host, "https://cloud.mongodb.com")
			return strings.ReplaceAll(out, host, "cloud.mongodb.com")
		})
		clitest.Golden(t, file, executed)
	}
	if commands < 14 {
		t.Errorf("found %d commands in the documents", commands)
	}
}

// documents returns the files that contain commands.
func documents(t *testing.T) (files []string) {
	t.Helper()
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

// fenced returns the lines of a document's blocks in one language.
func fenced(t *testing.T, file, language string) (lines []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	inside := false
	for line := range strings.Lines(string(data)) {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = strings.TrimSpace(line) == "```"+language
		case inside:
			lines = append(lines, line)
		}
	}
	return lines
}

// executeBlocks returns the document with the output of each command in a console block as execute returns it.
func executeBlocks(document string, execute func(command string) string) string {
	var out strings.Builder
	inside := false
	for line := range strings.Lines(document) {
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case strings.HasPrefix(line, "```"):
			inside = strings.TrimSpace(line) == "```console"
			out.WriteString(line)
		case !inside:
			out.WriteString(line)
		case isCommand:
			out.WriteString(line + execute(strings.TrimSpace(command)))
		}
	}
	return out.String()
}

// TestExecuteBlocks shows that a wrong output and a missing one are differences.
func TestExecuteBlocks(t *testing.T) {
	const document = "text\n```console\n$ a b\nold\n$ c\n```\n$ no command\n"
	const want = "text\n```console\n$ a b\n<a b>\n$ c\n<c>\n```\n$ no command\n"
	got := executeBlocks(document, func(command string) string { return "<" + command + ">\n" })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// runConsole returns the output of a command. NAME=VALUE and env -u NAME before it change the environment for this
// command only.
func runConsole(t *testing.T, line string) string {
	t.Helper()
	for _, word := range strings.Fields(line) {
		name, value, isSetting := strings.Cut(word, "=")
		if !isSetting || !assignment.MatchString(word) {
			break
		}
		before := os.Getenv(name)
		t.Setenv(name, value)
		defer os.Setenv(name, before)
	}
	words := simpleCommands(line)[0]
	if words[0] == "env" && words[1] == "-u" {
		t.Setenv(words[2], os.Getenv(words[2])) // restores it when the test ends
		defer os.Setenv(words[2], os.Getenv(words[2]))
		os.Unsetenv(words[2])
		words = words[3:]
	}
	if strings.HasPrefix(line, "go run ./cmd/atlasint ") {
		words = words[2:]
	}
	switch words[0] {
	case "go":
		out, err := exec.Command(words[0], words[1:]...).Output()
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
		return string(out)
	case "cat":
		data, err := os.ReadFile(words[1])
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	case "atlasint", "./cmd/atlasint":
		var terminal bytes.Buffer // both outputs, in the order in which a terminal shows them
		cli.Run(words[1:], strings.NewReader(""), &terminal, &terminal)
		return terminal.String()
	default:
		t.Fatalf("no test runs %s", line)
		return ""
	}
}

// TestTroubleshootingMessages looks for the message in each heading of docs/troubleshooting.md: in the output below it,
// else in the code or the list of error codes.
func TestTroubleshootingMessages(t *testing.T) {
	inRoot(t)
	data, err := os.ReadFile("docs/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	messages, unknown := unknownMessages(string(data), sources(t))
	if messages < 20 {
		t.Errorf("found %d messages", messages)
	}
	for _, message := range unknown {
		t.Errorf("docs/troubleshooting.md: no command prints %q", message)
	}
}

// TestUnknownMessages shows that an outdated message is found.
func TestUnknownMessages(t *testing.T) {
	const page = "### `a` and `b`\n```console\n$ c\nno a\n```\n### `d e`\n### `f`\n"
	messages, unknown := unknownMessages(page, "print(f)")
	if diff := cmp.Diff([]string{"b", "d e"}, unknown); diff != "" || messages != 4 {
		t.Errorf("%d messages: %s", messages, diff)
	}
}

func unknownMessages(page, sources string) (messages int, unknown []string) {
	for _, section := range strings.Split("\n"+page, "\n### ")[1:] {
		heading, text, _ := strings.Cut(section, "\n")
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(heading, -1) {
			messages++
			if !strings.Contains(outputs(text), m[1]) && !strings.Contains(sources, m[1]) {
				unknown = append(unknown, m[1])
			}
		}
	}
	return messages, unknown
}

// outputs returns the lines of the console blocks in a text, without the commands.
func outputs(text string) string {
	var out strings.Builder
	for _, block := range strings.Split(text, "```console\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		for line := range strings.Lines(block) {
			if !strings.HasPrefix(line, "$ ") {
				out.WriteString(line)
			}
		}
	}
	return out.String()
}

// sources returns the Go code of the command, the client and the error codes.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"cmd/atlasint/internal/*/*.go", "client/*.go", "gen/schemas/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(data)
		}
	}
	return all.String()
}

// TestDriftDocument looks for each member of the JSON of atlasint drift in docs/drift.md.
func TestDriftDocument(t *testing.T) {
	inRoot(t)
	text, err := os.ReadFile("docs/drift.md")
	if err != nil {
		t.Fatal(err)
	}
	_, out, _ := run("drift", "--format", "json", "--all", "examples/drift/atlas-v2-ahead.yaml", "missing.yaml")
	names := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^ *"(\w+)":`).FindAllStringSubmatch(out, -1) {
		names[m[1]] = true
	}
	for name := range names {
		if !strings.Contains(string(text), "`"+name) {
			t.Errorf("docs/drift.md doesn't contain %s", name)
		}
	}
	if len(names) < 18 {
		t.Errorf("found %d names in the output", len(names))
	}
}

// TestDocumentedClients compares the settings for Terraform and the Atlas CLI in docs/clients.md with the defaults of
// serve.
func TestDocumentedClients(t *testing.T) {
	inRoot(t)
	command, _, err := cli.Tree().Find([]string{"serve"})
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + command.Flags().Lookup("addr").DefValue + "/"
	want := map[string]string{
		"base_url":                      base,
		"public_key":                    fakeatlas.DefaultAPIKey.PublicKey,
		"private_key":                   fakeatlas.DefaultAPIKey.PrivateKey,
		"client_id":                     fakeatlas.DefaultServiceAccount.ClientID,
		"client_secret":                 fakeatlas.DefaultServiceAccount.ClientSecret,
		"MONGODB_ATLAS_OPS_MANAGER_URL": base,
		"MONGODB_ATLAS_PUBLIC_API_KEY":  fakeatlas.DefaultAPIKey.PublicKey,
		"MONGODB_ATLAS_PRIVATE_API_KEY": fakeatlas.DefaultAPIKey.PrivateKey,
	}
	got := map[string]string{}
	lines := append(fenced(t, "docs/clients.md", "hcl"), fenced(t, "docs/clients.md", "sh")...)
	for _, m := range setting.FindAllStringSubmatch(strings.Join(lines, ""), -1) {
		if _, wanted := want[m[1]]; wanted {
			got[m[1]] = m[2]
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wanted -, documented +:\n%s", diff)
	}
}

// setting matches an attribute in HCL, or an assignment in a shell.
var setting = regexp.MustCompile(`(\w+) *= *"?([^"\s]+)`)
