// Package specview converts the curated OpenAPI documents: it applies an Overlay, downgrades to OpenAPI 3.0, and writes
// JSON. It returns an error for a construct that it can't convert exactly.
package specview

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

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
	compact, err := appendJSON(nil, d.root)
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

func appendJSON(out []byte, node *yaml.Node) ([]byte, error) {
	switch node.Kind {
	case yaml.MappingNode:
		return appendObject(out, node)
	case yaml.SequenceNode:
		return appendArray(out, node)
	}
	var value any = node.Value
	if tag := node.ShortTag(); tag != "!!timestamp" && tag != "!!str" { // JSON has no dates
		if err := node.Decode(&value); err != nil {
			return nil, err
		}
	}
	text, err := marshal(value)
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", node.Line, err)
	}
	return append(out, text...), nil
}

func appendObject(out []byte, node *yaml.Node) ([]byte, error) {
	separator := byte('{')
	for key, value := range yamltree.Pairs(node) {
		name, err := marshal(key.Value)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, separator), name...), ':')
		if out, err = appendJSON(out, value); err != nil {
			return nil, err
		}
		separator = ','
	}
	if separator == '{' {
		out = append(out, '{')
	}
	return append(out, '}'), nil
}

func appendArray(out []byte, node *yaml.Node) ([]byte, error) {
	out = append(out, '[')
	for i, item := range node.Content {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		if out, err = appendJSON(out, item); err != nil {
			return nil, err
		}
	}
	return append(out, ']'), nil
}

// marshal encodes a value as JSON and does not escape <, > and &, because the output is not embedded in HTML.
func marshal(value any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(value)
	return bytes.TrimSpace(out.Bytes()), err
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
