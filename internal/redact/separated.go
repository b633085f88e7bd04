package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// letterWindow is how many letters and digits in a row, without the characters between them, a text may not have in
// common with a secret. It is longer than overlap, because words of a sentence without blanks can form others.
const letterWindow = 16

// Separated replaces each part of s that has the characters of a secret in order, in any case, with only separators
// between them, such as "k-e-y" or a character on each line, by [Hidden]. Separators are all characters but letters and
// digits. The separators of the secret itself may be missing. A shorter part counts if it has 16 letters and digits of
// the secret. Secrets of less than eight letters and digits don't count.
func Separated(s string, secrets []string) string {
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	low, secret := lower(s), make([]bool, len(s))
	markSeparated(low, secrets, secret)
	return strings.ToValidUTF8(replaceMarked(s, secret), "")
}

// markSeparated marks the parts of a text in lower case that [Separated] replaces.
func markSeparated(low string, secrets []string, secret []bool) {
	text, offsets := letters(low)
	for _, value := range secrets {
		value = lower(strings.ToValidUTF8(value, string(utf8.RuneError)))
		part, _ := letters(value)
		if len(part) < overlap {
			continue
		}
		size := min(len(part), letterWindow)
		in := partsOf(part, size, len(text))
		for i := range max(0, len(text)-size+1) {
			if in(text[i : i+size]) {
				mark(secret[offsets[i] : offsets[i+size-1]+1])
			}
		}
	}
}

// letters returns a text without separators, and the offset of each byte in the text.
func letters(s string) (text string, offsets []int) {
	var out strings.Builder
	for i, r := range s {
		if isSeparating(r) {
			continue
		}
		for n := range utf8.RuneLen(r) {
			offsets = append(offsets, i+n)
		}
		out.WriteRune(r)
	}
	return out.String(), offsets
}

// isSeparating reports whether a character can be between those of a secret: it is neither a letter nor a digit.
func isSeparating(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }

// separated are the secrets that [Separated] looks for, in a form like that of [parts].
type separated struct {
	whole [letterWindow]map[string]bool // the letters and digits of short secrets, by their length
	long  map[string]bool               // the parts of the letters and digits of long secrets
}

// newSeparated returns the form of secrets in lower case.
func newSeparated(secrets []string) *separated {
	s := &separated{long: map[string]bool{}}
	for _, secret := range secrets {
		part, _ := letters(secret)
		n := len(part)
		switch {
		case n < overlap:
		case n >= letterWindow:
			for i := range n - letterWindow + 1 {
				s.long[part[i:i+letterWindow]] = true
			}
		default:
			if s.whole[n] == nil {
				s.whole[n] = map[string]bool{}
			}
			s.whole[n][part] = true
		}
	}
	return s
}

// in reports whether [Separated] hides a part of a text in lower case.
func (s *separated) in(low string) bool {
	text, _ := letters(low)
	for i := range len(text) - overlap + 1 {
		rest := text[i:]
		if len(rest) >= letterWindow && s.long[rest[:letterWindow]] {
			return true
		}
		for size := overlap; size < min(letterWindow, len(rest)+1); size++ {
			if s.whole[size][rest[:size]] {
				return true
			}
		}
	}
	return false
}
