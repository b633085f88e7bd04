package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

func apiFlag(cmd *cobra.Command, api *string) {
	cmd.Flags().StringVar(api, "api", schemas.V2, "generation of the API: v2 or v1.0")
	_ = cmd.RegisterFlagCompletionFunc("api", cobra.FixedCompletions(atlas.Versions(), cobra.ShellCompDirectiveNoFileComp))
}

func checkAPI(api string) error {
	if !atlas.IsVersion(api) {
		return exit.Usagef("unknown API generation %s; it is v2 or v1.0", redact.Value(api))
	}
	return nil
}

// typeEntry is one integration type in the list of types.
type typeEntry struct {
	Type        string              `json:"type"`
	Service     string              `json:"service"`
	APIVersions []string            `json:"generations"`
	Required    map[string][]string `json:"required"`
}

func newTypes() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "types",
		Short:   "List the integration types and their generations",
		Example: "  atlasint types\n  atlasint types --json",
		Args:    atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			entries := typeEntries()
			if asJSON {
				return printJSON(cmd, entries)
			}
			return printTypes(cmd, entries)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func typeEntries() []typeEntry {
	var entries []typeEntry
	at := map[string]int{}
	for _, t := range schemas.Types {
		i, known := at[t.Name]
		if !known {
			i = len(entries)
			at[t.Name] = i
			entries = append(entries, typeEntry{Type: t.Name, Service: t.Title, Required: map[string][]string{}})
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

func printTypes(cmd *cobra.Command, entries []typeEntry) error {
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TYPE\tSERVICE\tGENERATIONS\tREQUIRED")
	for _, e := range entries {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.Type, e.Service, strings.Join(e.APIVersions, ", "), requiredText(e))
	}
	if err := w.Flush(); err != nil {
		return exit.Failuref("can't write the output: %v", err)
	}
	return nil
}

// requiredText joins the required fields, for each API version if they differ.
func requiredText(e typeEntry) string {
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

func printJSON(cmd *cobra.Command, value any) error {
	if err := report.Encode(cmd.OutOrStdout(), value); err != nil {
		return exit.Failuref("can't write the output: %v", err)
	}
	return nil
}

func exactlyOneType(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return errors.New("name one integration type; atlasint types lists them")
	}
	return nil
}

func completeType(api *string) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return typeNames(*api), cobra.ShellCompDirectiveNoFileComp
	}
}

func typeNames(api string) []string {
	var names []string
	for _, t := range schemas.Types {
		if t.APIVersion == api {
			names = append(names, t.Name)
		}
	}
	return names
}
