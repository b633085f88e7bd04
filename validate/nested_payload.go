package validate

import (
	"strings"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
)

// maxNesting is the number of keys above a payload up to which [check.nestedHint] finds it.
const maxNesting = 3

// nestedHint returns the hint for a payload, or a list of payloads, below a key of an object, "" for all else.
func (c *check) nestedHint(root *jsonpos.Value) string {
	keys, isList := c.nested(root, maxNesting)
	switch {
	case keys == nil:
		return ""
	case isList:
		return "the payloads are in " + c.keyPath(keys) + ": write each of them into a file of its own, or write the list without what is around it"
	}
	return "the payload is in " + c.keyPath(keys) + ": write that object without what is around it"
}

// nested returns the keys down to the first payload below an object, and reports whether it is in a list.
func (c *check) nested(object *jsonpos.Value, depth int) (keys []string, isList bool) {
	for i := range object.Members {
		m := &object.Members[i]
		inner := &m.Value
		if inner.Kind == jsonpos.Array && len(inner.Elements) > 0 {
			inner = &inner.Elements[0]
		}
		switch {
		case inner.Kind != jsonpos.Object:
		case c.hasType(inner):
			return []string{m.Name}, inner != &m.Value
		case inner == &m.Value && depth > 1:
			if below, isList := c.nested(inner, depth-1); below != nil {
				return append([]string{m.Name}, below...), isList
			}
		}
	}
	return nil, false
}

// hasType reports whether an object has the type of a payload.
func (c *check) hasType(object *jsonpos.Value) bool {
	m := object.Member("type")
	return m != nil && m.Value.Kind == jsonpos.String && c.isType(&m.Value)
}

// keyPath returns keys for messages, as in "data.integration".
func (c *check) keyPath(keys []string) string {
	path := strings.Join(keys, ".")
	if c.hides(path) {
		return redact.Hidden
	}
	return redact.Value(path)
}
