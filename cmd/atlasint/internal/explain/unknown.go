package explain

import (
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/internal/words"
)

// UnknownName returns the usage error for a name that [Find] does not find.
func UnknownName(name string) error {
	if head, field, ok := strings.Cut(name, "."); ok && len(typesNamed(head)) > 0 {
		return unknownField(name, typesNamed(head), field)
	}
	if near := nearNames(name, Names()); near != "" {
		return problem.Inputf("nothing is called %s; %s", redact.Value(name), suggest.DidYouMean(near))
	}
	return problem.Inputf("nothing is called %s; name an integration type, a field of one, a rule or an error code; atlasint types lists the types, atlasint help rules the rules", redact.Value(name))
}

// maxNear is the number of names that a suggestion may have, and minPart the length in bytes of a text that may be a
// part of a name.
const maxNear, minPart = 3, 3

// nearNames returns the names that a misspelled or incomplete name most likely means, as text, or "": the one with the
// nearest spelling, those that contain it, or those that begin with words of the nearest spelling.
func nearNames(name string, names []string) string {
	if near := suggest.Nearest(name, names); near != "" {
		return near
	}
	if len(name) < minPart {
		return ""
	}
	part := letters(name)
	list := containing(part, names)
	if len(list) == 0 {
		if part = suggest.Nearest(part, beginnings(names)); part != "" {
			list = slices.DeleteFunc(containing(part, names), func(n string) bool { return !strings.HasPrefix(letters(n), part) })
		}
	}
	if n := len(list); n > 0 && n <= maxNear {
		return words.List(list, "or")
	}
	return ""
}

func containing(part string, names []string) (list []string) {
	for _, n := range names {
		if strings.Contains(letters(n), part) {
			list = append(list, n)
		}
	}
	return list
}

// beginnings returns the letters of the first words of all names.
func beginnings(names []string) (list []string) {
	for _, n := range names {
		for i, c := range n {
			if c == '-' || c == '_' {
				list = append(list, letters(n[:i]))
			}
		}
	}
	return list
}

// letters returns a name in lower case without separators.
func letters(name string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
}
