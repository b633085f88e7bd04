// Package syserr recognizes and describes errors of system calls in the same way on all systems. On Windows, the errors
// of connections and files have other numbers than the names of package syscall, and other texts.
package syserr

import (
	"errors"
	"slices"
	"syscall"
)

// A Cause is the numbers of one cause on this system.
type Cause []syscall.Errno

// Is reports whether the chain of an error has one of the numbers.
func (c Cause) Is(err error) bool {
	return slices.ContainsFunc(c, func(number syscall.Errno) bool { return errors.Is(err, number) })
}

// Text returns the text of an error, without the names of calls and files if it is that of a system call. Causes that
// other systems have, too, have the same text on Windows.
func Text(err error) string {
	var number syscall.Errno
	if errors.As(err, &number) {
		return text(number)
	}
	return err.Error()
}
