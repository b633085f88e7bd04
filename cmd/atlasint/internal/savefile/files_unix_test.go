//go:build unix

package savefile_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
)

// writers are the functions that replace a file.
var writers = map[string]func(file string) error{
	"Save":    func(file string) error { return savefile.Save(file, []byte("new"), true) },
	"Replace": func(file string) error { return savefile.Replace(file, []byte("new")) },
}

// A replaced file keeps all bits of its mode.
func TestReplacedFileKeepsItsMode(t *testing.T) {
	for name, write := range writers {
		for _, mode := range []fs.FileMode{0o600, 0o640, 0o777, 0o755 | fs.ModeSetuid, 0o755 | fs.ModeSetgid, 0o644 | fs.ModeSticky} {
			file := filepath.Join(t.TempDir(), "f")
			if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(file, mode); err != nil {
				t.Skip(err)
			}
			if err := write(file); err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(file)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode() != mode {
				t.Errorf("%s: the mode is %v, want %v", name, info.Mode(), mode)
			}
			if data, _ := os.ReadFile(file); string(data) != "new" {
				t.Errorf("%s: the file is %q, want new", name, data)
			}
		}
	}
}

// A replaced file keeps its owner and group where the system allows it.
func TestReplacedFileKeepsItsOwner(t *testing.T) {
	for name, write := range writers {
		file := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(file, 12345, 23456); err != nil {
			t.Skip(err)
		}
		if err := write(file); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			t.Fatalf("%s: the owner is unknown", name)
		}
		if stat.Uid != 12345 || stat.Gid != 23456 {
			t.Errorf("%s: the owner is %d, the group %d; want 12345 and 23456", name, stat.Uid, stat.Gid)
		}
	}
}

// Folders, pipes and devices are never replaced.
func TestOnlyFilesAreReplaced(t *testing.T) {
	dir := t.TempDir()
	pipe, folder := filepath.Join(dir, "pipe"), filepath.Join(dir, "folder")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, write := range writers {
		for _, file := range []string{pipe, folder} {
			before, err := os.Lstat(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := write(file); err == nil || !strings.HasSuffix(err.Error(), "it is not a regular file; choose another name") {
				t.Errorf("%s to %s: %v", name, file, err)
			} else if kind := problem.KindOf(err); kind != problem.Input {
				t.Errorf("%s to %s: kind %d, want %d", name, file, kind, problem.Input)
			}
			if after, err := os.Lstat(file); err != nil || !os.SameFile(before, after) {
				t.Errorf("%s replaced %s", name, file)
			}
		}
	}
}

// A stream of the process has no draft, which would replace the name that the system needs.
func TestStreamsHaveNoDraft(t *testing.T) {
	for _, stream := range []string{"/dev/fd/1", "/dev/../dev/fd/1", "/proc/self/fd/1"} {
		if draft, err := savefile.NewDraft(stream); problem.KindOf(err) != problem.Input {
			t.Errorf("%s: %v, %v", stream, draft, err)
		}
	}
}
