// Package terminal asks questions on a terminal, and finds out which output it supports.
package terminal

import (
	"io"
	"os"

	"github.com/mattn/go-isatty"
)

// isTerminal reports whether a reader or a writer is a terminal.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}

// ReplacesLines reports whether a writer is a terminal that can replace a line.
func ReplacesLines(w io.Writer) bool { return isTerminal(w) && os.Getenv("TERM") != "dumb" }

// SupportsColor reports whether output may have colors: on a terminal, unless NO_COLOR is set (no-color.org).
func SupportsColor(w io.Writer) bool { return ReplacesLines(w) && os.Getenv("NO_COLOR") == "" }
