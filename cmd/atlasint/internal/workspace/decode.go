package workspace

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/yamlform"
	"github.com/atlasint/atlasint/internal/yamltree"
)

// decode reads the YAML document of a configuration file. The errors of an indirect one have no text of it until all of
// its keys are known: it may be any file, such as one with keys or passwords.
func (c *Config) decode(data []byte, isIndirect bool) error {
	form := *configForm()
	form.Secret = isIndirect
	root, err := form.Parse(data)
	if root == nil || err != nil {
		return err
	}
	if err := root.Decode(c); err != nil {
		return yamlform.LibraryError(err, "a value of the wrong type; compare it with atlasint help configuration")
	}
	c.extendsAt = yamltree.Lookup(root, "extends")
	var wrong *valueError
	if err := c.check(); errors.As(err, &wrong) {
		return yamlform.ErrorAt(wrong.node(root), "%w", wrong)
	} else if err != nil {
		return err
	}
	c.locateSchemas(root)
	return nil
}

// valueError is an error of a value. The path has keys, and indexes such as "[1]".
type valueError struct {
	path []string
	text string
}

// ofRule reports whether the error is about the name of a rule, the last key of the path.
func (e *valueError) ofRule() bool {
	last := len(e.path) - 1
	return last > 0 && e.path[last-1] == "rules"
}

// Error returns PATH: TEXT, such as overrides[1].api: unknown API version. It does not show a rule, which text names.
func (e *valueError) Error() string {
	path := e.path
	if e.ofRule() {
		path = path[:len(path)-1]
	}
	return strings.ReplaceAll(strings.Join(path, "."), ".[", "[") + ": " + e.text
}

// node returns the value, or the nearest one above it that the file contains; for a rule, its name.
func (e *valueError) node(root *yaml.Node) *yaml.Node {
	node := yamltree.Resolve(root)
	for i, key := range e.path {
		if name := keyOf(node, key); name != nil && e.ofRule() && i == len(e.path)-1 {
			return name
		}
		next := yamltree.Lookup(node, key)
		var i int
		if _, err := fmt.Sscanf(key, "[%d]", &i); err == nil && i < len(yamltree.Elements(node)) {
			next = yamltree.Elements(node)[i]
		}
		if next == nil {
			return node
		}
		node = next
	}
	return node
}

func wrongValue(text string, path ...string) error { return &valueError{path, text} }

// maxOverrides is the number of overrides of all files together. Each payload file is matched against all of them.
const maxOverrides = 1000

// keyOf returns the node of a key itself, nil if there is none.
func keyOf(node *yaml.Node, key string) *yaml.Node {
	for name := range yamltree.Pairs(node) {
		if name.Value == key {
			return name
		}
	}
	return nil
}
