package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
)

// ofField returns a field, named as in findings, such as DATADOG.apiKey: its type in each API version that has the
// field, with this field alone, and a text. It returns nil if the name is none of a field.
func ofField(name string) (narrowed []schemas.Type, text string) {
	typ, field, _ := strings.Cut(name, ".")
	var out strings.Builder
	for _, t := range typesNamed(typ) {
		i := slices.IndexFunc(t.Fields, func(f schemas.Field) bool { return strings.EqualFold(f.Name, field) })
		if i < 0 {
			out.WriteString(missingText(t, field))
			continue
		}
		t.Fields = t.Fields[i : i+1]
		t.Removed, t.Caveats = nil, nil
		narrowed = append(narrowed, t)
		f := t.Fields[0]
		fmt.Fprintf(&out, "%s.%s: %s (%s)\n%s\n\n", t.Name, f.Name, f.Title, t.APIVersion, f.Description)
		fieldTable(&out, t.Fields)
		out.WriteString("\n")
	}
	if narrowed == nil {
		return nil, ""
	}
	return narrowed, strings.TrimSuffix(out.String(), "\n")
}

// missingText returns the text about an API version without the field.
func missingText(t schemas.Type, field string) string {
	for _, r := range t.Removed {
		if strings.EqualFold(r.Name, field) {
			text := fmt.Sprintf("Removed from %s on %s", t.APIVersion, r.Since)
			if r.Use != "" {
				text += "; use " + r.Use
			}
			return text + "\n\n"
		}
	}
	return "Does not exist in " + t.APIVersion + "\n\n"
}

// unknownField returns the usage error for the name of a field that no API version has.
func unknownField(name string, types []schemas.Type, field string) error {
	var names []string
	for _, t := range types {
		for _, f := range t.Fields {
			names = append(names, f.Name)
		}
	}
	return problem.Inputf("nothing is called %s; %s", redact.Value(name),
		suggest.Hint(field, names, "atlasint explain "+types[0].Name+" describes the fields of the type"))
}
