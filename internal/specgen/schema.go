package specgen

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/ordered"
	"github.com/atlasint/atlasint/internal/yamltree"
)

const dialect = "https://json-schema.org/draft/2020-12/schema"

// dropped are keywords of the documents that stay out of the request schemas. format rejects nothing there, and
// strict validators reject unknown formats; a discriminator belongs to OpenAPI.
var dropped = []string{"format", "readOnly", "discriminator"}

// requestSchema writes the closed schema of a type's request bodies.
func (r reader) requestSchema(t typeSpec, apiVersion string, node, example *yaml.Node) ([]byte, error) {
	if example == nil {
		return nil, errors.New(
			"the request body has no example of this type; write one below components/examples, and name it below components/requestBodies/Payload")
	}
	properties, err := r.properties(node)
	if err != nil {
		return nil, err
	}
	sample, err := yamltree.JSON(example)
	if err != nil {
		return nil, err
	}
	schema := ordered.Object{
		{Name: "$schema", Value: dialect},
		{Name: "title", Value: fmt.Sprintf("%s integration, request body (Atlas %s)", t.Title, apiVersion)},
		{Name: "description", Value: t.Description},
		{Name: "type", Value: yamltree.Text(node, "type")},
		{Name: "required", Value: required(t.Fields)},
		{Name: "properties", Value: properties},
		{Name: "additionalProperties", Value: false},
		{Name: "examples", Value: []any{sample}},
	}
	return ordered.Indent(schema)
}

// required returns the names of the required fields, in the order of the document.
func required(fields []fieldSpec) []string {
	names := []string{}
	for _, f := range fields {
		if f.Required {
			names = append(names, f.Name)
		}
	}
	return names
}

// properties returns the schemas of an object's properties, except those that are in responses only.
func (r reader) properties(node *yaml.Node) (ordered.Object, error) {
	properties := ordered.Object{}
	for name, value := range yamltree.Members(yamltree.Lookup(node, "properties")) {
		value, err := r.target(value)
		if err != nil {
			return nil, err
		}
		if yamltree.Text(value, "readOnly") == "true" {
			continue
		}
		schema, err := r.property(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		properties = append(properties, ordered.Member{Name: name, Value: schema})
	}
	return properties, nil
}

// property copies a schema for requests: without extensions, with what x-request states in the place of the
// schema's own keywords, and closed.
func (r reader) property(node *yaml.Node) (ordered.Object, error) {
	node, err := r.target(node)
	if err != nil {
		return nil, err
	}
	request := yamltree.Lookup(node, "x-request")
	override := map[string]bool{}
	for key := range yamltree.Members(request) {
		override[key] = true
	}
	var schema ordered.Object
	for key, value := range yamltree.Members(node) {
		if strings.HasPrefix(key, "x-") || override[key] || slices.Contains(dropped, key) {
			continue
		}
		copied, err := r.keyword(key, value)
		if err != nil {
			return nil, err
		}
		schema = append(schema, ordered.Member{Name: key, Value: copied})
	}
	for key, value := range yamltree.Members(request) {
		copied, err := yamltree.JSON(value)
		if err != nil {
			return nil, err
		}
		schema = append(schema, ordered.Member{Name: key, Value: copied})
	}
	if yamltree.Lookup(node, "properties") != nil && yamltree.Lookup(node, "additionalProperties") == nil {
		schema = append(schema, ordered.Member{Name: "additionalProperties", Value: false})
	}
	return schema, nil
}

// keyword copies the value of one keyword, which may contain other schemas.
func (r reader) keyword(key string, value *yaml.Node) (any, error) {
	switch key {
	case "properties":
		return r.properties(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: key}, value}})
	case "items":
		return r.property(value)
	case "oneOf":
		var list []any
		for _, branch := range value.Content {
			schema, err := r.property(branch)
			if err != nil {
				return nil, err
			}
			list = append(list, schema)
		}
		return list, nil
	}
	return yamltree.JSON(value)
}
