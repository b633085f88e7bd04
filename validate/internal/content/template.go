package content

import (
	"encoding/json"
	"fmt"
)

// Template returns the faults of the text that a webhook template renders to. Its field has a limit in bytes and a
// shape, such as "headers".
func Template(text string, limit int, shape string) (list []Fault) {
	if len(text) > limit {
		list = append(list, Fault{Message: fmt.Sprintf(" renders to about %d bytes; Atlas uses its default above %d", len(text), limit),
			Hint: "shorten it", Warning: true})
	}
	switch {
	case shape == "headers" && !isHeaders(text):
		list = append(list, Fault{Message: " does not render to a JSON object of header names and values",
			Hint: "Atlas sends its default headers instead", Warning: true})
	case shape != "headers" && !json.Valid([]byte(text)):
		list = append(list, Fault{Message: " does not render to JSON", Hint: "Atlas posts its default body instead", Warning: true})
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
