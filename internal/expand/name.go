package expand

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/redact"
)

// CheckNames returns an error for the first reference to an environment variable whose name no shell can set, or for
// one that is not replaced, nil if there is none. It contains no name: a part of one may be a value.
func CheckNames(s string) *Error {
	for _, parts := range reference().FindAllStringSubmatch(s, -1) {
		if parts[1] != "env" || parts[2] == "" {
			continue
		}
		if fault := nameFault(parts[2]); fault != nil {
			return fault
		}
	}
	if rest := reference().ReplaceAllString(s, ""); strings.Contains(rest, "${env:") || strings.Contains(rest, "${file:") {
		return nested
	}
	return nil
}

// The errors of names.
var (
	hasDefault = &Error{"the reference has text after the name of the variable", "references have no default values; write ${env:NAME}"}
	hasSpaces  = &Error{"the name of the variable in the reference has spaces around it", "remove them"}
	nested     = &Error{"a reference is inside another one, or has no closing brace", "write ${env:NAME} or ${file:PATH}"}
	noShell    = &Error{"no shell can set the variable that the reference names", "write letters, digits and underscores, and a digit not as the first"}
)

// nameFault returns an error for a name of a variable that no shell can set, nil for others.
func nameFault(name string) *Error {
	trimmed := strings.TrimSpace(name)
	rest := strings.TrimLeft(trimmed, nameBytes)
	switch {
	case strings.ContainsAny(name, ":|=?+,"): // as in shells and in other tools: NAME:-VALUE, NAME:VALUE, NAME|VALUE
		return hasDefault
	case rest != "" || trimmed == "" || '0' <= trimmed[0] && trimmed[0] <= '9':
		return noShell
	case trimmed != name:
		return hasSpaces
	}
	return nil
}

// ShownVariable reports whether errors and snippets show the name of a variable: it is shorter than a secret, and a
// shell can set it. Another one may be a secret in its place, or have a default value that is one.
func ShownVariable(name string) bool { return redact.Shown(name) && nameFault(name) == nil }

// variableName returns the name of a variable in a form that is safe to show.
func variableName(name string) string {
	if !ShownVariable(name) {
		return fmt.Sprintf("of %d characters", utf8.RuneCountInString(name))
	}
	return redact.Name(name)
}

const nameBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
