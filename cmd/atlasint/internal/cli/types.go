package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/listing"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
)

func newTypes() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "types",
		Short:   "List the integration types and their API versions",
		Example: "  atlasint types\n  atlasint types --json",
		Args:    usage.AtMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			entries := listing.Types()
			if asJSON {
				return printJSON(cmd, entries)
			}
			return problem.Output(listing.WriteTypes(cmd.OutOrStdout(), entries))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
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
		return validation.TypeNames(*api), cobra.ShellCompDirectiveNoFileComp
	}
}
