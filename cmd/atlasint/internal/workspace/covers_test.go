package workspace_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

// A file is covered if the same paths select it once it exists.
func TestCoversFutureFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"payloads/a.json", "payloads/deep/b.yaml", "payloads/.hidden/c.json", "other/d.json"} {
		create(t, name)
	}
	working, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"payloads", "payloads/", "./payloads/deep/..", ".", working, "payloads/*.json", "payloads/**",
		"./payl*/*.json", "other/d.json", "[p-",
	} {
		for _, file := range []string{
			"payloads/x.json", "payloads/x.plan", "payloads/x.yaml", "payloads/.x.json", "payloads/deep/x.ndjson", "payloads/.hidden/x.json",
			"other/x.json", "other/../payloads/x.json", "x.json", filepath.Join(working, "payloads/y.json"),
		} {
			for _, yaml := range []bool{false, true} {
				got := workspace.Covers([]string{path}, file, yaml)
				if filepath.IsAbs(file) && !filepath.IsAbs(path) {
					continue // checked below
				}
				if want := selects(t, path, file, yaml); got != want {
					t.Errorf("%s, %s, %v: %v, want %v", path, file, yaml, got, want)
				}
			}
		}
	}
	if !workspace.Covers([]string{"other", "payloads"}, filepath.Join(working, "payloads/y.json"), false) {
		t.Error("an absolute path of a file is not covered by a relative one of its folder")
	}
	if workspace.Covers([]string{workspace.Stdin}, "x.json", false) {
		t.Error("standard input covers a file")
	}
}

// selects reports whether a path selects a file that exists meanwhile.
func selects(t *testing.T, path, file string, yaml bool) bool {
	t.Helper()
	create(t, file)
	defer os.Remove(file)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	found, _, err := workspace.Expand([]string{path}, yaml)
	if err != nil {
		return false
	}
	for _, name := range found[0].Files {
		if other, err := os.Stat(name); err == nil && os.SameFile(info, other) {
			return true
		}
	}
	return false
}

func create(t *testing.T, name string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
}
