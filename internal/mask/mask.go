// Package mask hides secrets as Atlas does in its answers, so that what is here can be compared with what
// is there.
package mask

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/atlasint/atlasint/gen/schemas"
)

// Text is the secret s as Atlas shows it; how is one of the masks of package schemas that show anything. A
// text that is masked already stays as it is.
func Text(how, s string) string {
	n := utf8.RuneCountInString(s)
	last := ""
	if n > 4 {
		last = s[lastRunes(s, 4):]
	}
	if how == schemas.MaskOrigin {
		if u, err := url.Parse(s); err == nil && u.Host != "" && strings.HasPrefix(u.Scheme, "http") {
			return u.Scheme + "://" + u.Host + "/****" + last
		}
	}
	return strings.Repeat("*", n-utf8.RuneCountInString(last)) + last
}

// lastRunes is where the last n characters of s begin.
func lastRunes(s string, n int) int {
	at := len(s)
	for range n {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
	return at
}
