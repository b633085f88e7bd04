package types

import (
	"fmt"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/internal/words"
)

// Unknown describes a name that is not a type of the API version.
type Unknown struct {
	Message    string
	Hint       string
	APIVersion string // the API version that has the type, if the hint suggests it; else ""
}

// Unknown returns the message and the hint for a name that is not a type of the API version, and that the message shows
// as shown.
func (s *Set) Unknown(name, shown string) Unknown {
	if rejected := atlas.RejectedType(name); rejected != nil {
		return Unknown{Message: "type " + shown + " can't be sent", Hint: rejected.Text}
	}
	if other := s.Other().ByName[name]; other != nil {
		return Unknown{
			fmt.Sprintf("%s has no type %s", s.apiVersion, name), fmt.Sprintf("it exists in %s only", other.APIVersion), other.APIVersion,
		}
	}
	message := "unknown type " + shown
	if expand.HasReference(name) {
		return Unknown{Message: message, Hint: "the type can't be a reference: write one of " + words.List(s.Names, "or")}
	}
	if near := s.Meant(name); near != "" {
		return Unknown{Message: message, Hint: fmt.Sprintf("did you mean %q?", near)}
	}
	for _, t := range s.Other().ByName {
		if suggest.SameLetters(name, t.Name) {
			return Unknown{message, fmt.Sprintf("did you mean %q? it exists in %s only", t.Name, t.APIVersion), t.APIVersion}
		}
	}
	return Unknown{Message: message, Hint: "it is one of " + words.List(s.Names, "or")}
}
