package otherformat

import (
	"bytes"
	"regexp"
	"sync"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// NullHint returns the hint for a member without a value in YAML whose author wrote a text that YAML reads as something
// else, such as #alerts; "" for others. A comment begins with # and a space.
func NullHint(data []byte, v *jsonpos.Value) string {
	if v.Kind != jsonpos.Null || v.Start != v.End {
		return ""
	}
	rest := bytes.TrimLeft(data[v.Start:], " \t")
	if len(rest) < 2 || bytes.IndexByte([]byte(" \t\r\n#"), rest[1]) >= 0 {
		return ""
	}
	switch rest[0] {
	case '#':
		return "# begins a comment; put the value in quotes"
	case '&':
		return "& begins the name of an anchor; put the value in quotes"
	}
	return ""
}

// ColonHint returns the hint for a text of YAML that is a member without a space after its colon, such as type:DATADOG;
// "" for others.
func ColonHint(text string) string {
	if !tightMember().MatchString(text) {
		return ""
	}
	return "write a space after the colon, as in type: WEBHOOK"
}

var tightMember = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^["']?[A-Za-z_][A-Za-z0-9_]*["']?:[^\s/]`) })
