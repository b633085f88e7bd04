package savefile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
)

// linkedFolder changes to a folder with d/file, and with links to d and to files in it.
func linkedFolder(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.Mkdir("d", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("d", "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"l": "d", "to-file": "d/file", "to-missing": "d/missing", "loop": "loop"} {
		if err := os.Symlink(filepath.FromSlash(to), name); err != nil {
			t.Skip(err)
		}
	}
}

func TestSame(t *testing.T) {
	linkedFolder(t)
	absolute, err := filepath.Abs("d/missing")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"d/file", "d/../d/file", true}, {"d/file", "l/file", true}, {"d/file", "to-file", true},
		{"d/missing", "l/missing", true}, {"d/missing", absolute, true}, {"d/missing", "to-missing", true},
		{"d/file", "d/missing", false}, {"d/missing", "d/file", false}, {"d/missing", "d/other", false}, {"loop", "d/file", false},
		{"none/missing", "none/../none/missing", true},
	} {
		if got := savefile.Same(filepath.FromSlash(c.a), filepath.FromSlash(c.b)); got != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}

func TestBelow(t *testing.T) {
	linkedFolder(t)
	for _, c := range []struct {
		folder, file string
		want         bool
	}{
		{"d", "d/file", true}, {"d", "l/missing", true}, {"l", "d/a/b", true}, {"d", "to-file", true}, {"none", "none/file", true},
		{"d", "file", false}, {"d", "dd/file", false}, {"d", "d", false}, {"d", "d/../file", false}, {"d", "loop", false},
	} {
		if got := savefile.Below(filepath.FromSlash(c.folder), filepath.FromSlash(c.file)); got != c.want {
			t.Errorf("%s below %s: %v", c.file, c.folder, got)
		}
	}
}
