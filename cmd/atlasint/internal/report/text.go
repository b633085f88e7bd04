package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate"
)

// Text writes a line for each finding, followed by the marked line of the input, and a summary line. Lines for grep
// start at the left edge, and all others are indented.
func Text(w io.Writer, r *Report) error {
	out := textWriter{bufio.NewWriter(redact.NewWriter(w, redact.EscapeText)), r}
	if !r.Quiet {
		if err := WriteFixes(out, r); err != nil {
			return err
		}
	}
	for i := range r.Files {
		out.file(&r.Files[i])
	}
	if s := r.Summary; !r.Quiet && s.Files > 0 {
		fmt.Fprintf(out, "%s, %s: %s, %s%s\n", words.Quantity(s.Files, "file"), words.Quantity(s.Payloads, "payload"),
			out.colorize(s.Errors > 0, errorColor, words.Quantity(s.Errors, "error")),
			out.colorize(s.Warnings > 0, warningColor, words.Quantity(s.Warnings, "warning")), s.baseline()+r.fixesText())
	}
	return out.Flush() // a bufio.Writer keeps its first error
}

type textWriter struct {
	*bufio.Writer
	r *Report
}

func (t textWriter) file(f *File) {
	for _, finding := range f.Findings {
		t.finding(finding)
		if s := finding.Snippet; s != nil && !t.r.Quiet && strings.TrimSpace(s.Text) != "" {
			t.snippet(finding.Line, s, colorOf(finding))
		}
	}
	if note := t.r.moreText(f); note != "" {
		fmt.Fprintln(t, "… and "+note)
	}
	if t.r.Verbose && f.Errors+f.Warnings == 0 {
		fmt.Fprintf(t, "%s: ok (%s)\n", redact.Path(f.Name), words.Quantity(f.Payloads, "payload"))
	}
}

// finding writes the line that [validate.Finding.String] returns.
func (t textWriter) finding(f validate.Finding) {
	text := f.String()
	if !t.r.Color {
		fmt.Fprintln(t, text)
		return
	}
	place := fmt.Sprintf("%s:%d:%d:", redact.Path(f.File), f.Line, f.Column)
	text = strings.TrimPrefix(text, place+" ")
	rule := " [" + f.Rule + "]"
	text = strings.TrimSuffix(text, rule)
	fmt.Fprintln(t, t.colorize(true, bold, place)+" "+t.colorize(true, colorOf(f), text)+t.colorize(true, dim, rule))
}

// snippet writes a line of the input with its number, and a line with marks under the finding.
func (t textWriter) snippet(line int, s *validate.Snippet, color string) {
	number := fmt.Sprintf("%4d", line)
	text := []rune(s.Text)
	start := min(s.Start, len(text))
	end := min(s.Start+s.Width, len(text))
	// A finding can begin behind the text: at a blank, or at the end of the line.
	before := inertColumns(text[:start])
	indent := before + s.Start - start
	marks := strings.Repeat("^", max(1, inertColumns(text[:max(start, end)])-before))
	blank := strings.Repeat(" ", utf8.RuneCountInString(number))
	fmt.Fprintln(t, t.colorize(true, dim, number+" |")+" "+s.Text)
	fmt.Fprintln(t, t.colorize(true, dim, blank+" |")+" "+strings.Repeat(" ", indent)+t.colorize(true, color, marks))
}

// inertColumns returns the width of the written text, in which commands are escaped. The text follows a line number, so
// it can't be a command that starts at the beginning of a line.
func inertColumns(text []rune) int {
	if !slices.Contains(text, '#') {
		return columns(text)
	}
	return columns([]rune(redact.Inert("|"+string(text)))) - 1
}

// moreText returns a line with the number of omitted findings of an input, or "" if none are omitted.
func (r *Report) moreText(f *File) string {
	errors, warnings := r.more(f)
	switch {
	case errors+warnings == 0:
		return ""
	case r.Quiet:
		return fmt.Sprintf("%s in %s; %s", words.Quantity(errors, "more error"), redact.Path(f.Name), r.moreHint())
	default:
		return fmt.Sprintf("%s in %s; %s", words.Quantity(errors+warnings, "more finding"), redact.Path(f.Name), r.moreHint())
	}
}

func (r *Report) moreHint() string {
	if r.Limit > 0 {
		return fmt.Sprintf("a report lists at most %d findings", r.Limit)
	}
	return "--max-findings shows more"
}

// The colors of a terminal, as the parameters of its sequence.
const (
	bold         = "1"
	dim          = "2"
	errorColor   = "31"
	warningColor = "33"
)

func colorOf(f validate.Finding) string {
	if isWarning(f) {
		return warningColor
	}
	return errorColor
}

// colorize adds a color to text if want is set and the report has colors.
func (t textWriter) colorize(want bool, color, text string) string {
	if !want || !t.r.Color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}
