package fakeatlas

import (
	"errors"
	"fmt"

	"github.com/atlasint/atlasint/fakeatlas/internal/recording"
)

// OptionError is the error of [New] for an invalid option. Its text contains no secret.
type OptionError struct {
	Option string // the function that returned the option, such as WithRateLimit
	Reason string
	Hint   string // what to try next; may be empty
	// SuggestedOption is the function that the hint suggests, else "". A program with its own options, such as flags,
	// can set Hint to its own text before it prints the error.
	SuggestedOption string

	cause error
}

// Error returns the reason and the hint on one line.
func (e *OptionError) Error() string { return withHint(e.Reason, e.Hint) }

// Unwrap returns the error of the file system that made the folder of [WithRecordings] unusable, else nil.
func (e *OptionError) Unwrap() error { return e.cause }

// withHint returns a reason and a hint, which may be empty, on one line.
func withHint(reason, hint string) string {
	if hint == "" {
		return reason
	}
	return reason + "; " + hint
}

func wrongOption(option, hint, format string, args ...any) error {
	return &OptionError{Option: option, Reason: fmt.Sprintf(format, args...), Hint: hint}
}

// recordingsError returns the error for a folder that can't have recordings.
func recordingsError(err error) error {
	e := &OptionError{Option: "WithRecordings", Reason: err.Error(), cause: err}
	if errors.Is(err, recording.ErrNotEmpty) {
		e.Hint = "name another one, or remove them"
	}
	return e
}
