package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
)

// Flags override environment variables, which override the configuration file.
func TestPrecedenceOfConnectionSettings(t *testing.T) {
	const inFile, inFlag = "5d791c84ff7a2522cc4f9aa2", "5d791c84ff7a2522cc4f9aa3"
	for name, tc := range map[string]struct {
		args, project, apiVersion string
		environment               bool
	}{
		"file":        {"get", inFile, "v1.0", false},
		"environment": {"get", projectID, "v1.0", true},
		"flags":       {"get --api v2 --project " + inFlag, inFlag, "v2", true},
		"delete":      {"delete FLOWDOCK --yes", inFile, "v1.0", false},
		"diff":        {"diff flow.json", inFile, "v1.0", false},
		"empty diff":  {"diff none.ndjson", inFile, "v1.0", false},
	} {
		t.Run(name, func(t *testing.T) {
			atlas := startAtlas(t)
			writeFile(t, ".atlasint.yaml", "api: v1.0\ngroupId: "+inFile+"\nbaseURL: "+atlas.URL+"/\n")
			writeFile(t, "flow.json", `{"type":"FLOWDOCK","flowName":"a","apiToken":"b","orgName":"o"}`)
			writeFile(t, "none.ndjson", "")
			t.Setenv("MONGODB_ATLAS_BASE_URL", "")
			if !tc.environment {
				t.Setenv("MONGODB_ATLAS_PROJECT_ID", "")
			}
			_, _, errOut := run(strings.Fields(tc.args)...)
			requests := atlas.Requests()
			if len(requests) == 0 {
				t.Fatalf("nothing was sent: %s", errOut)
			}
			const note = "atlasint: MONGODB_ATLAS_PROJECT_ID overrides groupId of .atlasint.yaml\n"
			if strings.Contains(errOut, note) != (name == "environment") {
				t.Errorf("it prints\n%s", errOut)
			}
			for _, r := range requests {
				want := []string{tc.project, tc.apiVersion, "atlasint"}
				if diff := cmp.Diff(want, []string{r.Project, r.APIVersion, r.Header["User-Agent"]}); diff != "" {
					t.Errorf("project, API version, User-Agent (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// The flag and the environment variable may name any server, and override the configuration.
func TestBaseURLOverFile(t *testing.T) {
	atlas := startAtlas(t)
	writeFile(t, ".atlasint.yaml", "baseURL: https://elsewhere.example\n")
	if _, errOut := must(t, 0, "get"); !strings.HasPrefix(errOut, "atlasint: MONGODB_ATLAS_BASE_URL overrides baseURL of .atlasint.yaml\n") {
		t.Errorf("get prints\n%s", errOut)
	}
	t.Setenv("MONGODB_ATLAS_BASE_URL", "")
	must(t, 2, "get")
	if _, errOut := must(t, 0, "get", "--base-url", atlas.URL); strings.Contains(errOut, "overrides") {
		t.Errorf("get --base-url prints\n%s", errOut)
	}
	t.Setenv("MONGODB_ATLAS_BASE_URL", atlas.URL+"/")
	writeFile(t, ".atlasint.yaml", "baseURL: "+atlas.URL)
	if _, errOut := must(t, 0, "get"); strings.Contains(errOut, "overrides") {
		t.Errorf("get with the same server prints\n%s", errOut)
	}
}

// Each connection failure prints one line with the cause and a hint, which names flags of the command and not names of
// the Go package.
func TestFailingConnections(t *testing.T) {
	startAtlas(t)
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secure.Close)
	for name, tc := range map[string]struct {
		handler http.HandlerFunc
		url     string // instead of the handler's
		flags   []string
		code    [2]int // of get, and of apply
		says    string
	}{
		"a wrong key": {
			url:  wrongKey(t),
			code: [2]int{3, 1},
			says: "Atlas returned 401 UNEXPECTED_ERROR: You are not authorized for this resource; check the credentials",
		},
		"no project": {
			url:  fakeatlas.Start(t, fakeatlas.WithProjects("5d791c84ff7a2522cc4f9aa9")).URL,
			code: [2]int{3, 3},
			says: "404 GROUP_NOT_FOUND: .*; check the project ID",
		},
		"a wrong role": {
			url:  failing(t, fakeatlas.Fault{Status: 403, ErrorCode: "USER_UNAUTHORIZED"}),
			code: [2]int{3, 1},
			says: "403 USER_UNAUTHORIZED: .*; grant Project Owner to write, Project Read Only to read",
		},
		"not let in": {
			url:  failing(t, fakeatlas.Fault{Status: 403}),
			code: [2]int{3, 1},
			says: "403 IP_ADDRESS_NOT_ON_ACCESS_LIST: .*; add the address to the access list of the API key",
		},
		"nothing there": {
			url:  "http://127.0.0.1:1",
			code: [2]int{3, 3},
			says: "no connection to 127.0.0.1:1: connection refused; check the base URL and the network",
		},
		"no such host": {
			url:  "https://no-such-host.invalid",
			code: [2]int{3, 3},
			says: "the host no-such-host.invalid can't be found; check the base URL and the network|no connection to no-such-host.invalid",
		},
		"not Atlas": {
			handler: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
			code:    [2]int{3, 3},
			says:    "the server returned 200 with text/html, .*; check the base URL",
		},
		"no path": {
			handler: http.NotFound,
			code:    [2]int{3, 3},
			says:    "the server returned 404 with text/plain, without an error of Atlas; check the base URL",
		},
		"a sign-in page": {
			handler: http.RedirectHandler("https://sign.in.example/x", http.StatusFound).ServeHTTP,
			code:    [2]int{3, 3},
			says:    "the server redirects to the host sign.in.example; .*correct the base URL",
		},
		"http for https": {
			url:  "https" + strings.TrimPrefix(failing(t, fakeatlas.Fault{Status: 500}), "http"),
			code: [2]int{3, 3},
			says: "the server does not support TLS; check the base URL: the server may expect http",
		},
		"own authority": {url: secure.URL, code: [2]int{3, 3}, says: "the certificate of 127.0.0.1 is not trusted; .* set SSL_CERT_FILE"},
		"too slow": {
			url:   failing(t, fakeatlas.Fault{Delay: time.Hour}),
			flags: []string{"--timeout", "20ms"},
			code:  [2]int{3, 3},
			says:  "no response within 20ms; try again, or allow more time with --timeout",
		},
	} {
		t.Run(name, func(t *testing.T) {
			url := tc.url
			if tc.handler != nil {
				server := httptest.NewServer(tc.handler)
				t.Cleanup(server.Close)
				url = server.URL
			}
			callAt(t, url)
			writeFile(t, "dd.json", datadogPayload)
			for i, command := range [][]string{{"get"}, {"apply", "--yes", "dd.json"}} {
				out, errOut := must(t, tc.code[i], append(command, tc.flags...)...)
				oneLineEach(t, errOut)
				lines := strings.Split(strings.TrimSuffix(errOut, "\n"), "\n")
				if last := lines[len(lines)-1]; out != "" || !regexp.MustCompile(tc.says).MatchString(last) {
					t.Errorf("%v: stdout %q, stderr %s", command, out, errOut)
				}
				if option := regexp.MustCompile(`With[A-Z]\w*`).FindString(errOut); option != "" {
					t.Errorf("it speaks of %s: %s", option, errOut)
				}
			}
		})
	}
}

// libraryTexts matches texts of Go's packages.
var libraryTexts = regexp.MustCompile(`dial tcp|(read|write) tcp|EOF|context (canceled|deadline)|x509|tls:|https?: ` +
	`|i/o timeout|connection reset|broken pipe|no such host|malformed`)

// No command shows the text of a library for a server that can't be reached or breaks the connection. Each error has
// the host and a next step.
func TestConnectionErrorsNameHostAndHint(t *testing.T) {
	startAtlas(t)
	writeFile(t, "dd.json", datadogPayload)
	replying := func(response string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, response)
			if tcp, ok := conn.(*net.TCPConn); ok && response == "" {
				_ = tcp.SetLinger(0)
			}
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(silent.Close)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	for name, server := range map[string]string{
		"no listener":        "http://127.0.0.1:1",
		"reset":              replying(""),
		"cut in the headers": replying("HTTP/1.1 200 OK\r\nA: b\r\n"),
		"cut in the body":    replying("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
		"another protocol":   replying("SSH-2.0-OpenSSH\r\n"),
		"no TLS":             "https" + strings.TrimPrefix(replying("HTTP/1.1 400 Bad Request\r\n\r\n"), "http"),
		"silent":             silent.URL,
		"own authority":      secure.URL,
		"http for https":     "http" + strings.TrimPrefix(secure.URL, "https"),
		"no such host":       "https://no-such-host.invalid",
	} {
		t.Run(name, func(t *testing.T) {
			callAt(t, server)
			t.Setenv("ATLASINT_URL", server)
			host := regexp.MustCompile(`127\.0\.0\.1|no-such-host\.invalid`)
			for _, command := range []string{
				"get", "diff dd.json", "apply --yes dd.json", "delete --yes DATADOG", "ping", "fake state", "fake requests",
				"fake wait-for", "fake reset", "fake faults", "fake stubs", "fake clock", "fake snapshot save s.json",
			} {
				args := strings.Fields(command)
				if name == "silent" {
					args = append(args, "--timeout", "20ms")
				}
				switch command + ", " + name {
				case "ping, own authority": // ping skips certificate verification
					continue
				case "fake wait-for, silent": // wait-for gives the server 10 seconds more
					continue
				}
				code, out, errOut := run(args...)
				last := errOut[strings.LastIndex(strings.TrimSuffix(errOut, "\n"), "\n")+1:]
				if code == 0 || out != "" {
					t.Errorf("%s: exit code %d, stdout %q, stderr %s", command, code, out, errOut)
				}
				if !host.MatchString(last) {
					t.Errorf("%s: the last line doesn't name the host: %s", command, last)
				}
				wantParts(t, command, last, "; ")
				if text := libraryTexts.FindString(errOut); text != "" {
					t.Errorf("%s: the text %q of a library is in %s", command, text, errOut)
				}
			}
		})
	}
}

func wrongKey(t *testing.T) string {
	t.Helper()
	return fakeatlas.Start(t, fakeatlas.WithCredentials(fakeatlas.Credential{PublicKey: fakeatlas.DefaultAPIKey.PublicKey, PrivateKey: "another"})).URL
}

// failing returns the URL of a server that always has the same fault.
func failing(t *testing.T, fault fakeatlas.Fault) string {
	t.Helper()
	atlas := fakeatlas.Start(t)
	if _, err := atlas.InjectFault(fault); err != nil {
		t.Fatal(err)
	}
	return atlas.URL
}

// A base URL may have a path before /api/atlas, and a slash at its end.
func TestBaseURLWithPath(t *testing.T) {
	atlas := startAtlas(t)
	gateway := httptest.NewServer(http.StripPrefix("/gate/way", atlas))
	t.Cleanup(gateway.Close)
	for _, url := range []string{gateway.URL + "/gate/way", gateway.URL + "/gate/way/"} {
		must(t, 0, "get", "--base-url", url)
	}
}

// For all types of both API versions, apply accepts the output of get, and diff finds no difference.
// setVariables sets the environment variables in the references of a payload file to the stored values of the fields.
func setVariables(t *testing.T, file string, atlas *fakeatlas.Server) {
	t.Helper()
	var payload map[string]any
	if err := json.Unmarshal([]byte(readFile(t, file)), &payload); err != nil {
		t.Fatal(err)
	}
	stored, _ := atlas.Integration(projectID, payload["type"].(string))
	for field, value := range payload {
		text, _ := value.(string)
		if name, ok := strings.CutPrefix(text, "${env:"); ok {
			t.Setenv(strings.TrimSuffix(name, "}"), stored.Fields[field].(string))
		}
	}
}

func TestGetAsPayload(t *testing.T) {
	root := rootDir(t)
	for _, apiVersion := range []string{"v1.0", "v2"} {
		t.Run(apiVersion, func(t *testing.T) {
			atlas := startAtlas(t)
			files := examplePayloads(t, root, apiVersion)
			must(t, 0, append([]string{"apply", "--yes", "--api", apiVersion}, files...)...)
			must(t, 2, "get", "--api", apiVersion, "--as-payload", "-o", "out.yaml")
			_, errOut := must(t, 0, "get", "--api", apiVersion, "--as-payload", "-o", "out")
			want := fmt.Sprintf("atlasint: wrote %d files in out; before apply, set ", len(files))
			if _, names, _ := strings.Cut(errOut, want); !strings.Contains(names, "DATADOG_API_KEY, ") {
				t.Errorf("it prints\n%swithout\n%s", errOut, want)
			}
			got, err := filepath.Glob("out/*.json")
			if err != nil || len(got) != len(files) {
				t.Fatalf("%d files of %d, %v", len(got), len(files), err)
			}
			must(t, 0, "validate", "--api", apiVersion, "--for", "update", "--rule", "plaintext-secret=error", "out")
			_, errOut = must(t, 2, "get", "--api", apiVersion, "--as-payload", "-o", "out")
			wantParts(t, "the files that exist", errOut, " exist; nothing was written; name another folder, or overwrite files with --force\n")
			must(t, 0, "get", "--api", apiVersion, "--as-payload", "-o", "out", "--force")
			for _, file := range got {
				setVariables(t, file, atlas)
			}
			must(t, 0, "diff", "--prune-all", "--api", apiVersion, "out")
			lines, _ := must(t, 0, "get", "--api", apiVersion, "--as-payload")
			writeFile(t, "all.ndjson", lines)
			must(t, 0, "diff", "--prune-all", "--api", apiVersion, "all.ndjson")
			one, _ := must(t, 0, "get", "WEBHOOK", "--api", apiVersion, "--as-payload", "-o", "hook.json")
			if one != "" {
				t.Errorf("stdout is %s, want none", one)
			}
			wantParts(t, "hook.json", readFile(t, "hook.json"), `"url": "${env:WEBHOOK_URL}"`)
		})
	}
}

// An update accepts the output of get for a Slack workspace that is linked by OAuth2.
func TestGetSlackAsPayload(t *testing.T) {
	for _, apiVersion := range []string{"v1.0", "v2"} {
		for _, channel := range []string{`"a"`, "null"} {
			atlas := startAtlas(t, fakeatlas.WithChoices(fakeatlas.Choices{SlackOAuth: true}))
			if err := atlas.Seed(projectID, `{"type":"SLACK","apiToken":"xoxb-1234","channelName":`+channel+`,"teamName":"T"}`); err != nil {
				t.Fatal(err)
			}
			_, errOut := must(t, 0, "get", "SLACK", "--api", apiVersion, "--as-payload", "-o", "s.json")
			for _, field := range []string{"apiToken", "teamName"} {
				wantParts(t, apiVersion, errOut,
					`warning: SLACK: the field "`+field+`" is left out: Atlas rejects`, "validate it with --for update\n")
			}
			for _, args := range [][]string{{"validate", "--for", "update"}, {"apply", "--yes", "--prune-all"}, {"apply", "--yes", "--resend"}} {
				out, errOut := must(t, 0, append(args, "--api", apiVersion, "s.json")...)
				if strings.Contains(out+errOut, "[") {
					t.Errorf("%s %s: findings\n%s%s", apiVersion, args, out, errOut)
				}
			}
			if got := strings.Join(writes(atlas), ", "); got != "PUT SLACK 200" {
				t.Errorf("%s: sent %s", apiVersion, got)
			}
		}
	}
}

func TestGetEmptyProject(t *testing.T) {
	startAtlas(t)
	out, errOut := must(t, 0, "get")
	if out != "" || errOut != "atlasint: project "+projectID+" has no integrations in v2\n" {
		t.Errorf("it prints\n%s%s", out, errOut)
	}
	message := errOut
	if out, errOut := must(t, 0, "get", "--json"); !strings.HasPrefix(out, "{") || errOut != message {
		t.Errorf("--json prints\n%s%s", out, errOut)
	}
	folder := filepath.Join(t.TempDir(), "payloads")
	if out, errOut := must(t, 0, "get", "--as-payload", "-o", folder); out != "" || errOut != message {
		t.Errorf("--as-payload prints\n%s%s", out, errOut)
	}
}

// A newer Atlas can have types and fields that this version does not have. The output names them, and apply keeps them.
func TestNewerAtlas(t *testing.T) {
	startAtlas(t)
	var methods []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		methods = append(methods, r.Method)
		_, _ = w.Write([]byte(`{"results":[
			{"type":"OPS_GENIE","id":"6b033f0b351ae20fe1fd4559","apiKey":"****5f6a","region":"EU",
				"zone":"north","area":1,"wing":true,"bay":2,"attic":3},
			{"type":"PIGEON_POST","id":"6b033f0b351ae20fe1fd4560","loft":"roof"}]}`))
	}))
	t.Cleanup(server.Close)
	callAt(t, server.URL)
	out, _ := must(t, 0, "get")
	const table = "TYPE         ID                        FIELDS\n" +
		"OPS_GENIE    6b033f0b351ae20fe1fd4559  apiKey=****5f6a region=EU area=(hidden) attic=(hidden) bay=(hidden) wing=true zone=(hidden)\n" +
		"PIGEON_POST  6b033f0b351ae20fe1fd4560  loft=(hidden)\n"
	if out != table {
		t.Errorf("it prints\n%s", out)
	}
	must(t, 0, "get", "PIGEON_POST", "--json")
	const missing = "atlasint: the project has no integration of type DATADOG; atlasint get lists its integrations\n"
	wantOutcome(t, "a missing type", outcome{1, "", missing}, outcomeOf(run("get", "DATADOG")))
	must(t, 2, "get", "PIGEON")
	out, errOut := must(t, 0, "get", "--as-payload")
	if want := `{"type":"OPS_GENIE","apiKey":"${env:OPS_GENIE_API_KEY}","region":"EU"}` + "\n"; out != want {
		t.Errorf("stdout is %s, want %s", out, want)
	}
	wantParts(t, "stderr", errOut, `OPS_GENIE: the field "zone" is left out`, "PIGEON_POST is left out")
	writeFile(t, "ops.json", `{"type":"OPS_GENIE","apiKey":"12345f6a","region":"EU"}`)
	out, _ = must(t, 0, "apply", "--yes", "--prune-all", "ops.json")
	if !strings.Contains(out, "PIGEON_POST  unknown    this version does not support the type; kept\n") ||
		!strings.Contains(out, "zone: is set in Atlas and not in the payload; updates keep it (not shown)") {
		t.Errorf("it prints\n%s", out)
	}
	must(t, 2, "delete", "PIGEON_POST", "--yes")
	for _, m := range methods {
		if m != http.MethodGet {
			t.Errorf("it sent %s", m)
		}
	}
}
