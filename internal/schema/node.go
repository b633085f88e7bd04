package schema

import (
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/pattern"
)

// node is one subschema as a tree. The zero value of each field is an absent keyword.
type node struct {
	never   bool  // the schema false
	unsure  bool  // a keyword that the tree can't decide
	kinds   kinds // allowed kinds; 0: all
	integer bool  // numbers must be integers

	constant *jsonpos.Value
	enum     []*jsonpos.Value

	pattern              *pattern.Pattern
	format               func(any) bool
	minLength, maxLength *int

	minimum, maximum *int64

	items              *node
	minItems, maxItems *int
	unique             bool

	properties map[string]*property
	required   numberSet
	closed     bool  // no other properties
	additional *node // the schema of other properties

	all   []*node // allOf and $ref
	any   []*node
	union *union // oneOf
}

// property is a property of an object: its number among those that are named, and its schema.
type property struct {
	number int
	node   *node // nil: required, but not among the properties
}

// kinds is a set of JSON kinds.
type kinds uint8

func kindOf(k jsonpos.Kind) kinds { return 1 << k }

var kindNames = map[string]kinds{
	"null": kindOf(jsonpos.Null), "boolean": kindOf(jsonpos.Bool), "number": kindOf(jsonpos.Number), "integer": kindOf(jsonpos.Number),
	"string": kindOf(jsonpos.String), "array": kindOf(jsonpos.Array), "object": kindOf(jsonpos.Object),
}

// dialect is the draft that the tree understands. In older drafts a $ref hides the keywords next to it, and other
// keywords are unknown.
const dialect = "https://json-schema.org/draft/2020-12/schema"

// annotations are keywords that reject nothing.
var annotations = map[string]bool{
	"$comment": true, "$defs": true, "definitions": true, "title": true, "description": true, "default": true,
	"examples": true, "deprecated": true, "readOnly": true, "writeOnly": true,
}

// builder builds the tree of a schema.
type builder struct {
	schema *Schema
	nodes  map[*jsonpos.Value]*node // also those under construction, so that references may lead back
	gaps   []Gap
}

// node returns the node of a subschema. It builds the node on the first call.
func (b *builder) node(v *jsonpos.Value, pointer string) *node {
	if n := b.nodes[v]; n != nil {
		return n
	}
	n := &node{}
	b.nodes[v] = n
	switch {
	case v.Kind == jsonpos.Bool:
		n.never = v.Text == "false"
	case v.Kind != jsonpos.Object:
		b.gap(n, pointer, "")
	default:
		members := b.schema.members(v)
		for i := range members {
			m := &members[i]
			if !annotations[m.Name] && !b.keyword(n, m, pointer) {
				b.gap(n, pointer, m.Name)
			}
		}
		if len(members) == len(v.Members) { // else a $ref hides the others
			b.object(n, v, pointer)
		}
	}
	return n
}

func (b *builder) gap(n *node, pointer, keyword string) {
	n.unsure = true
	if keyword != "" {
		pointer += jsonpos.Pointer(keyword)
	}
	b.gaps = append(b.gaps, Gap{Pointer: pointer, Keyword: keyword})
}

// keyword reads one keyword into n. It reports false if the tree can't decide it.
func (b *builder) keyword(n *node, m *jsonpos.Member, pointer string) (ok bool) {
	v, here := &m.Value, pointer+jsonpos.Pointer(m.Name)
	switch m.Name {
	case "type":
		return n.types(v)
	case "$schema":
		return v.Text == dialect || b.schema.bounded
	case "$id", "$anchor", expandKeyword:
		return b.schema.bounded
	case "format":
		n.format = jsonschema.Formats[v.Text]
		return b.schema.bounded && n.format != nil && v.Text != "regex" // see parsing
	case "const":
		n.constant = v
		return scalar(v)
	case "enum":
		return n.values(v)
	case "pattern":
		n.pattern = pattern.New(v.Text)
		return n.pattern != nil && n.pattern.Compiles()
	case "minLength":
		n.minLength, ok = integerKeyword(v)
	case "maxLength":
		n.maxLength, ok = integerKeyword(v)
	case "minItems":
		n.minItems, ok = integerKeyword(v)
	case "maxItems":
		n.maxItems, ok = integerKeyword(v)
	case "minimum":
		n.minimum, ok = int64Keyword(v)
	case "maximum":
		n.maximum, ok = int64Keyword(v)
	case "uniqueItems":
		n.unique = v.Text == "true"
		return v.Kind == jsonpos.Bool
	case "properties", "required", "additionalProperties":
		return true // see object
	default:
		return b.subschemas(n, m, here)
	}
	return ok
}

// subschemas reads a keyword whose value is a schema, or several. It reports whether the node decides it.
func (b *builder) subschemas(n *node, m *jsonpos.Member, here string) bool {
	v := &m.Value
	switch m.Name {
	case "items":
		if v.Kind != jsonpos.Object && v.Kind != jsonpos.Bool {
			return false
		}
		n.items = b.node(v, here)
		return true
	case "allOf":
		n.all = append(n.all, b.list(v, here)...)
		return len(v.Elements) > 0
	case "anyOf":
		n.any = b.list(v, here)
		return len(v.Elements) > 0
	case "oneOf":
		n.union = newUnion(b.list(v, here))
		return n.union != nil
	case "$ref":
		target, at := b.schema.resolve(v.Text)
		if target == nil || v.Kind != jsonpos.String {
			return false
		}
		n.all = append(n.all, b.node(target, at))
		return true
	}
	return false
}

func (n *node) types(v *jsonpos.Value) bool {
	list := v.Elements
	if v.Kind == jsonpos.String {
		list = []jsonpos.Value{*v}
	}
	number := false
	for _, name := range list {
		kind, known := kindNames[name.Text]
		if !known {
			return false
		}
		n.kinds |= kind
		n.integer = n.integer || name.Text == "integer"
		number = number || name.Text == "number"
	}
	n.integer = n.integer && !number
	return len(list) > 0
}

func (n *node) values(v *jsonpos.Value) bool {
	n.enum = []*jsonpos.Value{}
	for i := range v.Elements {
		if !scalar(&v.Elements[i]) {
			return false
		}
		n.enum = append(n.enum, &v.Elements[i])
	}
	return v.Kind == jsonpos.Array
}

// singleValue returns the one value that n allows, nil if that is none or more than one.
func (n *node) singleValue() *jsonpos.Value {
	if n.constant == nil && len(n.enum) == 1 {
		return n.enum[0]
	}
	return n.constant
}

func scalar(v *jsonpos.Value) bool { return v.Kind != jsonpos.Array && v.Kind != jsonpos.Object }

func (b *builder) list(v *jsonpos.Value, pointer string) (nodes []*node) {
	for i := range v.Elements {
		nodes = append(nodes, b.node(&v.Elements[i], pointer+"/"+strconv.Itoa(i)))
	}
	return nodes
}

// object reads the keywords that describe an object together: each named property gets a number.
func (b *builder) object(n *node, v *jsonpos.Value, pointer string) {
	n.properties = map[string]*property{}
	if m := v.Member("properties"); m != nil {
		for i := range m.Value.Members {
			p := &m.Value.Members[i]
			n.property(p.Name).node = b.node(&p.Value, pointer+"/properties"+jsonpos.Pointer(p.Name))
		}
	}
	if m := v.Member("required"); m != nil {
		for _, name := range m.Value.Elements {
			n.unsure = !n.required.add(n.property(name.Text).number) || n.unsure
		}
	}
	if m := v.Member("additionalProperties"); m != nil {
		n.closed = m.Value.Kind == jsonpos.Bool && m.Value.Text == "false"
		if !n.closed {
			n.additional = b.node(&m.Value, pointer+"/additionalProperties")
		}
	}
}

func (n *node) property(name string) *property {
	p := n.properties[name]
	if p == nil {
		p = &property{number: len(n.properties)}
		n.properties[name] = p
	}
	return p
}

func integerKeyword(v *jsonpos.Value) (*int, bool) {
	n, err := strconv.Atoi(v.Text)
	return &n, err == nil && v.Kind == jsonpos.Number
}

func int64Keyword(v *jsonpos.Value) (*int64, bool) {
	n, err := strconv.ParseInt(v.Text, 10, 64)
	return &n, err == nil && v.Kind == jsonpos.Number
}
