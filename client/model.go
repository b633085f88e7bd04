package client

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/gen/atlasv1"
	"github.com/atlasint/atlasint/gen/atlasv2"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
)

// modelTypes are the generated structs of single types, of both API versions, with their integration types.
var modelTypes = sync.OnceValue(func() map[reflect.Type]*schemas.Type {
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

// modelOf returns the type that a generated struct represents, also through pointers, as the underlying struct of
// another Go type, or embedded in another struct; nil for anything else.
func modelOf(v any) *schemas.Type { return modelOfStruct(pointedTo(v), maxEmbedded) }

// maxEmbedded is the depth to which embedded structs are searched: a Go type can embed a pointer to itself.
const maxEmbedded = 4

func modelOfStruct(t reflect.Type, depth int) *schemas.Type {
	if t == nil || t.Kind() != reflect.Struct || depth == 0 {
		return nil
	}
	if known := modelTypes()[t]; known != nil {
		return known
	}
	for model, known := range modelTypes() {
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
		embedded := modelOfStruct(f.Type, depth-1)
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

func pointedTo(v any) reflect.Type {
	t := reflect.TypeOf(v)
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// versionOf returns the API version of a generated union of all types; empty for anything else.
func versionOf(v any) string {
	switch pointedTo(v) {
	case reflect.TypeFor[atlasv2.Integration]():
		return schemas.V2
	case reflect.TypeFor[atlasv1.Integration]():
		return schemas.V1
	}
	return ""
}

// modelPayload adds the integration type that the Go type represents.
func modelPayload(t *schemas.Type, doc []byte) (Payload, error) {
	object, err := objectOf(doc)
	if err != nil {
		return Payload{}, &PayloadError{Type: t.Name, Reason: err.Error()}
	}
	if typ, _ := stringOf(object["type"]); typ != "" && typ != t.Name {
		return Payload{}, &PayloadError{Type: t.Name, Reason: "its Type is " + redact.Name(typ)}
	}
	object["type"], _ = json.Marshal(t.Name)
	doc, err = json.Marshal(object)
	if err != nil {
		return Payload{}, &PayloadError{Type: t.Name, Reason: "it can't be written as JSON"}
	}
	return requireFields(t, payloadOf(t.Name, doc))
}

// requireStructFields rejects the payload of a struct of any other Go type if it has an empty field that an API version
// requires. A field that the struct leaves out is no such field.
func requireStructFields(p Payload) (Payload, error) {
	object, err := objectOf(p.bytes())
	if err != nil {
		return p, err
	}
	for i := range schemas.Types {
		t := &schemas.Types[i]
		if t.Name != p.typ {
			continue
		}
		own := *t
		own.Fields = slices.DeleteFunc(slices.Clone(t.Fields), func(f schemas.Field) bool {
			_, present := object[f.Name]
			return f.Required && !present
		})
		if _, err := requireFields(&own, p); err != nil {
			return Payload{}, err
		}
	}
	return p, nil
}

// requireFields rejects the payload of a Go value with empty required fields. They have no omitempty, so that a
// struct with only the fields to change would overwrite the others. The value false is not empty.
func requireFields(t *schemas.Type, p Payload) (Payload, error) {
	object, err := objectOf(p.bytes())
	if err != nil || t == nil {
		return p, err
	}
	var missing []string
	var example, linked *schemas.Field
	for i := range t.Fields {
		f := &t.Fields[i]
		doc, there := object[f.Name]
		empty := !there || slices.Contains([]string{`""`, "null"}, string(doc))
		switch {
		case f.Const != "" || f.Name == "id" || f.ReadOnly:
		case f.Required && empty:
			missing = append(missing, f.Name)
		case example == nil || !empty && f.Secret == "":
			example = f
		}
		if slices.Contains(t.OAuthFields, f.Name) {
			linked = f
		}
	}
	if linked != nil { // an update can change no others
		example = linked
	}
	if missing == nil {
		return p, nil
	}
	return Payload{}, &PayloadError{Type: t.Name, Reason: fmt.Sprintf("required fields are empty: %s; set them, or for an update pass only the fields to change as JSON, such as %s",
		strings.Join(missing, ", "), updateExample(t, example))}
}

// updateExample returns an update of field f, or of the first required field if f is nil.
func updateExample(t *schemas.Type, f *schemas.Field) string {
	if f == nil {
		f = &t.Fields[slices.IndexFunc(t.Fields, func(f schemas.Field) bool { return f.Required && f.Const == "" })]
	}
	value := `"..."`
	switch {
	case len(f.Enum) > 0:
		value = strconv.Quote(f.Enum[0])
	case f.Kind == "boolean":
		value = "true"
	}
	return fmt.Sprintf(`{"type":%q,%q:%s}`, t.Name, f.Name, value)
}
