package yamltree

import (
	"fmt"
	"math"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/ordered"
)

// JSON returns a node as a value that encoding/json can write. Objects are [ordered.Object], in document order.
func JSON(node *yaml.Node) (any, error) {
	node = Resolve(node)
	switch node.Kind {
	case yaml.MappingNode:
		o := ordered.Object{}
		for key, value := range Members(node) {
			v, err := JSON(value)
			if err != nil {
				return nil, err
			}
			o = append(o, ordered.Member{Name: key, Value: v})
		}
		return o, nil
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range node.Content {
			v, err := JSON(item)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	default:
		return scalar(node)
	}
}

func scalar(node *yaml.Node) (any, error) {
	if node.ShortTag() == "!!timestamp" { // JSON has no dates
		return node.Value, nil
	}
	var v any
	if err := node.Decode(&v); err != nil {
		return nil, fmt.Errorf("line %d: %w", node.Line, err)
	}
	if f, ok := v.(float64); ok && (math.IsInf(f, 0) || math.IsNaN(f)) {
		return nil, fmt.Errorf("line %d: JSON has no number %s", node.Line, node.Value)
	}
	return v, nil
}
