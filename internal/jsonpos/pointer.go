package jsonpos

import "strings"

var (
	pointerEscapes   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescapes = strings.NewReplacer("~1", "/", "~0", "~")
)

// Pointer returns the JSON Pointer (RFC 6901) of the tokens, which are
// plain member names and array indexes: Pointer escapes them. Without tokens
// it returns "", the pointer to the whole document.
func Pointer(tokens ...string) string {
	var b strings.Builder
	for _, token := range tokens {
		b.WriteByte('/')
		b.WriteString(pointerEscapes.Replace(token))
	}
	return b.String()
}

// Unescape returns the member name or array index of a token of a JSON Pointer. It reverts the escapes of [Pointer].
func Unescape(token string) string {
	if !strings.Contains(token, "~") {
		return token
	}
	return pointerUnescapes.Replace(token)
}
