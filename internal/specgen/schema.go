package specgen

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/ordered"
)

const dialect = "https://json-schema.org/draft/2020-12/schema"

// dropped are keywords of the documents that stay out of the request schemas: format has no force in
// them, and strict validators refuse formats that they do not know.
var dropped = []string{"format", "readOnly"}

// requestSchema writes the closed schema of a type's request bodies.
func (t typeSpec) requestSchema(generation string, node, example *yaml.Node) ([]byte, error) {
	if example == nil {
		return nil, errors.New("the request body has no example of this type; write one below components/examples, and name it below components/requestBodies/Payload")
	}
	properties := ordered.Object{}
	var required []string
	for _, f := range t.Fields {
		if f.ReadOnly {
			continue
		}
		schema, err := f.schema()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		properties = append(properties, ordered.Member{Name: f.Name, Value: schema})
		if f.Required {
			required = append(required, f.Name)
		}
	}
	sample, err := toJSON(example)
	if err != nil {
		return nil, err
	}
	schema := ordered.Object{
		{Name: "$schema", Value: dialect},
		{Name: "title", Value: fmt.Sprintf("%s integration, request body (Atlas %s)", t.Title, generation)},
		{Name: "description", Value: t.Description},
		{Name: "type", Value: text(node, "type")},
		{Name: "required", Value: required},
		{Name: "properties", Value: properties},
		{Name: "additionalProperties", Value: false},
		{Name: "examples", Value: []any{sample}},
	}
	return ordered.Indent(schema)
}

func (f fieldSpec) schema() (ordered.Object, error) {
	var schema ordered.Object
	override := map[string]bool{}
	for key := range members(f.requestSchema) {
		override[key] = true
	}
	for key, value := range members(f.ownKeywords) {
		if !strings.HasPrefix(key, "x-") && !override[key] && !slices.Contains(dropped, key) {
			schema = append(schema, ordered.Member{Name: key, Value: value})
		}
	}
	for key, value := range members(f.requestSchema) {
		schema = append(schema, ordered.Member{Name: key, Value: value})
	}
	for i, m := range schema {
		value, err := toJSON(m.Value.(*yaml.Node))
		if err != nil {
			return nil, err
		}
		schema[i].Value = value
	}
	return schema, nil
}

// toJSON turns a YAML node into what encoding/json can write, its order kept.
func toJSON(node *yaml.Node) (any, error) {
	node = resolve(node)
	switch node.Kind {
	case yaml.MappingNode:
		o := ordered.Object{}
		for key, value := range members(node) {
			v, err := toJSON(value)
			if err != nil {
				return nil, err
			}
			o = append(o, ordered.Member{Name: key, Value: v})
		}
		return o, nil
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range node.Content {
			v, err := toJSON(item)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	default:
		var v any
		if err := node.Decode(&v); err != nil {
			return nil, fmt.Errorf("line %d: %w", node.Line, err)
		}
		return v, nil
	}
}
