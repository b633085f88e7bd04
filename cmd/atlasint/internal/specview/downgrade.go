package specview

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// Downgrade converts the document from OpenAPI 3.1 to 3.0.3, for programs that read no later version. It removes the
// summary of the API and all but the first example of a schema, because 3.0 has no place for them. Any other construct
// without a counterpart in 3.0 is an error that names its line.
func (d *Document) Downgrade() error {
	version := yamltree.Lookup(d.root, "openapi")
	if version == nil || !strings.HasPrefix(version.Value, "3.1.") {
		return fmt.Errorf("the document is not OpenAPI 3.1")
	}
	set(d.root, "openapi", scalar("!!str", "3.0.3"))
	remove(d.root, "jsonSchemaDialect")
	remove(yamltree.Lookup(d.root, "info"), "summary")
	if license := yamltree.Lookup(d.root, "info", "license"); license != nil {
		rewriteLicense(license)
	}
	if hooks := yamltree.Lookup(d.root, "webhooks"); hooks != nil {
		return fmt.Errorf("line %d: OpenAPI 3.0 has no webhooks", hooks.Line)
	}
	for _, schema := range yamltree.Pairs(yamltree.Lookup(d.root, "components", "schemas")) {
		if err := downgradeSchema(schema); err != nil {
			return err
		}
	}
	return schemasBelow(d.root)
}

// rewriteLicense replaces the identifier of SPDX with the URL of the license there.
func rewriteLicense(license *yaml.Node) {
	if id := yamltree.Lookup(license, "identifier"); id != nil {
		rename(license, "identifier", "url", scalar("!!str", "https://spdx.org/licenses/"+id.Value+".html"))
	}
}

// schemasBelow downgrades the schemas of parameters, headers and media types, which are under the key "schema". It
// skips examples and extensions, whose content is arbitrary.
func schemasBelow(node *yaml.Node) error {
	if node.Kind == yaml.SequenceNode {
		for _, item := range node.Content {
			if err := schemasBelow(item); err != nil {
				return err
			}
		}
	}
	for key, value := range yamltree.Pairs(node) {
		var err error
		switch name := key.Value; {
		case name == "schema":
			err = downgradeSchema(value)
		case name != "schemas" && name != "example" && name != "examples" && !strings.HasPrefix(name, "x-"):
			err = schemasBelow(value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keywords are the schema keywords of OpenAPI 3.0, except those that contain other schemas.
var keywords = []string{
	"title", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength",
	"pattern", "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties", "required", "enum", "type",
	"description", "format", "default", "nullable", "discriminator", "readOnly", "writeOnly", "xml", "externalDocs",
	"example", "deprecated", "$ref",
}

// downgradeSchema converts a schema in place.
func downgradeSchema(schema *yaml.Node) error {
	if schema.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: OpenAPI 3.0 has no schemas that are true or false", schema.Line)
	}
	for _, rewrite := range []func(*yaml.Node) error{rewriteConst, rewriteType, rewriteExamples, rewriteBounds, rewriteRef} {
		if err := rewrite(schema); err != nil {
			return err
		}
	}
	for key, value := range yamltree.Pairs(schema) {
		if err := downgradeKeyword(key, value); err != nil {
			return err
		}
	}
	return nil
}

func downgradeKeyword(key, value *yaml.Node) error {
	name := key.Value
	switch {
	case name == "properties":
		for _, property := range yamltree.Pairs(value) {
			if err := downgradeSchema(property); err != nil {
				return err
			}
		}
	case slices.Contains([]string{"allOf", "oneOf", "anyOf"}, name):
		for _, part := range value.Content {
			if err := downgradeSchema(part); err != nil {
				return err
			}
		}
	case name == "items", name == "not":
		return downgradeSchema(value)
	case name == "additionalProperties":
		if value.Kind == yaml.MappingNode { // true and false stay
			return downgradeSchema(value)
		}
	case !slices.Contains(keywords, name) && !strings.HasPrefix(name, "x-"):
		return fmt.Errorf("line %d: OpenAPI 3.0 has no keyword %s", key.Line, name)
	}
	return nil
}

// rewriteConst replaces const with an enum of one value.
func rewriteConst(schema *yaml.Node) error {
	if value := yamltree.Lookup(schema, "const"); value != nil {
		if yamltree.Lookup(schema, "enum") != nil {
			return fmt.Errorf("line %d: a schema with const and enum", schema.Line)
		}
		rename(schema, "const", "enum", sequence(value))
	}
	return nil
}

// rewriteType replaces a list of a type and null with a nullable type.
func rewriteType(schema *yaml.Node) error {
	list := yamltree.Lookup(schema, "type")
	if list == nil || list.Kind == yaml.ScalarNode && list.Value != "null" {
		return nil
	}
	var names []string
	nullable := false
	for _, item := range list.Content {
		if item.Value == "null" {
			nullable = true
		} else {
			names = append(names, item.Value)
		}
	}
	if len(names) != 1 {
		return fmt.Errorf("line %d: OpenAPI 3.0 allows one type for a schema, and null", schema.Line)
	}
	set(schema, "type", scalar("!!str", names[0]))
	if nullable {
		set(schema, "nullable", scalar("!!bool", "true"))
	}
	return nil
}

// rewriteExamples keeps only the first example, because OpenAPI 3.0 allows one.
func rewriteExamples(schema *yaml.Node) error {
	list := yamltree.Lookup(schema, "examples")
	switch {
	case list == nil:
	case list.Kind != yaml.SequenceNode || len(list.Content) == 0:
		remove(schema, "examples")
	case yamltree.Lookup(schema, "example") != nil:
		remove(schema, "examples")
	default:
		rename(schema, "examples", "example", list.Content[0])
	}
	return nil
}

// rewriteBounds replaces an exclusive bound, which is a number in 3.1, with a bound and a boolean.
func rewriteBounds(schema *yaml.Node) error {
	for exclusive, bound := range map[string]string{"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"} {
		number := yamltree.Lookup(schema, exclusive)
		if number == nil {
			continue
		}
		if yamltree.Lookup(schema, bound) != nil {
			return fmt.Errorf("line %d: a schema with %s and %s", schema.Line, bound, exclusive)
		}
		rename(schema, exclusive, bound, number)
		set(schema, exclusive, scalar("!!bool", "true"))
	}
	return nil
}

// rewriteRef moves a reference with siblings into allOf, because OpenAPI 3.0 ignores the siblings of a reference.
func rewriteRef(schema *yaml.Node) error {
	ref := yamltree.Lookup(schema, "$ref")
	if ref == nil || len(schema.Content) == 2 {
		return nil
	}
	if yamltree.Lookup(schema, "allOf") != nil {
		return fmt.Errorf("line %d: a schema with $ref and allOf", schema.Line)
	}
	target := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{scalar("!!str", "$ref"), ref}}
	rename(schema, "$ref", "allOf", sequence(target))
	return nil
}

func sequence(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items}
}
