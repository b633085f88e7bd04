package fix

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

const (
	wrong = "{\"type\":\"OPS_GENIE\",\r\n\t\"ApiKey\" : \"k\"}\r\n"
	right = "{\"type\":\"OPS_GENIE\",\r\n\t\"apiKey\" : \"k\"}\r\n"
)

func newFixer(dryRun bool) *Fixer {
	return &Fixer{DryRun: dryRun, APIVersion: func(string) string { return schemas.V2 }}
}

// No file that another run or the user created is deleted, of any name and age: it may be a payload.
func TestFixDeletesNoOtherFiles(t *testing.T) {
	dir := t.TempDir()
	long := time.Now().Add(-100 * time.Hour)
	want := map[string]string{}
	for _, name := range []string{savefile.DraftName(), ".atlasint-draft-B", ".atlasint-draft-my.json"} {
		if err := os.Chtimes(writeFile(t, filepath.Join(dir, name), wrong, 0o600), long, long); err != nil {
			t.Fatal(err)
		}
		want[name] = wrong
	}
	path := writeFile(t, filepath.Join(dir, "a.json"), wrong, 0o600)
	want["a.json"] = right
	for range 2 { // the second run corrects the named files
		if o, err := fixFile(t, newFixer(false), path); err != nil || o.Fixes != 1 {
			t.Fatalf("%v, %+v", err, o)
		}
		for name, text := range contents(t, dir) {
			if _, text, _ = strings.Cut(text, " "); text != want[name] {
				t.Errorf("%s is %q", name, text)
			}
		}
		path = filepath.Join(dir, ".atlasint-draft-B")
		want[".atlasint-draft-B"] = right
	}
	if n := len(contents(t, dir)); n != len(want) {
		t.Errorf("%d files, want %d", n, len(want))
	}
}

// fixFile validates and corrects a file.
func fixFile(t *testing.T, f *Fixer, path string) (Outcome, error) {
	t.Helper()
	return f.File(path, validate.One, checkFile(t, path), checker(t, validate.Options{}, validate.One))
}

// checkFile returns the result of validating a file.
func checkFile(t *testing.T, path string) validate.Result {
	t.Helper()
	v, err := validate.New(validate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	result, err := v.CheckFile(path, validate.One)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func writeFile(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, mode); err != nil { // regardless of the umask
		t.Fatal(err)
	}
	return name
}

// contents returns the files of a folder, with their permissions.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = info.Mode().String() + " " + string(data)
	}
	return files
}

// A corrected file keeps its permissions, with setuid, and no other file is left in its folder.
func TestCorrectedFileKeepsItsMode(t *testing.T) {
	dir := t.TempDir()
	path := writeFile(t, filepath.Join(dir, "a.json"), wrong, 0o640|os.ModeSetuid)
	for _, dryRun := range []bool{true, false} {
		o, err := fixFile(t, newFixer(dryRun), path)
		if err != nil {
			t.Fatal(err)
		}
		type facts struct {
			Fixes, Errors int
			Note          string
			HasDiff       bool
		}
		got := facts{o.Fixes, o.Result.Errors, o.Note, o.Diff != ""}
		if diff := cmp.Diff(facts{Fixes: 1, HasDiff: dryRun}, got); diff != "" {
			t.Fatalf("with dry run %t (-want +got):\n%s", dryRun, diff)
		}
		want := map[string]string{"a.json": "urw-r----- " + right}
		if dryRun {
			want["a.json"] = "urw-r----- " + wrong
		}
		if runtime.GOOS != "windows" {
			if diff := cmp.Diff(want, contents(t, dir)); diff != "" {
				t.Error(diff)
			}
		}
	}
}

// Links, read-only files and files with another name are left unchanged, with the reason.
func TestFixRejectsLinksAndReadOnlyFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege")
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "target"), wrong, 0o600)
	writeFile(t, filepath.Join(dir, "readonly.json"), wrong, 0o444)
	writeFile(t, filepath.Join(dir, "hard.json"), wrong, 0o600)
	err := errors.Join(
		os.Symlink("target", filepath.Join(dir, "link.json")),
		os.Link(filepath.Join(dir, "hard.json"), filepath.Join(dir, "other")),
	)
	if err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	for name, reason := range map[string]string{
		"link.json": "it is a symbolic link; name the file that it points to", "readonly.json": "it is read-only; change its permissions first",
		"hard.json": "it has another hard link, which would keep the old text; correct it by hand",
	} {
		for _, dryRun := range []bool{true, false} {
			o, err := fixFile(t, newFixer(dryRun), filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if o.Fixes != 0 || o.Diff != "" {
				t.Errorf("%s: %d corrections, the diff is %q", name, o.Fixes, o.Diff)
			}
			if o.Result.Errors == 0 {
				t.Errorf("%s: the errors don't count", name)
			}
			if want := name + ": " + reason; !strings.HasSuffix(o.Note, want) {
				t.Errorf("%s: the note is %q, want %q", name, o.Note, want)
			}
		}
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Error(diff)
	}
	if info, err := os.Lstat(filepath.Join(dir, "link.json")); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is replaced")
	}
}

// A file that another program changes while its correction is computed keeps the change: new contents, another file of
// the same contents, a link in its place, or none.
func TestFixKeepsConcurrentChanges(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege")
	}
	for name, change := range map[string]func(path string) error{
		"contents": func(path string) error { return os.WriteFile(path, []byte("{}"), 0o600) },
		"link": func(path string) error {
			return errors.Join(os.Rename(path, path+".old"), os.Symlink(path+".old", path))
		},
		"removed":   func(path string) error { return os.Remove(path) },
		"read-only": func(path string) error { return os.Chmod(path, 0o400) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := writeFile(t, filepath.Join(dir, "a.json"), wrong, 0o600)
			result := checkFile(t, path)
			var after map[string]string
			check := checker(t, validate.Options{}, validate.One)
			o, err := newFixer(false).File(path, validate.One, result, func(data []byte) (validate.Result, error) {
				if after == nil { // after the file was read
					if err := change(path); err != nil {
						t.Fatal(err)
					}
					after = contents(t, dir)
				}
				return check(data)
			})
			if err == nil && o.Note == "" {
				t.Error("neither an error nor a note")
			}
			if o.Fixes > 0 {
				t.Errorf("%d corrections, want none", o.Fixes)
			}
			if diff := cmp.Diff(after, contents(t, dir)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The attributes of a file are compared after its contents are read, directly before it is replaced.
func TestSwapComparesAttributesAgain(t *testing.T) {
	dir := t.TempDir()
	path := writeFile(t, filepath.Join(dir, "a.json"), wrong, 0o600)
	writeFile(t, filepath.Join(dir, "draft"), right, 0o600)
	folder, name, err := open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	info, err := fixable(folder, name)
	if err != nil {
		t.Fatal(err)
	}
	if err := swap(folder, "draft", name, info, []byte(wrong+" "), readIn); !errors.Is(err, errChanged) {
		t.Errorf("other contents: %v", err)
	}
	writeFile(t, path+".new", wrong, 0o600)
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
	if err := swap(folder, "draft", name, info, []byte(wrong), readIn); !errors.Is(err, errChanged) {
		t.Errorf("another file: %v", err)
	}
	for what, change := range map[string]func() error{
		"replaced": func() error {
			return errors.Join(os.WriteFile(path+".new", []byte(wrong), 0o600), os.Rename(path+".new", path))
		},
		"written": func() error {
			return errors.Join(os.WriteFile(path, []byte(right), 0o600), os.Chtimes(path, time.Time{}, time.Now().Add(time.Hour)))
		},
		"longer":        func() error { return os.WriteFile(path, []byte(wrong+" "), 0o600) },
		"not a regular": func() error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) },
		"other mode": func() error {
			if runtime.GOOS == "windows" { // it has no such modes
				return os.Remove(path)
			}
			return os.Chmod(path, 0o640)
		},
	} {
		if err := errors.Join(os.RemoveAll(path), os.WriteFile(path, []byte(wrong), 0o600)); err != nil {
			t.Fatal(err)
		}
		if info, err = fixable(folder, name); err != nil {
			t.Fatal(err)
		}
		err := swap(folder, "draft", name, info, []byte(wrong), func(folder *os.Root, name string) ([]byte, error) {
			data, err := readIn(folder, name)
			return data, errors.Join(err, change())
		})
		kept := keepReason("")
		isExpected := errors.Is(err, errChanged) || errors.Is(err, os.ErrNotExist) || errors.As(err, &kept)
		if !isExpected {
			t.Errorf("%s after the contents were read: %v", what, err)
		}
	}
	if err := errors.Join(os.RemoveAll(path), os.WriteFile(path, []byte(wrong), 0o600)); err != nil {
		t.Fatal(err)
	}
	if info, err = fixable(folder, name); err != nil {
		t.Fatal(err)
	}
	if err := swap(folder, "draft", name, info, []byte(wrong), readIn); err != nil {
		t.Error(err)
	}
}
