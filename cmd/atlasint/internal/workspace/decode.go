package workspace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/yamlpos"
	"github.com/atlasint/atlasint/internal/yamltree"
)

// decode reads the YAML document of a configuration file.
func (c *Config) decode(data []byte) error {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark)) // of editors on Windows
	if fault := yamlpos.TextFault(data); fault != nil {
		return faultIn(data, fault)
	}
	root, err := onlyDocument(data)
	if root == nil || err != nil {
		return err
	}
	if err := checkMappings(root); err != nil {
		return err
	}
	if isNull(root) {
		return nil
	}
	if err := configForm().check(root, ""); err != nil {
		return err
	}
	if err := root.Decode(c); err != nil {
		return yamlError(err, "a value of the wrong type; compare it with atlasint help configuration")
	}
	c.extendsAt = yamltree.Lookup(root, "extends")
	var wrong *valueError
	if err := c.check(); errors.As(err, &wrong) {
		return errorAt(wrong.node(root), "%v", wrong)
	} else if err != nil {
		return err
	}
	c.locateSchemas(root)
	return nil
}

// onlyDocument returns the root of the only YAML document, nil if there is none. Settings of another document would
// have no effect.
func onlyDocument(data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, syntaxError(data, err)
	}
	switch err := dec.Decode(&second); {
	case err == nil:
		return nil, errorAt(&second, "a second YAML document; a configuration is one document")
	case !errors.Is(err, io.EOF):
		return nil, syntaxError(data, err)
	}
	return doc.Content[0], nil
}

// syntaxError returns an error of the YAML syntax with its place. The text is not that of the library.
func syntaxError(data []byte, err error) error {
	var fault *jsonpos.SyntaxError
	if _, parsed := yamlpos.ParseOne(data); errors.As(parsed, &fault) {
		return faultIn(data, fault)
	}
	return yamlError(err, "not valid YAML; check the indentation (without tabs), quotes and brackets")
}

// faultIn returns a fault in data as an error with its place.
func faultIn(data []byte, fault *jsonpos.SyntaxError) error {
	before := data[:fault.Start]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return &placeError{bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(line) + 1, fault.Message + "; " + fault.Hint}
}

// yamlError returns a text with the line of an error of the YAML library.
func yamlError(err error, text string) error {
	if line := yamlpos.ErrorLine(err); line > 0 {
		return &placeError{line: line, text: text}
	}
	return errors.New(text)
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

// keyOf returns the node of a key itself, nil if there is none.
func keyOf(node *yaml.Node, key string) *yaml.Node {
	for name := range yamltree.Pairs(node) {
		if name.Value == key {
			return name
		}
	}
	return nil
}
