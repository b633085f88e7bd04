package cli

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/editor"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

func newNew() *cobra.Command {
	var api, file string
	var force bool
	cmd := &cobra.Command{
		Use:   "new TYPE",
		Short: "Write a payload to start from",
		Long: `Writes a payload of the type with its usual fields. Secrets are references such as ${env:DATADOG_API_KEY}, so
you can commit the payload. Set the variables before atlasint apply, or write ${file:PATH} instead.`,
		Example:           "  atlasint new DATADOG -o datadog.json\n  atlasint new FLOWDOCK --api v1.0",
		Args:              exactlyOneType,
		ValidArgsFunction: completeType(&api),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkAPI(api); err != nil {
				return err
			}
			payload, err := starter(api, atlas.TypeName(args[0]))
			if err != nil {
				return err
			}
			switch _, err := os.Lstat(file); {
			case file == "":
				return write(cmd, "", payload)
			case err == nil && !force:
				return exit.Usagef("%s exists; --force overwrites it", redact.Path(file))
			}
			return workspace.SaveFile(file, payload, force)
		},
	}
	apiFlag(cmd, &api)
	outputFlag(cmd, &file, "write to this file instead of standard output")
	cmd.Flags().BoolVar(&force, "force", false, "overwrite the file")
	return cmd
}

// starter returns a payload of the type to start from.
func starter(api, name string) ([]byte, error) {
	t := schemas.Find(api, name)
	if t == nil {
		return nil, unknownType(api, name)
	}
	payload, err := editor.Starter(t)
	if err != nil {
		return nil, exit.Failuref("%v", err)
	}
	return payload, nil
}

// unknownType returns the usage error for a type that an API version does not have. The validator has suggestions.
func unknownType(api, name string) error {
	_, err := validate.New(validate.Options{APIVersion: api, Type: name})
	return validation.OptionError(err)
}
