package archtest

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestModuleFollowsItsRules(t *testing.T) {
	for _, fault := range check(moduleFS(t), moduleRules()) {
		t.Error(fault)
	}
}

func TestToolListsAgree(t *testing.T) {
	for _, fault := range checkTools(moduleFS(t)) {
		t.Error(fault)
	}
}

// moduleFS returns the module that contains the working directory.
func moduleFS(t *testing.T) fs.FS {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return os.DirFS(dir)
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod in this folder or above it")
		}
	}
}
