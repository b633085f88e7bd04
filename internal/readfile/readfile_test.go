package readfile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/readfile"
)

func write(t *testing.T, data string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func link(t *testing.T, to string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(to, name); err != nil {
		t.Skip(err)
	}
	return name
}

func fifo(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("mkfifo of Git for Windows makes no pipe")
	}
	name := filepath.Join(t.TempDir(), "fifo")
	if out, err := exec.Command("mkfifo", name).CombinedOutput(); err != nil {
		t.Skipf("%v: %s", err, out)
	}
	return name
}

func TestRegular(t *testing.T) {
	for _, tc := range []struct {
		name, data string
		limit      int64
		want       string // empty: an error
	}{
		{"below the limit", "abc", 4, "abc"},
		{"at the limit", "abcd", 4, "abcd"},
		{"past the limit", "abcde", 4, ""},
	} {
		for _, read := range []func(string, int64) ([]byte, error){readfile.Regular, readfile.RegularOrPipe} {
			got, err := read(link(t, write(t, tc.data)), tc.limit)
			if string(got) != tc.want {
				t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
			}
			var want error
			if tc.want == "" {
				want = &readfile.LimitError{Limit: tc.limit}
			}
			if diff := cmp.Diff(want, err); diff != "" {
				t.Errorf("%s: error (-want +got):\n%s", tc.name, diff)
			}
		}
	}
	if got, err := readfile.Head(write(t, "abcde"), 4); string(got) != "abcd" || err != nil {
		t.Errorf("the head is %q, %v", got, err)
	}
}

// Everything but a regular file is refused without waiting: a pipe without a writer, a socket, a device, and the
// files of the kernel, which have the mode of a regular file.
func TestNotRegular(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files of Unix")
	}
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Skip(err)
	}
	defer listener.Close()
	files := []string{fifo(t), socket, "/dev/zero", "/dev/null"}
	if runtime.GOOS == "linux" {
		files = append(files,
			"/proc/self/status", "/proc/self/pagemap", "/proc/self/mem", "/proc/kmsg", "/proc/kcore",
			"/sys/kernel/mm/transparent_hugepage/enabled")
	}
	for _, file := range files {
		_, err := readfile.Regular(link(t, file), 10)
		if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
			continue // not on this machine
		}
		if !errors.Is(err, readfile.ErrNotRegular) {
			t.Errorf("%s: %v", file, err)
		}
	}
	if _, err := readfile.Regular(t.TempDir(), 10); !errors.Is(err, syscall.EISDIR) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := readfile.Regular(link(t, "nowhere"), 10); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a link that has no target: %v", err)
	}
}

// A pipe that the user named is read to its end, or to the limit.
func TestPipe(t *testing.T) {
	for data, want := range map[string]string{"abc": "abc", strings.Repeat("x", 1000): ""} {
		name := fifo(t)
		go func() {
			out, err := os.OpenFile(name, os.O_WRONLY, 0)
			if err == nil {
				_, _ = out.WriteString(data)
				_ = out.Close()
			}
		}()
		got, err := readfile.RegularOrPipe(name, 100)
		if string(got) != want || (err == nil) != (want != "") {
			t.Errorf("%d bytes: %q, %v", len(data), got, err)
		}
	}
}

// Reading ends even if the file grows.
func TestGrowingFile(t *testing.T) {
	name := write(t, strings.Repeat("x", 2<<20))
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	in, err := readfile.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	part := make([]byte, 64<<10)
	for read := 0; err == nil && read < 8<<20; {
		_, _ = out.Write(part)
		var n int
		n, err = in.Read(part)
		read += n
	}
	if want := "more bytes than its size"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("it ends with %v, want %s", err, want)
	}
}

// A link to a missing file is there for ls, so that its error differs from that of a missing file.
func TestBrokenLink(t *testing.T) {
	dir := t.TempDir()
	missing, link := filepath.Join(dir, "missing"), filepath.Join(dir, "link")
	if err := os.Symlink("missing", link); err != nil {
		t.Skip(err)
	}
	for path, want := range map[string]bool{missing: false, link: true, filepath.Join(link, "x"): false, dir: false} {
		_, err := readfile.Regular(path, 1)
		if got := readfile.IsBrokenLink(fmt.Errorf("a cause: %w", err)); got != want {
			t.Errorf("%s: %t, want %t", path, got, want)
		}
	}
	if readfile.IsBrokenLink(fs.ErrNotExist) || readfile.IsBrokenLink(nil) {
		t.Error("an error without a path is a link")
	}
}
