package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/scaffold"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/terminal"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/words"
)

func newInit() *cobra.Command {
	var api string
	var yes bool
	cmd := &cobra.Command{
		Use:   "init [TYPE...]",
		Short: "Set up validation in a repository",
		Long: `Writes the configuration .atlasint.yaml, the pre-commit hook and a payload of each TYPE in integrations/atlas into
the working directory, after you confirm. The default type is DATADOG. Files that exist are kept. Run it in the root of
the repository: pre-commit reads its configuration there.`,
		Example: "  atlasint init --yes\n  atlasint init --yes SLACK PAGER_DUTY",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return validation.TypeNames(api), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"DATADOG"}
			}
			types, err := typesToInit(cmd, api, args)
			if err != nil {
				return err
			}
			return writeScaffold(cmd, types, yes)
		},
	}
	configuredAPIFlag(cmd, &api)
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "write without confirmation")
	return cmd
}

// typesToInit returns the types with these names, each once, in the API versions of their payload files. It prints
// notes about configurations that are not used, such as one with a wrong name.
func typesToInit(cmd *cobra.Command, api string, names []string) (types []*schemas.Type, err error) {
	versionOf, err := apiVersions(cmd, api)
	if err != nil {
		return nil, err
	}
	if !scaffold.UsesConfig() {
		versionOf = func(string) string { return api }
	}
	for _, name := range names {
		found, err := validation.Types(versionOf(scaffold.PayloadFile(atlas.TypeName(name))), []string{name})
		if err != nil {
			return nil, err
		}
		if !slices.Contains(types, found[0]) {
			types = append(types, found[0])
		}
	}
	if cfg, err := workspace.FindConfig(""); err == nil {
		for _, text := range cfg.UnusedNotes(nil) {
			printDiagnostic(cmd.ErrOrStderr(), text)
		}
	}
	return types, nil
}

// writeScaffold lists the files, asks, and writes those that don't exist.
func writeScaffold(cmd *cobra.Command, types []*schemas.Type, yes bool) error {
	files, err := scaffold.Files(types, version(), cmd.Flags().Changed("api"))
	if err != nil {
		return err
	}
	missing, existing := scaffold.Missing(files)
	if err := write(cmd, "", []byte(scaffold.Describe(missing, existing))); err != nil {
		return err
	}
	for _, f := range missing {
		if f.Warning != "" {
			printDiagnostic(cmd.ErrOrStderr(), f.Path+": "+f.Warning)
		}
	}
	switch {
	case len(missing) == 0 || yes:
	case !terminal.CanConfirm(cmd.InOrStdin()):
		return problem.Inputf("no terminal to confirm the files; add --yes to write them")
	default:
		if err := confirm(cmd, "Write the new files?"); err != nil {
			return err
		}
	}
	if err := scaffold.Write(missing); err != nil {
		return err
	}
	for _, f := range existing {
		if f.Next != "" {
			printDiagnostic(cmd.ErrOrStderr(), f.Path+" exists; "+f.Next)
		}
	}
	for _, f := range missing {
		if f.Check != "" {
			printDiagnostic(cmd.ErrOrStderr(), f.Path+": "+f.Check)
		}
	}
	text := "wrote " + words.Quantity(len(missing), "file")
	if next := scaffold.Next(missing); next != "" {
		text += "; " + next
	}
	return write(cmd, "", []byte(text+"\n"))
}
