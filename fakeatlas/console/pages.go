package console

import (
	"bytes"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/atlasint/atlasint/internal/gen/reference"
)

// mediaTypes are the types of files by their endings. The table of the machine is not used: it may have others.
var mediaTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".ico":  "image/x-icon",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".mjs":  "text/javascript; charset=utf-8",
	".png":  "image/png",
	".svg":  "image/svg+xml",
	".txt":  "text/plain; charset=utf-8",
}

// servePage serves a file. A path that ends with a slash has the index of its folder.
func (c *console) servePage(w http.ResponseWriter, r *http.Request, name string) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the path does not support the method", http.StatusMethodNotAllowed)
		return
	}
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	data, err := c.readPage(name)
	mediaType, known := mediaTypes[path.Ext(name)]
	if err != nil || !known {
		c.serveMissing(w, r)
		return
	}
	w.Header().Set("Content-Type", mediaType)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}

// serveMissing responds to a request for a page that does not exist: browsers get a page with a link to the overview.
func (c *console) serveMissing(w http.ResponseWriter, r *http.Request) {
	page, err := c.readPage("missing.html")
	if err != nil || !acceptsHTML(r) {
		http.Error(w, "the console has no such page", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", mediaTypes[".html"])
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write(page) // a client that has disconnected gets nothing
}

// readPage returns a page of the console, or of the API reference below reference/.
func (c *console) readPage(name string) ([]byte, error) {
	if page, ok := strings.CutPrefix(name, referenceFolder); ok {
		if text, ok := reference.Files()[page]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(c.pages, name)
}
