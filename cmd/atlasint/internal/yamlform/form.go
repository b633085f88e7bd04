// Package yamlform checks YAML files against a description of their form: the configuration of the command, and files
// with credentials. Errors have a place in the file, and a hint.
package yamlform

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/internal/yamltree"
)

// Form is the form of a value: a boolean, a list if it has items, a mapping if it has keys or values, or a text.
type Form struct {
	About string // description of the value

	// Of the root.
	File string // what a file with this form is called, such as "a configuration"

	// Of the root, and of every mapping in it.
	Secret bool // errors contain no text of the file

	Boolean bool

	// Of a text. A text has one of the allowed values, or is any text that Valid accepts.
	Noun    string   // what an allowed value is called, such as "API version"
	Allowed []string // values; nil allows any text
	Pattern string   // regular expression for editors
	Valid   func(text string) (fault string)
	Lenient bool // a number or a boolean is a text, too

	// Of a list.
	Items   *Form
	AtLeast int    // minimum number of items
	AtMost  int    // maximum number of items, for editors: all lists together have a maximum; 0 is any number
	Write   string // how to write the value, for errors about its kind; also of a mapping with values

	// Of a mapping.
	Owner    string // the name of the mapping for errors, such as "an override"
	Keys     []Key
	OneOf    []string                // keys of which the mapping must have at least one
	Values   *Form                   // of all keys of a mapping from names to values
	Known    func() map[string]*Form // the form of the value of each name
	Nullable bool                    // keys without a value are allowed
}

// Key is a key of a mapping.
type Key struct {
	Name     string
	Form     *Form
	Required string // the error without the key; "" if the key is optional

	// Others are names that other files have for the key, in lower case without separators: hints for an unknown key
	// suggest this one.
	Others []string
}

// IsText reports whether the value is a text.
func (f *Form) IsText() bool { return !f.Boolean && f.Items == nil && f.Keys == nil && f.Values == nil }

// isNull reports whether a node has no value.
func isNull(node *yaml.Node) bool { return node.Tag == "!!null" }

// tags are the tags of values without a tag of their own.
var tags = []string{"!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!map", "!!seq", "!!merge"}

// hasOtherTag reports whether a node has a tag with a meaning that only its author knows.
func hasOtherTag(node *yaml.Node) bool { return node.Tag != "" && !slices.Contains(tags, node.Tag) }

// check returns an error for a value of another form. The path leads to the value.
func (f *Form) check(node *yaml.Node, path string) error {
	node = yamltree.Resolve(node)
	switch {
	case f.IsText():
		return f.checkText(node, path)
	case node.Kind != yaml.ScalarNode && hasOtherTag(node):
		return formError(node, path, "tags are not supported; remove the tag")
	case f.Boolean:
		return checkBoolean(node, path)
	case f.Items != nil:
		return f.checkList(node, path)
	case f.Values != nil:
		return f.checkValues(node, path)
	}
	return f.checkKeys(node, path)
}

// formError returns an error at a node, with the path before its text.
func formError(node *yaml.Node, path, format string, args ...any) error {
	if path != "" {
		format, args = "%s: "+format, append([]any{path}, args...)
	}
	return ErrorAt(node, format, args...)
}

func (f *Form) checkText(node *yaml.Node, path string) error {
	isScalar := node.Kind == yaml.ScalarNode && !isNull(node) && !hasOtherTag(node)
	if f.Allowed != nil && isScalar {
		if node.Tag == "!!bool" && node.Value == "false" && slices.Contains(f.Allowed, "off") {
			node.Value, node.Tag = "off", "!!str" // as YAML 1.1 reads off
		}
		if !slices.Contains(f.Allowed, node.Value) {
			return formError(node, path, "unknown %s %s; use %s", f.Noun, redact.Value(node.Value), words.List(f.Allowed, "or"))
		}
		return nil
	}
	if isText := node.Tag == "!!str" || f.Lenient && isScalar; !isText {
		if f.Allowed != nil {
			return formError(node, path, "want %s, got %s; use %s", words.WithArticle(f.Noun), kindOf(node), words.List(f.Allowed, "or"))
		}
		if node.Kind == yaml.ScalarNode && !isNull(node) {
			return formError(node, path, "want a text, got %s; write it in quotes", kindOf(node))
		}
		return formError(node, path, "want a text, got %s", kindOf(node))
	}
	if f.Valid != nil {
		if fault := f.Valid(node.Value); fault != "" {
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

func (f *Form) checkList(node *yaml.Node, path string) error {
	isOther := func(item *yaml.Node) bool { return f.Items.IsText() && yamltree.Resolve(item).Tag != "!!str" }
	if node.Kind != yaml.SequenceNode || slices.ContainsFunc(node.Content, isOther) {
		if f.Items.IsText() {
			return formError(node, path, "want a list of texts; write [TEXT, TEXT], or each TEXT on a line after -")
		}
		return formError(node, path, "want a list, got %s; %s", kindOf(node), f.Write)
	}
	for i, item := range node.Content {
		if f.Items.check(item, "") != nil { // only an error needs the path: aliases can make many items of a small file
			return f.Items.check(item, fmt.Sprintf("%s[%d]", path, i))
		}
	}
	return nil
}

// checkValues does not add a name to the path: it can be long, and the rule that it names may be unknown.
func (f *Form) checkValues(node *yaml.Node, path string) error {
	if node.Kind != yaml.MappingNode {
		return formError(node, path, "want a mapping, got %s; %s", kindOf(node), f.Write)
	}
	for _, value := range yamltree.Pairs(node) {
		if err := f.Values.check(value, path); err != nil {
			return err
		}
	}
	return nil
}

func (f *Form) checkKeys(node *yaml.Node, path string) error {
	if node.Kind != yaml.MappingNode {
		return formError(node, path, "want a mapping, got %s; %s has the keys %s", kindOf(node), f.Owner, strings.Join(f.names(), ", "))
	}
	for name := range yamltree.Pairs(node) {
		switch {
		case f.key(name.Value) == nil:
			return f.unknownKey(name)
		case hasOtherTag(name):
			return formError(name, path, "tags are not supported; remove the tag")
		}
	}
	for _, k := range f.Keys {
		value := yamltree.Lookup(node, k.Name)
		absent := value == nil || k.Required != "" && (isNull(value) || value.Kind == yaml.SequenceNode && len(value.Content) < k.Form.AtLeast)
		switch {
		case absent && k.Required != "":
			return formError(node, path, "%s", k.Required)
		case value == nil, f.Nullable && isNull(value):
			continue
		}
		if err := k.Form.check(value, join(path, k.Name)); err != nil {
			return err
		}
	}
	if f.OneOf != nil && !slices.ContainsFunc(f.OneOf, func(name string) bool { return yamltree.Lookup(node, name) != nil }) {
		return formError(node, path, "none of %s; add one of them", strings.Join(f.OneOf, ", "))
	}
	return nil
}

// names returns the keys of a mapping, sorted.
func (f *Form) names() (names []string) {
	for _, k := range f.Keys {
		names = append(names, k.Name)
	}
	slices.Sort(names)
	return names
}

func (f *Form) key(name string) *Key {
	for i := range f.Keys {
		if f.Keys[i].Name == name {
			return &f.Keys[i]
		}
	}
	return nil
}

func (f *Form) unknownKey(key *yaml.Node) error {
	hint := suggest.Hint(key.Value, f.names(), "the keys are "+strings.Join(f.names(), ", "))
	letters := strings.ToLower(withoutSeparators.Replace(key.Value))
	for _, k := range f.Keys {
		if slices.Contains(k.Others, letters) {
			hint = suggest.DidYouMean(k.Name)
		}
	}
	return ErrorAt(key, "%s; %s", f.shownKey(key, "unknown key "), hint)
}

var withoutSeparators = strings.NewReplacer("_", "", "-", "", ".", "")

// shownKey returns a key after a text, or the text alone if the key may be a secret.
func (f *Form) shownKey(key *yaml.Node, text string) string {
	if f.Secret {
		return strings.TrimSpace(text)
	}
	return text + redact.Name(key.Value)
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
