package cli_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

// fakeCommands are command lines of fake, one for each call of the control API, with the files that they read.
func fakeCommands(t *testing.T) [][]string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file.json")
	writeFile(t, file, `{"status":503}`)
	return [][]string{
		{"requests"}, {"requests", "--json"}, {"requests", "--bodies"}, {"wait-for", "--timeout", "1s"},
		{"state"}, {"state", "--json"}, {"reset"},
		{"faults"}, {"faults", "add", "--status", "503"}, {"faults", "clear"}, {"faults", "clear", "1"},
		{"stubs"}, {"stubs", "add", file}, {"stubs", "clear"},
		{"clock"}, {"clock", "set", "2026-01-02T03:04:05Z"}, {"clock", "advance", "1h"}, {"clock", "run"},
		{"snapshot", "save", filepath.Join(t.TempDir(), "saved.json")}, {"snapshot", "restore", file},
	}
}

// Every subcommand rejects a server that is not a fake Atlas, prints nothing of its response, and never sends it far.
func TestFakeRejectsOtherServers(t *testing.T) {
	for name, response := range map[string]struct {
		status int
		body   string
	}{
		"a web page":       {200, "<html>canary</html>"},
		"another object":   {200, `{"status":"canary"}`},
		"a list":           {200, `["canary"]`},
		"null":             {200, `{"requests":null,"projects":null,"faults":null,"stubs":null,"id":null,"now":null,"canary":1}`},
		"another type":     {200, `{"requests":"canary","projects":"canary","faults":"canary","stubs":"canary","id":{"canary":1},"now":"canary"}`},
		"a web server":     {404, "404 canary not found"},
		"it fails":         {500, `canary`},
		"it sends us away": {302, `{"requests":[],"canary":1}`},
		"deep":             {200, strings.Repeat("[", 1<<20)},
	} {
		other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/elsewhere" {
				t.Errorf("%s: the redirect is followed", name)
			}
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(response.status)
			_, _ = w.Write([]byte(response.body))
		}))
		for _, args := range fakeCommands(t) {
			code, out, errOut := run(append(append([]string{"fake"}, args...), "--url", other.URL)...)
			where := name + ": fake " + strings.Join(args, " ")
			wantFailure(t, where, 3, outcome{code, out, errOut}, "a fake Atlas")
			wantNoParts(t, where, errOut, "canary")
		}
		other.Close()
	}
}

// A response without an end is read up to a limit.
func TestFakeLimitsResponses(t *testing.T) {
	chunk := []byte(strings.Repeat(" ", 1<<20))
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}))
	defer other.Close()
	wantFailure(t, "fake faults", 3, outcomeOf(run("fake", "faults", "--url", other.URL)), "more than 128 MiB")
}

// Texts of the server reach a terminal without characters that it acts on.
func TestFakeEscapesTexts(t *testing.T) {
	const bad = "a\\u001b[31m\\u0007\\n\\u202eb"
	responses := map[string]string{
		"requests": `{"count":9,"last":1,"requests":[{"seq":1,"method":"X","path":"/X","query":"X","status":200,` +
			`"errorCode":"X","fault":"X","faultEffect":"X","stub":"X","body":{"X":"X"},"response":["X"]}]}`,
		"state":  `{"projects":{"X":{"project":{"name":"X"},"integrations":[{"type":"X","fields":{"X":"X","Y":{"X":"X"}}}]}}}`,
		"faults": `{"faults":[{"id":"X","method":"X","path":"X","project":"X","type":"X","errorCode":"X","delay":"X","retryAfter":"X"}]}`,
		"stubs":  `{"stubs":[{"id":"X","method":"X","path":"X"}]}`,
		"clock":  `{"now":"2026-01-02T03:04:05Z"}`,
		"reset":  `{"error":"X","hint":"X"}`,
	}
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		path := strings.TrimPrefix(r.URL.Path, "/_atlasint/")
		if path == "reset" {
			w.WriteHeader(http.StatusBadRequest)
		}
		_, _ = w.Write([]byte(strings.ReplaceAll(responses[path], "X", bad)))
	}))
	defer other.Close()
	for _, args := range [][]string{
		{"requests", "--bodies"}, {"requests", "--json"}, {"state"}, {"state", "--json"}, {"faults"},
		{"faults", "--json"}, {"stubs"}, {"stubs", "--json"}, {"reset"},
	} {
		_, out, errOut := run(append(append([]string{"fake"}, args...), "--url", other.URL)...)
		text := out + errOut
		if !strings.Contains(text, "31m") || strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && !strconv.IsPrint(r) }) {
			t.Errorf("fake %s prints %q", strings.Join(args, " "), text)
		}
	}
}

// No output has the control token that a server repeats in a successful response, in values, names and numbers.
func TestFakeHidesTheTokenInResults(t *testing.T) {
	responses := map[string]string{
		"requests": `{"count":9,"last":1,"requests":[{"seq":1,"method":"@","path":"/@","query":"@","status":200,"errorCode":"@","fault":"@","faultEffect":"@","stub":"@","body":{"@":"@"},"response":["@",#]}],"@":"@"}`,
		"state":    `{"projects":{"@":{"project":{"name":"@"},"integrations":[{"type":"@","fields":{"@":"@","Y":{"@":"x@x","n":#}}}]}}}`,
		"faults":   `{"id":"@","faults":[{"id":"@","method":"@","path":"@","project":"@","type":"@","errorCode":"@","delay":"@","retryAfter":"@"}]}`,
		"stubs":    `{"id":"@","stubs":[{"id":"@","method":"@","path":"@"}]}`,
		"clock":    `{"now":"2026-01-02T03:04:05Z","@":["@"]}`,
	}
	t.Chdir(t.TempDir())
	writeFile(t, "stub.json", `{}`)
	for _, token := range []string{"c0ntrolCanary-5b1e7d", `c"ntrol\Canary`, "8172635491827364", "controlC\xff\xfeanary"} {
		t.Setenv("ATLASINT_CONTROL_TOKEN", token)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sent := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
			quoted, _ := json.Marshal(sent)
			number := sent
			if _, err := strconv.Atoi(sent); err != nil {
				number = "1"
			}
			text := strings.ReplaceAll(responses[strings.TrimPrefix(r.URL.Path, "/_atlasint/")], "@", string(quoted[1:len(quoted)-1]))
			_, _ = w.Write([]byte(strings.ReplaceAll(text, "#", number)))
		}))
		for _, command := range []string{
			"requests", "requests --bodies", "requests --json", "wait-for", "wait-for --json", "state", "state --json", "faults", "faults --json",
			"faults add --status 500", "faults add --status 500 --json", "stubs", "stubs --json", "stubs add stub.json", "stubs add stub.json --json",
			"clock", "clock --json", "clock run --json",
		} {
			_, out, errOut := run(append([]string{"fake", "--url", server.URL}, strings.Fields(command)...)...)
			if text := out + errOut; strings.Contains(strings.ToLower(text), "canary") || strings.Contains(text, token) {
				t.Errorf("fake %s shows the token: %s%s", command, out, errOut)
			}
			if !strings.Contains(out, "(hidden)") && command != "clock" {
				t.Errorf("fake %s hides nothing: %s%s", command, out, errOut)
			}
		}
		server.Close()
	}
}

// A command whose response has no body changes nothing at a server that is not a fake, if that responds to any path.
func TestFakeChangesOnlyFakes(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "before.json", `{"format":1,"projects":{}}`)
	for _, status := range []int{http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusNoContent} {
		changes := 0
		other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet {
				changes++
			}
			w.WriteHeader(status)
		}))
		for _, command := range []string{
			"reset", "reset --json", "reset --project " + projectID, "faults clear", "faults clear 1", "stubs clear", "stubs clear 1", "snapshot restore before.json",
		} {
			code, out, errOut := run(append([]string{"fake", "--url", other.URL}, strings.Fields(command)...)...)
			if code != 3 || out != "" || !strings.HasSuffix(errOut, "without the JSON of a fake Atlas; check the URL\n") {
				t.Errorf("%d, fake %s: exit code %d, stdout %q, stderr %q", status, command, code, out, errOut)
			}
		}
		other.Close()
		if changes > 0 {
			t.Errorf("%d: it got %d changes", status, changes)
		}
	}
}

// The error for a token that no request can have names its variable, and does not show the token.
func TestFakeRejectsTokens(t *testing.T) {
	t.Chdir(t.TempDir())
	s := fakeatlas.Start(t)
	for token, want := range map[string]string{
		"SEKRETtok\n0123": "contains a line break", "SEKRETtok\x7f0123": "contains a line break", "SEKRETtok\n": "ends with a line break",
		"\nSEKRETtok": "begins or ends with a line break", "\r\n": "begins or ends with a line break",
	} {
		t.Setenv("ATLASINT_CONTROL_TOKEN", token)
		for _, command := range []string{"state", "reset", "snapshot save s.json"} {
			code, out, errOut := run(append([]string{"fake", "--url", s.URL}, strings.Fields(command)...)...)
			if code != 2 || out != "" || !strings.HasPrefix(errOut, "atlasint: $ATLASINT_CONTROL_TOKEN ") || !strings.Contains(errOut, want) || strings.Contains(errOut, "SEKRET") {
				t.Errorf("%q, fake %s: exit code %d, stdout %q, stderr %q", token, command, code, out, errOut)
			}
		}
	}
}

// No output of fake has a secret that a client sent, except the file of a snapshot.
func TestFakeShowsNoSecrets(t *testing.T) {
	s := fakeatlas.Start(t)
	const secret = "ca00ca00ca00ca00ca00ca00ca00c0de"
	send := func(method, path, body string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "application/vnd.atlas.2023-01-01+json")
		resp, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	group := "/api/atlas/v2/groups/" + projectID
	send("PUT", group+"/integrations/DATADOG", `{"type":"DATADOG","apiKey":"`+secret+`","region":"US"}`)
	send("PUT", group+"/integrations/DATADOG", `{"type":"DATADOG","apiKey":"`+secret+`","region":"`+secret+`","`+secret+`":1}`)
	send("PUT", group+"/integrations/WEBHOOK", `{"type":"WEBHOOK","url":"https://h.example/`+secret+`","secret":"`+secret+`"}`)
	send("PUT", group+"/integrations/"+secret+"?"+secret+"="+secret, secret)
	send("POST", "/api/atlas/v2/groups", `{"name":"a","orgId":"`+secret+`","`+secret+`":"`+secret+`"}`)
	send("POST", group+"/databaseUsers/"+secret, `{"password":"`+secret+`"}`)
	for _, args := range fakeCommands(t) {
		if args[0] == "reset" {
			continue
		}
		code, out, errOut := run(append(append([]string{"fake"}, args...), "--url", s.URL)...)
		if text := out + errOut; strings.Contains(text, secret) || strings.Contains(text, secret[:8]) {
			t.Errorf("fake %s shows the secret: %s", strings.Join(args, " "), text)
		}
		if args[0] == "snapshot" && args[1] == "save" {
			if code != 0 || !strings.Contains(readFile(t, args[2]), secret) {
				t.Errorf("the snapshot has no secret: %d %s", code, errOut)
			}
		}
	}
}

// Without flags, fake calls the server of the environment.
func TestFakeByEnvironment(t *testing.T) {
	s := fakeatlas.Start(t, fakeatlas.WithControl("token-1"))
	t.Setenv("ATLASINT_URL", s.URL)
	t.Setenv("ATLASINT_CONTROL_TOKEN", "token-1")
	wantOutcome(t, "fake requests", outcome{0, "no matching requests\n", ""}, outcomeOf(run("fake", "requests")))
	empty := filepath.Join(t.TempDir(), "url.txt")
	for _, text := range []string{"", "nothing", "http://user:pass@127.0.0.1"} {
		writeFile(t, empty, text)
		if code, _, errOut := run("fake", "requests", "--addr-file", empty); code != 3 || strings.Contains(errOut, "pass") {
			t.Errorf("%q: exit code %d, stderr %q", text, code, errOut)
		}
	}
}
