package yamlpos

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// problem is an error of the library in our own words, found by a part of the library's text.
type problem struct {
	part          string
	message, hint string
	begins        bool // the library's line is where the faulty text begins; else it is found where the library stopped
}

const quoteHint = "put text with special characters in quotes"

var problems = []problem{
	{"found a tab character", "tab in the indentation", "indent with spaces", false},
	{"mapping values are not allowed", "a second colon, or a name that is indented too far", "indent all members of a mapping equally; put text with a colon in quotes", false},
	{"block sequence entries are not allowed", "a list begins where none is allowed", "write each element on its own line, after - and a space", false},
	{"mapping keys are not allowed", "a name begins where none is allowed", quoteHint, false},
	{"expected ':'", "text without a colon after it", "write NAME: VALUE, with a space after the colon", true},
	{"expected key", "wrong indentation, or text after a value", "indent all members of a mapping equally; " + quoteHint, false},
	{"expected '-' indicator", "wrong indentation, or text after an element", "indent all elements of a list equally", false},
	{"expected ',' or ']'", "missing comma or ] in a list", "add it; " + quoteHint + ", such as references", false},
	{"expected ',' or '}'", "missing comma or } in a mapping", "add it; " + quoteHint + ", such as references", false},
	{"expected node content", "missing value", "write the value; " + quoteHint, false},
	{"expected <document start>", "text after the end of the document", "begin the next document with ---", false},
	{"unexpected end of stream", "the quoted text that begins here is never closed", "add the closing quote", true},
	{"unexpected document indicator", "the quoted text that begins here is not closed before the next document", "add the closing quote", true},
	{"unknown escape character", "backslash before a character that has no escape", `write \\ for a backslash, or put the text in single quotes`, false},
	{"hexdecimal number", "escape without its hexadecimal digits", `write two digits after \x, four after \u, eight after \U`, false},
	{"Unicode character escape", "escape that is no character, such as half of a surrogate pair", `write the character itself, or \U and eight digits, such as \U0001F600`, false},
	{"alphabetic or numeric character", "* or & without a name", "put text that begins with * or & in quotes", false},
	{"unknown anchor", "the alias has no anchor before it", "put text that begins with * in quotes", false},
	{"cannot start any token", "a character that no value can begin with", quoteHint, false},
	{"exceeded max depth", "too many levels of lists and mappings", "use fewer levels", false},
	{"directive", "a directive that is not supported", "remove the line that begins with %", false},
	{"incompatible YAML", "a directive for another version than YAML 1.2", "remove the directive", false},
	{"indentation indicator", "a block text with the indentation 0", "write a digit from 1 to 9 after | or >", true},
	{"comment or line break", "text after the indicator of a block text", "begin the text on the next line", true},
}

var otherProblem = problem{"", "not valid YAML", "check the indentation (without tabs), quotes and brackets", false}

// libraryFault returns the fault of an error of the library. Its text may quote the data, so only known parts are read.
func libraryFault(data []byte, err error) *jsonpos.SyntaxError {
	if conflict := jsonpos.ConflictFault(data); conflict != nil {
		return conflict
	}
	text := err.Error()
	found := otherProblem
	for _, p := range problems {
		if strings.Contains(text, p.part) {
			found = p
			break
		}
	}
	at := stopped(data)
	if line := ErrorLine(err); found.begins && line > 0 {
		at = lineStart(data, line-addedLines)
	}
	place := lineOf(data, at)
	if tab := tabBefore(data, place.start); tab >= 0 {
		return faultAt(tab, tab+1, problems[0].message, problems[0].hint)
	}
	return faultAt(place.start, place.end, found.message, found.hint)
}

// ErrorLine returns the line in an error of the YAML library, counted from 1, or 0 if the error has none. Don't show
// the rest of the text: it may quote the data.
func ErrorLine(err error) (line int) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	text = strings.TrimSpace(strings.TrimPrefix(text, "unmarshal errors:"))
	_, _ = fmt.Sscanf(text, "line %d:", &line)
	return line
}

// stopped returns the offset of the last character that the library reads before its error. It reads a few characters
// in advance at most.
func stopped(data []byte) int {
	own, _ := forLibrary(data)
	in := &slowReader{data: own}
	d := yaml.NewDecoder(in)
	var err error
	for err == nil {
		_, err = decode(d)
	}
	return min(max(in.read-1-addedLines, 0), len(data))
}

// slowReader returns one byte at a time, so that the number of bytes is the progress of the library.
type slowReader struct {
	data []byte
	read int
}

// Read implements [io.Reader].
func (r *slowReader) Read(p []byte) (int, error) {
	if r.read == len(r.data) {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	p[0] = r.data[r.read]
	r.read++
	return 1, nil
}

// lineStart returns the offset of a line, counted from 1.
func lineStart(data []byte, line int) int {
	at := 0
	for text := range bytes.Lines(data) {
		if line--; line <= 0 {
			break
		}
		at += len(text)
	}
	return min(at, len(data))
}

// lineOf returns the text of the line with an offset, or of the last line before it that is not blank.
func lineOf(data []byte, at int) span {
	end := len(data)
	if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
		end = at + i
	}
	end = len(bytes.TrimRightFunc(data[:end], unicode.IsSpace))
	start := bytes.LastIndexByte(data[:end], '\n') + 1
	start += len(data[start:end]) - len(bytes.TrimLeft(data[start:end], " \t"))
	return span{start, end}
}

// tabBefore returns the offset of the first tab in the indentation of the text at an offset, -1 if there is none.
func tabBefore(data []byte, at int) int {
	start := bytes.LastIndexByte(data[:at], '\n') + 1
	if i := bytes.IndexByte(data[start:at], '\t'); i >= 0 {
		return start + i
	}
	return -1
}
