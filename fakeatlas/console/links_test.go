package console

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
)

var (
	linkInPage   = regexp.MustCompile(`(?:src|href)="([^"#]+)"`)
	linkInModule = regexp.MustCompile(`from '([^']+)'`)
)

// linksIn returns the files that a file of the console loads.
func linksIn(name string, data []byte) (links []string) {
	pattern := map[string]*regexp.Regexp{".html": linkInPage, ".js": linkInModule}[path.Ext(name)]
	if pattern == nil {
		return nil
	}
	for _, match := range pattern.FindAllSubmatch(data, -1) {
		link := strings.TrimPrefix(string(match[1]), pagesPath)
		if link != "" && !strings.HasSuffix(link, "/") { // the API reference has its own handler
			links = append(links, path.Join(path.Dir(name), link))
		}
	}
	return links
}

// A misspelled import shows an empty page, and a file that no page loads only makes the command larger.
func TestPagesLoadAllFiles(t *testing.T) {
	loaded := map[string]string{"static/index.html": "the handler", "static/login.html": "lib/api.js", "static/missing.html": "the handler"}
	var names []string
	err := fs.WalkDir(embedded, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "static/reference/") {
			return err
		}
		data, err := embedded.ReadFile(name)
		names = append(names, name)
		for _, link := range linksIn(name, data) {
			loaded[link] = name
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if loaded[name] == "" {
			t.Errorf("no page loads %s", name)
		}
		delete(loaded, name)
	}
	for link, name := range loaded {
		t.Errorf("%s loads %s, which does not exist", name, link)
	}
}
