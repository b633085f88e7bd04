package drift

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// partialNote describes the compared part of a flattened document.
const partialNote = "the document is flattened for an SDK, with one object for all types; drift compares only the API, the operations " +
	"and, for each field, its presence, its type and required"

// anyType is the name of the one type of a flattened document that does not list the fields of each.
const anyType = "ANY"

// isFlat reports whether a schema is the integration in the document of an SDK. Its generator has no unions, so one
// object has the fields of all types.
func (r *reader) isFlat(node *yaml.Node) bool {
	properties := yamltree.Lookup(node, "properties")
	return yamltree.Lookup(node, "oneOf") == nil && yamltree.Lookup(properties, "type") != nil &&
		yamltree.Lookup(properties, "id") != nil && r.typeName(node) == ""
}

// flattened reports whether a schema was read as a flattened integration before.
func (r *reader) flattened(node *yaml.Node) bool {
	return r.flat && (r.unions[unionKey{node, true}] != nil || r.unions[unionKey{node, false}] != nil)
}

// flatten reads a flattened integration. Its generator drops an unknown part, so only the presence of fields, their
// types and the required fields are compared.
func (r *reader) flatten(schema *yaml.Node, method, version string, request bool) {
	r.flat = true
	v, isNew := r.viewOf(schema, method, version, request)
	if !isNew {
		return
	}
	whole := newItem("type", schema.Line)
	r.schema(whole, schema, schemaContext{request, true})
	mapping := yamltree.Lookup(schema, "x-xgen-discriminator", "mapping")
	for name, lists := range yamltree.Pairs(mapping) {
		it := v.types.part("type", name.Value, name.Line)
		for _, field := range append(yamltree.Elements(yamltree.Lookup(lists, "properties")), &yaml.Node{Value: "id"},
			&yaml.Node{Value: "type"}) {
			if all := whole.parts[field.Value]; all != nil {
				it.parts[field.Value] = all.outline()
			}
		}
		r.require(it, lists)
	}
	if mapping == nil {
		v.types.parts[anyType] = whole.outlined()
	}
}

// outline returns a field without the attributes that flattening can drop.
func (it *item) outline() *item {
	field := newItem(it.kind, it.line)
	field.note = it.note
	if kind, found := it.values["type"]; found {
		field.values["type"] = kind
	}
	return field
}

// outlined is a type whose fields are outlines. Required fields are recorded only by type.
func (it *item) outlined() *item {
	typ := newItem(it.kind, it.line)
	typ.note = it.note
	for name, field := range it.parts {
		typ.parts[name] = field.outline()
	}
	return typ
}

// outlineLike reduces our types to the attributes of flattened ones.
func (it *item) outlineLike(flat *item) *item {
	like := newItem(it.kind, it.line)
	whole := newItem("type", it.line)
	for name, typ := range it.parts {
		outline := typ.outlined()
		for field, part := range typ.parts {
			if required, found := part.values["required"]; found {
				outline.parts[field].values["required"] = required
			}
			whole.parts[field] = part.outline()
		}
		like.parts[name] = outline
	}
	if flat.parts[anyType] != nil {
		like.parts = map[string]*item{anyType: whole}
	}
	return like
}

// lost reports whether flattening can cause a difference: the document omits a value that ours has.
func lost(d Difference) bool {
	switch d.Attribute {
	case exists:
		return d.Kind == "parameter" && d.Official == no
	case "required":
		return false
	}
	return d.Official == none || d.Official == unsetValue(d.Attribute)
}

// withoutLost removes the differences that flattening can cause.
func withoutLost(all []Difference) []Difference { return slices.DeleteFunc(all, lost) }
