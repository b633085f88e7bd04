package archtest

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"testing"
	"testing/fstest"
)

// maxCheckLines is the limit for the lines of the programs in .ci.
const maxCheckLines = 6220

// checkLines returns the number of lines of the programs in .ci. Test data, lists of modules and installed packages
// don't count.
func checkLines(fsys fs.FS) (lines int, err error) {
	err = fs.WalkDir(fsys, ".ci", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata"):
			return fs.SkipDir
		case entry.IsDir() || slices.Contains([]string{".json", ".mod", ".sum", ".yaml"}, path.Ext(name)):
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		lines += bytes.Count(data, []byte("\n"))
		return err
	})
	return lines, err
}

func TestChecksAreShort(t *testing.T) {
	lines, err := checkLines(moduleFS(t))
	if err != nil || lines == 0 {
		t.Fatalf("%d lines: %v", lines, err)
	}
	if lines > maxCheckLines {
		t.Errorf(".ci has %d lines, over %d: merge checks, use a library, or delete what a cheaper check covers", lines, maxCheckLines)
	}
}

func TestCheckLines(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	lines, err := checkLines(fstest.MapFS{
		".ci/run": file("1\n2\n"), ".ci/a/b.go": file("3\n"), ".ci/a/go.sum": file("x\n"), ".ci/a/c.json": file("x\n"), ".ci/a/d.yaml": file("x\n"),
		".ci/a/go.mod": file("x\n"), ".ci/a/testdata/e": file("x\n"), ".ci/a/node_modules/f.js": file("x\n"), "main.go": file("x\n"),
		".ci/clients/sdk_test.go": file("4\n"),
	})
	if err != nil || lines != 4 {
		t.Errorf("%d lines, want 4 (%v)", lines, err)
	}
}
