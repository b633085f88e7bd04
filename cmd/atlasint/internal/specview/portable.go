package specview

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// AddEnums adds an enum of one value to each schema with a const, for programs that don't read const, such as
// openapi-zod-client and Mockoon.
func (d *Document) AddEnums() {
	for _, schemas := range []string{"schemas", "parameters", "headers"} {
		addEnums(yamltree.Lookup(d.root, "components", schemas))
	}
	addEnums(yamltree.Lookup(d.root, "paths"))
}

// addEnums skips examples and extensions, whose content is arbitrary.
func addEnums(node *yaml.Node) {
	if value := yamltree.Lookup(node, "const"); value != nil && value.Kind == yaml.ScalarNode && yamltree.Lookup(node, "enum") == nil {
		list := sequence(value)
		list.Style = yaml.FlowStyle
		insertAfter(node, "const", "enum", list)
	}
	for key, value := range yamltree.Pairs(node) {
		if name := key.Value; name != "example" && name != "examples" && !strings.HasPrefix(name, "x-") {
			addEnums(value)
		}
	}
	if node != nil && node.Kind == yaml.SequenceNode {
		for _, item := range node.Content {
			addEnums(item)
		}
	}
}

// insertAfter adds a member behind another one.
func insertAfter(node *yaml.Node, name, added string, value *yaml.Node) {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			node.Content = slices.Insert(node.Content, i+2, scalar("!!str", added), value)
			return
		}
	}
}

// Prune removes the components that nothing in the document refers to, and those that only removed components refer to.
// It keeps the security schemes, which are referred to by name.
func (d *Document) Prune() {
	components := yamltree.Lookup(d.root, "components")
	for d.removeUnused(components) {
		continue // other components may be unused now
	}
	for _, kind := range []string{"headers", "examples", "parameters", "requestBodies", "responses", "schemas"} {
		if members := yamltree.Lookup(components, kind); members != nil && len(members.Content) == 0 {
			remove(components, kind)
		}
	}
}

// removeUnused removes the components that nothing refers to, and reports whether there were any.
func (d *Document) removeUnused(components *yaml.Node) (removed bool) {
	used := map[string]bool{}
	references(d.root, used)
	for kind, members := range yamltree.Members(components) {
		if kind == "securitySchemes" || strings.HasPrefix(kind, "x-") {
			continue
		}
		for _, name := range unusedNames(members, "#/components/"+kind+"/", used) {
			remove(members, name)
			removed = true
		}
	}
	return removed
}

// unusedNames returns the names of members whose references are not used.
func unusedNames(members *yaml.Node, reference string, used map[string]bool) (names []string) {
	for name := range yamltree.Members(members) {
		if !used[reference+name] {
			names = append(names, name)
		}
	}
	return names
}

// references collects every text that is a reference to a component, including those of a discriminator's mapping.
func references(node *yaml.Node, used map[string]bool) {
	if node.Kind == yaml.ScalarNode && strings.HasPrefix(node.Value, "#/components/") {
		used[node.Value] = true
	}
	for _, child := range node.Content {
		references(child, used)
	}
}
