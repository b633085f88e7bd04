package editor

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/ordered"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/yamlpos"
)

// InFormat returns a JSON document, such as a payload, in the format that the name of its file has: YAML, one
// line of NDJSON, or the document itself.
func InFormat(file string, payload []byte) ([]byte, error) {
	extension := strings.ToLower(filepath.Ext(file))
	switch {
	case yamlpos.IsName(file):
		return yamlOf(payload)
	case extension == ".ndjson" || extension == ".jsonl":
		return onOneLine(payload)
	}
	return payload, nil
}

// isFileName reports whether a path has the extension of a payload file.
func isFileName(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".json", ".ndjson", ".jsonl", ".yaml", ".yml":
		return true
	}
	return false
}

func onOneLine(payload []byte) ([]byte, error) {
	var line bytes.Buffer
	err := json.Compact(&line, payload)
	line.WriteByte('\n')
	return line.Bytes(), err
}

// yamlOf returns a payload in block style. Its texts are in double quotes, where the escapes of JSON are valid too: the
// file may be printed later.
func yamlOf(payload []byte) ([]byte, error) {
	value, err := ordered.Parse(payload)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(redact.NewWriter(&out, redact.EscapeJSON))
	encoder.SetIndent(2)
	err = errors.Join(encoder.Encode(nodeOf(value)), encoder.Close())
	return redact.UnprintableInYAML(out.Bytes()), err
}

// nodeOf returns a value of [ordered.Parse] as YAML.
func nodeOf(value any) *yaml.Node {
	switch v := value.(type) {
	case ordered.Object:
		node := &yaml.Node{Kind: yaml.MappingNode}
		for _, m := range v {
			node.Content = append(node.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: m.Name}, nodeOf(m.Value))
		}
		return node
	case []any:
		node := &yaml.Node{Kind: yaml.SequenceNode}
		for _, element := range v {
			node.Content = append(node.Content, nodeOf(element))
		}
		return node
	case string:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: v}
	case nil:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: "null"}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(value)} // a number or a boolean
}
