package validate

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/atlasint/atlasint/internal/jsonpos"
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
	d.JSON, d.Expanded = sentJSON(data, root, c.expanded)
	c.documents = append(c.documents, *d)
}

// sentJSON returns an object of data with the texts of replaced strings in place of their references, and the names of
// its members in which strings were replaced. Everything else is that of data byte for byte; if data is nil, JSON
// without white space.
func sentJSON(data []byte, root *jsonpos.Value, replaced map[*jsonpos.Value]bool) (doc []byte, names []string) {
	w := jsonWriter{data: data, replaced: replaced, done: root.Start}
	for i := range root.Members {
		if w.contains(&root.Members[i].Value) {
			names = append(names, root.Members[i].Name)
		}
	}
	if data == nil {
		return root.AppendJSON(nil), names
	}
	w.splice(root)
	return append(w.out, data[w.done:root.End]...), names
}

type jsonWriter struct {
	data     []byte
	replaced map[*jsonpos.Value]bool
	out      []byte
	done     int // the end of the written part of data
}

// contains reports whether a string was replaced in v.
func (w *jsonWriter) contains(v *jsonpos.Value) bool {
	if w.replaced[v] {
		return true
	}
	for i := range v.Elements {
		if w.contains(&v.Elements[i]) {
			return true
		}
	}
	for i := range v.Members {
		if w.contains(&v.Members[i].Value) {
			return true
		}
	}
	return false
}

// splice writes the data up to the end of the last replaced string in v.
func (w *jsonWriter) splice(v *jsonpos.Value) {
	if w.replaced[v] {
		text, _ := json.Marshal(v.Text) // a string can't fail
		w.out = append(append(w.out, w.data[w.done:v.Start]...), text...)
		w.done = v.End
		return
	}
	for i := range v.Elements {
		w.splice(&v.Elements[i])
	}
	for i := range v.Members {
		w.splice(&v.Members[i].Value)
	}
}
