package digest

import (
	"strings"
	"unicode/utf8"

	icholy "github.com/icholy/digest"
)

// maxHeader is the length of the longest accepted header in bytes. No client sends a longer one, and the client is not
// authenticated while it is parsed.
const maxHeader = 8 << 10

// credentials are the parameters of an Authorization header that this package accepts.
type credentials struct {
	*icholy.Credentials
	count string // nc as the client sent it, which the response covers
}

// parse reads the value of an Authorization header and reports whether this package accepts its form. The library
// accepts a repeated parameter, any number as a count, and an empty algorithm in place of none: parse rejects all
// three.
func parse(header string) (credentials, bool) {
	if len(header) > maxHeader || !isText(header) {
		return credentials{}, false
	}
	params, ok := split(header)
	if !ok || !isCount(params["nc"]) || !namesSupported(params) {
		return credentials{}, false
	}
	c, err := icholy.ParseCredentials(header)
	if err != nil || c.QOP != "auth" || c.Cnonce == "" || c.Username == "" {
		return credentials{}, false
	}
	return credentials{c, params["nc"]}, true
}

// isText reports whether s is valid UTF-8 without control characters. The library replaces each invalid byte with the
// same character.
func isText(s string) bool {
	control := func(r rune) bool { return r < ' ' || r == 0x7f }
	return utf8.ValidString(s) && !strings.ContainsFunc(s, control)
}

// isCount reports whether s is a count from 1: eight hexadecimal digits. RFC 7616 requires lower case, but Perl's LWP
// sends capitals.
func isCount(s string) bool {
	digit := func(r rune) bool { return '0' <= r && r <= '9' || 'a' <= r && r <= 'f' || 'A' <= r && r <= 'F' }
	return len(s) == 8 && s != "00000000" && strings.TrimFunc(s, digit) == ""
}

// namesSupported reports whether the algorithm and userhash are absent or have a supported value. An absent
// algorithm means MD5.
func namesSupported(params map[string]string) bool {
	algorithm, sent := params["algorithm"]
	if sent && !strings.EqualFold(algorithm, "MD5") && !strings.EqualFold(algorithm, "SHA-256") {
		return false
	}
	userhash, sent := params["userhash"]
	return !sent || strings.EqualFold(userhash, "false")
}

// split returns the parameters by their names, with values still escaped, and false where a name comes twice or the
// form is broken. RFC 7616 allows capitals in names, but clients send none and the library skips such a parameter. If
// split accepted it, the library would hash other values than those that split returned.
func split(header string) (map[string]string, bool) {
	rest, ok := icholy.CutPrefix(header)
	params := make(map[string]string, 12)
	for more := true; ok && more; {
		var name, value string
		if name, value, rest, ok = cutParam(rest); !ok {
			break
		}
		if _, twice := params[name]; twice || name != strings.ToLower(name) {
			return nil, false
		}
		params[name] = value
		rest, more = strings.CutPrefix(rest, ",")
	}
	return params, ok && rest == ""
}

// cutParam cuts the first parameter, name=value or name="value", off s, with the spaces around it.
func cutParam(s string) (name, value, rest string, ok bool) {
	name, rest = cutToken(skipSpaces(s))
	rest, ok = strings.CutPrefix(skipSpaces(rest), "=")
	rest = skipSpaces(rest)
	if strings.HasPrefix(rest, `"`) {
		end := closingQuote(rest)
		if end < 0 {
			return "", "", "", false
		}
		value, rest = rest[1:end], rest[end+1:]
	} else {
		value, rest = cutToken(rest)
		ok = ok && value != ""
	}
	return name, value, skipSpaces(rest), ok && name != ""
}

func skipSpaces(s string) string { return strings.TrimLeft(s, " ") }

// cutToken cuts a token off s. The library allows fewer characters in tokens than RFC 9110.
func cutToken(s string) (token, rest string) {
	rest = strings.TrimLeft(s, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
	return s[:len(s)-len(rest)], rest
}

// closingQuote returns the index of the end of the quoted string that s begins with, or -1.
func closingQuote(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return i
		case '\\':
			i++
		}
	}
	return -1
}
