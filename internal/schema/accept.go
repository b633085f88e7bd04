package schema

import (
	"strconv"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// Accepts reports whether v is surely valid. It reports false for values that are invalid, and for valid ones
// that only jsonschema/v5 can decide.
func (s *Schema) Accepts(v *jsonpos.Value) bool {
	if s.bounded && (s.recursive || s.weight*(v.End-v.Start) > maxWork) {
		return false
	}
	return fastPath && s.node.accepts(v, 0)
}

// maxWork bounds the work of the tree of a bounded schema: its weight times the bytes of the value.
const maxWork = 64 * MaxSteps

// maxHops limits the subschemas that are applied to one value, so that circular references end.
const maxHops = 32

func (n *node) accepts(v *jsonpos.Value, hops int) bool {
	if n.never || n.unsure || n.kinds != 0 && n.kinds&kindOf(v.Kind) == 0 || !n.matchesEnum(v) {
		return false
	}
	if (n.all != nil || n.any != nil || n.union != nil) && !n.matchesSubschemas(v, hops+1) {
		return false
	}
	switch v.Kind {
	case jsonpos.String:
		return n.matchesString(v.Text)
	case jsonpos.Number:
		return n.matchesNumber(v.Text)
	case jsonpos.Array:
		return n.matchesArray(v)
	case jsonpos.Object:
		return n.matchesObject(v)
	}
	return true
}

// matchesSubschemas applies the subschemas for the same value.
func (n *node) matchesSubschemas(v *jsonpos.Value, hops int) bool {
	if hops > maxHops {
		return false
	}
	for _, sub := range n.all {
		if !sub.accepts(v, hops) {
			return false
		}
	}
	if n.union != nil && !n.union.accepts(v, hops) {
		return false
	}
	for _, sub := range n.any {
		if sub.accepts(v, hops) {
			return true
		}
	}
	return n.any == nil
}

// matchesEnum reports whether v is the constant and in the enum, if there are such. Numbers in another notation are
// left to jsonschema/v5.
func (n *node) matchesEnum(v *jsonpos.Value) bool {
	if n.constant != nil && !sameScalar(n.constant, v) {
		return false
	}
	for _, value := range n.enum {
		if sameScalar(value, v) {
			return true
		}
	}
	return n.enum == nil
}

func sameScalar(a, b *jsonpos.Value) bool { return a.Kind == b.Kind && a.Text == b.Text && scalar(b) }

func (n *node) matchesString(s string) bool {
	if n.minLength != nil && utf8.RuneCountInString(s) < *n.minLength || n.maxLength != nil && utf8.RuneCountInString(s) > *n.maxLength {
		return false
	}
	return (n.pattern == nil || n.pattern.Matches(s)) && (n.format == nil || n.format(s))
}

// matchesNumber compares integers that fit into an int64; all other numbers with a bound are left to jsonschema/v5.
func (n *node) matchesNumber(text string) bool {
	if !n.integer && n.minimum == nil && n.maximum == nil {
		return true
	}
	value, err := strconv.ParseInt(text, 10, 64)
	return err == nil && (n.minimum == nil || value >= *n.minimum) && (n.maximum == nil || value <= *n.maximum)
}

func (n *node) matchesArray(v *jsonpos.Value) bool {
	count := len(v.Elements)
	if n.minItems != nil && count < *n.minItems || n.maxItems != nil && count > *n.maxItems || n.unique && !distinct(v.Elements) {
		return false
	}
	for i := range v.Elements {
		if n.items != nil && !n.items.accepts(&v.Elements[i], 0) {
			return false
		}
	}
	return true
}

// distinct reports whether the values are surely different: all are strings, and no two are equal.
func distinct(values []jsonpos.Value) bool {
	texts := make(map[string]struct{}, len(values))
	for i := range values {
		if values[i].Kind != jsonpos.String {
			return len(values) < 2
		}
		texts[values[i].Text] = struct{}{}
	}
	return len(texts) == len(values)
}

func (n *node) matchesObject(v *jsonpos.Value) bool {
	var present numberSet
	for i := range v.Members {
		m := &v.Members[i]
		p := n.properties[m.Name]
		// A name that occurs twice is left to jsonschema/v5, for which the last value counts.
		if p != nil && !present.add(p.number) {
			return false
		}
		if !n.matchesMember(p, &m.Value) {
			return false
		}
	}
	return present.includes(&n.required)
}

// matchesMember reports whether the value of a member is accepted: by its own schema, or by that of other properties.
func (n *node) matchesMember(p *property, v *jsonpos.Value) bool {
	if p != nil && p.node != nil {
		return p.node.accepts(v, 0)
	}
	return !n.closed && (n.additional == nil || n.additional.accepts(v, 0))
}

// numberSet is a set of property numbers.
type numberSet [4]uint64

// add adds a number. It reports false if the set already contains the number, or if it is too large for the set.
func (s *numberSet) add(number int) bool {
	word, bit := number/64, uint64(1)<<(number%64)
	if word >= len(s) || s[word]&bit != 0 {
		return false
	}
	s[word] |= bit
	return true
}

func (s *numberSet) includes(other *numberSet) bool {
	for i := range s {
		if s[i]&other[i] != other[i] {
			return false
		}
	}
	return true
}
