package yamlpos

import (
	"bytes"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// TextFault returns the first fault of data as a text: its encoding, a character that YAML does not allow, or a line
// break other than a line feed. The library also breaks lines at the breaks of YAML 1.1, which YAML 1.2 doesn't.
func TextFault(data []byte) *jsonpos.SyntaxError {
	if fault := jsonpos.EncodingFault(data); fault != nil {
		return fault
	}
	if fault := directivesFault(data); fault != nil {
		return fault
	}
	if at := tagDirective(data); at >= 0 { // many need quadratic time in the library
		return faultAt(at, at+len("%TAG"), "tags are not supported", "remove the directive")
	}
	for i := 0; i < len(data); {
		if c := data[i]; c >= ' ' && c < 0x7f || c == '\n' || c == '\t' {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if message, hint := characterFault(r, size, bytes.HasPrefix(data[i:], []byte("\r\n"))); message != "" {
			return faultAt(i, i+size, message, hint)
		}
		i += size
	}
	return nil
}

// directivesFault returns the first fault of the directives before the first document. The library reports them at the
// place where it stopped, which is after all of them.
func directivesFault(data []byte) *jsonpos.SyntaxError {
	const version, hint = "%YAML", "remove the directive"
	next, seen := 0, false
	for line := range bytes.Lines(data) {
		at, text := next, bytes.TrimSpace(line)
		next += len(line)
		switch {
		case len(text) == 0 || text[0] == '#':
			continue
		case line[0] != '%' || bytes.HasPrefix(text, []byte("%TAG")): // tagDirective finds those
			return nil
		case !bytes.HasPrefix(text, []byte(version)):
			return faultAt(at, at+len(text), "a directive that is not supported", hint)
		case !bytes.HasPrefix(text, []byte("%YAML 1.2")):
			return faultAt(at, at+len(version), "a directive for another version than YAML 1.2", hint)
		case seen:
			return faultAt(at, at+len(version), "a second directive %YAML", hint)
		}
		seen = true
	}
	return nil
}

// tagDirective returns the offset of the first line that begins like a directive for tags, -1 if there is none.
func tagDirective(data []byte) int {
	if bytes.HasPrefix(data, []byte("%TAG")) {
		return 0
	}
	if i := bytes.Index(data, []byte("\n%TAG")); i >= 0 {
		return i + 1
	}
	return -1
}

// characterFault returns the fault of a character, "" if it has none. A carriage return has one unless it ends a line.
func characterFault(r rune, size int, endsLine bool) (message, hint string) {
	const escape = "write it as an escape in double quotes, or remove it"
	switch {
	case r == utf8.RuneError && size == 1:
		return "byte that is not valid UTF-8", "save the file as UTF-8"
	case r == '\r' && endsLine:
		return "", ""
	case r == '\r':
		return "carriage return without a line feed", "end lines with a line feed"
	case r == 0:
		return "NUL byte", "remove the NUL byte"
	case r < 0xa0:
		return "control character", escape
	case r == '\u2028' || r == '\u2029':
		return "line or paragraph separator", escape
	case r == '\ufeff':
		return "byte order mark (BOM) inside the file", "remove it; files that are joined must not have one"
	case r == '\ufffe' || r == '\uffff':
		return "character that is not valid in YAML", "remove it"
	}
	return "", ""
}

func faultAt(start, end int, message, hint string) *jsonpos.SyntaxError {
	return &jsonpos.SyntaxError{Start: start, End: end, Message: message, Hint: hint}
}
