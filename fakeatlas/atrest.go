package fakeatlas

import (
	"maps"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/mask"
)

// untoldAtRest stands for a secret of which answers tell nothing: that it is there is all that is kept.
const untoldAtRest = "****"

// atRest is an integration as the store gets it. Unless that is made for secrets, their masks must do: they
// are what answers show and what is compared with a mask that comes back. To mask a mask changes nothing.
func (s *Server) atRest(in store.Integration) store.Integration {
	if s.plain {
		return in
	}
	fields := maps.Clone(in.Fields)
	for name, value := range fields {
		fields[name] = maskedAtRest(in.Type, name, value)
	}
	in.Fields = fields
	return in
}

func maskedAtRest(typ, name string, value any) any {
	text, isText := value.(string)
	f, known := secretField(typ, name)
	switch {
	case !known || !isText:
		return value
	case f.Secret == schemas.MaskOmitted:
		return untoldAtRest
	default:
		return mask.Text(f.Secret, text)
	}
}

// isMaskAtRest tells a mask as a store without secrets holds it.
func (s *Server) isMaskAtRest(in store.Integration, name string) bool {
	value, isText := in.Fields[name].(string)
	_, known := secretField(in.Type, name)
	return !s.plain && isText && known && maskedAtRest(in.Type, name, value) == value
}

// secretField is a field of a type that holds a secret, by the newer generation that has the field.
func secretField(typ, name string) (*schemas.Field, bool) {
	for _, generation := range []string{schemas.V2, schemas.V1} {
		info := typesOf(generation)[typ]
		if info.Type == nil {
			continue
		}
		for i := range info.Fields {
			if f := &info.Fields[i]; f.Name == name && f.Secret != "" {
				return f, true
			}
		}
	}
	return nil, false
}
