package problem

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/syserr"
)

// Output returns the failure to write the output; nil if err is nil. The consequences, such as "nothing was sent",
// follow the cause.
func Output(err error, consequences ...string) error {
	if err == nil {
		return nil
	}
	cause := Cause(err)
	if len(consequences) > 0 {
		cause = Worded(cause.Error()+"; "+strings.Join(consequences, "; "), err)
	}
	return Failuref("can't write the output: %w", cause)
}

// Report is like [Output] for a report.
func Report(err error) error {
	if err == nil {
		return nil
	}
	return Failuref("can't write the report: %w", Cause(err))
}

// Cause returns an error of the file system with another text: without its paths and system calls, and with what to try
// next. It wraps err.
func Cause(err error) error { return Worded(causeText(err), err) }

func causeText(err error) string {
	text := withoutNames(err)
	switch {
	case readfile.IsBrokenLink(err):
		return "it is a link to a missing file; correct the link, or remove it"
	case errors.Is(err, fs.ErrNotExist):
		return text + "; check the path"
	case errors.Is(err, fs.ErrPermission), syserr.NoAccess.Is(err):
		return text + "; check its permissions"
	case errors.Is(err, syscall.EISDIR):
		return text + "; name a file in it"
	case errors.Is(err, syscall.ENOTDIR):
		return text + "; check the path"
	case syserr.NoSpace.Is(err):
		return text + "; free some space"
	case syserr.ReadOnly.Is(err):
		return text + "; write to another place"
	case err == readfile.ErrNotRegular: //nolint:errorlint // an error that wraps it has a next step of its own
		return text + "; use a regular file in its place"
	case strings.HasSuffix(text, "path escapes from parent"): // os.Root has no error value for it
		return "a symbolic link in the path leads out of the folder; replace the link, or choose another folder"
	}
	return redact.Path(text)
}

// withoutNames returns the text of an error without the operations, paths and system calls of package os.
func withoutNames(err error) string {
	switch e := err.(type) { //nolint:errorlint // each step of the chain has its own text
	case *fs.PathError:
		return withoutNames(e.Err)
	case *os.LinkError:
		return withoutNames(e.Err)
	case *os.SyscallError:
		return withoutNames(e.Err)
	case interface{ Unwrap() []error }: // of errors.Join
		var lines []string
		for _, one := range e.Unwrap() {
			lines = append(lines, withoutNames(one))
		}
		return strings.Join(lines, "\n")
	}
	inner := errors.Unwrap(err)
	if inner == nil {
		return syserr.Text(err)
	}
	text := withoutNames(inner)
	if text == inner.Error() {
		return err.Error()
	}
	if own, found := strings.CutSuffix(err.Error(), inner.Error()); found { // such as "line 3: "
		return own + text
	}
	return text
}
