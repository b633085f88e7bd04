package cli_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// Ping rejects a server that is not a fake Atlas, and prints nothing of its response.
func TestPingRejectsOtherServers(t *testing.T) {
	responses := map[string]struct {
		status int
		body   string
	}{
		"a web page":       {200, "<html>ok</html>"},
		"another health":   {200, `{"status":"up"}`},
		"a web server":     {404, "404 page not found"},
		"another API":      {404, `{"error":"canary"}`},
		"another login":    {401, `{"error":"canary"}`},
		"it fails":         {500, `{"status":"ok"}`},
		"it is too busy":   {503, `{"error":"canary"}`},
		"a similar text":   {403, `{"error":"the control API is closed: canary"}`},
		"a failing store":  {503, `{"error":"the store rejects writes","hint":"canary"}`},
		"another code":     {401, `{"error":"canary","code":"no-token"}`},
		"it sends us away": {302, `{"status":"ok"}`},
		"without an end":   {200, `{"status":"ok","x":"` + strings.Repeat("x", 1<<20) + `"}`},
	}
	for name, response := range responses {
		t.Run(name, func(t *testing.T) {
			other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/_atlasint/health/elsewhere")
				w.WriteHeader(response.status)
				_, _ = w.Write([]byte(response.body))
			}))
			defer other.Close()
			code, out, errOut := run("ping", other.URL)
			wantFailure(t, "ping", 3, outcome{code, out, errOut}, "is not a fake Atlas")
			wantNoParts(t, "stderr", errOut, "canary")
		})
	}
}

// A response that breaks off, or takes too long, is no other server.
func TestPingReportsIncompleteResponses(t *testing.T) {
	for name, want := range map[string]string{
		"cut":  "sent an incomplete response; try again",
		"slow": "did not respond in time; try again, or raise --timeout",
	} {
		t.Run(name, func(t *testing.T) {
			other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Length", "100")
				_, _ = w.Write([]byte(`{"status":"ok"`))
				w.(http.Flusher).Flush()
				if name == "slow" {
					<-r.Context().Done()
				}
			}))
			defer other.Close()
			code, out, errOut := run("ping", "--timeout", "200ms", other.URL)
			wantFailure(t, "ping", 3, outcome{code, out, errOut}, want)
		})
	}
}

// Ping reports a fake whose store fails as unhealthy.
func TestPingFailingStore(t *testing.T) {
	s := serve(t, "--store", "redis://127.0.0.1:1")
	code, out, errOut := run("ping", s.url)
	want := "atlasint: " + strings.TrimPrefix(s.url, "http://") + " is a fake Atlas whose store rejects writes; see the log of the server\n"
	wantOutcome(t, "ping", outcome{3, "", want}, outcome{code, out, errOut})
	s.signal(t, os.Interrupt)
	if code := s.wait(t); code != 0 {
		t.Errorf("serve: exit code %d: %s", code, s.stderr.String())
	}
}

// Ping also accepts a server with a self-signed certificate.
func TestPingTLS(t *testing.T) {
	cert, key, _ := certificate(t)
	s := serve(t, "--tls-cert", cert, "--tls-key", key)
	wantOutcome(t, "ping", outcome{0, "ok\n", ""}, outcomeOf(run("ping", s.url)))
	s.signal(t, os.Interrupt)
	if code := s.wait(t); code != 0 {
		t.Errorf("serve: exit code %d: %s", code, s.stderr.String())
	}
}

// A server that responds later than ping waits is no running one.
func TestPingTimeout(t *testing.T) {
	s := serve(t, "--no-control", "--latency", "1h")
	_, errOut := must(t, 3, "ping", s.url, "--timeout", "20ms")
	if want := "atlasint: " + strings.TrimPrefix(s.url, "http://") + " did not respond in time; try again, or raise --timeout\n"; errOut != want {
		t.Errorf("it says %q, want %q", errOut, want)
	}
}
