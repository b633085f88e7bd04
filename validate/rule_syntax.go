package validate

import (
	"bytes"
	"regexp"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/otherformat"
)

type syntaxRule struct{}

func (syntaxRule) about() Rule {
	return Rule{
		ID: "syntax", Default: Error, FixedSeverity: true,
		Summary:  `the input is not one JSON value by RFC 8259: comments, trailing commas, NaN, two values, a byte order mark, UTF-16, invalid UTF-8, lone surrogates, control characters, nesting over 100 deep, numbers outside of 64-bit floating point; or a file named .yaml or .yml is not YAML 1.2, or has tags, merge keys, infinite numbers or aliases of a large value`,
		Evidence: `Atlas returns 400 MALFORMED_JSON (official)`,
		Fails:    `{"type": "OPS_GENIE", "apiKey": "k-1",}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

// report adds the finding of an input that isn't JSON.
func (r syntaxRule) report(c *check, fault *jsonpos.SyntaxError) {
	at := span{start: fault.Start, end: fault.End}
	if other := otherformat.Text(c.data); other != nil && !(c.yaml && other.Plain()) {
		c.add(r, at, "this looks like "+other.Name+", not JSON",
			advice{text: other.Hint, suggestion: Suggestion{Format: string(other.Kind)}})
		return
	}
	next := r.hintFor(c, fault)
	if hasTemplate(c.data, fault) {
		next.text = strings.TrimSuffix("render the template first, or "+next.text, ", or ")
	}
	c.add(r, at, fault.Message, next)
}

// templateAction is the beginning of an action of a template of Helm, Jinja and other tools, outside of quotes.
var templateAction = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)(^|[\s:,\[-])(\{\{|\{[%#])`) })

// hasTemplate reports whether an action of a template is before a fault or on its line.
func hasTemplate(data []byte, fault *jsonpos.SyntaxError) bool {
	end := min(fault.End, len(data))
	if rest := bytes.IndexByte(data[end:], '\n'); rest >= 0 {
		data = data[:end+rest]
	}
	return templateAction().Match(data)
}

// hintFor returns the hint for a fault. In NDJSON the usual fault is a payload on several lines.
func (syntaxRule) hintFor(c *check, fault *jsonpos.SyntaxError) advice {
	switch oneValue := fault.Hint == jsonpos.HintOneValue; {
	case c.yaml:
		return hint(fault.Hint)
	case c.record == 0 && oneValue:
		return advice{
			text:       "keep one payload in a file, or one on each line of a file named .ndjson",
			suggestion: Suggestion{Layout: Lines},
		}
	case c.record == 0:
		return hint(fault.Hint)
	case fault.Start >= len(bytes.TrimRight(c.data, " \t")):
		return hint("write each payload on one line, for example with jq -c")
	case oneValue:
		return hint("write each payload on its own line, without text between them")
	}
	return hint(fault.Hint)
}
