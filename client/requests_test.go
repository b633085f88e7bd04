package client_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/fakeatlas"
)

// counted counts the requests that reach a server.
type counted struct {
	http.Handler
	mu                 sync.Mutex
	anonymous, entered int // without credentials, and with
	tokens             int
}

func (c *counted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/oauth/"):
		c.tokens++
	case r.Header.Get("Authorization") == "":
		c.anonymous++
	default:
		c.entered++
	}
	c.mu.Unlock()
	c.Handler.ServeHTTP(w, r)
}

func (c *counted) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.anonymous, c.entered, c.tokens = 0, 0, 0
}

// A call sends as many requests as Retries documents, and a lost connection is reported as one: by every
// method and kind of credentials, on new connections and on kept ones.
func TestLostConnections(t *testing.T) {
	for name, fault := range map[string]fakeatlas.Fault{"before the change": {Drop: true}, "after the change": {Truncate: true}} {
		for login, credentials := range logins {
			for method, call := range calls {
				for _, reused := range []bool{false, true} {
					for _, retries := range []int{-1, 3} {
						atlas, err := fakeatlas.New()
						if err != nil {
							t.Fatal(err)
						}
						server := &counted{Handler: atlas}
						base := serve(t, server)
						c := bare(t, base, client.Options{Credentials: credentials(t, base), Retries: retries})
						if reused {
							must[[]client.Integration](t)(c.List(context.Background(), project))
						}
						if method != http.MethodPost {
							if err := atlas.Seed(project, datadog); err != nil {
								t.Fatal(err)
							}
						}
						server.reset()
						fault.Path = "*/integrations*"
						if _, err := atlas.InjectFault(fault); err != nil {
							t.Fatal(err)
						}
						expectLost(t, server, call(context.Background(), c), method, max(0, retries))
						if t.Failed() {
							t.Fatalf("%s, %s, %s, kept %t, %d retries", name, login, method, reused, retries)
						}
					}
				}
			}
		}
	}
}

func expectLost(t *testing.T, server *counted, err error, method string, retries int) {
	t.Helper()
	server.mu.Lock()
	defer server.mu.Unlock()
	want := retries + 1
	if method == http.MethodPost {
		want = 1
	}
	done := method == http.MethodDelete && err == nil // its response has no body to cut off
	switch {
	case server.entered > want:
		t.Errorf("%d requests, want at most %d", server.entered, want)
	case server.entered < want && !done:
		t.Errorf("%d requests, want %d", server.entered, want)
	}
	if server.anonymous > 1 {
		t.Errorf("%d requests without credentials, want at most one", server.anonymous)
	}
	if server.tokens > 1 {
		t.Errorf("%d requests for tokens, want at most one", server.tokens)
	}
	if done {
		return
	}
	reason, _, _ := strings.Cut(as[*client.TransportError](t, err).Reason, ":")
	if !slices.Contains([]string{"the connection was lost", "the response is incomplete"}, reason) {
		t.Errorf("the reason is %q: %v", reason, err)
	}
}
