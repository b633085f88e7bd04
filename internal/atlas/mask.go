package atlas

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/atlasint/atlasint/gen/schemas"
)

// Mask returns the secret s as Atlas returns it; how is one of the masks of package schemas that show
// anything. A masked text stays unchanged.
func Mask(how, s string) string {
	n := utf8.RuneCountInString(s)
	last := ""
	if n > 4 {
		last = s[lastRunes(s, 4):]
	}
	if how == schemas.MaskOrigin {
		if shown, ok := origin(s); ok {
			return shown + "/****" + last
		}
	}
	return strings.Repeat("*", n-utf8.RuneCountInString(last)) + last
}

// lastRunes returns the offset of the last n characters of s.
func lastRunes(s string, n int) int {
	at := len(s)
	for range n {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
	return at
}

// origin returns the scheme and the host of a URL and ignores the rest: the end of a masked secret may be
// invalid in a URL.
func origin(s string) (string, bool) {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return "", false
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	u, err := url.Parse(scheme + "://" + rest)
	if err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "http") {
		return "", false
	}
	return u.Scheme + "://" + rest[strings.LastIndexByte(rest, '@')+1:], true
}
