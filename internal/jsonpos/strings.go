package jsonpos

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// stringFault returns the first fault of the string whose quote is at opening.
// It returns nil when the string has none.
func stringFault(data []byte, opening int) *SyntaxError {
	for i := opening + 1; i < len(data); {
		switch c := data[i]; {
		case c == '"':
			return nil
		case c < ' ':
			return rawControl(data, i)
		case c == '\\':
			size, err := escape(data, i)
			if err != nil {
				return err
			}
			i += size
		default:
			r, size := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && size == 1 {
				return invalidUTF8(i)
			}
			i += size
		}
	}
	return fault(opening, len(data), "the string that begins here is never closed", "add the closing double quote")
}

// rawControl returns the fault of an unescaped control character in a string.
func rawControl(data []byte, pos int) *SyntaxError {
	c := data[pos]
	if bytes.HasPrefix(data[pos:], []byte("\r\n")) {
		c = '\n'
	}
	switch c {
	case '\n':
		return faultAt(pos, "line break inside a string", `close the string before the end of the line, or write \n for a line break in the text`)
	case '\r':
		return faultAt(pos, "carriage return inside a string", `close the string before the end of the line, or write \r`)
	case '\t':
		return faultAt(pos, "tab inside a string", `write \t`)
	case 0:
		return faultAt(pos, "NUL byte inside a string", "remove the NUL byte")
	}
	return faultAt(pos, "control character inside a string", `remove it, or write it as \u and four hexadecimal digits`)
}

// escape returns the length of the escape at pos, or the fault in it.
func escape(data []byte, pos int) (int, *SyntaxError) {
	if pos+1 == len(data) {
		return 1, nil // the string is not closed, which is the fault to report
	}
	switch data[pos+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, nil
	case 'u':
		return unicodeEscape(data, pos)
	case '\'':
		return 0, fault(pos, pos+2, `backslash before a single quote`, "remove the backslash; a single quote needs none")
	}
	_, size := utf8.DecodeRune(data[pos+1:])
	return 0, fault(pos, pos+1+size, `backslash before a character that has no escape`,
		`write \\ for a backslash; the escapes are \" \\ \/ \b \f \n \r \t and \u with four hexadecimal digits`)
}

func unicodeEscape(data []byte, pos int) (int, *SyntaxError) {
	r, digits := hex4(data, pos+2)
	switch {
	case digits < 4 && pos+2+digits == len(data):
		return 2 + digits, nil // the string is not closed, which is the fault to report
	case digits < 4:
		return 0, fault(pos, pos+2+digits, `\u without four hexadecimal digits`, `write four digits, such as \u0041`)
	case !utf16.IsSurrogate(r):
		return 6, nil
	}
	if low, digits := hex4(data, pos+8); digits == 4 && data[pos+6] == '\\' && data[pos+7] == 'u' &&
		utf16.DecodeRune(r, low) != utf8.RuneError {
		return 12, nil
	}
	return 0, fault(pos, pos+6, `lone surrogate: a \u escape that is half of a character`,
		"write both halves, or the character itself")
}

// hex4 reads up to four hexadecimal digits and returns their number.
func hex4(data []byte, pos int) (r rune, digits int) {
	for ; digits < 4 && pos+digits < len(data); digits++ {
		c := data[pos+digits]
		switch {
		case isDigit(c):
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return r, digits
		}
	}
	return r, digits
}
