package workspace

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
)

// decode reads the YAML document of a configuration file.
func (c *Config) decode(data []byte) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return yamlError(err, "not valid YAML; check the indentation (without tabs), quotes and brackets")
	}
	if len(doc.Content) == 0 {
		return nil
	}
	root := doc.Content[0]
	if err := checkMappings(root); err != nil {
		return err
	}
	if err := checkForms(root); err != nil {
		return err
	}
	if err := root.Decode(c); err != nil {
		return yamlError(err, "a value of the wrong type; compare it with atlasint help configuration")
	}
	var wrong *valueError
	if err := c.check(); errors.As(err, &wrong) {
		return errorAt(wrong.node(root), "%v", wrong)
	} else if err != nil {
		return err
	}
	return nil
}

// yamlError returns a text with the line of an error of the YAML library, whose own texts quote parts of the file.
func yamlError(err error, text string) error {
	whole := strings.TrimPrefix(err.Error(), "yaml: ")
	whole = strings.TrimSpace(strings.TrimPrefix(whole, "unmarshal errors:"))
	p := &placeError{text: text}
	if _, err := fmt.Sscanf(whole, "line %d:", &p.line); err != nil {
		return errors.New(text)
	}
	return p
}

// placeError is an error with its place in the configuration file.
type placeError struct {
	line, column int // from 1; column is 0 if it is unknown
	text         string
}

// Error returns LINE:COLUMN: TEXT.
func (e *placeError) Error() string {
	if e.column == 0 {
		return fmt.Sprintf("%d: %s", e.line, e.text)
	}
	return fmt.Sprintf("%d:%d: %s", e.line, e.column, e.text)
}

func errorAt(node *yaml.Node, format string, args ...any) error {
	return &placeError{node.Line, node.Column, fmt.Sprintf(format, args...)}
}

// valueError is an error of a value. The path has keys, and indexes such as "[1]".
type valueError struct {
	path []string
	text string
}

// Error returns PATH: TEXT, such as overrides[1].api: unknown API version. It does not show a rule, which text names.
func (e *valueError) Error() string {
	path := e.path
	if path[0] == "rules" {
		path = path[:1]
	}
	return strings.ReplaceAll(strings.Join(path, "."), ".[", "[") + ": " + e.text
}

// node returns the value, or the nearest one above it that the file contains.
func (e *valueError) node(root *yaml.Node) *yaml.Node {
	node := resolved(root)
	for _, key := range e.path {
		next := valueOf(node, key)
		var i int
		if _, err := fmt.Sscanf(key, "[%d]", &i); err == nil && i < len(node.Content) {
			next = resolved(node.Content[i])
		}
		if next == nil {
			return node
		}
		node = next
	}
	return node
}

func wrongValue(text string, path ...string) error { return &valueError{path, text} }

// configKeys are the keys of a configuration file, overrideKeys those of an override.
var (
	configKeys   = []string{"api", "baseURL", "exclude", "groupId", "overrides", "rules", "schemas", "yaml"}
	overrideKeys = []string{"api", "paths", "schemas"}
)

// checkForms returns an error for an unknown key, and for a value of another form than its key accepts.
func checkForms(root *yaml.Node) error {
	if err := checkKeys(root, "the configuration", configKeys); err != nil {
		return err
	}
	if err := checkOverrides(valueOf(root, "overrides")); err != nil {
		return err
	}
	for _, key := range []string{"api", "baseURL", "groupId"} {
		if err := checkScalar(root, key); err != nil {
			return err
		}
	}
	if err := checkRuleForms(valueOf(root, "rules")); err != nil {
		return err
	}
	if list := valueOf(root, "overrides"); list != nil && list.Kind != yaml.SequenceNode && list.Tag != "!!null" {
		return errorAt(list, "overrides: want a list, got %s; begin each override with - paths:", kindOf(list))
	}
	return cmp.Or(checkSchemaForms(root), checkList(root, "exclude"), checkBool(root, "yaml"))
}

// checkBool returns an error unless a key is absent, true or false. The decoder would also accept the booleans of YAML 1.1.
func checkBool(node *yaml.Node, key string) error {
	if value := valueOf(node, key); value != nil && value.Tag != "!!bool" && value.Tag != "!!null" {
		return errorAt(value, "%s: want true or false, got %s", key, kindOf(value))
	}
	return nil
}

// checkRuleForms returns an error unless rules is absent or a mapping from rules to severities.
func checkRuleForms(rules *yaml.Node) error {
	if rules == nil || rules.Tag == "!!null" {
		return nil
	}
	if rules.Kind != yaml.MappingNode {
		return errorAt(rules, "rules: want a mapping, got %s; write RULE: SEVERITY, such as url: warning", kindOf(rules))
	}
	for i := 1; i < len(rules.Content); i += 2 {
		if value := resolved(rules.Content[i]); value.Kind != yaml.ScalarNode {
			return errorAt(value, "rules: want a severity, got %s; use error, warning or off", kindOf(value))
		}
	}
	return nil
}

// kindOf returns the kind of a value for a message.
func kindOf(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.MappingNode:
		return "a mapping"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	case node.Tag == "!!null":
		return "no value"
	}
	return "a text"
}

func checkOverrides(list *yaml.Node) error {
	if list == nil {
		return nil
	}
	for _, item := range list.Content {
		if err := checkKeys(item, "an override", overrideKeys); err != nil {
			return err
		}
		if err := cmp.Or(checkScalar(item, "api"), checkList(item, "paths"), checkSchemaForms(item)); err != nil {
			return err
		}
	}
	return nil
}

func checkScalar(node *yaml.Node, key string) error {
	if value := valueOf(node, key); value != nil && value.Kind != yaml.ScalarNode {
		return errorAt(value, "%s: want a text, got %s", key, kindOf(value))
	}
	return nil
}

func checkList(node *yaml.Node, key string) error {
	list := valueOf(node, key)
	if list == nil || list.Tag == "!!null" {
		return nil
	}
	isOther := func(item *yaml.Node) bool { return resolved(item).Kind != yaml.ScalarNode }
	if list.Kind != yaml.SequenceNode || slices.ContainsFunc(list.Content, isOther) {
		return errorAt(list, "%s: want a list of texts; write [TEXT, TEXT], or each TEXT on a line after -", key)
	}
	return nil
}

// resolved returns the node that an alias refers to, or the node itself if it is not an alias.
func resolved(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// checkKeys returns an error unless a node is a mapping with known keys only.
func checkKeys(node *yaml.Node, what string, known []string) error {
	if node = resolved(node); node.Kind != yaml.MappingNode {
		return errorAt(node, "want a mapping, got %s; %s has the keys %s", kindOf(node), what, strings.Join(known, ", "))
	}
	for i := 0; i < len(node.Content); i += 2 {
		if key := node.Content[i]; !slices.Contains(known, key.Value) {
			return unknownKey(key, known)
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

// maxKeys is the number of keys that a mapping may have.
const maxKeys = 1000

// checkMappings returns an error for a mapping with too many keys or a repeated key, at any depth. The decoder would
// compare each key with all others, and list each pair of equal ones.
func checkMappings(node *yaml.Node) error {
	if node.Kind == yaml.MappingNode {
		if err := checkMapping(node); err != nil {
			return err
		}
	}
	for _, child := range node.Content {
		if err := checkMappings(child); err != nil {
			return err
		}
	}
	return nil
}

func checkMapping(node *yaml.Node) error {
	if len(node.Content)/2 > maxKeys {
		return errorAt(node, "a mapping with more than %d keys", maxKeys)
	}
	seen := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i]
		if key.Kind == yaml.ScalarNode && seen[key.Value] {
			return errorAt(key, "the key %s occurs twice; keep one of them", redact.Name(key.Value))
		}
		seen[key.Value] = true
	}
	return nil
}

// valueOf returns the value of a key, nil if there is none.
func valueOf(node *yaml.Node, key string) *yaml.Node {
	node = resolved(node)
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return resolved(node.Content[i+1])
		}
	}
	return nil
}
