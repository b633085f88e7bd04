package validation

import (
	"slices"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// CheckAPI returns the usage error for an unknown API version.
func CheckAPI(api string) error {
	if !atlas.IsVersion(api) {
		return problem.Inputf("unknown API version %s; use v2 or v1.0", redact.Value(api))
	}
	return nil
}

// TypeNames returns the types of an API version, in the order of the API.
func TypeNames(api string) []string {
	var names []string
	for _, t := range schemas.Types {
		if t.APIVersion == api {
			names = append(names, t.Name)
		}
	}
	return names
}

// Types returns the types of an API version with these names, in any spelling, each type once.
func Types(api string, names []string) ([]*schemas.Type, error) {
	if err := CheckAPI(api); err != nil {
		return nil, err
	}
	var types []*schemas.Type
	for _, name := range names {
		t := schemas.Find(api, atlas.TypeName(name))
		if t == nil {
			return nil, UnknownType(api, atlas.TypeName(name))
		}
		if !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types, nil
}

// KnownTypes returns the names in the API of types in any spelling and of any API version. The API version is for the
// error of an unknown type.
func KnownTypes(api string, names []string) (known []string, err error) {
	all := atlas.TypeNames()
	for _, name := range names {
		typ := atlas.TypeName(name)
		if !slices.Contains(all, typ) {
			return nil, UnknownType(api, name)
		}
		known = append(known, typ)
	}
	return known, nil
}

// UnknownType returns the usage error for a type that an API version does not have. The validator has suggestions.
func UnknownType(api, name string) error {
	if name == "" {
		return problem.Inputf("the type is empty; atlasint types lists the types")
	}
	_, err := validate.New(validate.Options{APIVersion: api, Type: name})
	return optionError(err)
}
