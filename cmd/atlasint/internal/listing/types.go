package listing

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/atlasint/atlasint/gen/schemas"
)

// Type is one integration type in the list of types.
type Type struct {
	Type        string              `json:"type"`
	Service     string              `json:"service"`
	APIVersions []string            `json:"apiVersions"`
	Required    map[string][]string `json:"required"`
}

// Types returns all integration types, in the order of the API.
func Types() []Type {
	var entries []Type
	at := map[string]int{}
	for _, t := range schemas.Types {
		i, known := at[t.Name]
		if !known {
			i = len(entries)
			at[t.Name] = i
			entries = append(entries, Type{Type: t.Name, Service: t.Title, Required: map[string][]string{}})
		}
		entries[i].APIVersions = append(entries[i].APIVersions, t.APIVersion)
		for _, f := range t.Fields {
			if f.Required {
				entries[i].Required[t.APIVersion] = append(entries[i].Required[t.APIVersion], f.Name)
			}
		}
	}
	return entries
}

// WriteTypes writes the types as a table.
func WriteTypes(out io.Writer, entries []Type) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TYPE\tSERVICE\tAPI VERSIONS\tREQUIRED")
	for _, e := range entries {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.Type, e.Service, strings.Join(e.APIVersions, ", "), requiredText(e))
	}
	return w.Flush()
}

// requiredText joins the required fields, for each API version if they differ.
func requiredText(e Type) string {
	first := e.Required[e.APIVersions[0]]
	var parts []string
	same := true
	for _, apiVersion := range e.APIVersions {
		parts = append(parts, apiVersion+": "+strings.Join(e.Required[apiVersion], " "))
		same = same && slices.Equal(slices.Sorted(slices.Values(first)), slices.Sorted(slices.Values(e.Required[apiVersion])))
	}
	if same {
		return strings.Join(first, " ")
	}
	return strings.Join(parts, "; ")
}
