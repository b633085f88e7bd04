package schema

import (
	"fmt"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// chains finds subschemas that apply to one value without end, and too many of them inside each other.
type chains struct {
	schema *Schema
	open   map[*jsonpos.Value]bool
	found  map[*jsonpos.Value]chain
}

// chain is the longest chain of subschemas that apply to the value of a subschema.
type chain struct {
	length int
	by     *jsonpos.Member // the keyword that leads to the next subschema, nil if there is none
	next   *jsonpos.Value
}

func (i *inspector) chains() error {
	c := chains{i.schema, map[*jsonpos.Value]bool{}, map[*jsonpos.Value]chain{}}
	for _, v := range i.subschemas {
		if err := c.follow(v, nil); err != nil {
			return err
		}
		if c.found[v].length > maxChain {
			return &Error{Start: c.end(v), Reason: fmt.Sprintf("more than %d nested subschemas for one value; nest fewer", maxChain)}
		}
	}
	return nil
}

// follow finds the longest chain from v. The last reference in the path to v is in ref.
func (c *chains) follow(v *jsonpos.Value, ref *jsonpos.Member) error {
	if c.open[v] {
		return &Error{Start: ref.NameStart, Reason: "references form a loop; remove one of them"}
	}
	if c.found[v].length > 0 {
		return nil
	}
	c.open[v] = true
	longest := chain{length: 1}
	for by, sub := range c.schema.applied(v) {
		if !inPlace[by.Name] {
			continue
		}
		if err := c.follow(sub, lastReference(by, ref)); err != nil {
			return err
		}
		if length := c.found[sub].length + 1; length > longest.length {
			longest = chain{length, by, sub}
		}
	}
	c.open[v] = false
	c.found[v] = longest
	return nil
}

func lastReference(by, before *jsonpos.Member) *jsonpos.Member {
	if by.Name == "$ref" {
		return by
	}
	return before
}

// end returns the place at which the chain from v is too long: that of the last reference before, if there is one.
func (c *chains) end(v *jsonpos.Value) int {
	var ref *jsonpos.Member
	for range maxChain {
		step := c.found[v]
		ref, v = lastReference(step.by, ref), step.next
	}
	if ref != nil {
		return ref.NameStart
	}
	return v.Start
}

// measure counts the subschemas with each $ref replaced with what it refers to.
func (i *inspector) measure() error {
	m := measurer{schema: i.schema, sizes: map[*jsonpos.Value]size{}, open: map[*jsonpos.Value]bool{}}
	total := m.size(i.schema.root)
	if total.subschemas > maxSubschemas {
		return &Error{Start: m.excess(), Reason: fmt.Sprintf("more than %d subschemas once each $ref is expanded; use fewer, or split the schema", maxSubschemas)}
	}
	i.schema.weight, i.schema.recursive = total.weight, m.recursive
	return nil
}

// size is the size of a subschema with all that applies through it. It grows no further once it exceeds the limits.
type size struct{ subschemas, weight int }

type measurer struct {
	schema    *Schema
	sizes     map[*jsonpos.Value]size
	open      map[*jsonpos.Value]bool
	recursive bool
}

// size counts a reference that leads back to a subschema around it as one.
func (m *measurer) size(v *jsonpos.Value) size {
	if m.open[v] {
		m.recursive = true
		return size{1, 1}
	}
	if known, ok := m.sizes[v]; ok {
		return known
	}
	m.open[v] = true
	total := size{1, 1 + m.schema.weightOf(v)}
	for _, sub := range m.schema.applied(v) {
		below := m.size(sub)
		total.subschemas = min(total.subschemas+below.subschemas, maxSubschemas+1)
		total.weight = min(total.weight+below.weight, maxWeight)
	}
	m.open[v] = false
	m.sizes[v] = total
	return total
}

// excess returns the place at which the subschemas exceed the limit, in the order of the schema: that of the last
// reference before.
func (m *measurer) excess() int {
	left, v := maxSubschemas-1, m.schema.root
	var ref *jsonpos.Member
	for on := map[*jsonpos.Value]bool{}; v != nil; {
		on[v] = true
		within := v
		v = nil
		for by, sub := range m.schema.applied(within) {
			if on[sub] {
				left--
				continue
			}
			if count := m.sizes[sub].subschemas; count <= left {
				left -= count
				continue
			}
			ref, v = lastReference(by, ref), sub
			left--
			break
		}
	}
	if ref == nil {
		return m.schema.root.Start
	}
	return ref.NameStart
}

// maxWeight keeps the weight of a schema, times the bytes of a value, within an int.
const maxWeight = 1 << 30

// weightOf is how much the keywords of one subschema take for one byte of a value, at most.
func (s *Schema) weightOf(v *jsonpos.Value) int {
	weight := 0
	for i := range v.Members {
		switch m := &v.Members[i]; m.Name {
		case "pattern":
			weight += s.expressions[m.Value.Text].instructions
		case "enum", "const":
			weight += (m.Value.End - m.Value.Start) / 8
		}
	}
	return weight
}
