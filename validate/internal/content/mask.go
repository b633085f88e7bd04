// Package content recognizes faults in the contents of strings: masks of secrets, invisible text around a value, URLs
// that Atlas rejects, and webhook templates that don't render to what it needs.
package content

import (
	"strings"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/atlas"
)

// IsMasked reports whether Atlas returned the value of a field masked. A template may contain runs of stars, as in
// "**** alert ****": its mask is stars and at most four characters.
func IsMasked(f *atlas.Field, s string) bool {
	if f.TemplateBytes == 0 {
		return masked(s)
	}
	rest := strings.TrimLeft(s, "*")
	return rest != s && utf8.RuneCountInString(rest) <= 4
}

// masked reports whether s has the form of a masked value: a run of stars, as in "****7890" and
// "https://host/****7890", or fewer before the last four characters, which is the mask of a secret of five to seven.
func masked(s string) bool {
	if !strings.Contains(s, "*") {
		return false
	}
	rest := strings.TrimLeft(s, "*")
	return strings.Contains(s, "****") || rest == "" || rest != s && utf8.RuneCountInString(rest) == 4
}
