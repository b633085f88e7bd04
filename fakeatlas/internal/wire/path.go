package wire

import (
	"net/url"
	"strings"
	"unicode"
)

// DecodedPath returns the path of a URL without its escapes, except those of slashes: an escaped slash is part of a
// segment, and not a separator.
func DecodedPath(u *url.URL) string {
	if u.RawPath == "" {
		return u.Path // no slash was escaped
	}
	segments := strings.Split(u.EscapedPath(), "/")
	for i, segment := range segments {
		if text, err := url.PathUnescape(segment); err == nil {
			segments[i] = strings.ReplaceAll(text, "/", "%2F")
		}
	}
	return strings.Join(segments, "/")
}

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
