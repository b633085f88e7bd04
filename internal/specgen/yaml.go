package specgen

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

func parse(data []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	// A node keeps a key that occurs twice; a value rejects it.
	var value any
	if err := doc.Decode(&value); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, fmt.Errorf("the document is empty")
	}
	return doc.Content[0], nil
}

func values(node *yaml.Node) []string {
	list := make([]string, 0, len(node.Content))
	for _, item := range node.Content {
		list = append(list, item.Value)
	}
	return list
}

func pairs(node *yaml.Node) []pair {
	var list []pair
	for value, what := range yamltree.Members(node) {
		list = append(list, pair{value, what.Value})
	}
	return list
}

// kind reads a type keyword: one name, or one name and null.
func kind(node *yaml.Node) (name string, nullable bool, err error) {
	if node.Kind == yaml.ScalarNode {
		return node.Value, false, nil
	}
	for _, item := range node.Content {
		switch {
		case item.Value == "null":
			nullable = true
		case name != "":
			return "", false, fmt.Errorf("%s and %s: want one type, or one and null", name, item.Value)
		default:
			name = item.Value
		}
	}
	return name, nullable, nil
}

// wholeNumber reads a whole number.
func wholeNumber(node *yaml.Node) (int64, error) {
	if node != nil && node.Tag == "!!int" {
		if n, err := strconv.ParseInt(node.Value, 10, 64); err == nil {
			return n, nil
		}
	}
	return 0, errors.New("want a whole number in decimal, within 64 bits")
}

// count reads a number of things.
func count(node *yaml.Node) (int, error) {
	n, err := wholeNumber(node)
	if err == nil && (n < 0 || n > math.MaxInt32) {
		err = errors.New("want a number from 0 to 2147483647")
	}
	return int(n), err
}

// component follows a reference such as #/components/schemas/Datadog.
func component(schemas, ref *yaml.Node) (*yaml.Node, error) {
	name, ok := strings.CutPrefix(ref.Value, "#/components/schemas/")
	node := yamltree.Lookup(schemas, name)
	if !ok || node == nil {
		return nil, fmt.Errorf("line %d: %s has no target", ref.Line, ref.Value)
	}
	return node, nil
}

// example finds the request example of a type, by the name it has in the request body.
func example(root *yaml.Node, typeName string) *yaml.Node {
	content := yamltree.Lookup(root, "components", "requestBodies", "Payload", "content", "application/json")
	name := strings.TrimPrefix(yamltree.Text(content, "examples", typeName, "$ref"), "#/components/examples/")
	return yamltree.Lookup(root, "components", "examples", name, "value")
}

func oneOf(node *yaml.Node, allowed ...string) error {
	if slices.Contains(allowed, node.Value) {
		return nil
	}
	return fmt.Errorf("%q is none of %s", node.Value, strings.Join(allowed, ", "))
}

func unknown(node *yaml.Node, key string) error {
	return fmt.Errorf("line %d: the keyword %s is not supported in request schemas", node.Line, key)
}
