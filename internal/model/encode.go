package model

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"

	"github.com/atlasint/atlasint/gen/schemas"
)

// Document returns the document of a value that is or has one: bytes, a string, or a value with a method
// JSON() json.RawMessage, such as a payload of package client. It reports false for all other values.
func Document(v any) ([]byte, bool) {
	switch v := v.(type) {
	case []byte:
		return v, true
	case json.RawMessage:
		return v, true
	case string:
		return []byte(v), true
	case interface{ JSON() json.RawMessage }:
		if value := reflect.ValueOf(v); value.Kind() == reflect.Pointer && value.IsNil() {
			return nil, false
		}
		return v.JSON(), true
	}
	return nil, false
}

// Encode returns the payload of a value as JSON: its [Document], or what encoding/json encodes. It sets the type of a
// value that represents one by [Of]. It returns an error for a value that has its content elsewhere, such as a
// reader, which Encode does not read, or a bytes.Buffer. No error contains a value of the payload.
func Encode(v any) ([]byte, error) {
	if doc, ok := Document(v); ok {
		return doc, nil
	}
	doc, err := json.Marshal(v)
	if err != nil { // its text may contain a secret of the payload
		return nil, fmt.Errorf("a %T can't be written as JSON", v)
	}
	if t := Of(v); t != nil {
		return withType(t, doc)
	}
	return doc, checkContent(v, doc)
}

// checkContent returns an error if the document does not have the content of the value that it was encoded from.
func checkContent(v any, doc []byte) error {
	t := Pointed(v)
	if t == nil || string(doc) == "null" {
		return nil
	}
	pointer, next := reflect.PointerTo(t), ""
	switch {
	case hasType(doc):
		return nil
	case isBytes(t):
		return fmt.Errorf("a %T is not encoded as a JSON object; pass its content as a string or []byte", v)
	case pointer.Implements(reflect.TypeFor[interface{ Bytes() []byte }]()):
		next = "pass its content, from its method Bytes"
	case pointer.Implements(reflect.TypeFor[io.Reader]()):
		return fmt.Errorf("a %T is a reader; pass its content, for example from io.ReadAll", v)
	case pointer.Implements(reflect.TypeFor[fmt.Stringer]()):
		next = "pass its content, for example from its method String"
	default:
		next = "pass JSON, a map, or a struct with exported fields"
	}
	if !isOpaque(t) {
		return nil
	}
	return fmt.Errorf("a %T has no fields that encoding/json writes; %s", v, next)
}

// hasType reports whether a document is an object with a member type.
func hasType(doc []byte) bool {
	var object map[string]json.RawMessage
	return json.Unmarshal(doc, &object) == nil && object["type"] != nil
}

// isBytes reports whether a type is one of texts or bytes, which encoding/json encodes as a string or a list.
func isBytes(t reflect.Type) bool {
	isList := t.Kind() == reflect.Slice || t.Kind() == reflect.Array
	return (t.Kind() == reflect.String || isList && t.Elem().Kind() == reflect.Uint8) && !isMarshaler(t)
}

// isOpaque reports whether encoding/json writes an empty object for all values of a type.
func isOpaque(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && !isMarshaler(t) &&
		!slices.ContainsFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool {
			return f.IsExported() && !f.Anonymous && f.Tag.Get("json") != "-"
		})
}

func isMarshaler(t reflect.Type) bool {
	pointer := reflect.PointerTo(t)
	return pointer.Implements(reflect.TypeFor[json.Marshaler]()) || pointer.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

func withType(t *schemas.Type, doc []byte) ([]byte, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(doc, &object); err != nil || object == nil {
		return nil, errors.New("it is not a JSON object")
	}
	var typ string
	if json.Unmarshal(object["type"], &typ) == nil && typ != "" && typ != t.Name {
		return nil, errors.New(otherType(typ, t.Name))
	}
	object["type"] = fmt.Appendf(nil, "%q", t.Name)
	return json.Marshal(object)
}

// otherType describes a type that is not the one of a struct. It quotes only known types: another text may be a
// secret.
func otherType(typ, want string) string {
	if slices.ContainsFunc(schemas.Types, func(t schemas.Type) bool { return t.Name == typ }) {
		return "its Type is " + strconv.Quote(typ)
	}
	return "its Type must be " + want + " or empty"
}
