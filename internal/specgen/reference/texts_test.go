package reference_test

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// omitted are the keys whose values are no content: names that the pages show as links, and facts that all documents
// share.
var omitted = []string{
	"$ref", "openapi", "jsonSchemaDialect", "contact", "license", "scheme", "bearerFormat", "discriminator", "tags", "security", "authorizationUrl",
	"required", "readOnly", "writeOnly", "uniqueItems", "additionalProperties", "explode", "type",
}

// shownText are values that the pages show in words.
var shownText = map[string]string{
	"last4": "last four characters", "origin": "scheme and host", "host": "scheme and host", "all": "a star for each character",
	"omitted": "never show it",
}

// Every text and value of the documents is on the page of the document, on that of a type or on that of the errors.
func TestEveryTextAppears(t *testing.T) {
	parsed := modulePages(t)
	shared := ""
	for _, name := range slices.Sorted(maps.Keys(parsed)) {
		if strings.HasPrefix(name, "type-") || name == "errors.html" {
			shared += parsed[name].text
		}
	}
	for page, data := range documents(t) {
		text, count := normalize(parsed[page].text+shared), 0
		var root yaml.Node
		if err := yaml.Unmarshal(data, &root); err != nil {
			t.Fatal(err)
		}
		scalars(root.Content[0], nil, func(where []string, n *yaml.Node) {
			count++
			if page == "v1.html" && slices.Contains(where, "INVALID_FLOWDOCK_FLOW_NAME") {
				return // the page has the text of v2
			}
			want := n.Value
			if slices.Contains(where, "value") || slices.Contains(where, "default") {
				want = quoted(t, n)
			}
			if known := shownText[want]; known != "" && strings.HasPrefix(where[len(where)-1], "x-") {
				want = known
			}
			if !strings.Contains(text, normalize(want)) {
				t.Errorf("%s: line %d: no page shows %s: %q", page, n.Line, path.Join(where...), want)
			}
		})
		if count < 300 {
			t.Errorf("%s: %d values", page, count)
		}
	}
}

// quoted returns a value with the escapes of JSON.
func quoted(t *testing.T, n *yaml.Node) string {
	t.Helper()
	if n.Tag != "!!str" {
		return n.Value
	}
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(n.Value); err != nil {
		t.Fatal(err)
	}
	return strings.Trim(strings.TrimSpace(out.String()), `"`)
}

// normalize makes texts comparable: in lower case, without backticks and with single spaces.
func normalize(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(text, "`", "")), " "))
}

// named are the members whose names are content.
var named = []string{"x-aliases", "x-rejected-values", "x-rejected-types", "x-removed-fields", "x-caveats", "x-enum-descriptions", "properties"}

// scalars visits all scalars except those of omitted keys, and the names that are content.
func scalars(n *yaml.Node, where []string, visit func([]string, *yaml.Node)) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			inExample := slices.Contains(where, "value") || len(where) > 0 && where[len(where)-1] == "properties"
			if !inExample && slices.Contains(omitted, key) {
				continue
			}
			next := append(slices.Clone(where), key)
			if len(where) > 0 && slices.Contains(named, where[len(where)-1]) {
				visit(next, n.Content[i])
			}
			scalars(n.Content[i+1], next, visit)
		}
	case yaml.SequenceNode:
		for _, child := range n.Content {
			scalars(child, where, visit)
		}
	case yaml.ScalarNode:
		visit(where, n)
	}
}
