package cli_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A server that repeats the credentials of the client in fields that are no secrets gets them onto no screen
// and into no file.
func TestEchoedCredentials(t *testing.T) {
	c := &canaries{own: map[string]bool{}}
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
			for _, command := range []string{"get", "get --json", "get DATADOG", "get --as-payload", "get --as-payload -o out --force", "diff dd.json", "diff --json --prune dd.json"} {
				_, out, errOut := run(strings.Fields(command)...)
				c.spare(t, command, out+errOut)
				if strings.HasPrefix(command, "get") && !strings.Contains(errOut, "warning: DATADOG: the server returned one of your credentials in the field region") {
					t.Errorf("%s does not warn: %s", command, errOut)
				}
			}
			written(t, c)
		}
	}
}

// written looks at the files that get has written.
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
		c.spare(t, file, string(data))
	}
}
