package yamlpos

import (
	"math/big"
	"regexp"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// The plain scalars of the core schema of YAML 1.2 that are not strings. They are compiled on first use.
var (
	decimal = form(`[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`)
	octal   = form(`0o[0-7]+`)
	hex     = form(`0x[0-9a-fA-F]+`)
	unusual = form(`[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)`)
)

func form(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(` + pattern + `)$`) })
}

// maxRadixDigits is a number of octal or hexadecimal digits that no 64-bit floating point number needs.
const maxRadixDigits = 400

// resolve returns the kind of a plain scalar and its text in JSON. It reports false for a number that JSON can't
// express.
func resolve(text string) (kind jsonpos.Kind, json string, ok bool) {
	switch text {
	case "", "~", "null", "Null", "NULL":
		return jsonpos.Null, "", true
	case "true", "True", "TRUE":
		return jsonpos.Bool, "true", true
	case "false", "False", "FALSE":
		return jsonpos.Bool, "false", true
	}
	switch {
	case text[0] > '9': // no number begins with it
		return jsonpos.String, text, true
	case decimal().MatchString(text):
		return jsonpos.Number, decimalJSON(text), true
	case octal().MatchString(text):
		return radixJSON(text[2:], 8)
	case hex().MatchString(text):
		return radixJSON(text[2:], 16)
	case unusual().MatchString(text):
		return jsonpos.Number, "", false
	}
	return jsonpos.String, text, true
}

// decimalJSON returns a decimal number as JSON writes it: without a plus sign, zeros in front or an open decimal point.
func decimalJSON(text string) string {
	text = strings.TrimPrefix(text, "+")
	text, negative := strings.CutPrefix(text, "-")
	exponent := ""
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		text, exponent = text[:i], text[i:]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if negative {
		whole = "-" + whole
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return whole + fraction + exponent
}

func radixJSON(digits string, base int) (kind jsonpos.Kind, json string, ok bool) {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return jsonpos.Number, "0", true
	}
	if len(digits) > maxRadixDigits {
		return jsonpos.Number, "", false
	}
	n, ok := new(big.Int).SetString(digits, base)
	return jsonpos.Number, n.String(), ok
}
