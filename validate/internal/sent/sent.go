// Package sent returns the JSON to send for a payload whose references were replaced.
package sent

import (
	"encoding/json"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// JSON returns an object of data with the texts of replaced strings in place of their references, and the names of
// its members in which strings were replaced. Everything else is that of data byte for byte; if data is nil, JSON
// without white space.
func JSON(data []byte, root *jsonpos.Value, replaced map[*jsonpos.Value]bool) (doc []byte, names []string) {
	w := writer{data: data, replaced: replaced, done: root.Start}
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

type writer struct {
	data     []byte
	replaced map[*jsonpos.Value]bool
	out      []byte
	done     int // the end of the written part of data
}

// contains reports whether a string was replaced in v.
func (w *writer) contains(v *jsonpos.Value) bool {
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
func (w *writer) splice(v *jsonpos.Value) {
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
