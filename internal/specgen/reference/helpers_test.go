package reference_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/specgen/reference"
	"github.com/atlasint/atlasint/openapi"
	"github.com/atlasint/atlasint/validate"
)

// load returns the documents of the module.
func load() (reference.Sources, error) {
	control, err := reference.Control(os.DirFS("../../.."))
	return reference.Sources{
		V2: openapi.V2().Document, V1: openapi.V1().Document, Companions: openapi.Companions(), Control: control, Rules: validate.Rules(),
	}, err
}

func sources(t *testing.T) reference.Sources {
	t.Helper()
	src, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// generateOnce generates the files of the module's documents.
var generateOnce = sync.OnceValues(func() (map[string][]byte, error) {
	src, err := load()
	if err != nil {
		return nil, err
	}
	return reference.Generate(src)
})

// files returns the files of the module's documents. Don't change them.
func files(t *testing.T) map[string][]byte {
	t.Helper()
	all, err := generateOnce()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// node is an element of a page.
type node struct {
	name       string
	attributes map[string]string
	children   []*node
	text       string           // of the element and all in it
	byID       map[string]*node // of a page
}

// parsePage parses a page as XML, which reports what an HTML parser would repair.
func parsePage(name string, data []byte) (*node, error) {
	dec := xml.NewDecoder(strings.NewReader(string(data)))
	root := &node{name: name, byID: map[string]*node{}}
	open := []*node{root}
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		last := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			child := &node{name: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				child.attributes[a.Name.Local] = a.Value
			}
			root.byID[child.attributes["id"]] = child
			last.children = append(last.children, child)
			open = append(open, child)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			for _, n := range open {
				n.text += string(token)
			}
		}
	}
}

// parsePages parses all pages.
func parsePages(files map[string][]byte) (map[string]*node, error) {
	parsed := map[string]*node{}
	for name, data := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		root, err := parsePage(name, data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		parsed[name] = root
	}
	return parsed, nil
}

var parseOnce = sync.OnceValues(func() (map[string]*node, error) {
	files, err := generateOnce()
	if err != nil {
		return nil, err
	}
	return parsePages(files)
})

// modulePages returns the parsed pages of [files].
func modulePages(t *testing.T) map[string]*node {
	t.Helper()
	parsed, err := parseOnce()
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// each calls visit for all elements.
func (n *node) each(visit func(*node)) {
	for _, child := range n.children {
		visit(child)
		child.each(visit)
	}
}

// find returns the element of a page with an id, nil if there is none.
func (n *node) find(id string) *node { return n.byID[id] }

// decode reads a document into maps, without the packages that the generator uses.
func decode(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// member follows a path of members; it returns an empty map if one is missing.
func member(doc map[string]any, path ...string) map[string]any {
	for _, name := range path {
		doc, _ = doc[name].(map[string]any)
	}
	return doc
}
