package schema

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// expression is a regular expression of a bounded schema.
type expression struct {
	*regexp.Regexp
	instructions int // of the program that matches it
}

// The limits of regular expressions.
const (
	maxExpression = 1000   // bytes of one
	maxComplexity = 10_000 // of all in one schema: see complexity
)

// expression checks a regular expression. The texts of package syntax quote it.
func (i *inspector) expression(k keyword, text string) error {
	if len(text) > maxExpression {
		return k.fault(fmt.Sprintf("a regular expression of more than %d bytes; write a shorter one", maxExpression))
	}
	// jsonschema/v5 and this package parse and compile each expression about five times. An instruction takes 2 to 3 µs
	// and 100 bytes in sum, so that parsing counts double.
	if i.complexity += 2 * parsing(text); i.complexity > maxComplexity {
		return k.fault(complexExpression)
	}
	tree, err := syntax.Parse(text, syntax.Perl)
	var fault *syntax.Error
	if errors.As(err, &fault) {
		return k.fault(unsupportedExpression(fault.Code, text))
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return k.fault("the regular expression is not valid; " + hintRE2)
	}
	if i.complexity += len(program.Inst); i.complexity > maxComplexity {
		return k.fault(complexExpression)
	}
	if _, known := i.schema.expressions[text]; known {
		return nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return k.fault("the regular expression is not valid; " + hintRE2)
	}
	i.schema.expressions[text] = expression{re, len(program.Inst)}
	return nil
}

func unsupportedExpression(code syntax.ErrorCode, text string) string {
	for _, opening := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
		if strings.Contains(text, opening) {
			return "the regular expression has a lookahead or lookbehind, which is not supported (RE2 syntax); write it without, for example with not"
		}
	}
	if code == syntax.ErrInvalidEscape {
		return "the regular expression has an escape that is not supported, such as a backreference (RE2 syntax); " + hintRE2
	}
	return "the regular expression is not valid (RE2 syntax): " + string(code) + "; " + hintRE2
}

const hintRE2 = "see https://github.com/google/re2/wiki/Syntax"

const complexExpression = "the regular expressions of the schema are too complex in sum; use shorter ones and lower counts"

// parsing returns the microseconds that parsing a regular expression takes, at most. A class of Unicode has hundreds
// of ranges. A range without regard to case is parsed rune by rune, unless it is within ASCII.
func parsing(text string) int {
	steps := 1 + len(text)/2 + 150*(strings.Count(text, `\p`)+strings.Count(text, `\P`))
	if ignoresCase().MatchString(text) && beyondASCII().MatchString(text) {
		steps += 4500 * strings.Count(text, "-")
	}
	return steps
}

var (
	ignoresCase = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\(\?[a-zA-Z]*i`) })
	beyondASCII = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^\x00-\x7f]|\\x`) })
)

// isExpression reports whether a value has the format regex. jsonschema/v5 would also compile it, which can last
// milliseconds for a few bytes with counts.
func isExpression(v any) bool {
	text, isText := v.(string)
	if !isText {
		return true
	}
	_, err := syntax.Parse(text, syntax.Perl)
	return err == nil
}
