package companions

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/redact"
)

// hidden takes the place of text that is long enough to be a secret in the wrong place.
const hidden = "(hidden)"

// shown is a text as far as an answer may repeat it.
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

// decode is read for a body that was read.
func decode(body []byte, into any) (map[string]json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return nil, badBody(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, wire.NewError("MALFORMED_JSON")
	}
	if err := exactNames(reflect.TypeOf(into), body); err != nil {
		return nil, err
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

func notNull(body []byte) error {
	if string(bytes.TrimSpace(body)) == "null" {
		return wire.NewError("INVALID_JSON")
	}
	return nil
}

// badBody words an error of the decoder.
func badBody(err error) error {
	var wrongType *json.UnmarshalTypeError
	name, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return wire.NewError("INVALID_JSON_ATTRIBUTE", shown(wrongType.Field))
	case errors.As(err, &wrongType):
		return wire.NewError("INVALID_JSON")
	case unknown:
		return wire.NewError("INVALID_ATTRIBUTE", shown(strings.Trim(name, `"`)))
	default:
		return wire.NewError("MALFORMED_JSON")
	}
}

// exactNames rejects names that encoding/json treats as equal to others, since it ignores the case of letters. The
// value was decoded into the type before.
func exactNames(t reflect.Type, value json.RawMessage) error {
	if t.Kind() == reflect.Pointer {
		return exactNames(t.Elem(), value)
	}
	if t.Kind() == reflect.Slice {
		var elements []json.RawMessage
		_ = json.Unmarshal(value, &elements) // it was decoded before
		for _, element := range elements {
			if err := exactNames(t.Elem(), element); err != nil {
				return err
			}
		}
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return nil
	}
	fields := map[string]reflect.Type{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		fields[name] = t.Field(i).Type
	}
	var members map[string]json.RawMessage
	_ = json.Unmarshal(value, &members) // it was decoded before
	for name, member := range members {
		field, known := fields[name]
		if !known {
			return wire.NewError("INVALID_ATTRIBUTE", shown(name))
		}
		if err := exactNames(field, member); err != nil {
			return err
		}
	}
	return nil
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

func checkName(name string) error {
	if !projectName().MatchString(name) {
		return wire.NewError("INVALID_GROUP_NAME", shown(name))
	}
	return nil
}
