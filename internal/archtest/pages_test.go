package archtest

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
)

// The texts and the comments of the pages of the console have no private words.
func TestPagesHaveNoPrivateWords(t *testing.T) {
	read := 0
	err := fs.WalkDir(os.DirFS("../../fakeatlas/console/static"), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".js" && path.Ext(name) != ".html" && path.Ext(name) != ".css" {
			return err
		}
		data, err := os.ReadFile(path.Join("../../fakeatlas/console/static", name))
		read++
		for i, line := range strings.Split(string(data), "\n") {
			for _, found := range FindWords(line) {
				t.Errorf("%s:%d: %s", name, i+1, found)
			}
		}
		return err
	})
	if err != nil || read == 0 {
		t.Fatalf("%d files: %v", read, err)
	}
}
