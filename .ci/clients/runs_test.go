package clients

import (
	"path/filepath"
	"strings"
	"testing"
)

// Each file is the run of one client that docs/clients.md describes: its requests, and the answers with which it succeeded.
func TestRuns(t *testing.T) {
	files, err := filepath.Glob(filepath.FromSlash("testdata/runs/*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("runs: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			newReplay(start(t)).steps(table[[]step](t, strings.TrimPrefix(filepath.ToSlash(file), "testdata/"))...)
		})
	}
}
