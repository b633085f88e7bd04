package drift

import (
	"cmp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// maxSteps bounds the work on schemas that multiply by referring to one another. Atlas's own documents
// take under 40,000.
const maxSteps = 2_000_000

// spend counts steps, and sets an error if there are too many.
func (r *reader) spend(node *yaml.Node, steps int) {
	if r.steps += steps; r.steps > maxSteps {
		r.fail(node, "too many schemas once each $ref is expanded")
	}
}

// schemaContext is the context in which a schema is read.
type schemaContext struct {
	request   bool // statements of our document about requests only are added
	inherited bool // through allOf: an inherited union does not make a schema a union
}

// schema reads a schema into an item, and overwrites the attributes that the item has.
func (r *reader) schema(it *item, node *yaml.Node, w schemaContext) {
	if node == nil {
		return
	}
	outer := node
	if node = r.deref(node); !w.inherited {
		node = r.unwrap(node)
	}
	r.spend(node, 1)
	if r.err != nil || slices.Contains(r.open, node) {
		return // a schema inside itself adds nothing new
	}
	if !w.inherited && (r.isUnion(node) || r.flattened(node)) {
		it.values["type"] = fact{"integration", node.Line}
		return
	}
	r.open = append(r.open, node)
	defer func() { r.open = r.open[:len(r.open)-1] }()
	r.combined(it, node, w)
	r.keywords(it, node, w)
	if over := yamltree.Lookup(node, "x-request"); w.request && over != nil {
		if yamltree.Lookup(over, "type") != nil {
			delete(it.values, "nullable")
		}
		r.keywords(it, over, w)
	}
	if r.siblings && outer != node && yamltree.Lookup(outer, "$ref") != nil {
		r.keywords(it, outer, w) // since 3.1 keywords next to a reference count
	}
}

// unwrap follows references, and an allOf whose only part is a union. OpenAPI 3.0 documents use such an allOf to add a
// description to a reference.
func (r *reader) unwrap(node *yaml.Node) *yaml.Node {
	node = r.deref(node)
	if parts := yamltree.Elements(yamltree.Lookup(node, "allOf")); len(parts) == 1 && yamltree.Lookup(node, "properties") == nil {
		if part := r.deref(parts[0]); r.isUnion(part) {
			return part
		}
	}
	return node
}

// combined reads the parts of allOf, oneOf and anyOf. All parts of allOf apply. Any part of oneOf and anyOf may apply,
// so it collects the enum values of all.
func (r *reader) combined(it *item, node *yaml.Node, w schemaContext) {
	for _, part := range yamltree.Elements(yamltree.Lookup(node, "allOf")) {
		r.schema(it, part, schemaContext{w.request, true})
	}
	if r.isUnion(node) || r.isInherited(node) {
		return
	}
	for _, word := range []string{"oneOf", "anyOf"} {
		values := it.sets["enum"]
		for _, part := range yamltree.Elements(yamltree.Lookup(node, word)) {
			delete(it.sets, "enum")
			r.schema(it, part, schemaContext{w.request, false})
			values = append(values, it.sets["enum"]...)
		}
		if values != nil {
			it.sets["enum"] = values
		}
	}
}

func (r *reader) keywords(it *item, node *yaml.Node, w schemaContext) {
	for key, value := range yamltree.Pairs(node) {
		r.spend(value, 1+len(value.Content))
		switch key.Value {
		case "type":
			it.types(value)
		case "enum":
			it.narrow(nonNull(yamltree.Elements(value)))
		case "const":
			it.narrow([]*yaml.Node{value})
		case "properties":
			it.typed("object", key.Line)
			for name, property := range yamltree.Pairs(value) {
				r.schema(it.part("field", name.Value, name.Line), property, schemaContext{request: w.request})
			}
		case "items":
			r.schema(it.part("element", "[]", key.Line), value, schemaContext{request: w.request})
		case "x-evidence":
			it.note = yamltree.Text(value)
		case "x-secret":
			it.secret = true
		default:
			r.keyword(it, key, value, w)
		}
	}
	it.exclusive(node)
	r.require(it, node)
}

// require marks the required fields, once the fields are known.
func (r *reader) require(it *item, node *yaml.Node) {
	for _, name := range yamltree.Elements(yamltree.Lookup(node, "required")) {
		field := it.parts[yamltree.Text(name)]
		if field == nil {
			field = it.part("field", yamltree.Text(name), name.Line)
		}
		field.values["required"] = fact{"true", name.Line}
	}
}

// types reads a type, or the list of types that 3.1 allows; null among them is what 3.0 calls nullable.
func (it *item) types(node *yaml.Node) {
	var names []string
	for _, e := range append(yamltree.Elements(node), node) {
		switch name := yamltree.Text(e); name {
		case "":
		case "null":
			it.values["nullable"] = fact{"true", e.Line}
		default:
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		slices.Sort(names)
		it.values["type"] = fact{strings.Join(slices.Compact(names), "|"), node.Line}
	}
}

func (it *item) typed(name string, line int) {
	if _, found := it.values["type"]; !found {
		it.values["type"] = fact{name, line}
	}
}

// narrow keeps of the values allowed so far those that are allowed here too.
func (it *item) narrow(nodes []*yaml.Node) {
	before, narrowed := it.sets["enum"]
	known := texts(before)
	values := []fact{}
	for _, e := range nodes {
		if !narrowed || known[yamltree.Text(e)] {
			values = append(values, fact{yamltree.Text(e), e.Line})
		}
	}
	it.sets["enum"] = values
}

func nonNull(nodes []*yaml.Node) []*yaml.Node {
	return slices.DeleteFunc(nodes, func(n *yaml.Node) bool { return n.ShortTag() == "!!null" })
}

func additional(node *yaml.Node) string {
	if node.Kind == yaml.ScalarNode {
		return node.Value
	}
	if len(node.Content) == 0 {
		return "true" // an empty schema allows anything
	}
	return ofSchema
}

// ofSchema is the value of an attribute that allows more if that fits a schema.
const ofSchema = "of a schema"

// isUnion reports whether a schema is that of an integration of any type: the field type selects its member.
func (r *reader) isUnion(node *yaml.Node) bool {
	if by := yamltree.Lookup(node, "discriminator"); by != nil {
		return yamltree.Text(by, "propertyName") == "type"
	}
	members := yamltree.Elements(yamltree.Lookup(node, "oneOf"))
	if node != nil {
		r.spend(node, len(members))
	}
	if r.isInherited(node) || len(members) < 2 {
		return false
	}
	return !slices.ContainsFunc(members, func(m *yaml.Node) bool { return r.typeName(m) == "" })
}

// isInherited reports whether a member of the oneOf of node is being read, which inherits from node.
func (r *reader) isInherited(node *yaml.Node) bool {
	return slices.ContainsFunc(yamltree.Elements(yamltree.Lookup(node, "oneOf")), func(m *yaml.Node) bool {
		return slices.Contains(r.open, r.deref(m))
	})
}

// typeName returns the only value that a schema allows for the field type, or "" if there is none.
func (r *reader) typeName(schema *yaml.Node) string {
	probe := &reader{root: r.root, refs: r.refs, open: slices.Clone(r.open), steps: r.steps}
	it := newItem("type", 0)
	probe.schema(it, schema, schemaContext{inherited: true})
	r.steps = probe.steps
	r.err = cmp.Or(r.err, probe.err)
	if field := it.parts["type"]; field != nil && len(field.sets["enum"]) == 1 {
		return field.sets["enum"][0].text
	}
	return ""
}

// union reads the types of a union, for requests or for responses.
func (r *reader) union(schema *yaml.Node, method, version string, request bool) {
	if v, isNew := r.viewOf(schema, method, version, request); isNew {
		r.members(v, schema)
	}
}

// viewOf returns the view of a schema, with one more use of it, and whether this is the first.
func (r *reader) viewOf(schema *yaml.Node, method, version string, request bool) (v *view, isNew bool) {
	key := unionKey{schema, request}
	v = r.unions[key]
	if v == nil {
		v, isNew = &view{request: request, types: newItem("types", schema.Line)}, true
		r.unions[key] = v
		r.views = append(r.views, v)
	}
	v.methods = appendNew(v.methods, strings.ToUpper(method))
	v.versions = appendNew(v.versions, version)
	return v, isNew
}

func appendNew(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// members reads the members of a union by its mapping and by its list, which should be the same.
func (r *reader) members(v *view, union *yaml.Node) {
	listed := map[*yaml.Node]*yaml.Node{} // the member by its schema
	for _, m := range yamltree.Elements(yamltree.Lookup(union, "oneOf")) {
		listed[r.deref(m)] = m
	}
	mapped := yamltree.Lookup(union, "discriminator", "mapping")
	for name, ref := range yamltree.Pairs(mapped) {
		target := r.mapping(ref)
		it := v.types.part("type", name.Value, name.Line)
		if _, found := listed[target]; !found && len(listed) > 0 {
			it.values["listed"] = fact{"in the mapping only", name.Line}
		}
		delete(listed, target)
		r.schema(it, target, schemaContext{v.request, true})
	}
	for target, m := range listed {
		it := v.types.part("type", r.typeName(target), m.Line)
		if mapped != nil {
			it.values["listed"] = fact{"in oneOf only", m.Line}
		}
		r.schema(it, target, schemaContext{v.request, true})
	}
	v.types.list("enum", yamltree.Lookup(union, "properties", "type", "enum"))
	if len(v.types.parts) == 0 {
		r.fail(union, "the schema of integrations has neither a discriminator mapping nor oneOf; use the official OpenAPI document of Atlas")
	}
}

// mapping finds the target of a discriminator: a reference, or the bare name of a component.
func (r *reader) mapping(ref *yaml.Node) *yaml.Node {
	to := yamltree.Text(ref)
	if !strings.Contains(to, "/") {
		to = "#/components/schemas/" + to
	}
	key := &yaml.Node{Kind: yaml.ScalarNode, Value: "$ref", Line: ref.Line}
	value := &yaml.Node{Kind: yaml.ScalarNode, Value: to, Line: ref.Line}
	return r.deref(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{key, value}, Line: ref.Line})
}
