package redact

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// PayloadPath returns a path that a payload contains in a form that is safe to show: as [Path] does, or its length if
// it may be a secret in the place of a path.
func PayloadPath(s string) string {
	if !ShownPath(s) {
		return fmt.Sprintf("of %d characters", utf8.RuneCountInString(s))
	}
	return Path(s)
}

// ShownPath reports whether [PayloadPath] shows the path itself: a text that is too short for a secret, or that looks
// like a path and has no segment that is long enough for a secret. The name of a file with an extension may have any
// length.
func ShownPath(s string) bool {
	if Shown(s) {
		return true
	}
	segments := strings.FieldsFunc(s, isSeparator)
	if len(segments) == 0 || strings.Contains(s, "://") {
		return false
	}
	last := len(segments) - 1
	if hasExtension(segments[last]) {
		segments = segments[:last]
	} else if !isRooted(s) && (last == 0 || mixesLetters(s)) { // base64 has slashes, too
		return false
	}
	return !slices.ContainsFunc(segments, func(segment string) bool { return !Shown(segment) })
}

func isSeparator(r rune) bool { return r == '/' || r == '\\' }

// isRooted reports whether a path starts at a folder that it names, such as /, .. or C:.
func isRooted(s string) bool {
	start, _, found := strings.Cut(strings.ReplaceAll(s, `\`, "/"), "/")
	return found && (start == "" || start == "." || start == ".." || start == "~" || len(start) == 2 && start[1] == ':')
}

// maxExtension is the length of the longest extension, such as .password. The parts of tokens are longer.
const maxExtension = 8

// hasExtension reports whether a name ends with a dot and a short word in small letters, which may have digits after
// its first letter.
func hasExtension(name string) bool {
	at := strings.LastIndexByte(name, '.')
	if at < 0 {
		return false
	}
	word := name[at+1:]
	return word != "" && len(word) <= maxExtension && word[0] >= 'a' &&
		strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// mixesLetters reports whether a text has capitals and small letters, as base64 does.
func mixesLetters(s string) bool { return strings.ToLower(s) != s && strings.ToUpper(s) != s }
