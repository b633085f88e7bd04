package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/listing"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

func apiFlag(cmd *cobra.Command, api *string) {
	cmd.Flags().StringVar(api, "api", schemas.V2, "API version: v2 or v1.0")
	_ = cmd.RegisterFlagCompletionFunc("api", cobra.FixedCompletions(atlas.Versions(), cobra.ShellCompDirectiveNoFileComp))
}

func checkAPI(api string) error {
	if !atlas.IsVersion(api) {
		return exit.Usagef("unknown API version %s; use v2 or v1.0", redact.Value(api))
	}
	return nil
}

func newTypes() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "types",
		Short:   "List the integration types and their API versions",
		Example: "  atlasint types\n  atlasint types --json",
		Args:    atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			entries := listing.Types()
			if asJSON {
				return printJSON(cmd, entries)
			}
			return outputError(listing.WriteTypes(cmd.OutOrStdout(), entries))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printJSON(cmd *cobra.Command, value any) error {
	return outputError(report.Encode(cmd.OutOrStdout(), value))
}

// outputError returns the error of a command that can't write its output.
func outputError(err error) error {
	if err == nil {
		return nil
	}
	return exit.Failuref("can't write the output: %v", err)
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
