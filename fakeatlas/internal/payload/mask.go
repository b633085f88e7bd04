package payload

import (
	"maps"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

// storedSecret replaces a secret that responses omit. Only its presence is stored.
const storedSecret = "****"

// Masked returns an integration as a store that keeps no secrets gets it, with the masks of secrets: responses show
// them, and masks that are sent back are compared with them. Masking a mask changes nothing.
func Masked(in store.Integration) store.Integration {
	fields := maps.Clone(in.Fields)
	for name, value := range fields {
		fields[name] = storedMask(in.Type, name, value)
	}
	in.Fields = fields
	return in
}

func storedMask(typ, name string, value any) any {
	f, known := secretField(typ, name)
	switch text, isText := value.(string); {
	case known && isText && f.Secret == schemas.MaskOmitted:
		return storedSecret
	case known && isText:
		return f.MaskedValue(text)
	}
	if f := fieldOf(typ, name); f != nil {
		return f.MaskedValue(value)
	}
	return value
}

// HasMask reports whether the value of a field is a mask that a store that keeps no secrets has in place of a secret.
func HasMask(in store.Integration, name string) bool {
	value, isText := in.Fields[name].(string)
	_, known := secretField(in.Type, name)
	return isText && known && storedMask(in.Type, name, value) == value
}

// fieldOf returns a field of a type, from the newer API version that has it, nil if none has.
func fieldOf(typ, name string) *atlas.Field {
	for _, version := range []string{schemas.V2, schemas.V1} {
		if t := atlas.Find(version, typ); t != nil {
			if f := t.Payload.Lookup(name); f != nil {
				return f
			}
		}
	}
	return nil
}

// secretField returns a secret field of a type, from the newer API version in which it is one.
func secretField(typ, name string) (*atlas.Field, bool) {
	for _, version := range []string{schemas.V2, schemas.V1} {
		if t := atlas.Find(version, typ); t != nil {
			if f := t.Payload.Lookup(name); f != nil && f.Secret != "" {
				return f, true
			}
		}
	}
	return nil, false
}
