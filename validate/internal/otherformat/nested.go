package otherformat

import (
	"strings"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// maxNesting is the number of keys above a payload up to which [Nested] finds it.
const maxNesting = 3

// Nested returns the advice for an object with a payload, or a list of payloads, below a key; "" for any other object.
// The function isType reports whether a value is the type of a payload. Names returns keys, as in data.integration, for
// messages.
func Nested(root *jsonpos.Value, isType func(*jsonpos.Value) bool, names func(string) string) string {
	s := search{isType}
	keys, isList := s.below(root, maxNesting)
	switch path := strings.Join(keys, "."); {
	case keys == nil:
		return ""
	case isList:
		return "the payloads are in the list " + names(path) + "; write each of them into a file of its own"
	default:
		return "the payload is in " + names(path) + "; move that object to the top level of the file"
	}
}

// search looks for a payload.
type search struct{ isType func(*jsonpos.Value) bool }

// below returns the keys down to the first payload below an object, and reports whether it is in a list.
func (s search) below(object *jsonpos.Value, depth int) (keys []string, isList bool) {
	for i := range object.Members {
		m := &object.Members[i]
		inner, inList := &m.Value, false
		if inner.Kind == jsonpos.Array && len(inner.Elements) > 0 {
			inner, inList = &inner.Elements[0], true
		}
		if inner.Kind != jsonpos.Object {
			continue
		}
		if s.hasType(inner) {
			return []string{m.Name}, inList
		}
		if inList || depth == 1 {
			continue
		}
		if more, isList := s.below(inner, depth-1); more != nil {
			return append([]string{m.Name}, more...), isList
		}
	}
	return nil, false
}

func (s search) hasType(object *jsonpos.Value) bool {
	m := object.Member("type")
	return m != nil && m.Value.Kind == jsonpos.String && s.isType(&m.Value)
}
