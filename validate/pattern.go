package validate

import (
	"regexp"
	"strconv"
)

// pattern is a regular expression of a schema. Those for a fixed number of hexadecimal digits, the only
// ones that the API has, are matched without the regular expression: it is what a good payload would
// spend most of its time on.
type pattern struct {
	re           *regexp.Regexp
	digits       int  // of which it consists; 0: it is some other pattern
	allowCapital bool // A to F count too
}

var hexDigits = regexp.MustCompile(`^\^\(?\[0-9(A-F)?a-f\]\)?\{(\d+)\}\$$`)

// newPattern returns nil for no expression.
func newPattern(expression string) *pattern {
	if expression == "" {
		return nil
	}
	p := &pattern{re: regexp.MustCompile(expression)}
	if m := hexDigits.FindStringSubmatch(expression); m != nil {
		p.digits, _ = strconv.Atoi(m[2])
		p.allowCapital = m[1] != ""
	}
	return p
}

func (p *pattern) matches(s string) bool {
	if p.digits == 0 {
		return p.re.MatchString(s)
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
	if p.digits > 0 {
		return strconv.Itoa(p.digits) + " hexadecimal digits"
	}
	return "text of the form " + p.re.String()
}
