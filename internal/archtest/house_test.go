package archtest

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestTheHouseKeepsItsLaw(t *testing.T) {
	for _, fault := range Check(house(t), House()) {
		t.Error(fault)
	}
}

func TestTheHouseNamesItsToolsTwiceAlike(t *testing.T) {
	for _, fault := range CheckTools(house(t)) {
		t.Error(fault)
	}
}

// house is the tree from the nearest go.mod upwards.
func house(t *testing.T) fs.FS {
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
