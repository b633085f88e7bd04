package problem_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// The causes of failures name no path and no system call: the message that contains a cause names the file.
func TestCauseHasNoNames(t *testing.T) {
	call := os.NewSyscallError("renameat", syscall.EACCES)
	for name, err := range map[string]error{
		"a path":             &fs.PathError{Op: "open", Path: "secret", Err: syscall.EACCES},
		"a link":             &os.LinkError{Op: "rename", Old: ".secret-draft", New: "secret", Err: syscall.EACCES},
		"a call":             call,
		"a path with a call": &fs.PathError{Op: "open", Path: "secret", Err: call},
		"a link with a call": &os.LinkError{Op: "rename", Old: ".secret-draft", New: "secret", Err: call},
		"a wrapped link":     fmt.Errorf("%w", &os.LinkError{Op: "rename", Old: ".secret-draft", New: "secret", Err: syscall.EACCES}),
		"a wrapper's path":   fmt.Errorf("%w", &fs.PathError{Op: "open", Path: "secret", Err: call}),
		"a joined link":      errors.Join(&os.LinkError{Op: "renameat", Old: ".secret-draft", New: "secret", Err: syscall.EACCES}),
	} {
		if got, want := problem.Cause(err).Error(), "permission denied; check its permissions"; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// The text of a wrapper before its cause stays, and that of each joined error.
func TestCauseOfOtherErrors(t *testing.T) {
	denied := &fs.PathError{Op: "read", Path: "secret", Err: syscall.EIO}
	for want, err := range map[string]error{
		"line 3: input/output error":                                fmt.Errorf("line 3: %w", denied),
		"input/output error":                                        fmt.Errorf("%w of secret", denied),
		"it is not a regular file; use a regular file in its place": readfile.ErrNotRegular,
		"it is not a regular file; name another":                    fmt.Errorf("%w; name another", readfile.ErrNotRegular),
		"it changed; run it again":                                  errors.New("it changed; run it again"),
		"it is not a regular file; move it":                         fmt.Errorf("%w; move it", errors.New("it is not a regular file")),
		redact.Path("input/output error\ninput/output error"):       errors.Join(denied, denied),
		redact.Path("input/output error\nit has more bytes"):        errors.Join(denied, errors.New("it has more bytes")),
		"no space left on device\ninput/output error; free some space": errors.Join(
			&fs.PathError{Op: "write", Path: "secret", Err: syscall.ENOSPC}, denied),
	} {
		if got := problem.Cause(err).Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A link to a missing file exists for ls, so that its path needs no check.
func TestCauseOfBrokenLink(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Symlink("missing", "link"); err != nil {
		t.Skip(err)
	}
	for name, want := range map[string]string{
		"link": "it is a link to a missing file; correct the link, or remove it", "missing": "no such file or directory; check the path",
	} {
		_, err := os.Open(name)
		if got := problem.Cause(err).Error(); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// A replacement that fails names the draft nowhere.
func TestCauseOfRename(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("folder", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(".draft", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(".")
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for name, err := range map[string]error{"os": os.Rename(".draft", "folder"), "os.Root": root.Rename(".draft", "folder")} {
		if err == nil {
			t.Fatalf("%s: renamed to a folder", name)
		}
		if got := problem.Cause(err).Error(); strings.Contains(got, "draft") || strings.Contains(got, "rename") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestOutput(t *testing.T) {
	full := &fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.ENOSPC}
	for want, got := range map[string]error{
		"can't write the output: no space left on device; free some space":                   problem.Output(full),
		"can't write the output: no space left on device; free some space; nothing was sent": problem.Output(full, "nothing was sent"),
		"can't write the report: no space left on device; free some space":                   problem.Report(full),
	} {
		if kind := problem.KindOf(got); kind != problem.Failure || got.Error() != want {
			t.Errorf("got kind %d and %q, want %q", kind, got, want)
		}
	}
	for _, got := range []error{problem.Output(nil), problem.Output(nil, "nothing was sent"), problem.Report(nil)} {
		if got != nil {
			t.Errorf("got %v without an error", got)
		}
	}
}
