package validate

import (
	"fmt"
	"io"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/sent"
)

// Document is a parsed payload, valid or not. Its secrets are in the clear. It is safe for concurrent reads.
type Document struct {
	Type       string // the integration type, "" if the API version has no such type
	APIVersion string // the API version by which it was validated
	// Record is the number of the payload in NDJSON, in an array or among the documents of a YAML file, from 1; else 0.
	Record int
	// JSON is the payload byte for byte, except that references are replaced with Expand in the [Options]. A payload in
	// YAML is written as JSON. It is set in the documents of a [Result] only; [Validator.CheckPayload] returns a
	// document without it.
	JSON []byte
	// Expanded are the names of the top-level fields in which references were replaced, set like JSON. Treat
	// their values as secrets in every field.
	Expanded []string
	// UpdateFindings are the findings that the payload has only if it updates an existing integration, set like JSON
	// by a validator for creations. [Result.ForUpdates] adds them to the others.
	UpdateFindings []Finding

	forUpdate counts // to add to the counts of the result if the payload updates an existing integration
	root      *jsonpos.Value
}

// Format prints the type for every verb, so that fmt shows no secret of a document, or of a [Result] with one.
func (d Document) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "document of "+d.Type) }

// Fields returns the payload as encoding/json decodes it into a map with UseNumber: numbers are exact, as
// json.Number, and the last of the fields with one name counts. With Expand in the [Options], references
// have been replaced. You may change the map. Fields of a nil document is nil.
func (d *Document) Fields() map[string]any {
	if d == nil || d.root == nil {
		return nil
	}
	fields, _ := d.root.Any().(map[string]any)
	return fields
}

// document returns the payload, nil if the input is not one object.
func (c *check) document() *Document {
	if c.root == nil || c.root.Kind != jsonpos.Object {
		return nil
	}
	d := &Document{APIVersion: c.v.options.APIVersion, Record: c.record, root: c.root}
	if c.typ != nil {
		d.Type = c.typ.Name
	}
	return d
}

// addDocument adds the payload to the documents of the input.
func (c *check) addDocument(root *jsonpos.Value) {
	if !c.v.options.Documents {
		return
	}
	d := c.document()
	d.UpdateFindings, d.forUpdate = c.onUpdate, c.forUpdate
	data := c.data
	if c.yaml {
		data = nil
	}
	d.JSON, d.Expanded = sent.JSON(data, root, c.expanded)
	c.documents = append(c.documents, *d)
}
