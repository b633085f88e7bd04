package publish_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/publish"
	"github.com/atlasint/atlasint/internal/gen/reference"
)

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func publishTo(t *testing.T, dir string) publish.Result {
	t.Helper()
	done, err := publish.Reference(dir)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func TestReferenceIsPublished(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	total := len(reference.Files())
	if diff := cmp.Diff(publish.Result{Total: total, Changed: total}, publishTo(t, dir)); diff != "" {
		t.Errorf("first: (-want +got)\n%s", diff)
	}
	for name, text := range reference.Files() {
		if data, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(data) != text {
			t.Errorf("%s: %v", name, err)
		}
	}
	index := filepath.Join(dir, "index.html")
	page, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(dir, "old.html")
	write(t, old, string(page))
	write(t, index, string(page)+" ")
	write(t, filepath.Join(dir, "own.html"), "<p>of the user</p>")
	want := publish.Result{Total: total, Changed: 1, Leftovers: []string{old}}
	if diff := cmp.Diff(want, publishTo(t, dir)); diff != "" {
		t.Errorf("again: (-want +got)\n%s", diff)
	}
}

// A folder with other files is not changed.
func TestReferenceInAnotherFolder(t *testing.T) {
	for _, name := range []string{"index.html", "notes.txt"} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, name), "of the user")
		_, err := publish.Reference(dir)
		if problem.KindOf(err) != problem.Input {
			t.Errorf("%s: %v is not an error of the input", name, err)
		}
		if entries, _ := os.ReadDir(dir); len(entries) != 1 {
			t.Errorf("%s: the folder has %d files", name, len(entries))
		}
	}
}
