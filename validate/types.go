package validate

import (
	"slices"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/gen/schemas"
)

// typeSchema is one integration type as the index describes it.
type typeSchema struct {
	*schemas.Type
	fields   map[string]*field
	names    []string // of the fields that a request may have
	required uint64   // the masks of all required fields
}

// field is one field that requests may have, or that they must not although answers do.
type field struct {
	*schemas.Field
	pattern, disputed *pattern
	mask              uint64 // one bit for each required field, none for the others
}

// typesOf returns the types of one generation. They are made once and shared by all validators.
func typesOf(generation string) map[string]*typeSchema {
	if generation == schemas.V1 {
		return typesV1()
	}
	return typesV2()
}

var (
	typesV1 = sync.OnceValue(func() map[string]*typeSchema { return makeTypes(schemas.V1) })
	typesV2 = sync.OnceValue(func() map[string]*typeSchema { return makeTypes(schemas.V2) })
)

func makeTypes(generation string) map[string]*typeSchema {
	types := map[string]*typeSchema{}
	for i := range schemas.Types {
		if t := &schemas.Types[i]; t.Generation == generation {
			types[t.Name] = newTypeSchema(t)
		}
	}
	return types
}

func newTypeSchema(t *schemas.Type) *typeSchema {
	ts := &typeSchema{Type: t, fields: make(map[string]*field, len(t.Fields))}
	for i := range t.Fields {
		f := &field{Field: &t.Fields[i]}
		f.pattern, f.disputed = newPattern(f.Pattern), newPattern(f.DisputedPattern)
		if f.Required {
			f.mask = 1 << i
			ts.required |= f.mask
		}
		ts.fields[f.Name] = f
		if !f.ReadOnly {
			ts.names = append(ts.names, f.Name)
		}
	}
	return ts
}

// others are the types of the other generation.
func (v *Validator) others() map[string]*typeSchema {
	if v.generation == schemas.V1 {
		return typesV2()
	}
	return typesV1()
}

// typeNames returns the names of a generation's types, in the order of the API.
func typeNames(generation string) []string {
	var names []string
	for i := range schemas.Types {
		if schemas.Types[i].Generation == generation {
			names = append(names, schemas.Types[i].Name)
		}
	}
	return names
}

// owners returns the types of the generation that have the field, in the order of the API.
func (v *Validator) owners(name string) []string {
	var owners []string
	for _, typeName := range v.typeNames {
		if f := v.types[typeName].fields[name]; f != nil && !f.ReadOnly {
			owners = append(owners, typeName)
		}
	}
	return owners
}

// fitting returns the types that have all of the named fields; none for no names.
func (v *Validator) fitting(names []string) []string {
	var fits []string
	for _, typeName := range v.typeNames {
		t := v.types[typeName]
		missing := func(name string) bool { return t.fields[name] == nil }
		if len(names) > 0 && !slices.ContainsFunc(names, missing) {
			fits = append(fits, typeName)
		}
	}
	return fits
}

// refusedType returns what there is to say of a type that people send and no generation serves.
func refusedType(name string) (string, bool) {
	for _, r := range schemas.RefusedTypes {
		ending, isEnding := strings.CutPrefix(r.Value, "*")
		if sameLetters(name, r.Value) || isEnding && strings.HasSuffix(strings.ToUpper(name), ending) {
			return r.Text, true
		}
	}
	return "", false
}
