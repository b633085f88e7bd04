// Package listing lists integration types and integrations as tables and as JSON.
package listing

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/internal/atlas"
)

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
		fmt.Fprintf(table, "%s\t%s\t%s\n", apply.NameText(in.Type), cmp.Or(apply.IDText(in.ID), "-"), strings.Join(fields, " "))
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
		o := map[string]any{"type": apply.NameText(in.Type)}
		if in.ID != "" {
			o["id"] = apply.IDText(in.ID)
		}
		for _, f := range atlas.MaskedFields(apiVersion, in.Type, in.JSON) {
			o[f.Name] = f.Value
		}
		objects = append(objects, o)
	}
	return Document{1, objects}
}
