package wire

import (
	"strings"
	"unicode"
)

// HasSafePath reports whether a decoded path has no dot segment, backslash or control character. Another server may
// resolve those to another path, also if they were sent with escapes. Parameters of a segment, after a semicolon,
// don't hide its dots, because some servers remove them first. An escaped slash is safe: it is part of a name.
func HasSafePath(path string) bool {
	if strings.ContainsFunc(path, func(r rune) bool { return r == '\\' || unicode.IsControl(r) }) {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		if name, _, _ := strings.Cut(segment, ";"); name == "." || name == ".." {
			return false
		}
	}
	return true
}
