// Package correction computes the edits that correct a fault, where only one correction is possible. An edit inserts
// names and values of the API only, never text of the input.
package correction

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/validate/internal/rename"
)

// Edit replaces the bytes of the input from Start to End, exclusive, by Text.
type Edit struct {
	Start, End int
	Text       string
}

// Name renames a member of an object to a name that differs in case and separators only. It returns nil if the name is
// empty, or if another member of the object has the name, or may be renamed to it. It reads the names of all members.
func Name(object *jsonpos.Value, m *jsonpos.Member, name string) []Edit {
	if name == "" || !suggest.SameLetters(m.Name, name) {
		return nil
	}
	// From m outwards, the searches for many members with the same letters take a time that grows with their number.
	of := object.Members
	at, _ := slices.BinarySearchFunc(of, m.NameStart, func(e jsonpos.Member, start int) int { return cmp.Compare(e.NameStart, start) })
	for d := 1; at-d >= 0 || at+d < len(of); d++ {
		if at-d >= 0 && suggest.SameLetters(of[at-d].Name, name) || at+d < len(of) && suggest.SameLetters(of[at+d].Name, name) {
			return nil
		}
	}
	return []Edit{{m.NameStart, m.NameEnd, strconv.Quote(name)}}
}

// Allowed replaces a text by an allowed value: the one of an alias, or the only one that differs in case, separators
// and white space around it.
func Allowed(v *jsonpos.Value, allowed []string, f *atlas.Field) []Edit {
	text := strings.TrimSpace(v.Text)
	meant := ""
	if f != nil {
		meant = rename.Alias(f, text)
	}
	for _, value := range allowed {
		if !suggest.SameLetters(text, value) {
			continue
		}
		if meant != "" && meant != value {
			return nil
		}
		meant = value
	}
	if v.Kind != jsonpos.String || !slices.Contains(allowed, meant) {
		return nil
	}
	return []Edit{{v.Start, v.End, strconv.Quote(meant)}}
}

// Unquote removes the quotes of a boolean or an integer that [IsLiteral] reports.
func Unquote(v *jsonpos.Value) []Edit {
	if n, err := strconv.ParseInt(v.Text, 10, 64); err == nil && strconv.FormatInt(n, 10) != v.Text {
		return nil // JSON has no such number: +1 or 01
	}
	return []Edit{{v.Start, v.End, v.Text}}
}

// IsLiteral reports whether a text in quotes would be a value of the kind without them.
func IsLiteral(kind, s string) bool {
	switch kind {
	case "boolean":
		return s == "true" || s == "false"
	case "integer":
		_, err := strconv.ParseInt(s, 10, 64)
		return err == nil && len(s) < 16
	}
	return false
}

// Trim removes the white space around a text. It returns nil if there is other white space in it, or nothing else.
func Trim(data []byte, v *jsonpos.Value) []Edit {
	if trimmed := strings.TrimSpace(v.Text); trimmed == "" || trimmed == v.Text || strings.ContainsFunc(trimmed, unicode.IsSpace) {
		return nil
	}
	first, last := v.Start+1, v.End-1 // between the quotes
	start, end := last, first
	for i := first; i < last; {
		r, size := character(data[i:last])
		if !unicode.IsSpace(r) {
			start, end = min(start, i), i+size
		}
		i += size
	}
	var edits []Edit
	for _, e := range []Edit{{Start: first, End: start}, {Start: end, End: last}} {
		if e.Start < e.End {
			edits = append(edits, e)
		}
	}
	return edits
}

// character returns the first character of the text of a valid JSON string, and its size in bytes with its escape. Each
// half of a surrogate pair is one.
func character(text []byte) (rune, int) {
	if text[0] != '\\' {
		return utf8.DecodeRune(text)
	}
	switch text[1] {
	case 'u':
		code, _ := strconv.ParseUint(string(text[2:6]), 16, 16)
		return rune(code), 6
	case 'b', '"', '\\', '/':
		return rune(text[1]), 2
	}
	return '\n', 2 // \f, \n, \r and \t are white space
}
