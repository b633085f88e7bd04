package specgen

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

const dialect = "https://json-schema.org/draft/2020-12/schema"

// dropped are keywords of the documents that stay out of the request schemas: format has no force in
// them, and strict validators refuse formats that they do not know.
var dropped = []string{"format", "readOnly"}

// requestSchema writes the closed schema of a type's request bodies.
func (t typeSpec) requestSchema(generation string, node, example *yaml.Node) ([]byte, error) {
	if example == nil {
		return nil, fmt.Errorf("the request body has no example of this type")
	}
	properties := object{}
	var required []string
	for _, f := range t.Fields {
		if f.ReadOnly {
			continue
		}
		schema, err := f.schema()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		properties = append(properties, member{f.Name, schema})
		if f.Required {
			required = append(required, f.Name)
		}
	}
	sample, err := toJSON(example)
	if err != nil {
		return nil, err
	}
	schema := object{
		{"$schema", dialect},
		{"title", fmt.Sprintf("%s integration, request body (Atlas %s)", t.Title, generation)},
		{"description", t.Description},
		{"type", text(node, "type")},
		{"required", required},
		{"properties", properties},
		{"additionalProperties", false},
		{"examples", []any{sample}},
	}
	return indent(schema)
}

func (f fieldSpec) schema() (object, error) {
	var schema object
	override := map[string]bool{}
	for key := range members(f.requestSchema) {
		override[key] = true
	}
	for key, value := range members(f.ownKeywords) {
		if !strings.HasPrefix(key, "x-") && !override[key] && !slices.Contains(dropped, key) {
			schema = append(schema, member{key, value})
		}
	}
	for key, value := range members(f.requestSchema) {
		schema = append(schema, member{key, value})
	}
	for i, m := range schema {
		value, err := toJSON(m.value.(*yaml.Node))
		if err != nil {
			return nil, err
		}
		schema[i].value = value
	}
	return schema, nil
}

// object is a JSON object whose members keep their order, that of the curated document.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := encode(m.name)
		if err != nil {
			return nil, err
		}
		value, err := encode(m.value)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// encode is json.Marshal without the escapes that only HTML needs.
func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

func indent(value any) ([]byte, error) {
	compact, err := encode(value)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, compact, "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// toJSON turns a YAML node into what encoding/json can write, its order kept.
func toJSON(node *yaml.Node) (any, error) {
	node = resolve(node)
	switch node.Kind {
	case yaml.MappingNode:
		o := object{}
		for key, value := range members(node) {
			v, err := toJSON(value)
			if err != nil {
				return nil, err
			}
			o = append(o, member{key, v})
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
