package jsonpos

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	// maxNumber is the length in bytes of the longest number accepted. Exact
	// arithmetic on longer ones needs seconds.
	maxNumber = 100_000

	// shortNumber is a length at which a number without an exponent cannot
	// leave the range of float64, neither to infinity nor to zero.
	shortNumber = 300

	// exponentDigits is how many digits an exponent can have, zeros in front
	// aside. It matters for zero only: 0e99999 has a value, but readers with
	// exact numbers reject exponents of any length.
	exponentDigits = 5
)

// CheckNumber returns a fault for a number that is too large or too close to zero for float64, the type in which most
// readers of JSON store a number. The text of v must be a number of JSON.
func CheckNumber(v *Value) *SyntaxError {
	i := exponentMark(v.Text)
	if len(v.Text) <= shortNumber && i < 0 {
		return nil
	}
	mantissa, exponent := v.Text, ""
	if i >= 0 {
		mantissa, exponent = v.Text[:i], strings.TrimLeft(v.Text[i+1:], "+-0")
	}
	value, err := strconv.ParseFloat(v.Text, 64)
	const hint = "write a number that fits, or put the value in double quotes"
	switch {
	case len(v.Text) > maxNumber:
		return fault(v.Start, v.End, fmt.Sprintf("number of more than %d characters", maxNumber), hint)
	case err != nil:
		return fault(v.Start, v.End, "number too large for a 64-bit floating point number", hint)
	case value == 0 && strings.ContainsAny(mantissa, "123456789"):
		return fault(v.Start, v.End, "number too close to zero for a 64-bit floating point number", hint)
	case len(exponent) > exponentDigits:
		return fault(v.Start, v.End, "number with an exponent out of range", hint)
	}
	return nil
}

func exponentMark(text string) int {
	if i := strings.IndexByte(text, 'e'); i >= 0 {
		return i
	}
	return strings.IndexByte(text, 'E')
}

// numberFault returns the fault of the text at pos, which begins like a number.
func numberFault(data []byte, pos int) *SyntaxError {
	end := wordEnd(data, pos)
	text := string(data[pos:end])
	if message, hint := numberAdvice(text); message != "" {
		return fault(pos, end, message, hint)
	}
	return wordFault(data, pos)
}

// numberAdvice returns the fault of a number and a hint. It returns nothing for text
// that only begins like one.
func numberAdvice(text string) (message, hint string) {
	n, ok := splitNumber(text)
	switch {
	case strings.HasPrefix(strings.ToLower(n.rest), "x") && n.whole == "0":
		return "hexadecimal number", "write it in decimal, or in double quotes"
	case strings.HasPrefix(n.rest, "_") && n.whole != "":
		return "number with an underscore", "remove the underscore"
	case !ok:
		return "", ""
	case n.whole == "" && n.fraction == "":
		return "sign or decimal point without digits", "write the number, or put text in double quotes"
	case n.sign == "+":
		return "number with a plus sign in front", "remove the plus sign"
	case n.whole == "":
		return "number that begins with a decimal point", "write a zero before the point"
	case len(n.whole) > 1 && n.whole[0] == '0':
		return "number with a leading zero", "remove the zeros in front, or put the value in double quotes if it is a code"
	case n.point && n.fraction == "":
		return "decimal point without digits after it", "add a digit after the point, or remove the point"
	case n.exponent && n.power == "":
		return "exponent without digits", "add the digits of the exponent, or remove it"
	}
	return "", ""
}

// numeral has the parts of a number. Each part may be missing.
type numeral struct {
	sign     string // "", "+" or "-"
	whole    string
	point    bool
	fraction string
	exponent bool
	power    string
	rest     string
}

// splitNumber splits a number into its parts and reports whether nothing is left over.
func splitNumber(text string) (n numeral, ok bool) {
	if text != "" && (text[0] == '+' || text[0] == '-') {
		n.sign, text = text[:1], text[1:]
	}
	n.whole, text = digits(text)
	if text, n.point = strings.CutPrefix(text, "."); n.point {
		n.fraction, text = digits(text)
	}
	if text != "" && (text[0] == 'e' || text[0] == 'E') && n.whole+n.fraction != "" {
		n.exponent, text = true, text[1:]
		if text != "" && (text[0] == '+' || text[0] == '-') {
			text = text[1:]
		}
		n.power, text = digits(text)
	}
	n.rest = text
	return n, text == ""
}

// digits splits text after its leading digits.
func digits(text string) (leading, rest string) {
	i := 0
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return text[:i], text[i:]
}
