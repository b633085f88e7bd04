package validate

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// Document is a payload as it was judged.
type Document struct {
	Type       string
	Generation string // of the API, by which it was judged
	Payload    int    // the record in NDJSON or in an array, from 1; else 0
	// JSON is the payload byte for byte, but for references, which are replaced where the validator was made
	// with [WithExpansion]. Its secrets are in the clear.
	JSON []byte
	// Expanded are the fields whose references were replaced. What stands in them may be a secret,
	// whatever the field.
	Expanded []string
}

// Format names the type whatever the verb, so that none of fmt shows a secret where a document, or a [Result]
// with one, is printed.
func (d Document) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "document of "+d.Type) }

// keep notes the payload as it was judged.
func (c *check) keep(root *jsonpos.Value) {
	if !c.v.documents {
		return
	}
	d := Document{Type: c.typ.Name, Generation: c.v.generation, Payload: c.at.number}
	done := root.Start
	for i := range root.Members {
		m := &root.Members[i]
		if !c.expanded[m.Name] || m.Value.Kind != jsonpos.String {
			continue
		}
		text, _ := json.Marshal(m.Value.Text) // a string has no way to fail
		d.JSON = append(append(d.JSON, c.data[done:m.Value.Start]...), text...)
		d.Expanded = append(d.Expanded, m.Name)
		done = m.Value.End
	}
	d.JSON = append(d.JSON, c.data[done:root.End]...)
	c.documents = append(c.documents, d)
}
