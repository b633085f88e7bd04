package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/explain"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
)

func newExplain() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain TYPE|RULE|ERRORCODE",
		Short: "Explain an integration type, a rule, or an error code of Atlas",
		Long: `Prints the fields of an integration type and what differs between the generations, what a rule of
validate finds and how that is known, or the cause and the cure of an error code in Atlas's answers. As
JSON, a type is a list with an entry for each generation that has it.`,
		Example: "  atlasint explain DATADOG\n  atlasint explain masked-value\n  atlasint explain INTEGRATION_ALREADY_CONFIGURED",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("name one integration type, rule or error code")
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
		if near := suggest.Nearest(name, explain.Names()); near != "" {
			return exit.Usagef("nothing is called %s; did you mean %s?", redact.Value(name), near)
		}
		return exit.Usagef("nothing is called %s; name an integration type, a rule or an error code of Atlas", redact.Value(name))
	case asJSON:
		return printJSON(cmd, subject)
	default:
		return write(cmd, "", []byte(text))
	}
}
