// Package console serves the console of a fake Atlas: pages at /_atlasint/ui/ that show a [fakeatlas.Server] and
// control it in a browser. They use the control API, and its access rules apply to them.
package console

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/internal/control"
)

// pagesPath is the path of the pages.
const pagesPath = control.Prefix + "ui/"

const (
	referenceFolder = "reference/"
	referencePath   = pagesPath + referenceFolder
)

//go:embed static
var embedded embed.FS

// console is the handler of one server.
type console struct {
	server   http.Handler
	pages    fs.FS
	sessions *sessions
}

// Handler returns a handler that serves the console of a server at /_atlasint/ui/, redirects browsers from / to it, and
// passes all other requests on to the server. Without a control token the console is open to the browsers of this
// machine; with one, they log in with it. Without the control API there is no console: all requests are passed on. The
// handler is safe for concurrent use.
func Handler(s *fakeatlas.Server) http.Handler {
	pages, err := fs.Sub(embedded, "static")
	if err != nil {
		panic(err) //nolint:forbidigo // the folder is embedded
	}
	return &console{server: s, pages: pages, sessions: newSessions(s)}
}

// ServeHTTP implements [http.Handler].
func (c *console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case !isBelow(r.URL.Path), c.sessions.access() == closed:
		c.server.ServeHTTP(w, r)
	case r.URL.Path == "/" && acceptsHTML(r):
		redirect(w, r, pagesPath)
	case r.URL.Path+"/" == pagesPath, r.URL.Path+"/" == referencePath:
		redirect(w, r, r.URL.Path+"/") // links of the page are relative to the folder
	case strings.HasPrefix(r.URL.Path, pagesPath):
		c.serveConsole(w, r)
	case strings.HasPrefix(r.URL.Path, control.Prefix):
		c.serveControl(w, r)
	default:
		c.server.ServeHTTP(w, r)
	}
}

func redirect(w http.ResponseWriter, r *http.Request, path string) {
	setHeaders(w.Header())
	http.Redirect(w, r, path, http.StatusFound)
}

// isBelow reports whether the console may respond to requests for a path.
func isBelow(path string) bool { return path == "/" || strings.HasPrefix(path, control.Prefix) }

// acceptsHTML reports whether a request accepts HTML. Browsers send such requests; clients of Atlas do not.
func acceptsHTML(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// serveConsole serves the pages and the login. The pages have no data: with a token, everyone may load them.
func (c *console) serveConsole(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header())
	if c.sessions.access() == local {
		if err := control.CheckLocal(r); err != nil {
			control.WriteError(w, err)
			return
		}
	}
	switch name := strings.TrimPrefix(r.URL.Path, pagesPath); name {
	case "session", "login", "logout":
		c.sessions.serve(w, r, name)
	default:
		c.servePage(w, r, name)
	}
}

// serveControl passes a request on to the control API, with access if it belongs to a session.
func (c *console) serveControl(w http.ResponseWriter, r *http.Request) {
	s := c.sessions.of(r)
	if s == nil {
		c.server.ServeHTTP(w, r)
		return
	}
	if err := checkSession(r); err != nil {
		control.WriteError(w, err)
		return
	}
	ctx, cancel := s.context(r.Context())
	defer cancel()
	c.server.ServeHTTP(w, r.WithContext(control.Admit(ctx)))
}

// headers are those of every response of the console.
var headers = map[string]string{
	"Cache-Control":                "no-store",
	"Content-Security-Policy":      "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
}

func setHeaders(h http.Header) {
	for name, value := range headers {
		h.Set(name, value)
	}
}
