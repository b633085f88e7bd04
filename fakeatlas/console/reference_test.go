package console_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/console"
	"github.com/atlasint/atlasint/internal/gen/reference"
)

// The console serves each file of the API reference with its media type.
func TestReference(t *testing.T) {
	s, err := fakeatlas.New()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(console.Handler(s))
	defer server.Close()
	get := func(name string) (*http.Response, string) {
		t.Helper()
		response, err := http.Get(server.URL + "/_atlasint/ui/reference/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response, string(body)
	}
	types := map[string]string{
		"html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
		"svg": "image/svg+xml",
	}
	for name, want := range reference.Files() {
		response, body := get(name)
		ending := name[strings.LastIndex(name, ".")+1:]
		if response.StatusCode != http.StatusOK || body != want || response.Header.Get("Content-Type") != types[ending] {
			t.Errorf("%s: status %d, %d bytes, %s", name, response.StatusCode, len(body), response.Header.Get("Content-Type"))
		}
		if !strings.Contains(response.Header.Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s has no policy", name)
		}
	}
	if _, body := get(""); body != reference.Files()["index.html"] {
		t.Errorf("the folder returns %.80s", body)
	}
	if response, _ := get("../../state.html"); response.StatusCode == http.StatusOK {
		t.Error("a path outside of the reference returns a page")
	}
	if response, _ := get("missing.html"); response.StatusCode != http.StatusNotFound {
		t.Errorf("a missing page has status %d", response.StatusCode)
	}
}
