package validate

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// lazily compiles an expression when it is first needed: a command that judges one file needs few of them.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// pattern is a regular expression of a schema. Those for a fixed number of hexadecimal digits, the only
// ones that the API has, are matched without the regular expression: it is what a good payload would
// spend most of its time on.
type pattern struct {
	expression   string
	re           func() *regexp.Regexp
	digits       int  // of which it consists; 0: it is some other pattern
	allowCapital bool // A to F count too
}

// newPattern returns nil for no expression.
func newPattern(expression string) *pattern {
	if expression == "" {
		return nil
	}
	p := &pattern{expression: expression, re: lazily(expression)}
	count, hex := strings.CutPrefix(expression, "^([0-9a-f]){")
	if !hex {
		count, hex = strings.CutPrefix(expression, "^[0-9A-Fa-f]{")
		p.allowCapital = hex
	}
	if count, closed := strings.CutSuffix(count, "}$"); hex && closed {
		p.digits, _ = strconv.Atoi(count)
	}
	return p
}

func (p *pattern) matches(s string) bool {
	if p.digits == 0 {
		return p.re().MatchString(s)
	}
	if len(s) != p.digits {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (!p.allowCapital || c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// String puts the pattern into words.
func (p *pattern) String() string {
	switch {
	case p.digits > 0 && p.allowCapital:
		return strconv.Itoa(p.digits) + " hexadecimal digits"
	case p.digits > 0:
		return strconv.Itoa(p.digits) + " hexadecimal digits in lower case"
	}
	return "text of the form " + p.expression
}
