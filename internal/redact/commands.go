package redact

import (
	"fmt"
	"io"
	"strings"
	"sync"
)

// Escape returns the text that replaces the last character of a CI command's prefix, so that the prefix
// ends before it.
type Escape func(last byte) string

// EscapeText is the [Escape] of texts for people.
func EscapeText(last byte) string { return `\` + string(last) }

// EscapeJSON is the [Escape] of JSON documents, whose values it doesn't change: outside strings JSON has
// no such prefix.
func EscapeJSON(last byte) string { return fmt.Sprintf(`\u%04x`, last) }

// EscapeXML is the [Escape] of XML documents without comments and CDATA sections, whose values it doesn't
// change.
func EscapeXML(last byte) string { return fmt.Sprintf("&#%d;", last) }

// Inert returns a text without commands of CI systems, escaped as [EscapeText] does.
func Inert(text string) string {
	var out strings.Builder
	_, _ = io.WriteString(NewWriter(&out, EscapeText), text) // a Builder never fails
	return out.String()
}

// Writer writes its input to another writer and escapes the prefixes of commands that the runners of GitHub
// Actions, Azure Pipelines and TeamCity look for in the output of a job: :: at the beginning of a line, and ##[,
// ##vso[ and ##teamcity[ anywhere. It also finds a prefix that is split over several writes. It is safe for concurrent
// use.
type Writer struct {
	out    io.Writer
	escape Escape

	mu   sync.Mutex
	seen prefix
	err  error
}

// NewWriter returns a Writer to out. It escapes prefixes with escape.
func NewWriter(out io.Writer, escape Escape) *Writer { return &Writer{out: out, escape: escape} }

// Unwrap returns the writer that w writes to.
func (w *Writer) Unwrap() io.Writer { return w.out }

// Write writes data with one call of the underlying writer. It returns len(data) unless that call fails.
func (w *Writer) Write(data []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.out.Write(w.inert(data)); err != nil {
		if w.err == nil {
			w.err = err
		}
		return 0, err
	}
	return len(data), nil
}

// Err returns the first error of a write, nil if there was none.
func (w *Writer) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// inert returns data with its prefixes escaped, data itself if it has none.
func (w *Writer) inert(data []byte) []byte {
	var safe []byte
	from := 0
	for i := 0; i < len(data); i++ {
		if w.seen == midLine {
			i += untilPrefix(data[i:])
		}
		if i < len(data) && w.seen.completes(data[i]) {
			safe = append(append(safe, data[from:i]...), w.escape(data[i])...)
			from = i + 1
		}
	}
	if from == 0 {
		return data
	}
	return append(safe, data[from:]...)
}

// untilPrefix returns the number of bytes before the first that can begin a prefix in the middle of a line or
// end the line. Nearly all output is such bytes, so the loop does nothing else.
func untilPrefix(data []byte) int {
	for i, b := range data {
		if b == '#' || b == '\n' || b == '\r' {
			return i
		}
	}
	return len(data)
}

// prefix is the part of a command's prefix at the end of the text so far.
type prefix int

const (
	lineStart prefix = iota // only blanks in this line
	midLine
	colon // at the beginning of a line
	hash
	hashes         // two or more; the states after it have letters of a name too
	hashesVSO      = hashes + prefix(len(vso))
	hashesTeamCity = hashesVSO + prefix(len(teamCity))
)

// The names between the hashes and the bracket, in lower case. They begin with different letters.
const vso, teamCity = "vso", "teamcity"

// completes reports whether b completes a prefix, and adds b to the text so far. Control characters and
// everything beyond ASCII are skipped: the runners compare by the rules of a language, which ignore some
// of these, and trim others from the beginning of a line.
func (p *prefix) completes(b byte) bool {
	last := *p
	switch {
	case b == '\n' || b == '\r':
		*p = lineStart
	case b < ' ' || b > '~' || b == ' ' && last == lineStart:
	default:
		*p = last.followedBy(b)
		return last == colon && b == ':' || (last == hashes || last == hashesVSO || last == hashesTeamCity) && b == '['
	}
	return false
}

// followedBy returns the prefix after a printable character.
func (p prefix) followedBy(b byte) prefix {
	switch {
	case b == '#' && (p == hash || p == hashes):
		return hashes
	case b == '#':
		return hash
	case b == ':' && p == lineStart:
		return colon
	case p == hashes && b|0x20 == teamCity[0]:
		return hashesVSO + 1
	case p >= hashes && p < hashesVSO && b|0x20 == vso[p-hashes], p > hashesVSO && p < hashesTeamCity && b|0x20 == teamCity[p-hashesVSO]:
		return p + 1
	}
	return midLine
}
