package workspace

import (
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
		return yamlError(err, "no valid YAML")
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
		return yamlError(err, "a key that occurs twice, or a value that its key does not take")
	}
	return c.check()
}

// yamlError returns an error of the YAML library for the user. The texts of the library quote anchors, tags, keys and
// values of any length: a text with a quotation is replaced by otherwise.
func yamlError(err error, otherwise string) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	text = strings.TrimSpace(strings.TrimPrefix(text, "unmarshal errors:"))
	if strings.ContainsAny(text, "'`\"!") || len(text) > 100 {
		var line int
		if _, err := fmt.Sscanf(text, "line %d:", &line); err != nil {
			return errors.New(otherwise)
		}
		return fmt.Errorf("line %d: %s", line, otherwise)
	}
	return errors.New(text)
}

// configKeys are the keys of a configuration file, overrideKeys those of an override.
var (
	configKeys   = []string{"api", "baseURL", "exclude", "groupId", "overrides", "rules", "schemas"}
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
	if rules := valueOf(root, "rules"); rules != nil && rules.Kind != yaml.MappingNode && rules.Tag != "!!null" {
		return fmt.Errorf("line %d: rules: want a mapping from rules to severities", rules.Line)
	}
	if list := valueOf(root, "overrides"); list != nil && list.Kind != yaml.SequenceNode && list.Tag != "!!null" {
		return fmt.Errorf("line %d: overrides: want a list", list.Line)
	}
	return errors.Join(checkSchemaForms(root), checkList(root, "exclude"))
}

func checkOverrides(list *yaml.Node) error {
	if list == nil {
		return nil
	}
	for _, item := range list.Content {
		if err := checkKeys(item, "an override", overrideKeys); err != nil {
			return err
		}
		if err := errors.Join(checkScalar(item, "api"), checkList(item, "paths"), checkSchemaForms(item)); err != nil {
			return err
		}
	}
	return nil
}

func checkScalar(node *yaml.Node, key string) error {
	if value := valueOf(node, key); value != nil && value.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: %s: want a text", value.Line, key)
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
		return fmt.Errorf("line %d: %s: want a list of texts", list.Line, key)
	}
	return nil
}

// resolved returns the node that an alias refers to, or the node itself if it is no alias.
func resolved(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// checkKeys returns an error unless a node is a mapping with known keys only.
func checkKeys(node *yaml.Node, what string, known []string) error {
	if node = resolved(node); node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: %s is a mapping with the keys %s", node.Line, what, strings.Join(known, ", "))
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
		return fmt.Errorf("line %d: unknown key %s; did you mean %s?", key.Line, redact.Name(key.Value), near)
	}
	return fmt.Errorf("line %d: unknown key %s; the keys are %s", key.Line, redact.Name(key.Value), strings.Join(known, ", "))
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
		return fmt.Errorf("line %d: a mapping with more than %d keys", node.Line, maxKeys)
	}
	seen := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i]
		if key.Kind == yaml.ScalarNode && seen[key.Value] {
			return fmt.Errorf("line %d: the key %s occurs twice; keep one of them", key.Line, redact.Name(key.Value))
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
