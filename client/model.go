package client

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
)

// requireStructFields rejects the payload of a struct of any other Go type if it has an empty field that an API version
// requires. The struct need not have all required fields.
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
	if linked != nil { // an update may change only these
		example = linked
	}
	if missing == nil {
		return p, nil
	}
	return Payload{}, &PayloadError{Type: t.Name,
		Reason: fmt.Sprintf("required fields are empty: %s; set them, or for an update pass only the fields to change as JSON, such as %s",
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
