package control

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

func messageOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestCheckLocal(t *testing.T) {
	for _, tt := range []struct{ name, address, host, header, want string }{
		{"loopback", "127.0.0.1:1", "localhost:80", "", ""},
		{"IPv6", "[::1]:1", "[::1]", "", ""},
		{"other address", "192.0.2.1:1", "localhost", "", "only requests from the same machine"},
		{"other name", "127.0.0.1:1", "atlas.example", "", "only requests from the same machine"},
		{"proxy", "127.0.0.1:1", "localhost", "X-Forwarded-For", "requests from a proxy"},
		{"proxy with underscores", "127.0.0.1:1", "localhost", "x_real_ip", "requests from a proxy"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Host = tt.address, tt.host
		if tt.header != "" {
			r.Header[tt.header] = []string{""}
		}
		if got := messageOf(CheckLocal(r)); tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestCheckMediaType(t *testing.T) {
	for _, tt := range []struct {
		media  string
		status int
	}{
		{"", 0},
		{"application/json; charset=utf-8", 0},
		{"text/plain", http.StatusUnsupportedMediaType},
		{"application/reports+json", http.StatusUnsupportedMediaType},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header.Set("Content-Type", tt.media)
		status, rejected := 0, (*Error)(nil)
		if errors.As(checkMediaType(r), &rejected) {
			status = rejected.Status
		}
		if status != tt.status {
			t.Errorf("%q: got status %d, want %d", tt.media, status, tt.status)
		}
	}
}

func TestRead(t *testing.T) {
	const described = "GET /_atlasint/openapi.yaml describes the body"
	for _, tt := range []struct {
		name, body string
		want       Error
	}{
		{"unknown member", `{"advanse": "1h"}`, *newError(400, `the body has an unknown member "advanse"`, "did you mean advance?")},
		{"wrong type", `{"run": "secret"}`, *newError(400, "run: want true or false, got a string", described)},
		{"array", `[]`, *newError(400, "the body is not a JSON object", described)},
		{"two values", `{} {}`, *newError(400, "the body has more than one value", "send one JSON value in each request")},
		{"duplicate member", `{"run": true, "run": false}`, *newError(400, "the body has a duplicate member in an object", "remove one of the two members")},
		{"other case", `{"RUN": true}`, *newError(400, `the body has an unknown member "RUN"`, "did you mean run?")},
		{"no JSON", `{`, *newError(400, "the body is not valid JSON from byte 2 on", "check quotes, commas and brackets")},
		{"a comma too many", `{"run": true,}`, *newError(400, "the body is not valid JSON from byte 13 on", "check quotes, commas and brackets")},
		{"empty", " \n", *newError(400, "the body is empty", described)},
		{"too large", `{"now": "` + strings.Repeat("x", 100) + `"}`, *newError(413, "the body has more than 64 bytes", "")},
	} {
		r := httptest.NewRequest(http.MethodPut, "/", strings.NewReader(tt.body))
		var rejected *Error
		if err := read(r, 64, new(clockChange)); !errors.As(err, &rejected) {
			t.Errorf("%s: got %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, *rejected); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestClockChange(t *testing.T) {
	text, run, off := "x", true, false
	for _, tt := range []struct {
		name   string
		change clockChange
		want   string
	}{
		{"run", clockChange{Run: &run}, ""},
		{"not run", clockChange{Run: &off}, "the body has no valid time"},
		{"none", clockChange{}, "the body has no valid time"},
		{"two", clockChange{Now: &text, Advance: &text}, "the body has no valid time"},
		{"bad time", clockChange{Now: &text}, "now is not a time"},
		{"bad duration", clockChange{Advance: &text}, "advance is not a duration"},
	} {
		if _, err := tt.change.move(); messageOf(err) != tt.want {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

// stored is a backend with a state.
type stored struct {
	Backend
	state store.State
}

func (s *stored) Snapshot([]string, bool) (any, error) { return s.state, nil }
func (s *stored) KeepsSecrets() bool                   { return true }
func (s *stored) Restore(state store.State) error      { s.state = state; return nil }

// The server restores each snapshot that it returns, and returns none that it would not restore.
func TestSnapshotsCanBeRestored(t *testing.T) {
	send := func(a *API, method, query, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://localhost/_atlasint/state"+query, strings.NewReader(body))
		r.RemoteAddr = "127.0.0.1:1"
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		return w
	}
	field := map[string]any{"url": "\u202e<é\"" + strings.Repeat("x", 100)} // printed with escapes
	full := store.State{"5d791c84ff7a2522cc4f9aa1": {Integrations: []store.Integration{{Type: "WEBHOOK", Fields: field}}}}
	backend := &stored{state: full}
	size := send(New(backend, nil), http.MethodGet, "", "").Body.Len()
	const memory = 256 << 20 // of a full memory store, which JSON makes longer by escapes
	if size < 100 || maxSnapshot < 2*memory {
		t.Fatalf("a snapshot has %d bytes, the limit is %d", size, maxSnapshot)
	}
	for limit := size - 1; limit <= size; limit++ {
		backend.state = full
		a := New(backend, nil)
		a.maxSnapshot = limit
		saved := send(a, http.MethodGet, "", "")
		if limit == size {
			if restored := send(a, http.MethodPut, "", saved.Body.String()); saved.Code != 200 || restored.Code != 204 {
				t.Errorf("saved: %d, restored: %d %s", saved.Code, restored.Code, restored.Body)
			}
			if diff := cmp.Diff(full, backend.state); diff != "" {
				t.Errorf("(-saved +restored)\n%s", diff)
			}
			continue
		}
		if saved.Code != 409 || saved.Header().Get(secretsHeader) != "" || !strings.Contains(saved.Body.String(), "select projects with project=ID") {
			t.Errorf("saved: %d %s", saved.Code, saved.Body)
		}
		if masked := send(a, http.MethodGet, "?masked=true", ""); masked.Code != 200 {
			t.Errorf("masked: %d %s", masked.Code, masked.Body)
		}
		if restored := send(a, http.MethodPut, "", strings.Repeat(" ", limit+1)); restored.Code != 413 {
			t.Errorf("restored: %d %s", restored.Code, restored.Body)
		}
	}
}

// The control API keeps no HTTP server in memory that has served it, and a request that a server has accepted before it
// shuts down is stopped.
func TestServersAreNotKept(t *testing.T) {
	a := New(nil, nil)
	stopping := func(server *http.Server) <-chan struct{} {
		ctx := context.WithValue(t.Context(), http.ServerContextKey, server)
		return a.stopping(httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
	}
	for range 10 {
		stopping(&http.Server{})
	}
	runtime.GC()
	server := &http.Server{}
	first := stopping(server)
	if n := len(a.servers); n != 1 {
		t.Errorf("%d servers are kept, want 1", n)
	}
	if err := server.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-first
	<-stopping(server)
	if stopping(&http.Server{}) == first || stopping(server) != first {
		t.Error("servers share a channel, or one has several")
	}
}
