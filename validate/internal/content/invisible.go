package content

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/pattern"
)

// KeyHint returns the hint for a key that does not match the pattern of its field, "" if there is none.
func KeyHint(p *pattern.Pattern, value string) string {
	if p.Digits() > 0 && utf8.RuneCountInString(value) == p.Digits() {
		return "the length is right, but not all of them are hexadecimal digits"
	}
	if what := Around(value); what != "" {
		return "remove the " + what + " around it"
	}
	if IsQuoted(value) {
		return "remove the quotes around it"
	}
	return ""
}

// Around describes the invisible text at the beginning or end of s, "" if there is none.
func Around(s string) string {
	switch {
	case strings.TrimSpace(s) != s:
		return "white space"
	case strings.TrimFunc(s, invisible) != s:
		return "invisible characters"
	}
	return ""
}

// IsQuoted reports whether s is wholly in double or in single quotes, as files of variables leave them.
func IsQuoted(s string) bool {
	return len(s) > 1 && s[0] == s[len(s)-1] && (s[0] == '"' || s[0] == '\'')
}

// invisible reports whether a character has no width, such as U+200B, which copied text may contain.
func invisible(r rune) bool { return unicode.Is(unicode.Cf, r) }
