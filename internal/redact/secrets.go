package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Hidden replaces a secret in a text.
const Hidden = "(hidden)"

// overlap is how many characters a text may not have in common with a secret.
const overlap = 8

// wordSize is the length in bytes of the shortest secret that is hidden inside a word.
const wordSize = 4

// Secrets replaces each part of s that it has in common with a secret, in any case, by [Hidden]: eight
// characters or more, a shorter secret as a whole, and one of less than four characters where it is a word. It also
// replaces the parts that [Separated] does.
func Secrets(s string, secrets []string) string {
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	low, secret := lower(s), make([]bool, len(s))
	for _, value := range secrets {
		value = lower(strings.ToValidUTF8(value, string(utf8.RuneError)))
		size := min(len(value), overlap)
		if size == 0 {
			continue
		}
		in := partsOf(value, size, len(low))
		for i := range max(0, len(low)-size+1) {
			if in(low[i:i+size]) && (size >= wordSize || isWholeWord(low, i, i+size)) {
				mark(secret[i : i+size])
			}
		}
	}
	markSeparated(low, secrets, secret)
	return strings.ToValidUTF8(replaceMarked(s, secret), "")
}

// partsOf returns a function that reports whether a text of that size is a part of value. For a longer text it uses a
// table, because it is called often.
func partsOf(value string, size, length int) func(string) bool {
	if length < 200 {
		return func(part string) bool { return strings.Contains(value, part) }
	}
	parts := map[string]bool{}
	for i := range len(value) - size + 1 {
		parts[value[i:i+size]] = true
	}
	return func(part string) bool { return parts[part] }
}

func mark(list []bool) {
	for i := range list {
		list[i] = true
	}
}

// lower returns s in lower case with every byte at its offset, unlike strings.ToLower.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

func isWholeWord(s string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	after, _ := utf8.DecodeRuneInString(s[to:])
	return !inWord(before) && !inWord(after)
}

func replaceMarked(s string, secret []bool) string {
	var out strings.Builder
	for i := range len(s) {
		switch {
		case !secret[i]:
			out.WriteByte(s[i])
		case i == 0 || !secret[i-1]:
			out.WriteString(Hidden)
		}
	}
	return out.String()
}

// Words replaces the words of a text and keeps the text between them.
func Words(s string, change func(string) string) string {
	var out strings.Builder
	for s != "" {
		end := strings.IndexFunc(s, func(r rune) bool { return !inWord(r) })
		if end < 0 {
			end = len(s)
		}
		if end > 0 {
			out.WriteString(change(s[:end]))
		}
		s = s[end:]
		next := strings.IndexFunc(s, inWord)
		if next < 0 {
			next = len(s)
		}
		out.WriteString(s[:next])
		s = s[next:]
	}
	return out.String()
}

// inWord reports whether keys and tokens contain r. A slash ends a word, so that paths stay readable.
func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-.+=*%~", r))
}
