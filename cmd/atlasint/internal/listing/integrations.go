// Package listing lists integration types and integrations as tables and as JSON.
package listing

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/internal/atlas"
)

// OfType returns the integration of a type in any spelling. The error names a type that is unknown, or missing in the
// list, with the flags for the hint. A type in the list need not be known.
func OfType(list []client.Integration, apiVersion, name, flags string) ([]client.Integration, error) {
	typ := atlas.TypeName(name)
	i := slices.IndexFunc(list, func(in client.Integration) bool { return in.Type == typ })
	switch {
	case i >= 0:
		return list[i : i+1], nil
	case atlas.Find(apiVersion, typ) == nil:
		return nil, validation.UnknownType(apiVersion, typ)
	}
	return nil, NotFound(typ, flags)
}

// NotFound returns the error for a type without an integration in the project. The hint has the flags, which select the
// project.
func NotFound(typ, flags string) error {
	return problem.Findingf("the project has no integration of type %s; atlasint get%s lists its integrations", typ, flags)
}

// maxNames is the largest number of fields that a warning names.
const maxNames = 10

// CredentialWarning returns a text about the fields in which the server returned a credential of the client, "" if it
// returned none.
func CredentialWarning(list []client.Integration) string {
	var names []string
	seen := map[string]bool{}
	for _, in := range list {
		for _, field := range in.Hidden {
			name := atlas.ShownName(in.Type) + "." + atlas.ShownName(field)
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	more := ""
	if n := len(names) - maxNames; n > 0 {
		names, more = names[:maxNames], fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("the server returned your credentials in %s%s; they are hidden. Is this the right server?",
		strings.Join(names, ", "), more)
}

// WriteIntegrations writes the integrations as a table, secrets masked.
func WriteIntegrations(out io.Writer, apiVersion string, list []client.Integration) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "TYPE\tID\tFIELDS")
	for _, in := range list {
		var fields []string
		for _, f := range atlas.MaskedFields(apiVersion, in.Type, in.JSON) {
			if text := f.String(); text != "" {
				fields = append(fields, text)
			}
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", atlas.ShownName(in.Type), cmp.Or(atlas.ShownID(in.ID), "-"), strings.Join(fields, " "))
	}
	return table.Flush()
}

// Document is the list of integrations as printed with --json; docs/apply.md describes it.
type Document struct {
	Version      int              `json:"version"`
	Integrations []map[string]any `json:"integrations"`
}

// Integrations returns the document of integrations, secrets masked.
func Integrations(apiVersion string, list []client.Integration) Document {
	objects := []map[string]any{}
	for _, in := range list {
		o := map[string]any{"type": atlas.ShownName(in.Type)}
		if in.ID != "" {
			o["id"] = atlas.ShownID(in.ID)
		}
		for _, f := range atlas.MaskedFields(apiVersion, in.Type, in.JSON) {
			o[f.Name] = f.Value
		}
		objects = append(objects, o)
	}
	return Document{1, objects}
}
