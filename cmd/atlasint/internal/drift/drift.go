// Package drift tells where an official OpenAPI document of Atlas and ours differ in what they say of
// third-party integrations: the operations, the types and their fields, word for word but for the prose.
//
// [Compare] gives the differences as values; those that the ledger of package openapi explains have a
// reason. Nothing is read but the bytes it is given: a reference that leads out of a document is refused.
package drift

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
	"github.com/atlasint/atlasint/openapi"
)

// The generations of the API, by their names in paths.
const (
	V1 = "v1.0"
	V2 = "v2"
)

// Difference is one statement that the two documents do not share.
type Difference struct {
	API       string `json:"api"`
	Kind      string `json:"kind"`      // of thing: operation, parameter, answer, type, field and so on
	Subject   string `json:"subject"`   // the thing itself, such as DATADOG.region
	Attribute string `json:"attribute"` // what is said of it; exists says that it is there at all
	Official  string `json:"official"`  // what the official document says, none where it says nothing
	Ours      string `json:"ours"`
	In        string `json:"in,omitempty"`     // where, if not everywhere: in requests, in answers, in a version
	Line      int    `json:"line,omitempty"`   // of the official document; 0 for what is in ours only
	Reason    string `json:"reason,omitempty"` // why ours differs on purpose; "" where nobody has said so
	Message   string `json:"message"`          // all of it but the reason, in one line for people

	path  []string
	whole bool   // the values are whole lists, not one of theirs
	note  string // the evidence that our document names beside its own statement
}

// Result is what came of comparing one document.
type Result struct {
	API         string
	Partial     string       // what alone was compared, "" for all of it
	Differences []Difference // in the order of their subjects, the explained ones among them

	// Unused are the lines of the ledger that explain nothing in a document which has all operations of
	// ours. Atlas may have come round to what we say, and then the line can go.
	Unused []Unused
}

// Unused is a line of the ledger, by its number and by what stands before its reason.
type Unused struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

// Unexplained counts the differences without a reason.
func (r *Result) Unexplained() int {
	n := 0
	for _, d := range r.Differences {
		if d.Reason == "" {
			n++
		}
	}
	return n
}

// Generation tells which generation of the API a document describes, by its paths or by the servers that
// they begin with. Where it describes both that is v2, and "" where nothing says.
func (d *Document) Generation() string {
	found := ""
	for path := range yamltree.Pairs(yamltree.Lookup(d.root, "paths")) {
		if api, _, ok := integrationPath(path.Value); ok && (found == "" || api == V2) {
			found = api
		}
	}
	for _, server := range yamltree.Elements(yamltree.Lookup(d.root, "servers")) {
		if found == "" {
			found = generation(strings.TrimSuffix(yamltree.Text(server, "url"), "/"))
		}
	}
	return found
}

// generation is the one at the end of the beginning of a path or URL.
func generation(before string) string {
	for _, api := range []string{V2, V1} {
		if strings.HasSuffix(before, "/"+api) {
			return api
		}
	}
	return ""
}

// Compare holds an official document against ours of that generation, V1 or V2. An error is a [*Fault] of
// the official document. It changes neither document, and calls may run at the same time.
func (d *Document) Compare(api string) (*Result, error) {
	official, err := d.read(api)
	if err != nil {
		return nil, err
	}
	doc, err := Parse(ourDocument(api))
	if err != nil {
		return nil, err
	}
	ours, err := doc.read(api)
	if err != nil {
		return nil, err
	}
	ledger, err := ReadLedger(openapi.Ledger())
	if err != nil {
		return nil, err
	}
	result := &Result{API: api, Differences: compare(api, official, ours)}
	if official.flat {
		result.Partial, result.Differences = Partial, withoutLost(result.Differences)
	}
	result.explain(ledger, official.has(ours) && !official.flat)
	return result, nil
}

func ourDocument(api string) []byte {
	if api == V1 {
		return openapi.V1().Document
	}
	return openapi.V2().Document
}

// Document is an OpenAPI document that was read whole, and not yet understood.
type Document struct{ root *yaml.Node }

// Parse reads an OpenAPI 3 document, JSON or YAML. An error is a [*Fault].
func Parse(data []byte) (*Document, error) {
	root, err := parse(data)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(yamltree.Text(root, "openapi"), "3.") || yamltree.Lookup(root, "paths") == nil {
		return nil, notOpenAPI()
	}
	return &Document{root}, nil
}

func (d *Document) read(api string) (*reader, error) {
	r := &reader{root: d.root, refs: map[string]*yaml.Node{}}
	r.paths(api)
	switch {
	case r.err != nil:
		return nil, r.err
	case !r.operations.has("operation"):
		return nil, fault(0, "no path of %s ends in /groups/{groupId}/integrations; name Atlas's own description", api)
	case len(r.views) == 0:
		return nil, fault(0, "the operations on integrations hold no integration: their bodies have no schema that tells types apart by the field type")
	}
	r.nameTypes()
	return r, nil
}
