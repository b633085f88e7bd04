package cli

import (
	"cmp"
	"errors"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/editor"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
)

type newFlags struct {
	api   string
	files editor.PayloadFiles
	all   bool
}

func newNew() *cobra.Command {
	var f newFlags
	cmd := &cobra.Command{
		Use:   "new {TYPE | --all}",
		Short: "Write a payload to start from",
		Long: `Writes a payload of the type with its usual fields. Secrets, names, IDs and values without a default are
references such as ${env:DATADOG_API_KEY}, so you can commit the payload, and apply skips it until the
variables are set. Write the values, or ${file:PATH}, instead of the references if you prefer.

--all writes a payload of every type of the API version: each into a file of the folder of -o, else each on
one line.`,
		Example:           "  atlasint new DATADOG -o integrations/atlas/datadog.json\n  atlasint new FLOWDOCK --api v1.0\n  atlasint new --all -o integrations/atlas",
		ValidArgsFunction: completeType(&f.api),
		Args: func(cmd *cobra.Command, args []string) error {
			if f.all && len(args) > 0 {
				return errors.New("--all writes every type; leave out the type")
			}
			if f.all {
				return nil
			}
			return exactlyOneType(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	configuredAPIFlag(cmd, &f.api)
	outputFlag(cmd, &f.files.Output, "write to this file instead of standard output, as YAML if it is named *.yaml; with --all to this folder")
	cmd.Flags().BoolVar(&f.all, "all", false, "write a payload of every type")
	cmd.Flags().BoolVar(&f.files.Force, "force", false, "overwrite files")
	return cmd
}

func (f *newFlags) run(cmd *cobra.Command, names []string) error {
	f.files.One = !f.all
	if err := f.files.CheckOutput(); err != nil {
		return ofFlag("-o", err)
	}
	types, err := f.types(cmd, names)
	if err != nil {
		return err
	}
	if err := f.files.AddStarters(types); err != nil {
		return err
	}
	return writePayloads(cmd, &f.files)
}

// types returns the types of the payloads, each in the API version of its file.
func (f *newFlags) types(cmd *cobra.Command, names []string) ([]*schemas.Type, error) {
	versionOf, err := apiVersions(cmd, f.api)
	if err != nil {
		return nil, err
	}
	if !f.all {
		return validation.Types(versionOf(cmp.Or(f.files.Output, workspace.Stdin)), names)
	}
	var types []*schemas.Type
	for i := range schemas.Types {
		t, file := &schemas.Types[i], workspace.Stdin
		if f.files.Output != "" {
			file = filepath.Join(f.files.Output, editor.FileName(t))
		}
		if t.APIVersion == versionOf(file) {
			types = append(types, t)
		}
	}
	return types, nil
}
