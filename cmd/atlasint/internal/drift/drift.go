// Package drift compares an official OpenAPI document of Atlas with ours. It compares the operations, the types and the
// fields of third-party integrations, and ignores descriptions and other prose.
//
// [Options.Compare] reports the differences. A difference that the ledger of package openapi explains has a reason.
// The package reads no files and sends no requests: a reference to another document is an error.
package drift

import (
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
	"github.com/atlasint/atlasint/openapi"
)

// The API versions, as paths name them.
const (
	v1 = "v1.0"
	v2 = "v2"
)

// Difference is a value that differs between the two documents.
type Difference struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`      // of thing: operation, parameter, response, type, field and so on
	Subject    string `json:"subject"`   // the thing itself, such as DATADOG.region
	Attribute  string `json:"attribute"` // of the subject; "exists" means that one document lacks the subject
	Official   string `json:"official"`  // the value in the official document, or "none"
	Ours       string `json:"ours"`
	In         string `json:"in,omitempty"`     // where, if not everywhere: in requests, in responses, in a version
	Line       int    `json:"line,omitempty"`   // in the official document; 0 if only ours has it
	Reason     string `json:"reason,omitempty"` // why ours differs on purpose; "" if the ledger has no reason
	Message    string `json:"message"`          // all of it but the reason, in one line for people

	path  []string
	whole bool   // the values are whole lists, not one of theirs
	note  string // the evidence in our document for its own statement
}

// Result is the result of comparing one document.
type Result struct {
	APIVersion  string
	Partial     string       // the only part that was compared, "" for all of it
	Differences []Difference // in the order of their subjects, the explained ones among them

	// Unused are the lines of the ledger that explain nothing in a document which has all operations of ours. Atlas may
	// have adopted our form. Then the line can be deleted.
	Unused []Unused
}

// Unused is a line of the ledger: its number, and its text without the reason.
type Unused struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

// Unexplained returns the number of differences without a reason.
func (r *Result) Unexplained() int {
	n := 0
	for _, d := range r.Differences {
		if d.Reason == "" {
			n++
		}
	}
	return n
}

// APIVersion returns the API version that the document describes, V1 or V2, according to its paths and the URLs of its
// servers. It returns V2 if the document describes both, and "" if neither paths nor URLs name an API version.
func (d *document) APIVersion() string {
	found := ""
	for path := range yamltree.Pairs(yamltree.Lookup(d.root, "paths")) {
		if api, _, ok := integrationPath(path.Value); ok && (found == "" || api == v2) {
			found = api
		}
	}
	for _, server := range yamltree.Elements(yamltree.Lookup(d.root, "servers")) {
		if found == "" {
			found = apiVersionSuffix(strings.TrimSuffix(yamltree.Text(server, "url"), "/"))
		}
	}
	return found
}

// apiVersionSuffix returns the API version at the end of a URL or of the first part of a path, or "" if there is none.
func apiVersionSuffix(before string) string {
	for _, api := range []string{v2, v1} {
		if strings.HasSuffix(before, "/"+api) {
			return api
		}
	}
	return ""
}

// Compare compares an official document with ours for an API version, v1 or v2. An error is a [*documentError] of
// the official document. Compare changes neither document, and is safe for concurrent use.
func (d *document) Compare(api string) (*Result, error) {
	official, err := d.read(api)
	if err != nil {
		return nil, err
	}
	doc, err := ourDocument(api)
	if err != nil {
		return nil, err
	}
	ours, err := doc.read(api)
	if err != nil {
		return nil, err
	}
	ledger, err := readLedger(openapi.V2().Ledger)
	if err != nil {
		return nil, err
	}
	result := &Result{APIVersion: api, Differences: compare(api, official, ours)}
	if official.flat {
		result.Partial, result.Differences = partialNote, withoutLost(result.Differences)
	}
	result.explain(ledger, official.has(ours) && !official.flat)
	return result, nil
}

// ourDocument returns our document for an API version, which is parsed on first use.
func ourDocument(api string) (*document, error) {
	if api == v1 {
		return ourV1()
	}
	return ourV2()
}

var (
	ourV1 = sync.OnceValues(func() (*document, error) { return parseDocument(openapi.V1().Document) })
	ourV2 = sync.OnceValues(func() (*document, error) { return parseDocument(openapi.V2().Document) })
)

// document is a parsed OpenAPI document that was not validated.
type document struct{ root *yaml.Node }

// parseDocument reads an OpenAPI 3 document, JSON or YAML. An error is a [*documentError].
func parseDocument(data []byte) (*document, error) {
	root, err := parse(data)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(yamltree.Text(root, "openapi"), "3.") || yamltree.Lookup(root, "paths") == nil {
		return nil, notOpenAPI()
	}
	return &document{root}, nil
}

func (d *document) read(api string) (*reader, error) {
	r := &reader{root: d.root, refs: map[string]*yaml.Node{}}
	r.paths(api)
	switch {
	case r.err != nil:
		return nil, r.err
	case !r.operations.has("operation"):
		return nil, fault(0, "no path of %s ends in /groups/{groupId}/integrations; use the official OpenAPI document of Atlas", api)
	case len(r.views) == 0:
		return nil, fault(0,
			"the operations on integrations have no schema with a discriminator for the field type; use the official OpenAPI document of Atlas")
	}
	r.nameTypes()
	return r, nil
}
