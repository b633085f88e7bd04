package workspace

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/internal/yamltree"
)

// form is the form of a value of the configuration file: a boolean, a list if it has items, a mapping if it has keys or
// values, or a text. The errors for a value, the list of keys in the help and the JSON Schema for editors derive from
// it.
type form struct {
	about string // description of the value

	boolean bool

	// Of a text. A text has one of the allowed values, or is any text that valid accepts.
	noun    string   // what an allowed value is called, such as "API version"
	allowed []string // values; nil allows any text
	pattern string   // regular expression for editors
	valid   func(text string) (fault string)

	// Of a list.
	items   *form
	atLeast int    // minimum number of items
	atMost  int    // maximum number of items, for editors: all lists together have a maximum; 0 is any number
	write   string // how to write the value, for errors about its kind; also of a mapping with values

	// Of a mapping.
	owner    string // the name of the mapping for errors, such as "an override"
	keys     []key
	oneOf    []string                // keys of which the mapping must have at least one
	values   *form                   // of all keys of a mapping from names to values
	known    func() map[string]*form // the form of the value of each name
	nullable bool                    // keys without a value are allowed
}

// key is a key of a mapping.
type key struct {
	name     string
	form     *form
	required string // the error without the key; "" if the key is optional
}

// isText reports whether the value is a text.
func (f *form) isText() bool { return !f.boolean && f.items == nil && f.keys == nil && f.values == nil }

// isNull reports whether a node has no value.
func isNull(node *yaml.Node) bool { return node.Tag == "!!null" }

// check returns an error for a value of another form. The path leads to the value.
func (f *form) check(node *yaml.Node, path string) error {
	node = yamltree.Resolve(node)
	switch {
	case f.isText():
		return f.checkText(node, path)
	case f.boolean:
		return checkBoolean(node, path)
	case f.items != nil:
		return f.checkList(node, path)
	case f.values != nil:
		return f.checkValues(node, path)
	}
	return f.checkKeys(node, path)
}

// formError returns an error at a node, with the path before its text.
func formError(node *yaml.Node, path, format string, args ...any) error {
	if path != "" {
		format, args = "%s: "+format, append([]any{path}, args...)
	}
	return errorAt(node, format, args...)
}

func (f *form) checkText(node *yaml.Node, path string) error {
	if f.allowed != nil && node.Kind == yaml.ScalarNode && !isNull(node) {
		if node.Tag == "!!bool" && node.Value == "false" && slices.Contains(f.allowed, "off") {
			node.Value, node.Tag = "off", "!!str" // as YAML 1.1 reads off
		}
		if !slices.Contains(f.allowed, node.Value) {
			return formError(node, path, "unknown %s %s; use %s", f.noun, redact.Value(node.Value), words.List(f.allowed, "or"))
		}
		return nil
	}
	if node.Tag != "!!str" {
		if f.allowed != nil {
			return formError(node, path, "want %s, got %s; use %s", words.WithArticle(f.noun), kindOf(node), words.List(f.allowed, "or"))
		}
		if node.Kind == yaml.ScalarNode && !isNull(node) {
			return formError(node, path, "want a text, got %s; write it in quotes", kindOf(node))
		}
		return formError(node, path, "want a text, got %s", kindOf(node))
	}
	if f.valid != nil {
		if fault := f.valid(node.Value); fault != "" {
			return formError(node, path, "%s", fault)
		}
	}
	return nil
}

// checkBoolean returns an error unless a node is true or false. The decoder would also accept the booleans of YAML 1.1.
func checkBoolean(node *yaml.Node, path string) error {
	if node.Tag != "!!bool" {
		return formError(node, path, "want true or false, got %s", kindOf(node))
	}
	return nil
}

func (f *form) checkList(node *yaml.Node, path string) error {
	isOther := func(item *yaml.Node) bool { return f.items.isText() && yamltree.Resolve(item).Tag != "!!str" }
	if node.Kind != yaml.SequenceNode || slices.ContainsFunc(node.Content, isOther) {
		if f.items.isText() {
			return formError(node, path, "want a list of texts; write [TEXT, TEXT], or each TEXT on a line after -")
		}
		return formError(node, path, "want a list, got %s; %s", kindOf(node), f.write)
	}
	if f.items.isText() {
		return nil
	}
	for i, item := range node.Content {
		if err := f.items.check(item, path+index(i)); err != nil {
			return err
		}
	}
	return nil
}

// checkValues does not add a name to the path: it can be long, and the rule that it names may be unknown.
func (f *form) checkValues(node *yaml.Node, path string) error {
	if node.Kind != yaml.MappingNode {
		return formError(node, path, "want a mapping, got %s; %s", kindOf(node), f.write)
	}
	for _, value := range yamltree.Pairs(node) {
		if err := f.values.check(value, path); err != nil {
			return err
		}
	}
	return nil
}

func (f *form) checkKeys(node *yaml.Node, path string) error {
	if node.Kind != yaml.MappingNode {
		return formError(node, path, "want a mapping, got %s; %s has the keys %s", kindOf(node), f.owner, strings.Join(f.names(), ", "))
	}
	for name := range yamltree.Pairs(node) {
		if f.key(name.Value) == nil {
			return unknownKey(name, f.names())
		}
	}
	for _, k := range f.keys {
		value := yamltree.Lookup(node, k.name)
		absent := value == nil || k.required != "" && (isNull(value) || value.Kind == yaml.SequenceNode && len(value.Content) < k.form.atLeast)
		switch {
		case absent && k.required != "":
			return formError(node, path, "%s", k.required)
		case value == nil, f.nullable && isNull(value):
			continue
		}
		if err := k.form.check(value, join(path, k.name)); err != nil {
			return err
		}
	}
	if f.oneOf != nil && !slices.ContainsFunc(f.oneOf, func(name string) bool { return yamltree.Lookup(node, name) != nil }) {
		return formError(node, path, "none of %s; add one of them", strings.Join(f.oneOf, ", "))
	}
	return nil
}

// names returns the keys of a mapping, sorted.
func (f *form) names() (names []string) {
	for _, k := range f.keys {
		names = append(names, k.name)
	}
	slices.Sort(names)
	return names
}

func (f *form) key(name string) *key {
	for i := range f.keys {
		if f.keys[i].name == name {
			return &f.keys[i]
		}
	}
	return nil
}

func unknownKey(key *yaml.Node, known []string) error {
	if near := suggest.Nearest(key.Value, known); near != "" {
		return errorAt(key, "unknown key %s; did you mean %s?", redact.Name(key.Value), near)
	}
	return errorAt(key, "unknown key %s; the keys are %s", redact.Name(key.Value), strings.Join(known, ", "))
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// kindOf returns the kind of a value for a message.
func kindOf(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.MappingNode:
		return "a mapping"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	}
	switch node.Tag {
	case "!!null":
		return "no value"
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "a boolean"
	case "!!timestamp":
		return "a date"
	case "!!str":
		return "a text"
	}
	return "a value with a tag"
}
