package cli_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/internal/cirunner"
)

// needColons skips the test on systems where no file name has a colon.
func needColons(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("file names on Windows have no colons")
	}
}

// commandFree runs a command line, and fails the test if the output contains commands of CI systems.
func commandFree(t *testing.T, args ...string) (out, errOut string) {
	t.Helper()
	_, out, errOut = run(args...)
	if found := cirunner.Commands(out + "\n" + errOut); len(found) > 0 {
		t.Errorf("atlasint %q prints %q", args, found)
	}
	return out, errOut
}

// validLines fails the test unless the output of a command consists of JSON documents.
func validLines(t *testing.T, command, out string) {
	t.Helper()
	documents := json.NewDecoder(strings.NewReader(out))
	for documents.More() {
		var doc any
		if err := documents.Decode(&doc); err != nil {
			t.Errorf("atlasint %s: %v in\n%s", command, err, out)
			return
		}
	}
}

// commandFolder writes payload files that contain commands in the file name, in names and values of fields, and in
// references.
func commandFolder(t *testing.T) {
	t.Helper()
	for i, sample := range cirunner.Samples() {
		text, err := json.Marshal(sample)
		if err != nil {
			t.Fatal(err)
		}
		var data strings.Builder
		for _, payload := range []string{
			`{"type":%s}`, `{"type":"DATADOG",%[1]s:%[1]s}`, `{"type":"DATADOG","apiKey":"a","region":%s}`, `{"type":"WEBHOOK","url":%s}`,
			`{"type":"OPS_GENIE","apiKey":"${env:` + strings.ReplaceAll(sample, `"`, "") + `}","region":"${file:%[1]s}"}`, `%s`, `{%[1]s`, `[%s`,
			`{"type":"SLACK",%[1]s:{%[1]s:[%[1]s]}} `, "{\"type\":\"DATADOG\",\t%[1]s",
		} {
			fmt.Fprintf(&data, strings.ReplaceAll(payload, "%s", "%[1]s")+"\n", text)
		}
		writeFile(t, sample+".ndjson", data.String())
		writeFile(t, sample+".json", fmt.Sprintf("\n%s\n{\"type\":%s,\n%[2]s:1}", sample, text))
		if err := os.Mkdir(fmt.Sprint(i), 0o700); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(fmt.Sprint(i), sample+"\n"+sample+".json"), `{"type":"X"}`)
	}
}

var annotation = regexp.MustCompile(`^::(error|warning|notice) `)

// Names and values from files of another person never become commands in the log of a CI job, in any format.
func TestReportsHaveNoCommands(t *testing.T) {
	needColons(t)
	t.Chdir(t.TempDir())
	commandFolder(t)
	writeFile(t, "list", "::stop-commands::t\n ::error::x\n##vso\n") // brackets would be patterns
	for _, format := range report.Names() {
		for _, flags := range []string{
			".", "--strict .", "--expand .", "--verbose --max-findings 1 .", "--array .", "--one-project .",
			"--api v1.0 .", ". --files-from list",
		} {
			args := append([]string{"validate", "--format", format}, strings.Fields(flags)...)
			_, out, errOut := run(args...)
			found := cirunner.Commands(errOut + "\n" + out)
			if format == report.Annotations {
				for line := range strings.Lines(out) {
					if !annotation.MatchString(line) {
						t.Errorf("%q prints %q", args, line)
					}
				}
				found = cirunner.Bracketed(out + errOut)
			}
			if len(found) > 0 {
				t.Errorf("%q prints %q", args, found[:min(3, len(found))])
			}
			if len(out) < 5_000 {
				t.Errorf("%q prints %d bytes", args, len(out))
			}
		}
	}
}

// A report for programs is valid and contains the exact name of each file.
func TestReportsKeepNamesWithCommands(t *testing.T) {
	needColons(t)
	t.Chdir(t.TempDir())
	commandFolder(t)
	files := map[string]bool{}
	_, out, _ := run("validate", "--format", "json", ".")
	var doc struct{ Findings []struct{ File string } }
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	for _, f := range doc.Findings {
		files[f.File] = true
	}
	for _, sample := range cirunner.Samples() {
		if !files[sample+".json"] {
			t.Errorf("%q is missing", sample)
		}
	}
	for _, format := range []string{"sarif", "gitlab"} {
		if _, out, _ := run("validate", "--format", format, "."); !json.Valid([]byte(out)) {
			t.Errorf("%s is no JSON", format)
		}
	}
	_, out, _ = run("validate", "--format", "junit", ".")
	if err := xml.Unmarshal([]byte(out), new(struct{})); err != nil || !strings.Contains(out, "##&#91;error]x") {
		t.Errorf("junit: %v", err)
	}
}

// commandServer responds like Atlas, with a command in every string.
func commandServer(t *testing.T, sample string) string {
	t.Helper()
	text, err := json.Marshal(sample)
	if err != nil {
		t.Fatal(err)
	}
	fill := func(s string) string { return strings.ReplaceAll(s, "@", string(text)) }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.Header.Get("Authorization") == "":
			w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n", algorithm=MD5, qop="auth"`)
			w.WriteHeader(http.StatusUnauthorized)
		case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/integrations"):
			fmt.Fprint(w, fill(`{"results":[{"type":@,"id":@,@:@},{"type":"DATADOG","id":@,"apiKey":@,"region":@,"customEndpoint":@,@:@},
				{"type":"WEBHOOK","url":@,"secret":@,"bodyTemplate":@},{"type":"PROMETHEUS","username":@,"serviceDiscovery":@,"enabled":true},
				{"type":"VICTOR_OPS","apiKey":@,"routingKey":@},{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":@}]}`))
		case r.Method == http.MethodGet:
			fmt.Fprint(w, fill(`{"type":"WEBHOOK","id":@,"url":@,@:@}`))
		default:
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, fill(`{"error":400,"errorCode":@,"detail":@,"reason":@,"parameters":[@],`+
				`"badRequestDetail":{"fields":[{"field":@,"description":@}]}}`))
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Responses of Atlas add no commands to lists, differences, payloads and errors.
func TestAtlasCommandsHaveNoCommands(t *testing.T) {
	root := rootDir(t)
	startAtlas(t)
	examplePayloads(t, root, "v2")
	for _, sample := range cirunner.Samples() {
		callAt(t, commandServer(t, sample))
		changed := false
		for _, command := range []string{
			"get", "get --json", "get --as-payload", "get --as-payload -o out --force", "get DATADOG", "get DATADOG --json", "get DATADOG --as-payload",
			"diff v2-datadog.json v2-webhook.json", "diff --prune --json v2-datadog.json v2-victor-ops.json", "apply --dry-run v2-datadog.json",
			"apply --yes v2-datadog.json v2-prometheus.json", "apply --yes --json v2-datadog.json v2-webhook.json", "delete WEBHOOK --yes",
		} {
			out, errOut := commandFree(t, strings.Fields(command)...)
			changed = changed || strings.ContainsAny(out+errOut, "\\#")
			if strings.Contains(command, "--json") || strings.HasSuffix(command, "--as-payload") {
				validLines(t, command, out)
			}
		}
		if !changed {
			t.Errorf("no command shows %q", sample)
		}
		written, err := filepath.Glob("out/*.json")
		if err != nil || len(written) == 0 {
			t.Fatal("no file was written")
		}
		for _, file := range written {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if found := cirunner.Commands(string(data)); len(found) > 0 {
				t.Errorf("%s has the commands %q", file, found)
			}
			if !json.Valid(data) {
				t.Errorf("%s is no JSON: %s", file, data)
			}
		}
	}
}

// Responses of Atlas bring no characters that a terminal acts on into lists, differences, payloads and errors.
func TestAtlasCommandsHaveNoControlCharacters(t *testing.T) {
	root := rootDir(t)
	startAtlas(t)
	examplePayloads(t, root, "v2")
	callAt(t, commandServer(t, "a\x1b[31m\x7f\u0085\u009b31m\u202e\u2066\u200b\ufeff\U000e0041z"))
	for _, command := range []string{
		"get", "get --json", "get --as-payload", "get WEBHOOK", "get WEBHOOK --json", "get WEBHOOK --as-payload",
		"get WEBHOOK --as-payload -o -", "get WEBHOOK --as-payload -o out.yaml", "diff v2-datadog.json v2-webhook.json",
		"diff --prune --json v2-datadog.json", "apply --dry-run v2-datadog.json", "apply --yes --json v2-webhook.json", "delete WEBHOOK --yes",
	} {
		_, out, errOut := run(strings.Fields(command)...)
		if i := strings.IndexFunc(out+errOut, acts); i >= 0 || out+errOut == "" {
			t.Errorf("%s: a control character in %q", command, out+errOut)
		}
	}
	if data, err := os.ReadFile("out.yaml"); err != nil || strings.ContainsFunc(string(data), acts) {
		t.Errorf("a control character in the file: %v, %q", err, data)
	}
}

// commandsBelow returns all commands of a tree, including the hidden ones of completion.
func commandsBelow(c *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{c}
	for _, below := range c.Commands() {
		list = append(list, commandsBelow(below)...)
	}
	return list
}

// Arguments, flag values and environment variables add no commands to errors.
func TestUsageErrorsHaveNoCommands(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("PATH", "") // no go command: generate gets no further than that
	for _, sample := range cirunner.Kinds() {
		for _, c := range commandsBelow(cli.Tree()) {
			name := strings.Fields(c.CommandPath())[1:]
			// With these arguments, the command fails before a server starts.
			stop := map[string][]string{"serve": {"--addr=nowhere"}}[c.Name()]
			line := func(args ...string) []string { return append(append(append([]string{}, name...), stop...), args...) }
			for _, args := range [][]string{{sample}, {sample, sample}, {"--" + sample}, {"-" + sample}, {"DATADOG", "--" + sample + "=x"}} {
				commandFree(t, line(args...)...)
			}
			c.Flags().VisitAll(func(f *pflag.Flag) {
				commandFree(t, line("--"+f.Name+"="+sample)...)
				commandFree(t, line("DATADOG", "--"+f.Name+"="+sample)...)
			})
		}
		commandFree(t, "__complete", "get", sample)
		commandFree(t, "generate", "--package", "p", "-o", sample+".go", "--check")
		if _, errOut := commandFree(t, "generate", "--package", "p", "-o", sample+".go"); !strings.Contains(errOut, "would read this file name as a command") {
			t.Errorf("generate takes %q, which its header would name: %s", sample, errOut)
		}
	}
}

func TestVariablesHaveNoCommands(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "p.json", `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef"}`)
	for _, sample := range cirunner.Kinds() {
		for _, name := range []string{
			"MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET",
			"MONGODB_ATLAS_BASE_URL", "MONGODB_ATLAS_PROJECT_ID", "ATLASINT_STORE", "REDIS_PASSWORD", "ATLASINT_CONTROL_TOKEN", "ATLASINT_URL", "GOPACKAGE",
		} {
			t.Run(name, func(t *testing.T) {
				callAt(t, "http://127.0.0.1:9")
				t.Setenv(name, sample)
				for _, args := range [][]string{
					{"get"}, {"apply", "--yes", "p.json"}, {"serve", "--addr=nowhere"}, {"ping", "--timeout=1ns"},
					{"generate", "--targets=x"},
				} {
					commandFree(t, args...)
				}
			})
		}
	}
}

// A configuration and its file name add no commands to the output.
func TestConfigurationHasNoCommands(t *testing.T) {
	needColons(t)
	t.Chdir(t.TempDir())
	writeNeighbors(t)
	for _, sample := range cirunner.Samples() {
		text, err := json.Marshal(sample)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{
			`@: x`, `api: @`, `rules: {@: error}`, `rules: {url: @}`, `rules: @`, `exclude: @`, `exclude: [@]`,
			`exclude: ["[@"]`, `exclude: {@: @}`, `overrides: [@]`,
			`overrides: [{@: @}]`, `overrides: [{api: @, paths: [@]}]`, `baseURL: @`, `groupId: @`, `baseURL: [@]`, `@`,
			`[@]`, `api: !@ x`, `api: *a@`, `api: &@ x`, `{@`, "@: 1\n@: 2",
		} {
			name := sample + ".yaml"
			writeFile(t, name, strings.ReplaceAll(form, "@", string(text)))
			commandFree(t, "validate", "--config", name, "first.json")
			writeFile(t, name, strings.ReplaceAll(form, "@", sample))
			commandFree(t, "validate", "--config", name, "first.json")
			commandFree(t, "get", "--config", name)
		}
	}
}

// An OpenAPI document adds no commands to the output of drift.
func TestDriftHasNoCommands(t *testing.T) {
	needColons(t)
	root := rootDir(t)
	t.Chdir(t.TempDir())
	official, err := os.ReadFile(filepath.Join(root, "examples", "drift", "atlas-v2-ahead.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, sample := range cirunner.Kinds() {
		text, err := json.Marshal(sample)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"region", "DATADOG", "operationId", "application/vnd.atlas.2023-01-01+json", "'200'", "string", "us", "integrationType"} {
			writeFile(t, sample+".yaml", strings.ReplaceAll(string(official), word, string(text)))
			commandFree(t, "drift", sample+".yaml")
			commandFree(t, "drift", "--all", "--format", "json", "--api", "v2", sample+".yaml")
			writeFile(t, sample+".yaml", strings.ReplaceAll(string(official), word, sample))
			commandFree(t, "drift", "--all", sample+".yaml")
		}
		commandFree(t, "drift", sample+"/none.yaml")
	}
}

// A request adds no commands to the log of a server, which contains only known names of the API.
func TestServeLogsNoCommands(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		s := serve(t, "--no-auth", "--log-format", format)
		for _, sample := range append(cirunner.Samples(), "##[error]") {
			for _, request := range []string{
				"GET /%s HTTP/1.1", "GET /?%s HTTP/1.1", "GET /?%s=%s HTTP/1.1", "GET /?pretty=%s HTTP/1.1",
				"%s / HTTP/1.1", "GET / %s",
			} {
				conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
				if err != nil {
					t.Fatal(err)
				}
				line := strings.ReplaceAll(request, "%s", strings.TrimSpace(sample))
				fmt.Fprintf(conn, "%s\r\nHost: localhost\r\nX-Command: %s\r\nConnection: close\r\n\r\n", line, sample)
				_, _ = conn.Read(make([]byte, 1<<16))
				conn.Close()
			}
		}
		s.signal(t, syscall.SIGTERM)
		s.wait(t)
		log := s.stderr.String()
		if found := cirunner.Commands(log); len(found) > 0 {
			t.Errorf("%s: the log has the commands %q:\n%.2000s", format, found, log)
		}
		wantNoParts(t, format, log, "error]")
		if n, least := strings.Count(log, "msg"), len(cirunner.Samples()); n < least {
			t.Errorf("%s: the log has %d lines, want at least %d:\n%.2000s", format, n, least, log)
		}
		for line := range strings.Lines(log) {
			if format == "json" && !json.Valid([]byte(line)) {
				t.Errorf("no JSON: %s", line)
			}
		}
	}
}

// Escaping does not change scripts, schemas and documents of atlasint itself.
func TestOwnOutputIsUnchanged(t *testing.T) {
	for _, command := range []string{
		"completion bash", "completion zsh", "completion fish", "completion powershell", "spec", "spec --go",
		"spec --api v1.0 --openapi 3.0", "schema", "schema DATADOG",
		"types", "types --json", "explain DATADOG", "explain url --json", "new WEBHOOK", "help configuration", "version", "serve --help",
	} {
		code, out, errOut := run(strings.Fields(command)...)
		if code != 0 || out == "" {
			t.Errorf("atlasint %s: exit code %d, stdout %.80q: %s", command, code, out, errOut)
		}
		wantNoParts(t, command, out, `##\[`, `:\:`)
	}
}
