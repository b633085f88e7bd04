package console_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/console"
)

const secretToken = "the-token-of-this-test"

func newConsole(t testing.TB, opts ...fakeatlas.Option) (*fakeatlas.Server, http.Handler) {
	t.Helper()
	s, err := fakeatlas.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	return s, console.Handler(s)
}

// send sends a request from this machine. Headers are lines such as "Accept: text/html"; those of Host and Remote set
// the host and the address of the client.
func send(t testing.TB, h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	r.Host, r.RemoteAddr = "localhost:8080", "127.0.0.1:4000"
	for _, line := range headers {
		switch name, value, _ := strings.Cut(line, ": "); name {
		case "Host":
			r.Host = value
		case "Remote":
			r.RemoteAddr = value
		default:
			r.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestRedirect(t *testing.T) {
	s, h := newConsole(t)
	for _, tc := range []struct {
		method, target, accept string
		status                 int
	}{
		{"GET", "/", "text/html,application/xhtml+xml;q=0.9", 302},
		{"HEAD", "/", "text/html", 302},
		{"POST", "/", "text/html", 404},
		{"GET", "/", "application/json", 404},
		{"GET", "/", "", 404},
		{"GET", "/api/atlas/v2/groups", "text/html", 401},
		{"GET", "/_atlasint/ui", "", 302},
		{"GET", "/_atlasint/ui/", "", 200},
		{"GET", "/_atlasint/health", "text/html", 200},
	} {
		w := send(t, h, tc.method, tc.target, "", "Accept: "+tc.accept)
		if w.Code != tc.status || tc.status == 302 && w.Header().Get("Location") != "/_atlasint/ui/" {
			t.Errorf("%s %s as %q: %d %v", tc.method, tc.target, tc.accept, w.Code, w.Header())
		}
	}
	if w := send(t, h, "GET", "/_atlasint/ui/reference", ""); w.Code != 302 || w.Header().Get("Location") != "/_atlasint/ui/reference/" {
		t.Errorf("the reference without a slash: %d %v", w.Code, w.Header())
	}
	if n := len(s.Requests()); n != 4 {
		t.Errorf("%d requests are in the journal, want the 4 that are not for the console", n)
	}
}

// Every response of the console has the headers, errors too.
func TestHeaders(t *testing.T) {
	_, h := newConsole(t, fakeatlas.WithControl(secretToken))
	for _, target := range []string{
		"/", "/_atlasint/ui", "/_atlasint/ui/", "/_atlasint/ui/session", "/_atlasint/ui/nothing",
		"/_atlasint/ui/login", "/_atlasint/ui/logout",
	} {
		w := send(t, h, "GET", target, "", "Accept: text/html")
		for name, want := range map[string]string{
			"Cache-Control":                "no-store",
			"Content-Security-Policy":      "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Referrer-Policy":              "no-referrer",
			"X-Content-Type-Options":       "nosniff",
		} {
			if got := w.Header().Values(name); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s: %q", target, name, got)
			}
		}
	}
}

func TestPaths(t *testing.T) {
	_, h := newConsole(t)
	for target, status := range map[string]int{
		"/_atlasint/ui/index.html":        200,
		"/_atlasint/ui/nothing.html":      404,
		"/_atlasint/ui/static/index.html": 404,
		"/_atlasint/ui/../health":         404,
		"/_atlasint/ui/..%2fhealth":       404,
		"/_atlasint/ui//index.html":       404,
		"/_atlasint/ui/./index.html":      404,
		"/_atlasint/ui/index.html/":       404,
		"/_atlasint/ui/index.html%00":     404,
		"/_atlasint/uix":                  404,
	} {
		if w := send(t, h, "GET", target, ""); w.Code != status || status == 404 && strings.Contains(w.Body.String(), "<") {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
	missing := send(t, h, "GET", "/_atlasint/ui/nothing", "", "Accept: text/html")
	if diff := cmp.Diff([]any{404, "text/html; charset=utf-8"}, []any{missing.Code, missing.Header().Get("Content-Type")}); diff != "" {
		t.Errorf("a missing page in a browser: status, media type (-want +got):\n%s", diff)
	}
	if !strings.Contains(missing.Body.String(), "Go to the overview") {
		t.Errorf("a missing page in a browser has no link to the overview: %s", missing.Body)
	}
	if w := send(t, h, "PUT", "/_atlasint/ui/index.html", "x", "Content-Type: application/json"); w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("PUT: %d %v", w.Code, w.Header())
	}
}

// pages calls each with every file.
func pages(t *testing.T, each func(name string, data []byte)) {
	t.Helper()
	root := os.DirFS("static")
	if err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		each(name, data)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestMediaTypes(t *testing.T) {
	_, h := newConsole(t)
	want := map[string]string{
		".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
		".svg": "image/svg+xml", ".png": "image/png",
	}
	pages(t, func(name string, data []byte) {
		w := send(t, h, "GET", "/_atlasint/ui/"+name, "")
		typ, known := want[path.Ext(name)]
		if !known {
			t.Errorf("%s: the test has no media type for it", name)
		}
		if diff := cmp.Diff([]any{200, typ}, []any{w.Code, w.Header().Get("Content-Type")}); diff != "" {
			t.Errorf("%s: status, media type (-want +got):\n%s", name, diff)
		}
		if !bytes.Equal(w.Body.Bytes(), data) {
			t.Errorf("%s: the body is not the file", name)
		}
	})
}

// The files are small: they load at once, and the command stays below its size limit.
func TestPagesAreSmall(t *testing.T) {
	var all, compressed int
	pages(t, func(_ string, data []byte) {
		all += len(data)
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		_, err := w.Write(data)
		if err != nil || w.Close() != nil {
			t.Fatal("can't compress")
		}
		compressed += out.Len()
	})
	t.Logf("%d bytes, %d compressed", all, compressed)
	if all > 250_000 || compressed > 80_000 {
		t.Errorf("%d bytes, %d compressed; the limits are 250,000 and 80,000", all, compressed)
	}
}

// forbidden are what the pages must not have: other origins, inline scripts and styles, and values that become markup.
var forbidden = map[string]*regexp.Regexp{
	".html": regexp.MustCompile(`(?i)<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|<script(?:\s[^>]*)?>\s*[^\s<]|<base|` +
		`<iframe|<object|<embed|(?:src|href|action)\s*=\s*["']?(?:https?:)?//`),
	".css": regexp.MustCompile(`(?i)@import|url\(\s*["']?(?:https?:|//|data:)|expression\(`),
	".js": regexp.MustCompile(`\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|execScript|` +
		`createContextualFragment|DOMParser|srcdoc|importScripts)\b|new Function\b|setTimeout\(\s*["'` +
		"`" + `]|javascript:|from\s+["']https?:|import\(\s*["']https?:|setAttribute\(\s*["'](?:style|on)|\.cssText\b`),
}

func TestPagesAreStrict(t *testing.T) {
	pages(t, func(name string, data []byte) {
		if pattern := forbidden[path.Ext(name)]; pattern != nil {
			if found := pattern.Find(data); found != nil {
				t.Errorf("%s has %q", name, found)
			}
		}
	})
	for ext, text := range map[string]string{
		".html": `<p style="x">|<script>alert(1)</script>|<a href="https://x">|<img onerror=x>|<script src="//x"></script>`,
		".css":  `@import "x"|url(https://x)|url("data:x")`,
		".js":   "a.innerHTML = b|eval(x)|new Function(x)|setTimeout('x')|import('https://x')|e.setAttribute('style', x)",
	} {
		for bad := range strings.SplitSeq(text, "|") {
			if !forbidden[ext].MatchString(bad) {
				t.Errorf("%s is not found", bad)
			}
		}
	}
}

// Without a token, the console is for this machine, as the control API is.
func TestConsoleWithoutToken(t *testing.T) {
	_, h := newConsole(t)
	for _, tc := range []struct {
		header string
		status int
	}{
		{"Host: localhost:8080", 200},
		{"Host: [::1]", 200},
		{"Host: rebound.invalid:8080", 403},
		{"Remote: 10.0.0.1:4000", 403},
		{"X-Forwarded-For: 10.0.0.1", 403},
	} {
		for _, target := range []string{"/_atlasint/ui/", "/_atlasint/ui/session", "/_atlasint/overview"} {
			if w := send(t, h, "GET", target, "", tc.header); w.Code != tc.status {
				t.Errorf("%s with %s: %d %s", target, tc.header, w.Code, w.Body)
			}
		}
	}
	if w := send(t, h, "GET", "/_atlasint/ui/session", ""); w.Body.String() != `{"login":false,"signedIn":true}` {
		t.Errorf("session: %s", w.Body)
	}
	if w := send(t, h, "POST", "/_atlasint/ui/login", `{"token":"x"}`, "Content-Type: application/json"); w.Code != 400 {
		t.Errorf("login: %d", w.Code)
	}
	if w := send(t, h, "DELETE", "/_atlasint/faults", "", "Sec-Fetch-Site: cross-site"); w.Code != 403 {
		t.Errorf("a change from another site: %d", w.Code)
	}
}

func TestWithoutControlThereIsNoConsole(t *testing.T) {
	_, h := newConsole(t, fakeatlas.WithoutControl())
	for _, target := range []string{"/", "/_atlasint/ui/", "/_atlasint/ui/session", "/_atlasint/health"} {
		if w := send(t, h, "GET", target, "", "Accept: text/html"); w.Code != 404 || !strings.Contains(w.Body.String(), "RESOURCE_NOT_FOUND") {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
}

// The API is the same with the console and without it.
func TestAPIBehindTheConsole(t *testing.T) {
	server, err := fakeatlas.New()
	if err != nil {
		t.Fatal(err)
	}
	running := httptest.NewServer(console.Handler(server))
	defer running.Close()
	response, err := http.Get(running.URL + "/api/atlas/v2/groups/5d791c84ff7a2522cc4f9aa1/integrations")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || response.StatusCode != 401 {
		t.Errorf("%d %s, error %v", response.StatusCode, body, err)
	}
	if challenge := response.Header.Get("WWW-Authenticate"); !strings.Contains(challenge, "Digest") {
		t.Errorf("WWW-Authenticate is %q", challenge)
	}
	if policy := response.Header.Get("Content-Security-Policy"); policy != "" {
		t.Errorf("Content-Security-Policy is %q", policy)
	}
}
