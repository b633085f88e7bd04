// Package yamltree reads trees of YAML nodes, with aliases resolved.
package yamltree

import (
	"iter"

	"go.yaml.in/yaml/v3"
)

// Resolve returns the node that an alias refers to, and any other node itself.
func Resolve(node *yaml.Node) *yaml.Node {
	for node != nil && node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

// Pairs yields the keys and values of a mapping in document order; nothing for other nodes and nil. The loop may
// change the values, but not the mapping.
func Pairs(node *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		node := Resolve(node)
		if node == nil || node.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i], Resolve(node.Content[i+1])) {
				return
			}
		}
	}
}

// Members is [Pairs] with the names of the keys.
func Members(node *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(name string, value *yaml.Node) bool) {
		for key, value := range Pairs(node) {
			if !yield(key.Value, value) {
				return
			}
		}
	}
}

// Elements returns the elements of a sequence, nil for other nodes and nil.
func Elements(node *yaml.Node) []*yaml.Node {
	if node = Resolve(node); node == nil || node.Kind != yaml.SequenceNode {
		return nil
	}
	list := make([]*yaml.Node, len(node.Content))
	for i, e := range node.Content {
		list[i] = Resolve(e)
	}
	return list
}

// Lookup follows the path of members and returns the last value, nil if a member is missing.
func Lookup(node *yaml.Node, path ...string) *yaml.Node {
	for _, name := range path {
		node = member(node, name)
	}
	return Resolve(node)
}

func member(node *yaml.Node, name string) *yaml.Node {
	for key, value := range Members(node) {
		if key == name {
			return value
		}
	}
	return nil
}

// Text returns the text of the scalar that [Lookup] finds, "" if there is none.
func Text(node *yaml.Node, path ...string) string {
	if node = Lookup(node, path...); node == nil || node.Kind != yaml.ScalarNode {
		return ""
	}
	return node.Value
}
