package report

import (
	"io"
	"os"

	"github.com/mattn/go-isatty"
)

// SupportsColor reports whether a report may have colors: on a terminal, unless NO_COLOR is set (no-color.org).
func SupportsColor(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && isatty.IsTerminal(file.Fd()) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
