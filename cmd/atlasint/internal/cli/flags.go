package cli

import (
	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
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
