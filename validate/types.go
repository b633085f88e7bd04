package validate

import (
	"slices"
	"sync"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/schema"
)

// typeSchema is one integration type with the schema of its request bodies, which is compiled on first use.
type typeSchema struct {
	*atlas.Type
	schema func() *schema.Schema
}

// typesOf returns the types of one API version. They are built once and shared by all validators.
func typesOf(apiVersion string) map[string]*typeSchema {
	if apiVersion == schemas.V1 {
		return typesV1()
	}
	return typesV2()
}

var (
	typesV1 = sync.OnceValue(func() map[string]*typeSchema { return makeTypes(schemas.V1) })
	typesV2 = sync.OnceValue(func() map[string]*typeSchema { return makeTypes(schemas.V2) })
)

func makeTypes(apiVersion string) map[string]*typeSchema {
	types := map[string]*typeSchema{}
	for _, t := range atlas.Types(apiVersion) {
		types[t.Name] = &typeSchema{t, sync.OnceValue(func() *schema.Schema {
			source, _ := schemas.Schema(t.APIVersion, t.Name)
			return mustCompile(source)
		})}
	}
	return types
}

// mustCompile compiles a published schema. It panics if the schema is invalid; specgen compiles every schema before it
// is published.
func mustCompile(source []byte) *schema.Schema {
	s, err := schema.Compile(source)
	if err != nil {
		panic("validate: " + err.Error()) //nolint:forbidigo // as the name says
	}
	return s
}

// others returns the types of the other API version.
func (v *Validator) others() map[string]*typeSchema {
	return typesOf(atlas.OtherVersion(v.options.APIVersion))
}

// typeNames returns the names of an API version's types, in the order of the API.
func typeNames(apiVersion string) []string {
	var names []string
	for _, t := range atlas.Types(apiVersion) {
		names = append(names, t.Name)
	}
	return names
}

// owners returns the types of the API version that have the field, in the order of the API.
func (v *Validator) owners(name string) []string {
	var owners []string
	for _, typeName := range v.typeNames {
		if f := v.types[typeName].Payload.Lookup(name); f != nil && !f.ReadOnly {
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
		missing := func(name string) bool { return t.Payload.Lookup(name) == nil }
		if len(names) > 0 && !slices.ContainsFunc(names, missing) {
			fits = append(fits, typeName)
		}
	}
	return fits
}
