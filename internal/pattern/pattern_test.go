package pattern

import (
	"regexp"
	"testing"
)

// The patterns that are matched without the regular expression match what the regular expression matches.
func TestMatchesAsRegexp(t *testing.T) {
	texts := []string{
		"", "0123456789abcdef", "0123456789ABCDEF", "0123456789abcdeg", "0123456789abcde",
		"0123456789abcdef0", "0123456789abcdef\n", "０123456789abcdef", "a{016}",
	}
	for expression, want := range map[string]struct {
		digits int
		words  string
	}{
		"^([0-9a-f]){16}$":  {16, "16 hexadecimal digits in lower case"},
		"^[0-9A-Fa-f]{16}$": {16, "16 hexadecimal digits"},
		"^[0-9A-F]{16}$":    {0, "text of the form ^[0-9A-F]{16}$"},
		"^([0-9a-f]){016}$": {0, "text of the form ^([0-9a-f]){016}$"}, // no count, but plain text
	} {
		p, re := New(expression), regexp.MustCompile(expression)
		if p.Digits() != want.digits || p.String() != want.words {
			t.Errorf("%s: %d digits, %q; want %d, %q", expression, p.Digits(), p, want.digits, want.words)
		}
		for _, s := range texts {
			if p.Matches(s) != re.MatchString(s) {
				t.Errorf("%s: Matches(%q) is %t", expression, s, p.Matches(s))
			}
		}
	}
	if New("") != nil {
		t.Error("there is a pattern of no expression")
	}
	if p := New("("); p.Compiles() || p.Matches("(") {
		t.Error("an expression that does not compile matches")
	}
}
