// Package redact makes texts safe to show. What comes out of it holds no control characters, has a
// bounded length and, where a value may be a secret, says nothing but its size.
package redact

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The longest values and names that are shown, with digits in them and without. Every name of the API
// and every value of its lists is shorter, while the keys and tokens of the services are longer: a
// secret that landed in the wrong place is not shown either.
var (
	valueLimit = limit{plain: 24, digits: 16}
	nameLimit  = limit{plain: 40, digits: 20}
)

type limit struct{ plain, digits int }

// Value shows a value that is no secret by where it stands: quoted, or as its length where it is long
// enough for a secret.
func Value(s string) string { return valueLimit.quote(s, "a text of %d characters") }

// Name shows the name of a field, quoted, or as its length where it is long enough for a secret.
func Name(s string) string { return nameLimit.quote(s, "of %d characters") }

// Readable tells whether Value shows the text itself.
func Readable(s string) bool { return valueLimit.holds(s) }

// Shown tells whether Name shows the name itself.
func Shown(s string) bool { return nameLimit.holds(s) }

// Pointer shows a JSON Pointer (RFC 6901) as far as its names may be shown: a name that is long enough
// for a secret ends it before that name.
func Pointer(p string) string {
	shown := ""
	for token := range strings.SplitSeq(strings.TrimPrefix(p, "/"), "/") {
		if p == "" || !nameLimit.holds(token) {
			break
		}
		shown += "/" + token
	}
	return shown
}

// Plain is Name without its quotes, for texts that have their own.
func Plain(s string) string {
	if !nameLimit.holds(s) {
		return Hidden
	}
	return s
}

// IsCode reports whether s has the form of an error code of Atlas, such as SLACK_OAUTH2_NOT_CONFIGURED:
// upper-case words joined by underscores, each with two digits at most, at its end. Keys and tokens don't.
func IsCode(s string) bool {
	words := strings.Split(s, "_")
	return len(words) > 1 && len(s) <= maxCode && !slices.ContainsFunc(words, func(word string) bool {
		letters := strings.TrimRight(word, "0123456789")
		return word == "" || len(letters) > maxCodeWord || len(word)-len(letters) > 2 ||
			strings.Trim(letters, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != ""
	})
}

// The longest code and the longest word in one that are taken for a code, in bytes. Each is longer than all
// that Atlas documents.
const maxCode, maxCodeWord = 64, 20

// Path shows the name of a file as it is, but for characters that a terminal would act on.
func Path(s string) string {
	if quoted := strconv.Quote(s); quoted != `"`+s+`"` && strings.ContainsFunc(s, unprintable) {
		return quoted
	}
	return s
}

func unprintable(r rune) bool { return r == utf8.RuneError || !strconv.IsPrint(r) }

// Line puts a text on one line, with nothing in it that a terminal would act on.
func Line(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.Map(func(r rune) rune {
		if unprintable(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}

// Size says how long a secret is, and nothing else.
func Size(s string) string {
	if n := utf8.RuneCountInString(s); n != 1 {
		return fmt.Sprintf("%d characters (value hidden)", n)
	}
	return "1 character (value hidden)"
}

func (l limit) quote(s, tooLong string) string {
	if !l.holds(s) {
		return fmt.Sprintf(tooLong, utf8.RuneCountInString(s))
	}
	return strconv.Quote(s)
}

func (l limit) holds(s string) bool {
	most := l.plain
	if strings.ContainsAny(s, "0123456789") {
		most = l.digits
	}
	return utf8.RuneCountInString(s) <= most
}
