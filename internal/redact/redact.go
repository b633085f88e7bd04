// Package redact makes texts safe to show. Its results contain no control characters and have a
// bounded length. Of a value that may be a secret they show the size only.
package redact

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest values and names that are shown, with digits in them and without. Every name of the API
// and every value of its lists is shorter, while the keys and tokens of the services are longer: a
// secret in the wrong field is not shown either.
var (
	valueLimit = limit{plain: 24, digits: 16}
	nameLimit  = limit{plain: 40, digits: 20}
)

type limit struct{ plain, digits int }

// Value returns a value outside of a secret field in a form that is safe to show: quoted, or its length if it is long
// enough for a secret.
func Value(s string) string { return valueLimit.quote(s, "a text of %d characters") }

// Name returns the name of a field in a form that is safe to show: quoted, or its length if it is long enough for
// a secret, or has the form of a name with its value.
func Name(s string) string {
	if !Shown(s) {
		return fmt.Sprintf("of %d characters", utf8.RuneCountInString(s))
	}
	return strconv.Quote(s)
}

// Readable reports whether [Value] shows the text itself.
func Readable(s string) bool { return valueLimit.allows(s) }

// Shown reports whether [Name] shows the name itself.
func Shown(s string) bool { return nameLimit.allows(s) && !hasValue(s) }

// hasValue reports whether a name may also have a value, as after a typing mistake in YAML: {password:secret} and
// {password secret} are mappings of one name.
func hasValue(name string) bool {
	return strings.ContainsFunc(strings.Trim(name, " "), func(r rune) bool {
		return !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number) && !strings.ContainsRune("_-.$@/~*", r)
	})
}

// Pointer returns the part of a JSON Pointer (RFC 6901) that is safe to show: it ends before the first name
// that may not be shown, or that has characters that a terminal would act on.
func Pointer(p string) string {
	shown := ""
	for token := range strings.SplitSeq(strings.TrimPrefix(p, "/"), "/") {
		if p == "" || !Shown(token) || strings.ContainsFunc(token, unprintable) {
			break
		}
		shown += "/" + token
	}
	return shown
}

// Plain returns a word without quotes, or [Hidden] if it is long enough for a secret.
func Plain(s string) string {
	if !nameLimit.allows(s) {
		return Hidden
	}
	return s
}

// IsCode reports whether s has the form of an error code of Atlas, such as SLACK_OAUTH2_NOT_CONFIGURED:
// upper-case words joined by underscores, each with two digits at most, at its end. Keys and tokens don't have that
// form.
func IsCode(s string) bool {
	words := strings.Split(s, "_")
	return len(words) > 1 && len(s) <= maxCode && !slices.ContainsFunc(words, func(word string) bool {
		letters := strings.TrimRight(word, "0123456789")
		return word == "" || len(letters) > maxCodeWord || len(word)-len(letters) > 2 ||
			strings.Trim(letters, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != ""
	})
}

// The lengths in bytes of the longest code and of the longest word in one. Each is longer than all that Atlas
// documents.
const maxCode, maxCodeWord = 64, 20

// Path returns the name of a file. It is quoted if it has characters that a terminal would act on, or only spaces.
func Path(s string) string {
	if s != "" && strings.TrimSpace(s) == "" {
		return strconv.Quote(s)
	}
	if quoted := strconv.Quote(s); quoted != `"`+s+`"` && strings.ContainsFunc(s, unprintable) {
		return quoted
	}
	return s
}

// Shell returns a text as one word for a POSIX shell. It hides nothing.
func Shell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func unprintable(r rune) bool { return r == utf8.RuneError || !strconv.IsPrint(r) }

// Line returns a text on one line, without characters that a terminal would act on.
func Line(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.Map(func(r rune) rune {
		if unprintable(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}

// maxText is the length in characters from which [Shorten] cuts. The longest sentence of Atlas is shorter.
const maxText = 600

// Shorten returns at most the first 600 characters of a text, with "…" after them if it is longer.
func Shorten(s string) string {
	if utf8.RuneCountInString(s) <= maxText {
		return s
	}
	return string([]rune(s)[:maxText]) + "…"
}

// Size returns the length of a secret in characters, as text.
func Size(s string) string {
	if n := utf8.RuneCountInString(s); n != 1 {
		return fmt.Sprintf("%d characters (value hidden)", n)
	}
	return "1 character (value hidden)"
}

func (l limit) quote(s, tooLong string) string {
	if !l.allows(s) {
		return fmt.Sprintf(tooLong, utf8.RuneCountInString(s))
	}
	return strconv.Quote(s)
}

func (l limit) allows(s string) bool {
	most := l.plain
	if strings.ContainsAny(s, "0123456789") {
		most = l.digits
	}
	return utf8.RuneCountInString(s) <= most
}

// CutPointer returns the part of a JSON Pointer before the first name that hides reports true for. An index is not a
// name.
func CutPointer(p string, hides func(name string) bool) string {
	tokens := strings.Split(p, "/")
	for i, token := range tokens {
		isIndex := len(token) <= maxIndex && strings.Trim(token, "0123456789") == ""
		if !isIndex && hides(unescapePointer.Replace(token)) {
			return strings.Join(tokens[:i], "/")
		}
	}
	return p
}

// maxIndex is the number of digits of the largest index of a list. A longer number may be a secret.
const maxIndex = 3

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")
