package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// ErrMoreValues is the error of a body with more than one value.
var ErrMoreValues = errors.New("the body has more than one value")

// CheckSyntax returns an error for a body that is not one JSON value, or that has a duplicate name in an object, which
// encoding/json accepts.
func CheckSyntax(body []byte) error {
	decoder := jsontext.NewDecoder(bytes.NewReader(body))
	if err := decoder.SkipValue(); err != nil {
		return err
	}
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return ErrMoreValues
	}
	return nil
}

// OtherName returns a name that encoding/json treats as equal to one of the type, since it ignores the case of letters.
// It also returns an unknown name. A value of another kind has no names.
func OtherName(t reflect.Type, value json.RawMessage) (name string, found bool) {
	switch {
	case t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[json.RawMessage]():
		return "", false
	case t.Kind() == reflect.Pointer:
		return OtherName(t.Elem(), value)
	case t.Kind() == reflect.Slice:
		var elements []json.RawMessage
		_ = json.Unmarshal(value, &elements) // another kind has no members
		for _, element := range elements {
			if name, found := OtherName(t.Elem(), element); found {
				return name, true
			}
		}
	case t.Kind() == reflect.Struct || t.Kind() == reflect.Map:
		return otherMember(t, value)
	}
	return "", false
}

func otherMember(t reflect.Type, value json.RawMessage) (string, bool) {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(value, &members) // another kind has no members
	for name, member := range members {
		of, known := memberType(t, name)
		if !known {
			return name, true
		}
		if name, found := OtherName(of, member); found {
			return name, true
		}
	}
	return "", false
}

// memberType returns the type of a member of a map, or of a struct, whose own fields precede those of embedded structs.
func memberType(t reflect.Type, name string) (reflect.Type, bool) {
	if t.Kind() == reflect.Map {
		return t.Elem(), true
	}
	fields := reflect.VisibleFields(t)
	slices.SortStableFunc(fields, func(a, b reflect.StructField) int { return len(a.Index) - len(b.Index) })
	for _, field := range fields {
		if tag, _, _ := strings.Cut(field.Tag.Get("json"), ","); tag == name {
			return field.Type, true
		}
	}
	return nil, false
}
