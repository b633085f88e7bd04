// Package problem has the errors that a command ends with. An error has a kind and a text for the user, and wraps its
// cause. Package cli turns the kind into an exit code.
package problem

import (
	"errors"
	"fmt"
)

// Kind is the kind of a problem. Of several problems, the greatest kind counts.
type Kind int

// The kinds of problems.
const (
	None    Kind = iota
	Finding      // the command did its work, and the result is negative: findings, differences, a stale file
	Input        // wrong arguments, flags, configuration, or files of the user
	Failure      // work that failed, such as reading a file or reaching a server
)

// Error is a problem. Its text is that of the error that it wraps: a diagnostic on one line, or "" if there is nothing
// to print.
type Error struct {
	Kind Kind
	err  error
}

// Error returns the diagnostic.
func (e *Error) Error() string { return e.err.Error() }

// Unwrap returns the error without the kind.
func (e *Error) Unwrap() error { return e.err }

// Of returns err as a problem of a kind; nil for nil.
func Of(kind Kind, err error) error {
	if err == nil {
		return nil
	}
	return &Error{kind, err}
}

// Findingf returns an error for a negative result. Like [fmt.Errorf] it wraps the operands of %w.
func Findingf(format string, args ...any) error { return &Error{Finding, fmt.Errorf(format, args...)} }

// Inputf is like [Findingf] for wrong input.
func Inputf(format string, args ...any) error { return &Error{Input, fmt.Errorf(format, args...)} }

// Failuref is like [Findingf] for work that failed.
func Failuref(format string, args ...any) error { return &Error{Failure, fmt.Errorf(format, args...)} }

// Printed returns an error of a kind without a text, for a problem that was printed already.
func Printed(kind Kind) error { return &Error{kind, errors.New("")} }

// KindOf returns the kind of an error: that of the outermost [*Error], [Failure] for other errors, [None] for nil.
func KindOf(err error) Kind {
	var known *Error
	switch {
	case err == nil:
		return None
	case errors.As(err, &known):
		return known.Kind
	}
	return Failure
}

// Worded returns an error with a text of its own in place of that of its cause.
func Worded(text string, cause error) error { return &worded{text, cause} }

type worded struct {
	text  string
	cause error
}

func (e *worded) Error() string { return e.text }
func (e *worded) Unwrap() error { return e.cause }
