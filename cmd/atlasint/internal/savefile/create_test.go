package savefile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
)

// All files are created, or the folder is as before.
func TestCreateAll(t *testing.T) {
	file := func(path string) savefile.NewFile {
		return savefile.NewFile{Path: filepath.FromSlash(path), Data: []byte("new")}
	}
	before := []string{"empty", "file"}
	for name, tc := range map[string]struct {
		files []savefile.NewFile
		want  []string
		err   error
		kind  problem.Kind
	}{
		"none": {want: before, kind: problem.None},
		"files": {
			files: []savefile.NewFile{file("a"), file("b/c/d"), file("b/e")},
			want:  []string{"a", "b", "b/c", "b/c/d", "b/e", "empty", "file"},
			kind:  problem.None,
		},
		"in a folder": {files: []savefile.NewFile{file("empty/a")}, want: []string{"empty", "empty/a", "file"}, kind: problem.None},
		"the last one exists": {
			files: []savefile.NewFile{file("a"), file("b/c/d"), file("empty/a"), file("file")},
			want:  before,
			err:   savefile.ErrExists,
			kind:  problem.Input,
		},
		"a folder is a file":     {files: []savefile.NewFile{file("b/c"), file("file/a")}, want: before, kind: problem.Failure},
		"a file is a new folder": {files: []savefile.NewFile{file("b/c"), file("b")}, want: before, err: savefile.ErrExists, kind: problem.Input},
		"outside":                {files: []savefile.NewFile{file("b/c"), file("../a")}, want: before, kind: problem.Failure},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := errors.Join(os.Mkdir(filepath.Join(dir, "empty"), 0o700), os.WriteFile(filepath.Join(dir, "file"), nil, 0o600)); err != nil {
				t.Fatal(err)
			}
			folder, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer folder.Close()
			err = savefile.CreateAll(folder, tc.files)
			if kind := problem.KindOf(err); kind != tc.kind {
				t.Errorf("%v: kind %d, want %d", err, kind, tc.kind)
			}
			if tc.err != nil && !errors.Is(err, tc.err) {
				t.Errorf("got %v, want %v", err, tc.err)
			}
			if diff := cmp.Diff(tc.want, contents(t, folder)); diff != "" {
				t.Errorf("the folder (-want +got)\n%s", diff)
			}
		})
	}
}

// All files are replaced or created, or the folder is as before.
func TestReplaceAll(t *testing.T) {
	for name, tc := range map[string]struct {
		paths []string
		want  map[string]string // by path; of folders ""
		kind  problem.Kind
	}{
		"files": {
			[]string{"b", "new", "d/e"}, map[string]string{"a": "old", "b": "new", "d": "", "d/e": "new", "folder": "", "link": "old", "new": "new"},
			problem.None,
		},
		"a link":                 {[]string{"link"}, map[string]string{"a": "old", "b": "old", "folder": "", "link": "new"}, problem.None},
		"the last is a folder":   {paths: []string{"a", "d/e", "b", "folder"}, kind: problem.Input},
		"a folder is a file":     {paths: []string{"a", "d/e", "b/c"}, kind: problem.Failure},
		"outside":                {paths: []string{"a", "new", "../c"}, kind: problem.Failure},
		"a file is a new folder": {paths: []string{"a", "d/e", "d"}, kind: problem.Input},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			err := errors.Join(os.WriteFile(filepath.Join(dir, "a"), []byte("old"), 0o600), os.WriteFile(filepath.Join(dir, "b"), []byte("old"), 0o600),
				os.Mkdir(filepath.Join(dir, "folder"), 0o700), os.Symlink("a", filepath.Join(dir, "link")))
			if err != nil {
				t.Skip(err)
			}
			folder, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer folder.Close()
			var files []savefile.NewFile
			for _, path := range tc.paths {
				files = append(files, savefile.NewFile{Path: filepath.FromSlash(path), Data: []byte("new")})
			}
			err = savefile.ReplaceAll(folder, files)
			if kind := problem.KindOf(err); kind != tc.kind {
				t.Errorf("%v: kind %d, want %d", err, kind, tc.kind)
			}
			want := tc.want
			if want == nil {
				want = map[string]string{"a": "old", "b": "old", "folder": "", "link": "old"}
			}
			got := map[string]string{}
			for _, path := range contents(t, folder) {
				data, _ := folder.ReadFile(path) // none of a folder
				got[path] = string(data)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the folder (-want +got)\n%s", diff)
			}
		})
	}
}

// contents returns the paths of all files and folders below a folder, sorted.
func contents(t *testing.T, folder *os.Root) (paths []string) {
	t.Helper()
	err := fs.WalkDir(folder.FS(), ".", func(path string, _ fs.DirEntry, err error) error {
		paths = append(paths, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(paths, func(path string) bool { return path == "." })
}
