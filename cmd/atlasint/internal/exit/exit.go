// Package exit defines the exit codes of the command and the errors that end it with one of them.
package exit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/atlasint/atlasint/internal/redact"
)

// The exit codes; the help topic exit-codes describes them.
const (
	OK       = 0
	Findings = 1
	Usage    = 2
	Failure  = 3
)

// Error ends the command with an exit code.
type Error struct {
	Code int
	Text string // the diagnostic on one line; "" if there is nothing to print
}

// Error returns the diagnostic.
func (e *Error) Error() string { return e.Text }

// New returns an error that ends the command with a code. The text may be "".
func New(code int, text string) error { return &Error{code, text} }

// From returns err as an [*Error]: unchanged if it is one, else with the code; nil for nil.
func From(err error, code int) *Error {
	var end *Error
	if err == nil || errors.As(err, &end) {
		return end
	}
	return &Error{code, err.Error()}
}

// Usagef returns an error for wrong arguments, flags or configuration.
func Usagef(format string, args ...any) error {
	return &Error{Usage, fmt.Sprintf(format, args...)}
}

// Failuref returns an error for work that failed, such as reading a file or reaching a server.
func Failuref(format string, args ...any) error {
	return &Error{Failure, fmt.Sprintf(format, args...)}
}

// Output returns the failure to write the output; nil if err is nil. The consequences, such as "nothing was sent",
// follow the cause.
func Output(err error, consequences ...string) error {
	if err == nil {
		return nil
	}
	return Failuref("can't write the output: %s", strings.Join(append([]string{Cause(err)}, consequences...), "; "))
}

// Report is like [Output] for a report.
func Report(err error) error {
	if err == nil {
		return nil
	}
	return Failuref("can't write the report: %s", Cause(err))
}

// Cause returns the text of a file system error without its paths and system calls, and what to try next.
func Cause(err error) string {
	text := withoutNames(err)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return text + "; check the path"
	case errors.Is(err, fs.ErrPermission):
		return text + "; check its permissions"
	case errors.Is(err, syscall.EISDIR):
		return text + "; name a file in it"
	case errors.Is(err, syscall.ENOTDIR):
		return text + "; check the path"
	case errors.Is(err, syscall.ENOSPC):
		return text + "; free some space"
	case errors.Is(err, syscall.EROFS):
		return text + "; write to another place"
	case strings.HasSuffix(text, "path escapes from parent"): // os.Root has no error value for it
		return "a symbolic link in the path leads out of the folder; replace the link, or choose another folder"
	}
	return redact.Path(text)
}

// withoutNames returns the text of an error of package os without operations, paths and system calls.
func withoutNames(err error) string {
	text := err.Error()
	var path *fs.PathError
	if errors.As(err, &path) {
		text = strings.Replace(text, path.Error(), path.Err.Error(), 1)
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		text = strings.Replace(text, link.Error(), link.Err.Error(), 1)
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		text = strings.Replace(text, call.Error(), call.Err.Error(), 1)
	}
	return text
}
