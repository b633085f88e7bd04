// Package specview converts the curated OpenAPI documents: it applies an Overlay, downgrades to OpenAPI 3.0, and writes
// JSON. It returns an error for a construct that it can't convert exactly.
package specview

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/ordered"
	"github.com/atlasint/atlasint/internal/yamltree"
)

// Document is an OpenAPI document that may be changed. It is not safe for concurrent use.
type Document struct {
	// Comment is the comment at the head of the source, without "#".
	Comment string

	root *yaml.Node
}

// Parse parses a YAML document. It replaces each alias with a copy of its anchor.
func Parse(data []byte) (*Document, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("the document is not a mapping")
	}
	d := &Document{root: clone(doc.Content[0])}
	if len(d.root.Content) > 0 { // YAML writes a comment of the caller
		first := d.root.Content[0]
		d.Comment = uncommented(cmp.Or(doc.HeadComment, first.HeadComment))
		first.HeadComment = ""
	}
	return d, nil
}

// uncommented removes the "#" of each line of a comment, and the space behind it.
func uncommented(comment string) string {
	lines := strings.Split(comment, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(line, "#"), " ")
	}
	return strings.Join(lines, "\n")
}

// YAML returns the document with the comment at its head, each line of it after a "#".
func (d *Document) YAML(comment string) ([]byte, error) {
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(&yaml.Node{Kind: yaml.DocumentNode, HeadComment: comment, Content: []*yaml.Node{d.root}}); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// JSON returns the document as indented JSON, members in the order of the YAML.
func (d *Document) JSON() ([]byte, error) {
	value, err := yamltree.JSON(d.root)
	if err != nil {
		return nil, err
	}
	return ordered.Indent(value)
}

// clone returns a deep copy of a node, in which aliases are replaced.
func clone(node *yaml.Node) *yaml.Node {
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	copied := *node
	copied.Anchor = ""
	copied.Content = make([]*yaml.Node, 0, len(node.Content))
	for _, child := range node.Content {
		copied.Content = append(copied.Content, clone(child))
	}
	return &copied
}

// set sets the value of a member. A new member is added at the end.
func set(node *yaml.Node, name string, value *yaml.Node) {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			node.Content[i+1] = value
			return
		}
	}
	node.Content = append(node.Content, scalar("!!str", name), value)
}

// rename changes the name and the value of a member, and keeps its place.
func rename(node *yaml.Node, from, to string, value *yaml.Node) {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == from {
			node.Content[i].Value = to
			node.Content[i+1] = value
		}
	}
}

func remove(node *yaml.Node, name string) {
	if node == nil {
		return
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			node.Content = slices.Delete(node.Content, i, i+2)
			return
		}
	}
}

func scalar(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}
