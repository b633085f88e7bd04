package drift

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// plain are the keywords of a schema whose values are compared unchanged.
var plain = []string{
	"format", "pattern", "default", "deprecated", "nullable", "readOnly", "writeOnly",
	"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
	"minItems", "maxItems", "uniqueItems", "minContains", "maxContains", "minProperties", "maxProperties",
	"contentEncoding", "contentMediaType",
}

// single are the keywords whose value is one schema with a meaning of its own, several those with a schema
// for each name.
var (
	single  = []string{"not", "if", "then", "else", "contains", "propertyNames", "contentSchema"}
	several = []string{"patternProperties", "dependentSchemas"}
)

// attribute returns the attribute of a plain keyword, "" for all others.
func attribute(keyword string) string {
	if !slices.Contains(plain, keyword) {
		return ""
	}
	var name strings.Builder
	for _, c := range keyword {
		if unicode.IsUpper(c) {
			name.WriteByte('-')
		}
		name.WriteRune(unicode.ToLower(c))
	}
	return name.String()
}

// keyword reads a keyword that own has no case for.
func (r *reader) keyword(it *item, key, value *yaml.Node, w schemaContext) {
	name := key.Value
	switch {
	case attribute(name) != "":
		it.set(attribute(name), value)
	case slices.Contains(single, name):
		r.subschema(it, name, key.Line, value, w)
	case slices.Contains(several, name):
		for member, schema := range yamltree.Pairs(value) {
			r.subschema(it, name+" "+member.Value, member.Line, schema, w)
		}
	case name == "prefixItems":
		for i, schema := range yamltree.Elements(value) {
			r.subschema(it, fmt.Sprintf("[%d]", i), schema.Line, schema, w)
		}
	case name == "additionalProperties", name == "unevaluatedProperties", name == "unevaluatedItems":
		it.values[closing[name]] = fact{additional(value), key.Line}
		if additional(value) == ofSchema {
			r.subschema(it, name, key.Line, value, w)
		}
	case name == "dependentRequired":
		it.dependent(value)
	}
}

// closing are the attributes of the keywords that close a schema, each true by default.
var closing = map[string]string{
	"additionalProperties": "additional", "unevaluatedProperties": "unevaluated", "unevaluatedItems": "unevaluated-items",
}

// subschema reads a schema that is neither a field nor an element. One of 3.1 may be a boolean.
func (r *reader) subschema(it *item, name string, line int, node *yaml.Node, w schemaContext) {
	part := it.part("subschema", name, line)
	if node.Kind == yaml.ScalarNode {
		part.values["value"] = fact{yamltree.Text(node), line}
		return
	}
	r.schema(part, node, schemaContext{request: w.request})
}

// dependent reads fields that require others.
func (it *item) dependent(node *yaml.Node) {
	for name, required := range yamltree.Pairs(node) {
		for _, e := range yamltree.Elements(required) {
			it.sets["dependent-required"] = append(it.sets["dependent-required"], fact{yamltree.Text(e) + " beside " + name.Value, e.Line})
		}
	}
}

// exclusive turns the bounds of OpenAPI 3.0, where exclusiveMinimum is a boolean, into those of 3.1.
func (it *item) exclusive(node *yaml.Node) {
	for _, bound := range []string{"minimum", "maximum"} {
		switch yamltree.Text(node, "exclusive"+strings.ToUpper(bound[:1])+bound[1:]) {
		case "true":
			if limit, found := it.values[bound]; found {
				it.values["exclusive-"+bound] = limit
				delete(it.values, bound)
			}
		case "false":
			delete(it.values, "exclusive-"+bound)
		}
	}
}
