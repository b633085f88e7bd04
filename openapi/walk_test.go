package openapi_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// example is one value that a document shows, and the schema it is an example of.
type example struct {
	name    string // the component's name, or empty
	at      string // JSON pointer of its use
	schema  string // JSON pointer
	value   any
	request bool // shown as the body of a request
}

// walker reads a document from its operations on, along the references, and so meets only what some
// request or response uses.
type walker struct {
	t     *testing.T
	doc   document
	seen  map[string]bool
	found []example
}

func examples(t *testing.T, doc document) []example {
	t.Helper()
	w := &walker{t: t, doc: doc, seen: map[string]bool{}}
	w.walk("/paths", doc.root["paths"])
	return w.found
}

func (w *walker) walk(pointer string, node any) {
	if to := target(node); to != "" {
		w.follow(pointer, to)
		return
	}
	switch node := node.(type) {
	case []any:
		for i, item := range node {
			w.walk(join(pointer, strconv.Itoa(i)), item)
		}
	case map[string]any:
		w.collect(pointer, node)
		for _, key := range sortedKeys(node) {
			if !isValue(key) {
				w.walk(join(pointer, key), node[key])
			}
		}
	}
}

// isValue has the members that contain values and no further parts of the document.
func isValue(key string) bool {
	return slices.Contains([]string{"example", "examples", "default", "const", "enum", "mapping"}, key) ||
		strings.HasPrefix(key, "x-")
}

func (w *walker) follow(from, to string) {
	if w.seen[to] {
		return
	}
	w.seen[to] = true
	node := w.doc.at(to)
	if node == nil {
		w.t.Errorf("%s %s points at %s, where nothing is", w.doc.apiVersion, from, to)
		return
	}
	w.walk(to, node)
}

// collect adds the examples of a media type or parameter (a map next to a schema) and those of a schema
// (a list inside it).
func (w *walker) collect(pointer string, node map[string]any) {
	if list, ok := node["examples"].([]any); ok {
		for i, value := range list {
			w.add(example{at: join(pointer+"/examples", strconv.Itoa(i)), schema: pointer, value: value})
		}
	}
	schema, ok := node["schema"]
	if !ok {
		return
	}
	schemaAt := target(schema)
	if schemaAt == "" {
		schemaAt = pointer + "/schema"
	}
	if value, ok := node["example"]; ok {
		w.add(example{at: pointer + "/example", schema: schemaAt, value: value})
	}
	named, _ := node["examples"].(map[string]any)
	for _, key := range sortedKeys(named) {
		w.add(w.named(example{at: join(pointer+"/examples", key), schema: schemaAt}, named[key]))
	}
}

// named fills in an example of an examples map, written there or referred to.
func (w *walker) named(ex example, node any) example {
	if to := target(node); to != "" {
		ex.name = strings.TrimPrefix(to, "/components/examples/")
		node = w.doc.at(to)
	}
	object, ok := node.(map[string]any)
	if !ok {
		w.t.Errorf("%s %s is no example object", w.doc.apiVersion, ex.at)
		return ex
	}
	ex.value = object["value"]
	return ex
}

func (w *walker) add(ex example) {
	ex.request = strings.Contains(ex.at, "/requestBod")
	w.found = append(w.found, ex)
}
