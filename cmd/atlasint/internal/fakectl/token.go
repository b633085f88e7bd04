package fakectl

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/redact"
)

// checkToken returns an error for a token that no header can contain. The error does not show the token.
func checkToken(token string) error {
	isControl := func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
	switch {
	case strings.ContainsFunc(strings.TrimSpace(token), isControl):
		return problem.Inputf("$%s contains a line break or another control character; copy the token again", TokenVariable)
	case strings.ContainsFunc(token, isControl):
		return problem.Inputf("$%s begins or ends with a line break; remove it, such as the line end of a file", TokenVariable)
	}
	return nil
}

// minToken is the length in bytes from which a token can't be a usual part of a response.
const minToken = 8

// hideToken returns a decoded response with each occurrence of the token replaced: a server can repeat it. The name
// member, which the response has in any case, stays.
func hideToken(document any, token, member string) any {
	if len(token) < minToken {
		return document
	}
	token = string([]rune(token)) // with U+FFFD for each invalid byte, as in the decoded response
	h := tokenHider{regexp.MustCompile("(?i)" + regexp.QuoteMeta(token)), len(token)}
	object, ok := document.(map[string]any)
	if !ok {
		return h.hide(document)
	}
	value := h.hide(object[member])
	delete(object, member)
	object, _ = h.hide(object).(map[string]any)
	object[member] = value
	return object
}

type tokenHider struct {
	token *regexp.Regexp // in any case
	size  int            // in bytes; shorter texts can't contain it
}

// hide changes arrays in place, since responses can be large.
func (h tokenHider) hide(value any) any {
	switch v := value.(type) {
	case string:
		return h.text(v)
	case json.Number:
		if text := h.text(v.String()); text != v.String() {
			return text
		}
	case []any:
		for i := range v {
			v[i] = h.hide(v[i])
		}
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, member := range v {
			object[h.text(name)] = h.hide(member)
		}
		return object
	}
	return value
}

func (h tokenHider) text(s string) string {
	if len(s) < h.size {
		return s
	}
	return h.token.ReplaceAllLiteralString(s, redact.Hidden)
}
