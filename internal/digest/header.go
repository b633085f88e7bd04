package digest

import (
	"strings"
	"unicode/utf8"

	icholy "github.com/icholy/digest"
)

// More than any client sends, and little to read before a client is known.
const maxHeader = 8 << 10

// parse reads the value of an Authorization header, if it is one that this package answers for. The
// library takes the last of a repeated parameter, and any number as a count: both are refused here.
func parse(header string) (*icholy.Credentials, bool) {
	if len(header) > maxHeader || !isText(header) {
		return nil, false
	}
	params, ok := split(header)
	if !ok || !isCount(params["nc"]) {
		return nil, false
	}
	c, err := icholy.ParseCredentials(header)
	if err != nil || !supported(c) {
		return nil, false
	}
	return c, true
}

// The library reads each byte that is not UTF-8 as the same replacement character.
func isText(s string) bool {
	control := func(r rune) bool { return r < ' ' || r == 0x7f }
	return utf8.ValidString(s) && !strings.ContainsFunc(s, control)
}

// isCount knows what RFC 7616 has for a count: eight lower-case hexadecimal digits, from 1.
func isCount(s string) bool {
	digit := func(r rune) bool { return '0' <= r && r <= '9' || 'a' <= r && r <= 'f' }
	return len(s) == 8 && s != "00000000" && strings.TrimFunc(s, digit) == ""
}

// Without qop there is no count, and so no guard against replays. Under auth-int the body would have to
// be read before its sender is known. A client's nonce that is absent would be made up by the library.
func supported(c *icholy.Credentials) bool {
	switch strings.ToUpper(c.Algorithm) {
	case "", "MD5", "SHA-256": // MD5 is what RFC 7616 has for an absent one
		return c.QOP == "auth" && c.Cnonce != "" && !c.Userhash
	}
	return false
}

// split returns the parameters by their names, with values still escaped, and false where a name comes
// twice or the form is broken. RFC 7616 allows capitals in names, but clients send none and the library
// passes such a parameter over, so that what was read here would not be what it hashes.
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

// cutParam takes `name=value` or `name="value"` from the front, with the spaces around it.
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

// cutToken takes what the library takes for a token, which is less than RFC 9110 does.
func cutToken(s string) (token, rest string) {
	rest = strings.TrimLeft(s, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
	return s[:len(s)-len(rest)], rest
}

// closingQuote finds the end of the quoted string that s begins with, or -1.
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
