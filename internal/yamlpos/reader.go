package yamlpos

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// Aliases may expand to values of this size: their texts in bytes, and a fixed cost for each value.
const (
	maxAliased = 1 << 20
	valueCost  = 64
)

// reader turns the nodes of the library into values.
type reader struct {
	data   []byte
	copied []byte // of the data, as the library reads it
	mark   rune   // in the copy, in place of a slashEscape; 0 if there is none
	lines  []int  // the offsets of their first bytes
	last   place  // of the last node
	lost   bool   // a text was not found in the data, which would be a fault of this package

	depth   int
	alias   *span                 // of the alias that is expanded, nil if none is
	budget  int                   // of further values of aliases
	anchors map[*yaml.Node]anchor // of this document; the library also finds those of earlier documents
}

// anchor is the state of a node with an anchor.
type anchor uint8

const (
	unread anchor = iota // the node is in another document
	open                 // the reader is inside it
	complete
)

// place is a position that was converted to an offset. Lines and columns count from 0.
type place struct{ line, column, offset int }

func newReader(data []byte) *reader {
	r := &reader{data: data, lines: []int{0}}
	r.copied, r.mark = forLibrary(data)
	for i, c := range data {
		if c == '\n' {
			r.lines = append(r.lines, i+1)
		}
	}
	return r
}

func (r *reader) document(root *yaml.Node) Document {
	r.depth, r.alias, r.budget, r.anchors = 0, nil, maxAliased, map[*yaml.Node]anchor{}
	v, fault := r.value(root)
	if fault != nil {
		return Document{Fault: fault}
	}
	return Document{Document: jsonpos.NewDocument(v)}
}

func (r *reader) value(n *yaml.Node) (v jsonpos.Value, fault *jsonpos.SyntaxError) {
	if n.Kind == yaml.AliasNode {
		return r.aliased(n)
	}
	r.restoreSlashes(n)
	at, fault := r.start(n)
	if fault != nil {
		return v, fault
	}
	if n.Anchor != "" {
		r.anchors[n] = open
		defer func() { r.anchors[n] = complete }()
	}
	if n.Kind == yaml.ScalarNode {
		return r.scalar(n, at)
	}
	if r.depth++; r.depth > jsonpos.MaxDepth {
		return v, faultAt(at, min(at+1, len(r.data)), fmt.Sprintf("more than %d levels of lists and mappings", jsonpos.MaxDepth),
			"use fewer levels")
	}
	defer func() { r.depth-- }()
	v = jsonpos.Value{Kind: jsonpos.Array, Start: at, End: at}
	if n.Kind == yaml.MappingNode {
		v.Kind = jsonpos.Object
		v.Members, fault = r.members(n)
	} else {
		v.Elements, fault = r.elements(n)
	}
	if fault == nil {
		r.finish(&v)
	}
	return v, fault
}

// start returns the offset of a node, and charges it if it is part of an alias.
func (r *reader) start(n *yaml.Node) (int, *jsonpos.SyntaxError) {
	if r.alias == nil {
		return r.begin(n)
	}
	if r.budget -= valueCost + len(n.Value); r.budget < 0 {
		return 0, faultAt(r.alias.start, r.alias.end, "the aliases of this document expand to more than 1 MiB",
			"write the values in place of the aliases")
	}
	return r.alias.start, nil
}

// aliased returns the value of an alias. All parts of it are at the place of the alias, so that they are in the order
// of the data.
func (r *reader) aliased(n *yaml.Node) (jsonpos.Value, *jsonpos.SyntaxError) {
	if r.alias == nil {
		at := r.offset(n)
		end := r.wordEnd(at)
		if fault := r.nameFault(at, end); fault != nil {
			return jsonpos.Value{}, fault
		}
		r.alias = &span{at, end}
		defer func() { r.alias = nil }()
	}
	switch r.anchors[n.Alias] {
	case unread:
		return jsonpos.Value{}, faultAt(r.alias.start, r.alias.end, "the anchor of the alias is in another document",
			"write its value in place of the alias")
	case open:
		return jsonpos.Value{}, faultAt(r.alias.start, r.alias.end, "the alias is inside the value of its own anchor",
			"write the value in place of the alias")
	}
	return r.value(n.Alias)
}

func (r *reader) scalar(n *yaml.Node, at int) (jsonpos.Value, *jsonpos.SyntaxError) {
	text := r.spanOf(n, at)
	v := jsonpos.Value{Kind: jsonpos.String, Start: text.start, End: text.end, Text: n.Value}
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return v, nil
	}
	var ok bool
	if v.Kind, v.Text, ok = resolve(n.Value); !ok {
		return v, faultAt(v.Start, v.End, "number that JSON can't express", "write a decimal number, or put the value in quotes")
	}
	if v.Kind == jsonpos.Number {
		if fault := jsonpos.CheckNumber(&v); fault != nil {
			return v, fault
		}
	}
	return v, nil
}

// spanOf returns the range of a scalar, or that of the alias that it is part of.
func (r *reader) spanOf(n *yaml.Node, at int) span {
	if r.alias != nil {
		return *r.alias
	}
	return r.scalarSpan(n, at)
}

func (r *reader) elements(n *yaml.Node) ([]jsonpos.Value, *jsonpos.SyntaxError) {
	var list []jsonpos.Value
	for _, child := range n.Content {
		v, fault := r.value(child)
		if fault != nil {
			return nil, fault
		}
		list = append(list, v)
	}
	return list, nil
}

func (r *reader) members(n *yaml.Node) ([]jsonpos.Member, *jsonpos.SyntaxError) {
	var list []jsonpos.Member
	for i := 0; i+1 < len(n.Content); i += 2 {
		m, fault := r.name(n.Content[i])
		if fault != nil {
			return nil, fault
		}
		if m.Value, fault = r.value(n.Content[i+1]); fault != nil {
			return nil, fault
		}
		if m.Value.Kind == jsonpos.Null && m.Value.Start == m.Value.End {
			m.Value.Start = r.afterColon(m.NameEnd) // the library may have the place of the next node
			m.Value.End = m.Value.Start
		}
		list = append(list, m)
	}
	return list, nil
}

// name returns a member without its value.
func (r *reader) name(n *yaml.Node) (m jsonpos.Member, fault *jsonpos.SyntaxError) {
	r.restoreSlashes(n)
	at, fault := r.start(n)
	if fault != nil {
		return m, fault
	}
	if n.Kind != yaml.ScalarNode {
		return m, faultAt(at, min(at+1, len(r.data)), "a name must be a text, not a list, a mapping or an alias",
			"write the name before the colon")
	}
	if n.Anchor != "" {
		r.anchors[n] = complete
	}
	text := r.spanOf(n, at)
	switch {
	case n.Style == 0 && n.Value == "<<":
		return m, faultAt(text.start, text.end, "merge keys are not supported", "write the members of the other mapping here")
	case n.Style == 0 && n.Value == "":
		return m, faultAt(text.start, min(text.start+1, len(r.data)), "missing name before the colon",
			"write the name, or put the text in quotes")
	}
	return jsonpos.Member{Name: n.Value, NameStart: text.start, NameEnd: text.end}, nil
}

// finish sets the end of a list or mapping.
func (r *reader) finish(v *jsonpos.Value) {
	if r.alias != nil {
		v.End = r.alias.end
		return
	}
	last := min(v.Start+1, len(r.data))
	if n := len(v.Elements); n > 0 {
		last = max(last, v.Elements[n-1].End)
	}
	if n := len(v.Members); n > 0 {
		last = max(last, v.Members[n-1].NameEnd, v.Members[n-1].Value.End)
	}
	v.End = last
	// A pair in a list, such as [a: 1], has no brackets of its own.
	if bracket := r.bracket(v); bracket != 0 {
		v.End = r.closing(last, bracket)
	}
}

// bracket returns the closing bracket of a flow collection, 0 for a collection without brackets.
func (r *reader) bracket(v *jsonpos.Value) byte {
	opening := bytes.HasPrefix(r.data[v.Start:], []byte("{"))
	switch {
	case v.Kind == jsonpos.Object && opening:
		return '}'
	case v.Kind == jsonpos.Array && bytes.HasPrefix(r.data[v.Start:], []byte("[")):
		return ']'
	}
	return 0
}
