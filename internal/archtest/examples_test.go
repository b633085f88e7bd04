package archtest_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Documentation shows an example that needs no declaration of another file as a whole program that can be run
// there. Of any other example it shows only the body, with names that are not explained.
func TestExamplesRunAlone(t *testing.T) {
	found := 0
	for dir, files := range exampleFiles(t, filepath.Join("..", "..")) {
		for _, e := range doc.Examples(files...) {
			found++
			if e.Play == nil {
				t.Errorf("%s: Example%s needs what another file declares", dir, e.Name)
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d examples were found", found)
	}
}

// exampleFiles are the tests of packages that others can import, by folder.
func exampleFiles(t *testing.T, root string) map[string][]*ast.File {
	t.Helper()
	all := map[string][]*ast.File{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (d.Name() == "internal" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		all[filepath.Dir(path)] = append(all[filepath.Dir(path)], file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
