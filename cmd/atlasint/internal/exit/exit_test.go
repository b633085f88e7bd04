package exit_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
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
		"a joined link":      errors.Join(&os.LinkError{Op: "renameat", Old: ".secret-draft", New: "secret", Err: syscall.EACCES}),
	} {
		if got, want := exit.Cause(err), "permission denied; check its permissions"; got != want {
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
		if got := exit.Cause(err); strings.Contains(got, "draft") || strings.Contains(got, "rename") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestOutput(t *testing.T) {
	full := &fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.ENOSPC}
	for want, got := range map[string]error{
		"can't write the output: no space left on device; free some space":                   exit.Output(full),
		"can't write the output: no space left on device; free some space; nothing was sent": exit.Output(full, "nothing was sent"),
		"can't write the report: no space left on device; free some space":                   exit.Report(full),
	} {
		if end := exit.From(got, exit.OK); end.Code != exit.Failure || end.Text != want {
			t.Errorf("got %d and %q, want %q", end.Code, end.Text, want)
		}
	}
	for _, got := range []error{exit.Output(nil), exit.Output(nil, "nothing was sent"), exit.Report(nil)} {
		if got != nil {
			t.Errorf("got %v without an error", got)
		}
	}
}
