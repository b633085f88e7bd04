package jsonpos

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// EncodingFault returns a fault if the first bytes are those of another encoding than UTF-8,
// or of a byte order mark.
func EncodingFault(data []byte) *SyntaxError {
	const hint = "save the file as UTF-8 without BOM"
	for _, bom := range []struct{ bytes, message string }{
		{"\xef\xbb\xbf", "the file starts with a byte order mark (BOM)"},
		{"\xff\xfe\x00\x00", "the file is in UTF-32 (little-endian), not in UTF-8"},
		{"\x00\x00\xfe\xff", "the file is in UTF-32 (big-endian), not in UTF-8"},
		{"\xff\xfe", "the file is in UTF-16 (little-endian), not in UTF-8"},
		{"\xfe\xff", "the file is in UTF-16 (big-endian), not in UTF-8"},
	} {
		if bytes.HasPrefix(data, []byte(bom.bytes)) {
			return fault(0, len(bom.bytes), bom.message, hint)
		}
	}
	if len(data) < 4 {
		return nil
	}
	// JSON begins with two ASCII characters, or nearly always.
	switch nul := [4]bool{data[0] == 0, data[1] == 0, data[2] == 0, data[3] == 0}; nul {
	case [4]bool{false, true, false, true}:
		return fault(0, 2, "the file is in UTF-16 (little-endian), not in UTF-8", hint)
	case [4]bool{true, false, true, false}:
		return fault(0, 2, "the file is in UTF-16 (big-endian), not in UTF-8", hint)
	}
	return nil
}

// foreignText returns the fault of text that JSON allows nowhere outside a string.
func foreignText(data []byte, pos int) *SyntaxError {
	switch c := data[pos]; {
	case c == '#', bytes.HasPrefix(data[pos:], []byte("//")), bytes.HasPrefix(data[pos:], []byte("/*")):
		return fault(pos, commentEnd(data, pos), "comments are not allowed in JSON", "remove the comment")
	case c == '\'':
		return fault(pos, quoteEnd(data, pos), "single quotes in place of double quotes", "put names and text in double quotes")
	case c == '`':
		return fault(pos, quoteEnd(data, pos), "backquotes in place of double quotes", "put names and text in double quotes")
	case c == 0:
		return faultAt(pos, "NUL byte", "remove the NUL byte")
	case c < ' ' && !isSpace(c), c == 0x7f:
		return faultAt(pos, "control character outside a string", "remove it")
	case c >= utf8.RuneSelf:
		return foreignRune(data, pos)
	}
	return nil
}

func foreignRune(data []byte, pos int) *SyntaxError {
	r, size := utf8.DecodeRune(data[pos:])
	end := pos + size
	switch {
	case r == utf8.RuneError && size == 1:
		return invalidUTF8(pos)
	case r == '\ufeff':
		return fault(pos, end, "byte order mark (BOM) inside the file", "remove it; files that are joined must not have one")
	case unicode.Is(unicode.Quotation_Mark, r):
		return fault(pos, end, "typographic quotation mark in place of a double quote", `write the plain double quote "`)
	case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zs, r):
		return fault(pos, end, "white space or an invisible character that JSON does not allow",
			"use plain spaces, tabs and line breaks only")
	case !isWordRune(r):
		return fault(pos, end, "unexpected character", "remove it, or put text in double quotes")
	}
	return nil
}

func invalidUTF8(pos int) *SyntaxError {
	return faultAt(pos, "byte that is not valid UTF-8", "save the file as UTF-8")
}

func commentEnd(data []byte, pos int) int {
	rest, closing := data[pos:], []byte("\n")
	if bytes.HasPrefix(rest, []byte("/*")) {
		rest, closing = rest[2:], []byte("*/")
	}
	i := bytes.Index(rest, closing)
	switch {
	case i < 0:
		return len(data)
	case closing[0] == '*':
		return pos + 2 + i + len(closing)
	}
	return pos + i
}

// quoteEnd returns the end of text in single quotes, or of its opening quote
// when it is not closed on the same line.
func quoteEnd(data []byte, pos int) int {
	for i := pos + 1; i < len(data) && data[i] != '\n'; i++ {
		if data[i] == data[pos] {
			return i + 1
		}
	}
	return pos + 1
}

// words are values of other languages that JSON writes differently.
var words = map[string]struct{ message, hint string }{
	"True":      {"the word True is not a JSON value", "write true"},
	"TRUE":      {"the word TRUE is not a JSON value", "write true"},
	"False":     {"the word False is not a JSON value", "write false"},
	"FALSE":     {"the word FALSE is not a JSON value", "write false"},
	"None":      {"the word None is not a JSON value", "write null"},
	"Null":      {"the word Null is not a JSON value", "write null"},
	"NULL":      {"the word NULL is not a JSON value", "write null"},
	"nil":       {"the word nil is not a JSON value", "write null"},
	"undefined": {"the word undefined is not a JSON value", "write null, or leave the member out"},
	"NaN":       {"NaN is not a JSON number", noNumber},
	"nan":       {"NaN is not a JSON number", noNumber},
	"Infinity":  {"Infinity is not a JSON number", noNumber},
	"-Infinity": {"-Infinity is not a JSON number", noNumber},
	"+Infinity": {"Infinity is not a JSON number", noNumber},
	"inf":       {"Infinity is not a JSON number", noNumber},
	"-inf":      {"-Infinity is not a JSON number", noNumber},
}

const noNumber = "write null, or leave the member out"

// textFault returns the fault of the number or the word that begins at pos.
func textFault(data []byte, pos int) *SyntaxError {
	switch c := data[pos]; {
	case isDigit(c), c == '-', c == '+', c == '.':
		return numberFault(data, pos)
	}
	return wordFault(data, pos)
}

func wordFault(data []byte, pos int) *SyntaxError {
	end := wordEnd(data, pos)
	if known, ok := words[string(data[pos:end])]; ok {
		return fault(pos, end, known.message, known.hint)
	}
	return fault(pos, end, "text without double quotes",
		"put text in double quotes; only numbers, true, false and null have no quotes")
}

// wordEnd returns the end of the run of letters, digits and the signs found in
// numbers and identifiers that begins at pos; pos itself when there is none.
func wordEnd(data []byte, pos int) int {
	for pos < len(data) {
		r, size := utf8.DecodeRune(data[pos:])
		if !isWordRune(r) {
			break
		}
		pos += size
	}
	return pos
}

func isWordRune(r rune) bool {
	switch r {
	case '_', '$', '.', '+', '-':
		return true
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

func isLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isDigit(c byte) bool {
	return '0' <= c && c <= '9'
}
