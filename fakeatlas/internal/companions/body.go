package companions

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/internal/redact"
)

// hidden replaces a text that may be a secret in the wrong place.
const hidden = "(hidden)"

// shown returns a text if a response may repeat it, else hidden.
func shown(s string) string {
	if redact.Readable(s) {
		return s
	}
	return hidden
}

// read decodes the body of a request into a struct or a slice of structs, and returns the names of the members of the
// object, nil for an array. It rejects members that the structs do not have.
func (c *call) read(into any) (map[string]json.RawMessage, error) {
	body, err := wire.ReadBody(c.r)
	if err != nil {
		return nil, err
	}
	return decode(body, into)
}

// decode is like read, for a body in memory.
func decode(body []byte, into any) (map[string]json.RawMessage, error) {
	if wire.CheckSyntax(body) != nil {
		return nil, wire.NewError("MALFORMED_JSON")
	}
	sent := withoutReadOnly(reflect.TypeOf(into), body)
	decoder := json.NewDecoder(bytes.NewReader(sent))
	decoder.DisallowUnknownFields()
	if name, found := wire.OtherName(reflect.TypeOf(into), sent); found {
		return nil, wire.NewError("INVALID_ATTRIBUTE", shown(name))
	}
	if err := decoder.Decode(into); err != nil {
		return nil, badBody(err)
	}
	if reflect.TypeOf(into).Elem().Kind() == reflect.Slice {
		return nil, notNull(body)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil || members == nil {
		return nil, wire.NewError("INVALID_JSON")
	}
	return members, nil
}

// readOnly are the members of projects and alert configurations that only the server sets. Bodies may have them with
// any value, because clients send objects that they have read.
var readOnly = map[reflect.Type][]string{
	reflect.TypeFor[*companions.NewGroup]():           {"clusterCount", "created", "id", "links"},
	reflect.TypeFor[*companions.AlertConfigRequest](): {"created", "groupId", "id", "links", "updated"},
}

// withoutReadOnly returns an object without the read-only members of its type, and any other value unchanged.
func withoutReadOnly(t reflect.Type, body []byte) []byte {
	var members map[string]json.RawMessage
	if readOnly[t] == nil || json.Unmarshal(body, &members) != nil || members == nil {
		return body
	}
	for _, name := range readOnly[t] {
		delete(members, name)
	}
	rest, _ := json.Marshal(members) // they were decoded before
	return rest
}

func notNull(body []byte) error {
	if string(bytes.TrimSpace(body)) == "null" {
		return wire.NewError("INVALID_JSON")
	}
	return nil
}

// badBody returns the error of the API for an error of the decoder.
func badBody(err error) error {
	var wrongType *json.UnmarshalTypeError
	name, unknown := strings.CutPrefix(err.Error(), "json: unknown field ") // encoding/json has no type for this error
	switch {
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return wire.NewError("INVALID_JSON_ATTRIBUTE", wrongType.Field) // a path of the document's own names
	case errors.As(err, &wrongType):
		return wire.NewError("INVALID_JSON")
	case unknown:
		return wire.NewError("INVALID_ATTRIBUTE", shown(strings.Trim(name, `"`)))
	default:
		return wire.NewError("MALFORMED_JSON")
	}
}

// isNone reports whether a member was not sent, or is null.
func isNone(members map[string]json.RawMessage, name string) bool {
	value, sent := members[name]
	return !sent || string(value) == "null"
}

// projectName matches the names of projects. A test compares it with the document.
var projectName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[\p{L}\p{N}\-_.(),:&@+' ]{1,64}$`)
})

// isName reports whether a project can have a name. Paths can't have one that is a dot segment.
func isName(name string) bool { return projectName().MatchString(name) && name != "." && name != ".." }

func checkName(name string) error {
	if !isName(name) {
		return wire.NewError("INVALID_GROUP_NAME", shown(name))
	}
	return nil
}
