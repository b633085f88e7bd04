package drift

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/yamlpos"
	"github.com/atlasint/atlasint/internal/yamltree"
)

const (
	maxDepth = 200 // mappings and lists inside one another; Atlas's own document has about 20
	maxNodes = 2_000_000
	maxSigns = 2_000_000 // Atlas's own document has under 500,000
)

// documentError is the error of a document that can't be compared. Its text is one line and quotes no values.
type documentError struct {
	Line    int // from 1, 0 where no line is to blame
	Message string
}

func (e *documentError) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Message)
}

func fault(line int, format string, args ...any) error {
	return &documentError{line, redact.Line(fmt.Sprintf(format, args...))}
}

// parse parses JSON, which begins with a brace, or YAML, into a YAML tree. Its errors contain no text of the data,
// because you may name a file with secrets by mistake.
func parse(data []byte) (*yaml.Node, error) {
	var root *yaml.Node
	var err error
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if err := hasTooManyNodes(data); err != nil {
		return nil, err
	}
	switch start := bytes.TrimLeft(data, " \t\r\n"); {
	case len(start) == 0:
		return nil, fault(0, "the document is empty; use the official OpenAPI document of Atlas")
	case start[0] == '{':
		root, err = parseJSON(data)
	default:
		root, err = parseYAML(data)
	}
	if err != nil {
		return nil, err
	}
	if root.Kind != yaml.MappingNode {
		return nil, notOpenAPI()
	}
	return root, newTreeCheck().check(root)
}

func notOpenAPI() error {
	return fault(0, "not an OpenAPI 3 document with paths; use the official OpenAPI document of Atlas")
}

// hasTooManyNodes returns a [*documentError] for data that would need too much memory for its size, such as lists of
// empty lists. It counts separators, because each value follows one.
func hasTooManyNodes(data []byte) error {
	signs := 0
	for _, sign := range []byte(",[{:-\n") {
		signs += bytes.Count(data, []byte{sign})
	}
	if signs > maxSigns {
		return fault(0, "more than %d million values", maxSigns/1_000_000)
	}
	return nil
}

func parseJSON(data []byte) (*yaml.Node, error) {
	lines := jsonpos.NewLines(data)
	doc, err := jsonpos.Parse(data)
	if broken := (*jsonpos.SyntaxError)(nil); errors.As(err, &broken) {
		line, _ := lines.Position(broken.Start)
		return nil, fault(line, "not valid JSON: %s", broken.Message)
	}
	if err != nil {
		return nil, err
	}
	return fromJSON(&doc.Root, lines), nil
}

// fromJSON converts a JSON value to a YAML tree.
func fromJSON(v *jsonpos.Value, lines *jsonpos.Lines) *yaml.Node {
	line, _ := lines.Position(v.Start)
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: v.Text, Line: line}
	switch v.Kind {
	case jsonpos.Null:
		node.Tag, node.Value = "!!null", "null"
	case jsonpos.Array:
		node.Kind = yaml.SequenceNode
		for i := range v.Elements {
			node.Content = append(node.Content, fromJSON(&v.Elements[i], lines))
		}
	case jsonpos.Object:
		node.Kind = yaml.MappingNode
		for i := range v.Members {
			m := &v.Members[i]
			at, _ := lines.Position(m.NameStart)
			key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: m.Name, Line: at}
			node.Content = append(node.Content, key, fromJSON(&m.Value, lines))
		}
	}
	return node
}

func parseYAML(data []byte) (*yaml.Node, error) {
	var doc, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	err := decoder.Decode(&doc)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fault(yamlpos.ErrorLine(err), "neither JSON nor YAML; use the official OpenAPI document of Atlas")
	}
	switch err = decoder.Decode(&second); {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, fault(yamlpos.ErrorLine(err), "neither JSON nor YAML; use the official OpenAPI document of Atlas")
	case err == nil && !isEmptyDocument(&second):
		return nil, fault(second.Content[0].Line, "a second YAML document after the first; write each to a file of its own")
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return nil, fault(0, "the document is empty; use the official OpenAPI document of Atlas")
	}
	return yamltree.Resolve(doc.Content[0]), nil
}

// isEmptyDocument reports whether a document has no value, such as the one after a --- at the end.
func isEmptyDocument(doc *yaml.Node) bool {
	return len(doc.Content) == 0 || doc.Content[0].Kind == yaml.ScalarNode && doc.Content[0].Value == ""
}

// treeCheck checks a whole tree before aliases are followed: its size without aliases, and that its mappings have
// one reading.
type treeCheck struct {
	sizes map[*yaml.Node]int // of the targets of aliases
	open  map[*yaml.Node]bool
	names map[string]bool
}

func newTreeCheck() *treeCheck {
	return &treeCheck{map[*yaml.Node]int{}, map[*yaml.Node]bool{}, map[string]bool{}}
}

func (c *treeCheck) check(root *yaml.Node) error {
	_, err := c.size(root, 0)
	return err
}

func (c *treeCheck) size(node *yaml.Node, depth int) (int, error) {
	if node.Kind == yaml.AliasNode {
		return c.alias(node, depth)
	}
	if depth > maxDepth {
		return 0, fault(node.Line, "more than %d levels of mappings and lists", maxDepth)
	}
	if node.Anchor != "" {
		c.open[node] = true
		defer delete(c.open, node)
	}
	total := 1
	for _, child := range node.Content {
		n, err := c.size(child, depth+1)
		if err != nil {
			return 0, err
		}
		if total += n; total > maxNodes {
			return 0, fault(node.Line, "the document has more than %d values with its aliases expanded", maxNodes)
		}
	}
	if node.Anchor != "" {
		c.sizes[node] = total
	}
	return total, c.mapping(node)
}

func (c *treeCheck) alias(node *yaml.Node, depth int) (int, error) {
	if c.open[node.Alias] {
		return 0, fault(node.Line, "an alias is inside the value that it refers to")
	}
	if n, known := c.sizes[node.Alias]; known {
		return n, nil
	}
	return c.size(node.Alias, depth)
}

func (c *treeCheck) mapping(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return nil
	}
	clear(c.names)
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode:
			return fault(key.Line, "a name that is not a string")
		case key.Tag == "!!merge":
			return fault(key.Line, "a merge key (<<); write its members in full")
		case c.names[key.Value]:
			return fault(key.Line, "the name %s occurs twice in one mapping", redact.Name(key.Value))
		}
		c.names[key.Value] = true
	}
	return nil
}
