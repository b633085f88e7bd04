package redact

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// UnprintableInJSON returns a JSON document with its unprintable characters escaped, except line feeds: outside of
// strings, where escapes are allowed, JSON has no others. Package encoding/json escapes only those of ASCII.
func UnprintableInJSON(doc []byte) []byte {
	return escapeUnprintable(doc, func(r rune) string {
		high, low := utf16.EncodeRune(r)
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	})
}

// UnprintableInYAML returns a YAML document with its unprintable characters escaped, except line feeds. All others must
// be in double quotes.
func UnprintableInYAML(doc []byte) []byte {
	return escapeUnprintable(doc, func(r rune) string { return fmt.Sprintf(`\U%08x`, r) })
}

// escapeUnprintable escapes characters; long returns the escape of one above U+FFFF.
func escapeUnprintable(doc []byte, long func(rune) string) []byte {
	safe := make([]byte, 0, len(doc))
	for i := 0; i < len(doc); {
		r, size := utf8.DecodeRune(doc[i:])
		switch {
		case r == '\n' || strconv.IsPrint(r):
			safe = append(safe, doc[i:i+size]...)
		case r > 0xffff:
			safe = append(safe, long(r)...)
		default:
			safe = fmt.Appendf(safe, `\u%04x`, r)
		}
		i += size
	}
	return safe
}
