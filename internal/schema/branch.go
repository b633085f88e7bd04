package schema

import (
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// branches adds the failures of a oneOf or an anyOf. If a tag selects a branch, these are the failures of that
// branch at their own places; else it is one failure with the nearest branch.
func (c *collector) branches(e *jsonschema.ValidationError, at location, list *[]Failure) {
	f := Failure{
		Keyword: at.keyword, Instance: tokens(e.InstanceLocation), Schema: at.schema, Pointer: at.pointer, conditions: at.conditions,
	}
	value := Find(c.root, f.Instance)
	best, bestScore := []Failure(nil), 0
	meant := c.taggedBranch(at, value)
	for i, cause := range e.Causes {
		failures := c.failures(cause)
		score := c.score(failures, value)
		if i == 0 || score < bestScore {
			best, bestScore = failures, score
		}
		if path := tokens(cause.KeywordLocation); len(path) > at.depth && path[at.depth] == meant {
			*list = append(*list, failures...)
			return
		}
	}
	f.Nearest = best
	*list = append(*list, f)
}

// score returns the distance of a value from a branch: it is large for a value of another kind or with another
// constant.
func (c *collector) score(failures []Failure, value *jsonpos.Value) int {
	score := 0
	for _, f := range failures {
		score += 1 + len(f.Names)
		if f.Keyword == "const" || f.Keyword == "type" && Find(c.root, f.Instance) == value {
			score += 1000
		}
	}
	return score
}

// taggedBranch returns the index of the branch whose tag the value has, as jsonschema/v5 writes it: no other branch
// can accept the value. It returns "" if no tag decides.
func (c *collector) taggedBranch(at location, value *jsonpos.Value) string {
	branches := c.schema.branchesOf(at)
	u := newUnion(branches)
	if u == nil || u.tag == "" {
		return ""
	}
	tag := value.Member(u.tag)
	if tag == nil || tag.Value.Kind != jsonpos.String || u.byTag[tag.Value.Text] == nil {
		return ""
	}
	return strconv.Itoa(slices.Index(branches, u.byTag[tag.Value.Text]))
}

// branchesOf returns the nodes of the branches at a location. If the tree lacks one of them, as below keywords that it
// has no nodes for, all are built for each call: other goroutines read the nodes of the tree.
func (s *Schema) branchesOf(at location) []*node {
	list := &at.schema.Member(at.keyword).Value
	b := builder{schema: s, nodes: s.nodes}
	for i := range list.Elements {
		if s.nodes[&list.Elements[i]] == nil {
			b.nodes = map[*jsonpos.Value]*node{}
		}
	}
	return b.list(list, at.pointer)
}

// location is a place in a schema, from an error of jsonschema/v5.
type location struct {
	keyword string
	schema  *jsonpos.Value // the subschema that the keyword is in
	pointer string
	rest    []string // what follows the keyword
	depth   int      // the number of tokens up to the keyword

	conditions []condition // of each then and else in the path
}

// subschemas maps a keyword to what it contains: a schema, a list of schemas, or schemas by name.
var subschemas = map[string]string{
	"not": "schema", "if": "schema", "then": "schema", "else": "schema", "items": "schema", "additionalItems": "schema",
	"additionalProperties": "schema", "contains": "schema", "unevaluatedItems": "schema", "unevaluatedProperties": "schema",
	"contentSchema": "schema",
	"allOf":         "list", "anyOf": "list", "oneOf": "list", "prefixItems": "list",
	"properties": "names", "patternProperties": "names", "dependentSchemas": "names", "$defs": "names", "definitions": "names",
}

// locate follows a keyword location, which leads through references: /properties/a/$ref/enum.
func (s *Schema) locate(path []string) location {
	at := location{schema: s.root}
	entered := 0 // tokens of the instance
	for i := 0; i < len(path); {
		keyword := path[i]
		m := at.schema.Member(keyword)
		if m == nil && keyword != "minContains" { // which has a default; else a reference was followed to the wrong place
			return location{pointer: at.pointer, depth: i, conditions: at.conditions}
		}
		here := at.pointer + jsonpos.Pointer(keyword)
		next, used, pointer := s.enter(at.schema, keyword, path[i+1:], here)
		last := i+used == len(path)
		if m == nil || next == nil || last && used == 1 && keyword != "$ref" { // no subschema, or the keyword itself
			return location{keyword: keyword, schema: at.schema, pointer: here, rest: path[i+1:], depth: i + 1, conditions: at.conditions}
		}
		if test := at.schema.Member("if"); test != nil && (keyword == "then" || keyword == "else") {
			at.conditions = append(at.conditions, condition{&test.Value, entered})
		}
		if !inPlace[keyword] {
			entered++
		}
		at.schema, at.pointer = next, pointer
		i += used
	}
	if at.schema.Kind == jsonpos.Bool {
		return location{pointer: at.pointer, depth: len(path), conditions: at.conditions}
	}
	return location{keyword: "$ref", schema: at.schema, pointer: at.pointer, depth: len(path),
		conditions: at.conditions} // a wrapper of other errors
}

// enter returns the subschema of a keyword and the number of tokens that lead to it; nil if there is none.
func (s *Schema) enter(in *jsonpos.Value, keyword string, rest []string, here string) (next *jsonpos.Value, used int, pointer string) {
	m := in.Member(keyword)
	if m == nil {
		return nil, 0, ""
	}
	if keyword == "$ref" {
		next, pointer = s.resolve(m.Value.Text)
		return next, 1, pointer
	}
	follows := subschemas[keyword]
	if keyword == "items" && m.Value.Kind == jsonpos.Array || keyword == "dependencies" {
		follows = "list"
	}
	if follows == "schema" {
		return &m.Value, 1, here
	}
	if follows == "" || len(rest) == 0 {
		return nil, 0, ""
	}
	if next = child(&m.Value, rest[0]); next == nil || next.Kind == jsonpos.Array {
		return nil, 0, ""
	}
	return next, 2, here + jsonpos.Pointer(rest[0])
}
