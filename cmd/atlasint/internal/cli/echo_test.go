package cli_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/cirunner"
)

// If a server returns the credentials of the client in fields that are not secret, no output and no file contains them.
func TestEchoedCredentials(t *testing.T) {
	c := &canaries{public: map[string]bool{}}
	startAtlas(t)
	private, secret, token := c.add(), c.add(), c.add()
	basic := base64.StdEncoding.EncodeToString([]byte("client:" + secret))
	var echoed string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/api/oauth/token":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","expires_in":3600}`, token)
		case r.Header.Get("Authorization") == "":
			w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n", algorithm=MD5, qop="auth"`)
			w.WriteHeader(http.StatusUnauthorized)
		default:
			doc, _ := json.Marshal(map[string]any{"results": []map[string]any{
				{"type": "DATADOG", "id": echoed, "apiKey": "****2846", "region": echoed, echoed: true},
				{"type": "VICTOR_OPS", "apiKey": "****2846", "routingKey": "route " + echoed[2:]},
				{"type": "PROMETHEUS", "username": echoed, "enabled": true, "serviceDiscovery": "http"},
				{"type": echoed},
			}})
			_, _ = w.Write(doc)
		}
	}))
	t.Cleanup(server.Close)
	callAt(t, server.URL)
	writeFile(t, "dd.json", datadogPayload)
	c.values = append(c.values, basic)
	for _, login := range []struct {
		account bool
		secrets []string
	}{{false, []string{private}}, {true, []string{secret, token, basic}}} {
		credentials(t, login.account, private, secret)
		for _, echoed = range login.secrets {
			for _, command := range []string{
				"get", "get --json", "get DATADOG", "get --as-payload", "get --as-payload -o out --force",
				"diff dd.json", "diff --json --prune dd.json",
			} {
				_, out, errOut := run(strings.Fields(command)...)
				c.checkHidden(t, command, out+errOut)
				if strings.HasPrefix(command, "get") {
					wantParts(t, command, errOut, "DATADOG.region")
					if n := strings.Count(errOut, "your credentials"); n != 1 {
						t.Errorf("%s warns %d times: %s", command, n, errOut)
					}
				}
			}
			written(t, c)
		}
	}
}

// written checks the files that get wrote.
func written(t *testing.T, c *canaries) {
	t.Helper()
	files, err := filepath.Glob("out/*")
	if err != nil || len(files) != 3 {
		t.Fatalf("written are %q, %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil || strings.Contains(string(data), "(hidden)") {
			t.Errorf("%s: %v\n%s", file, err, data)
		}
		c.checkHidden(t, file, string(data))
	}
}

// A server can send more bytes than its response. Package net/http logs them to the standard logger of the process, so
// the test runs the command in its own process.
func TestBytesAfterAResponseAreNotPrinted(t *testing.T) {
	if raced {
		t.Skip("the command is another process")
	}
	c := &canaries{public: map[string]bool{}}
	startAtlas(t)
	secret, token := c.add(), c.add()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := `{"results":[]}`
		if r.URL.Path == "/api/oauth/token" {
			body = fmt.Sprintf(`{"access_token":%q,"token_type":"Bearer","expires_in":3600}`, token)
		}
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
		fmt.Fprintf(buffered, head+" ##[error]x ##vso[task.complete]x %s", len(body), body, r.Header.Get("Authorization"))
		_ = buffered.Flush()
		_, _ = io.Copy(io.Discard, buffered) // until the client closes it
	}))
	t.Cleanup(server.Close)
	callAt(t, server.URL)
	credentials(t, true, "", secret)
	c.values = append(c.values, base64.StdEncoding.EncodeToString([]byte("client:"+secret)))
	for _, command := range []string{"get", "get --json", "delete SLACK --yes"} {
		var out, errOut strings.Builder
		cmd := exec.Command("atlasint", strings.Fields(command)...) // on PATH by testscript.Main
		cmd.Stdout, cmd.Stderr = &out, &errOut
		_ = cmd.Run() // delete fails: there is nothing to delete
		c.checkHidden(t, command, out.String()+errOut.String())
		if found := cirunner.Commands(errOut.String()); len(found) > 0 || out.String()+errOut.String() == "" {
			t.Errorf("%s prints the commands %q in\n%s", command, found, errOut.String())
		}
	}
}
