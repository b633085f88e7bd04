package specgen

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// bodyField is one field of a body, with the names that gen/schemas.Field has in JSON.
type bodyField struct {
	Name     string      `json:"name,omitempty"`
	Kind     string      `json:"kind"`
	Const    string      `json:"const,omitempty"`
	Enum     []string    `json:"enum,omitempty"`
	Secret   string      `json:"secret,omitempty"`
	Items    *bodyField  `json:"items,omitempty"`
	Fields   []bodyField `json:"fields,omitempty"`
	Variants []bodyField `json:"variants,omitempty"`
}

// operationBodies are the bodies of one operation, nil where it has none or one without fields.
type operationBodies struct {
	Request  *bodyField `json:"request,omitempty"`
	Response *bodyField `json:"response,omitempty"` // of success
}

// maxEnum is the longest enum that is kept: values of longer ones read like texts.
const maxEnum = 40

// maxBodyDepth bounds the nesting of a body, so that a schema that refers to itself is an error.
const maxBodyDepth = 20

// CompanionBodies returns the fields of the bodies of all operations of a document by operationId, as JSON.
func CompanionBodies(document []byte) ([]byte, error) {
	root, err := parse(document)
	if err != nil {
		return nil, err
	}
	bodies := map[string]operationBodies{}
	for _, path := range yamltree.Members(yamltree.Lookup(root, "paths")) {
		for method, op := range yamltree.Members(path) {
			if method == "parameters" {
				continue
			}
			id := yamltree.Text(op, "operationId")
			if bodies[id], err = (bodyReader{root}).operation(op); err != nil {
				return nil, fmt.Errorf("%s: %w", id, err)
			}
		}
	}
	data, err := json.MarshalIndent(bodies, "", " ")
	return append(data, '\n'), err
}

// bodyReader reads the fields of bodies from a document.
type bodyReader struct{ root *yaml.Node }

func (r bodyReader) operation(op *yaml.Node) (b operationBodies, err error) {
	if b.Request, err = r.content(yamltree.Lookup(op, "requestBody")); err != nil {
		return b, err
	}
	for status, response := range yamltree.Members(yamltree.Lookup(op, "responses")) {
		if strings.HasPrefix(status, "2") && b.Response == nil {
			b.Response, err = r.content(response)
		}
	}
	return b, err
}

// content reads the body of the first media type: the versions of an endpoint share their schema.
func (r bodyReader) content(node *yaml.Node) (*bodyField, error) {
	node, err := r.follow(node)
	if err != nil {
		return nil, err
	}
	for _, media := range yamltree.Members(yamltree.Lookup(node, "content")) {
		f, err := r.field("", yamltree.Lookup(media, "schema"), 0)
		return &f, err
	}
	return nil, nil
}

// follow returns the component that a reference names, and any other node itself.
func (r bodyReader) follow(node *yaml.Node) (*yaml.Node, error) {
	ref := yamltree.Text(node, "$ref")
	if ref == "" {
		return node, nil
	}
	path := strings.Split(strings.TrimPrefix(ref, "#/"), "/")
	if found := yamltree.Lookup(r.root, path...); found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("%s leads nowhere", ref)
}

func (r bodyReader) field(name string, node *yaml.Node, depth int) (f bodyField, err error) {
	if depth > maxBodyDepth {
		return f, errors.New("the schema is nested too deeply, or refers to itself")
	}
	if node, err = r.follow(node); err != nil {
		return f, err
	}
	f = bodyField{Name: name, Const: yamltree.Text(node, "const"), Secret: secretOf(node)}
	if f.Kind, err = kindOf(node); err != nil {
		return f, fmt.Errorf("%s: %w", name, err)
	}
	if enum := yamltree.Lookup(node, "enum"); enum != nil && len(enum.Content) <= maxEnum {
		f.Enum = slices.DeleteFunc(values(enum), func(s string) bool { return s == "" })
	}
	for property, child := range yamltree.Members(yamltree.Lookup(node, "properties")) {
		if err := r.add(&f.Fields, property, child, depth); err != nil {
			return f, err
		}
	}
	if items := yamltree.Lookup(node, "items"); items != nil {
		element, err := r.field("", items, depth+1)
		f.Items = &element
		if err != nil {
			return f, err
		}
	}
	return f, r.variants(&f, node, depth)
}

// variants adds the schemas of oneOf and anyOf as variants, and those of allOf as fields of the object itself.
func (r bodyReader) variants(f *bodyField, node *yaml.Node, depth int) error {
	for _, keyword := range []string{"oneOf", "anyOf"} {
		for _, variant := range yamltree.Elements(yamltree.Lookup(node, keyword)) {
			f.Kind = "union"
			if err := r.add(&f.Variants, "", variant, depth); err != nil {
				return err
			}
		}
	}
	for _, part := range yamltree.Elements(yamltree.Lookup(node, "allOf")) {
		more, err := r.field("", part, depth+1)
		if err != nil {
			return err
		}
		f.Fields, f.Variants = append(f.Fields, more.Fields...), append(f.Variants, more.Variants...)
		f.Kind = "object"
	}
	return nil
}

func (r bodyReader) add(list *[]bodyField, name string, node *yaml.Node, depth int) error {
	f, err := r.field(name, node, depth+1)
	*list = append(*list, f)
	return err
}

// kindOf returns the type of a schema. A schema with only a constant or an enum is a string.
func kindOf(node *yaml.Node) (string, error) {
	types := yamltree.Lookup(node, "type")
	if types == nil {
		if yamltree.Lookup(node, "const") != nil || yamltree.Lookup(node, "enum") != nil {
			return "string", nil
		}
		return "object", nil
	}
	name, _, err := kind(types)
	return name, err
}

// secretOf returns the mask of a secret. A secret without a stated mask, or with one that shows more than its last
// characters, is never shown.
func secretOf(node *yaml.Node) string {
	if mask := yamltree.Text(node, "x-secret"); mask != "" {
		return mask
	}
	mask := yamltree.Text(node, "x-mask")
	switch {
	case mask == "last4":
		return mask
	case mask != "", yamltree.Text(node, "writeOnly") == "true", yamltree.Text(node, "format") == "password":
		return "omitted"
	}
	return ""
}
