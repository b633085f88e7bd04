// Package pattern matches the regular expressions of schemas, and describes them in words.
package pattern

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Pattern is a regular expression of a schema. It is compiled on first use. A pattern for a fixed number of
// hexadecimal digits, such as that of an API key, is matched without the regular expression, on which a valid
// payload would spend most of its time. A Pattern is safe for concurrent use.
type Pattern struct {
	expression string
	compiled   func() (*regexp.Regexp, error)
	digits     int  // the number of hexadecimal digits; 0: another pattern
	capitals   bool // A to F are allowed
}

// New returns the pattern of an expression, nil if that is empty.
func New(expression string) *Pattern {
	if expression == "" {
		return nil
	}
	p := &Pattern{expression: expression}
	p.compiled = sync.OnceValues(func() (*regexp.Regexp, error) { return regexp.Compile(expression) })
	count, hex := strings.CutPrefix(expression, "^([0-9a-f]){")
	if !hex {
		count, hex = strings.CutPrefix(expression, "^[0-9A-Fa-f]{")
		p.capitals = hex
	}
	if count, closed := strings.CutSuffix(count, "}$"); hex && closed {
		if n, err := strconv.Atoi(count); err == nil && n > 0 && strconv.Itoa(n) == count { // {04} and {+4} are plain text
			p.digits = n
		}
	}
	return p
}

// Digits returns the number of hexadecimal digits that p matches, 0 if p is another pattern.
func (p *Pattern) Digits() int { return p.digits }

// Compiles reports whether the expression is one that package regexp has.
func (p *Pattern) Compiles() bool {
	_, err := p.compiled()
	return err == nil
}

// Matches reports whether p matches s. An expression that does not compile matches nothing.
func (p *Pattern) Matches(s string) bool {
	if p.digits == 0 {
		re, err := p.compiled()
		return err == nil && re.MatchString(s)
	}
	if len(s) != p.digits {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (!p.capitals || c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// String describes the pattern, such as "32 hexadecimal digits".
func (p *Pattern) String() string {
	switch {
	case p.digits > 0 && p.capitals:
		return strconv.Itoa(p.digits) + " hexadecimal digits"
	case p.digits > 0:
		return strconv.Itoa(p.digits) + " hexadecimal digits in lower case"
	}
	return "text of the form " + p.expression
}
