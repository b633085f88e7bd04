package types

import (
	"slices"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
)

// Canonical returns the names of types as the API spells them, for the spellings of [atlas.TypeName]; none for all
// types, which "*" means. It returns what is unknown about the first name that no API version has, else nil.
func Canonical(typeNames []string) ([]string, *Unknown) {
	known := slices.Clone(Of(schemas.V2).Names)
	for _, name := range Of(schemas.V1).Names {
		if !slices.Contains(known, name) {
			known = append(known, name)
		}
	}
	var names []string
	for _, name := range typeNames {
		switch meant := atlas.TypeName(name); {
		case slices.Contains(known, meant):
			names = append(names, meant)
		case name != "*":
			return nil, &Unknown{
				Message: "unknown type " + redact.Value(name) + " of a schema", Hint: words.Suggestion(strings.ToUpper(name), known),
			}
		}
	}
	if slices.Contains(typeNames, "*") {
		return nil, nil
	}
	return names, nil
}
