package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/explain"
)

func newExplain() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain TYPE[.FIELD]|RULE|ERRORCODE",
		Short: "Explain an integration type, a field, a rule, or an error code of Atlas",
		Long: `Describes an integration type, a field, a rule or an error code of Atlas. For a type it prints the fields and
the differences between the API versions, for a field, named as in findings, its values in each API version, for
a rule its findings and their evidence, for an error code the cause and a fix. With --json, a type is a list with
one entry for each API version that has it, and a field is such a list in which it is the only field.`,
		Example: "  atlasint explain DATADOG\n  atlasint explain DATADOG.region\n  atlasint explain masked-value\n  atlasint explain INTEGRATION_ALREADY_CONFIGURED",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("name one integration type, field, rule or error code")
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return explain.Names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error { return printExplanation(cmd, args[0], asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printExplanation(cmd *cobra.Command, name string, asJSON bool) error {
	subject, text := explain.Find(name)
	switch {
	case subject == nil:
		return explain.UnknownName(name)
	case asJSON:
		return printJSON(cmd, subject)
	default:
		return write(cmd, "", []byte(text))
	}
}
