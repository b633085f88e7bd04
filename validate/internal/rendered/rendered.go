// Package rendered checks the text that a webhook template renders to.
package rendered

import (
	"encoding/json"
	"fmt"
)

// Fault is a fault of a rendered template. The message follows the name of the field.
type Fault struct{ Message, Hint string }

// Faults returns the faults of the text of a template whose field has a limit in bytes and a shape, such as "headers".
func Faults(text string, limit int, shape string) (list []Fault) {
	if len(text) > limit {
		list = append(list, Fault{fmt.Sprintf(" renders to about %d bytes; Atlas uses its default above %d", len(text), limit), "shorten it"})
	}
	switch {
	case shape == "headers" && !isHeaders(text):
		list = append(list, Fault{" does not render to a JSON object of header names and values", "Atlas sends its default headers instead"})
	case shape != "headers" && !json.Valid([]byte(text)):
		list = append(list, Fault{" does not render to JSON", "Atlas posts its default body instead"})
	}
	return list
}

// isHeaders reports whether a text is a JSON object without nested values.
func isHeaders(text string) bool {
	var headers map[string]any
	if json.Unmarshal([]byte(text), &headers) != nil || headers == nil {
		return false
	}
	for _, value := range headers {
		switch value.(type) {
		case map[string]any, []any, nil:
			return false
		}
	}
	return true
}
