package schema

import (
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// jsonschema/v5 reads numbers as fractions of exact integers, again for each comparison. The time grows with the
// square of their digits: about 4 µs for 100 digits, 20 to 30 µs for 1,000, and 30 ms for 90,000.

// digits returns how many digits a number has once its exponent is written out, at most.
func digits(text string) int {
	mantissa, exponent := text, 0
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa = text[:i]
		exponent, _ = strconv.Atoi(strings.TrimLeft(text[i+1:], "+-")) // of at most 5 digits: see package jsonpos
	}
	return len(mantissa) + exponent
}

// arithmetic returns the steps of exact arithmetic on a number of n digits.
func arithmetic(n int) int { return 1 + n/32 + n*n>>18 }

// calculation returns the steps of a keyword that compares or divides two numbers. Both may be fractions, whose
// common denominator has the digits of both. A type has no digits.
func calculation(v, with *jsonpos.Value) int {
	n := digits(v.Text)
	if with.Kind == jsonpos.Number {
		n += digits(with.Text)
	}
	return arithmetic(n)
}

// numbers returns the steps of reading each number in v once.
func numbers(v *jsonpos.Value) int {
	if v.Kind == jsonpos.Number {
		return arithmetic(digits(v.Text))
	}
	steps := 0
	for i := range v.Elements {
		steps += numbers(&v.Elements[i])
	}
	for i := range v.Members {
		steps += numbers(&v.Members[i].Value)
	}
	return steps
}

// comparisons returns the steps that the numbers take when v is compared with the values of an enum or a const.
func comparisons(m *jsonpos.Member, v *jsonpos.Value) int {
	if v.Kind != jsonpos.Number && scalar(v) {
		return 0
	}
	list := m.Value.Elements
	if m.Name == "const" {
		list = []jsonpos.Value{m.Value}
	}
	of, steps := -1, 0
	for i := range list {
		item := &list[i]
		if item.Kind != v.Kind || len(item.Elements) != len(v.Elements) || len(item.Members) > len(v.Members) {
			continue // they differ in kind or length
		}
		if of < 0 {
			of = numbers(v)
			steps += (v.End - v.Start) / 64
		}
		steps += of + numbers(item)
	}
	return steps
}

// distinction returns the steps of finding equal elements. jsonschema/v5 compares each element of a short array with
// each, and those of a long array that have the same hash. Different arrays and objects may have the same: [[],[]] and
// [[[]]] do.
func distinction(v *jsonpos.Value) int {
	size := v.End - v.Start
	once := size/4 + numbers(v)
	for i := range v.Elements {
		if len(v.Elements) <= 20 || !scalar(&v.Elements[i]) {
			return once + (size/16+numbers(v))*len(v.Elements)
		}
	}
	return once
}
