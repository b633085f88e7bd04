// Package corpus finds the public payloads and facts that some tests compare the module with. They aren't part of the
// repository. Only tests import it.
package corpus

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// variable is the environment variable with the path of the folder. A relative path begins at the root of the module.
// The default is the folder shared next to that root.
const variable = "ATLASINT_CORPUS"

// TB has the methods of *testing.T that the package uses.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
}

// Path returns the path of a file or folder of the corpus; the elements of name are separated by slashes. Without the
// file it skips the test, or fails it if variable is set. The working directory must be in the module.
func Path(t TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("cannot find the corpus: %v", err)
	}
	root := rootOf(dir)
	if root == "" {
		t.Fatalf("cannot find the corpus: %s is in no clone of the module", dir)
	}
	folder := os.Getenv(variable)
	set := folder != ""
	if !set {
		folder = filepath.Join("..", "shared")
	}
	if !filepath.IsAbs(folder) {
		folder = filepath.Join(root, folder)
	}
	path := filepath.Join(folder, filepath.FromSlash(name))
	switch _, err := os.Stat(path); {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist) && !set:
		t.Skipf("no %s: these public payloads and facts aren't part of the repository; set %s to their folder", path, variable)
	default:
		t.Fatalf("cannot read the corpus: %v: change or unset %s", err, variable)
	}
	return path
}

// rootOf returns the root of the module that a folder is in, and not that of the modules in .ci; "" if there is none.
func rootOf(dir string) string {
	for {
		data, _ := os.ReadFile(filepath.Join(dir, "go.mod"))
		first, _, _ := strings.Cut(string(data), "\n")
		if strings.TrimSpace(first) == "module github.com/atlasint/atlasint" {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}
