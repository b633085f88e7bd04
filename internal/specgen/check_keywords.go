package specgen

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// kinds are the keywords that apply to values of one kind only.
var kinds = map[string]string{
	"minLength": "string", "maxLength": "string", "pattern": "string", "format": "string",
	"const": "string", "enum": "string", "x-enum-descriptions": "string", "x-aliases": "string", "x-rejected-values": "string",
	"x-disputed-pattern": "string", "x-secret": "string", "x-template": "string",
	"minimum": "integer", "maximum": "integer",
	"items": "array", "minItems": "array", "maxItems": "array", "uniqueItems": "array",
	"properties": "object", "required": "object", "additionalProperties": "object",
	"oneOf": "union", "discriminator": "union",
}

// checkKeywords reads the fields of an object, and rejects combinations of keywords that have no effect or that the
// validator can't explain.
func (r reader) checkKeywords(f *fieldSpec, node *yaml.Node) (err error) {
	for _, keywords := range []*yaml.Node{node, yamltree.Lookup(node, "x-request")} {
		for key, value := range yamltree.Members(keywords) {
			if kind := kinds[key]; kind != "" && kind != f.Kind && (kind != "integer" || f.Kind != "number") {
				return fmt.Errorf("line %d: %s is for type %s, and the type is %q", value.Line, key, kind, f.Kind)
			}
			if key == "default" && !f.allowsScalar(value) {
				return fmt.Errorf("line %d: the default is not of type %s", value.Line, f.Kind)
			}
		}
	}
	switch f.Kind {
	case "string", "boolean", "integer", "number":
		return nil
	case "array":
		if f.Items == nil {
			return fmt.Errorf("line %d: an array without items", node.Line)
		}
		return nil
	case "object":
		if open := yamltree.Lookup(node, "additionalProperties"); open != nil && open.Value != "false" ||
			yamltree.Lookup(node, "properties") == nil {
			return fmt.Errorf("line %d: an object of a request lists its properties and has no others", node.Line)
		}
		f.Fields, err = r.readFields(node)
		return err
	case "union":
		return r.checkVariants(f, node)
	}
	return fmt.Errorf("line %d: the type %q is none that requests have", node.Line, f.Kind)
}

// allowsScalar reports whether a scalar is of the field's type.
func (f *fieldSpec) allowsScalar(value *yaml.Node) bool {
	tags := map[string][]string{"string": {"!!str"}, "boolean": {"!!bool"}, "integer": {"!!int"}, "number": {"!!int", "!!float"}}
	return slices.Contains(tags[f.Kind], value.Tag)
}

// checkVariants rejects a union whose variants no constant distinguishes.
func (r reader) checkVariants(f *fieldSpec, node *yaml.Node) error {
	if typ := yamltree.Lookup(node, "type"); typ != nil {
		return fmt.Errorf("line %d: a union has no type of its own", typ.Line)
	}
	tag := yamltree.Text(node, "discriminator", "propertyName")
	for _, variant := range f.Variants {
		i := slices.IndexFunc(variant.Fields, func(f fieldSpec) bool { return f.Name == tag })
		if i < 0 || variant.Fields[i].Const == "" || !variant.Fields[i].Required {
			return fmt.Errorf("line %d: each variant of oneOf is an object that requires the property that discriminator names, with a const",
				node.Line)
		}
	}
	return nil
}

// described pairs the values of the field with a list of their descriptions. The enum must be above it.
func (f *fieldSpec) described(list *yaml.Node) ([]pair, error) {
	texts := values(list)
	if len(texts) != len(f.Enum) {
		return nil, fmt.Errorf("%d descriptions for the %d values of the enum above it", len(texts), len(f.Enum))
	}
	described := make([]pair, len(texts))
	for i, value := range f.Enum {
		described[i] = pair{value, texts[i]}
	}
	return described, nil
}
