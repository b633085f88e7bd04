package fakeatlas

import (
	"maps"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

// storedSecret replaces a secret that answers omit. Only its presence is stored.
const storedSecret = "****"

// forStore returns an integration in its stored form. A store without KeepsSecrets gets the masks of secrets: answers
// show them, and masks that are sent back are compared with them. Masking a mask changes nothing.
func (s *Server) forStore(in store.Integration) store.Integration {
	if s.plain {
		return in
	}
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
		return f.Shown(text)
	}
	if f := fieldOf(typ, name); f != nil {
		return f.Shown(value)
	}
	return value
}

// isStoredMask reports whether a value is a mask that the store has in place of a secret.
func (s *Server) isStoredMask(in store.Integration, name string) bool {
	value, isText := in.Fields[name].(string)
	_, known := secretField(in.Type, name)
	return !s.plain && isText && known && storedMask(in.Type, name, value) == value
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
