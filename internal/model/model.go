// Package model encodes Go values as payloads. It maps generated structs to the integration types they represent.
package model

import (
	"fmt"
	"reflect"
	"sync"

	"github.com/atlasint/atlasint/gen/atlasv1"
	"github.com/atlasint/atlasint/gen/atlasv2"
	"github.com/atlasint/atlasint/gen/schemas"
)

// types are the generated structs of single types, of both API versions, with their integration types.
var types = sync.OnceValue(func() map[reflect.Type]*schemas.Type {
	found := map[reflect.Type]*schemas.Type{}
	for i := range schemas.Types {
		t := &schemas.Types[i]
		doc := fmt.Appendf(nil, `{"type":%q}`, t.Name)
		var v2 atlasv2.Integration
		var v1 atlasv1.Integration
		_, _ = v2.UnmarshalJSON(doc), v1.UnmarshalJSON(doc) // both only keep the bytes
		view := v2.ValueByDiscriminator
		if t.APIVersion == schemas.V1 {
			view = v1.ValueByDiscriminator
		}
		if v, err := view(); err == nil {
			found[reflect.TypeOf(v)] = t
		}
	}
	return found
})

// Of returns the type that a generated struct represents, also through pointers, as the underlying struct of
// another Go type, or embedded in another struct; nil for anything else.
func Of(v any) *schemas.Type { return ofStruct(Pointed(v), maxEmbedded) }

// maxEmbedded is the depth to which embedded structs are searched: a Go type can embed a pointer to itself.
const maxEmbedded = 4

func ofStruct(t reflect.Type, depth int) *schemas.Type {
	if t == nil || t.Kind() != reflect.Struct || depth == 0 {
		return nil
	}
	if known := types()[t]; known != nil {
		return known
	}
	for model, known := range types() {
		if t.ConvertibleTo(model) {
			return known
		}
	}
	var found *schemas.Type
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Type.Kind() == reflect.Pointer {
			f.Type = f.Type.Elem()
		}
		embedded := ofStruct(f.Type, depth-1)
		switch {
		case !f.Anonymous || embedded == nil:
		case found != nil: // encoding/json drops the fields that both have
			return nil
		default:
			found = embedded
		}
	}
	return found
}

// Pointed returns the type of v, or the type it points to, through any number of pointers; nil for nil.
func Pointed(v any) reflect.Type {
	t := reflect.TypeOf(v)
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// Version returns the API version of a generated struct, as in [Of], or of a generated union of all types; empty for
// anything else.
func Version(v any) string {
	switch Pointed(v) {
	case reflect.TypeFor[atlasv2.Integration]():
		return schemas.V2
	case reflect.TypeFor[atlasv1.Integration]():
		return schemas.V1
	}
	if t := Of(v); t != nil {
		return t.APIVersion
	}
	return ""
}

// Name returns the integration type that a generated struct represents, as in [Of]; empty for anything else.
func Name(v any) string {
	if t := Of(v); t != nil {
		return t.Name
	}
	return ""
}
