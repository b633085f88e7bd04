package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
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
// value that represents one by [Of]. A reader is an error, since Encode does not read it. No error contains a value of
// the payload.
func Encode(v any) ([]byte, error) {
	if doc, ok := Document(v); ok {
		return doc, nil
	}
	doc, err := json.Marshal(v)
	if err != nil { // its text may contain a secret of the payload
		return nil, fmt.Errorf("a %T can't be written as JSON", v)
	}
	if _, isReader := v.(io.Reader); isReader && string(doc) == "{}" { // its content is missing
		return nil, fmt.Errorf("a %T is a reader; pass its content, for example from io.ReadAll", v)
	}
	if t := Of(v); t != nil {
		return withType(t, doc)
	}
	return doc, nil
}

func withType(t *schemas.Type, doc []byte) ([]byte, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(doc, &object); err != nil || object == nil {
		return nil, errors.New("it is not a JSON object")
	}
	var typ string
	if json.Unmarshal(object["type"], &typ) == nil && typ != "" && typ != t.Name {
		return nil, errors.New("its Type is " + redact.Name(typ))
	}
	object["type"] = fmt.Appendf(nil, "%q", t.Name)
	return json.Marshal(object)
}
