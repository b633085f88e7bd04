package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/editor"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
)

func newSchema() *cobra.Command {
	var api, out, base string
	var all, configuration bool
	cmd := &cobra.Command{
		Use:   "schema [TYPE | --all -o DIR | --configuration]",
		Short: "Print the JSON Schema of request bodies, or write the schemas for editors",
		Long: `Prints a self-contained JSON Schema (draft 2020-12) for the request bodies of one type. The schema is closed:
it rejects unknown fields, as Atlas does.

Without TYPE it prints one schema with a oneOf of all types, for code generators such as
json-schema-to-typescript and quicktype. Its $defs have one type for each integration.

With --all it writes schemas for editors (draft-07) into a folder: one for each type of both API versions, one
for all types of an API version, integration.json, that of .atlasint.yaml, and a catalog of them, catalog.json.
With them an editor completes, explains and checks payloads as you type. They accept ${env:NAME} and ${file:PATH} for any text.
Existing schemas in the folder are updated; other files are never overwritten.

With --configuration it prints the JSON Schema (draft-07) of .atlasint.yaml.`,
		Example:           "  atlasint schema DATADOG\n  atlasint schema -o integrations.schema.json\n  atlasint schema FLOWDOCK --api v1.0 -o flowdock.schema.json\n  atlasint schema --all -o .vscode/atlas",
		ValidArgsFunction: completeType(&api),
		Args: func(cmd *cobra.Command, args []string) error {
			if all {
				return checkAllFlags(cmd, args)
			}
			if configuration {
				return checkConfigurationFlags(cmd, args)
			}
			return usage.AtMost(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if all {
				return writeEditorSchemas(cmd, out, base)
			}
			if configuration {
				return writeSchema(cmd, out, workspace.ConfigSchema())
			}
			return printSchema(cmd, api, args, out)
		},
	}
	configuredAPIFlag(cmd, &api)
	outputFlag(cmd, &out, "write to this file instead of standard output, as YAML if it is named *.yaml; with --all to this folder")
	cmd.Flags().BoolVar(&all, "all", false, "write the schemas for editors, for all types and both API versions")
	cmd.Flags().BoolVar(&configuration, "configuration", false, "print the schema of "+workspace.ConfigName)
	usage.Exclusive(cmd, "all", "configuration")
	cmd.Flags().StringVar(&base, "base-url", "", "with --all: URL that the folder will be served at, for the links in catalog.json (default: the folder itself)")
	return cmd
}

// checkAllFlags rejects arguments and flags that don't go with --all.
func checkAllFlags(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) > 0:
		return errors.New("--all writes every type; leave out the type")
	case cmd.Flags().Changed("api"):
		return errors.New("--all writes both API versions; leave out --api")
	case slices.Contains([]string{"", workspace.Stdin}, cmd.Flag("output").Value.String()):
		return errors.New("--all needs a folder; add -o DIR")
	}
	return nil
}

// checkConfigurationFlags rejects arguments and flags that don't go with --configuration.
func checkConfigurationFlags(cmd *cobra.Command, args []string) error {
	if len(args) > 0 || cmd.Flags().Changed("api") || cmd.Flags().Changed("base-url") {
		return errors.New("--configuration takes no type, --api or --base-url; leave them out")
	}
	return nil
}

func printSchema(cmd *cobra.Command, api string, args []string, file string) error {
	if cmd.Flags().Changed("base-url") {
		return problem.Inputf("--base-url requires --all")
	}
	versionOf, err := apiVersions(cmd, api)
	if err != nil {
		return err
	}
	api = versionOf(workspace.Stdin)
	if len(args) == 0 {
		data, err := editor.ForGenerators(api)
		if err != nil {
			return problem.Of(problem.Failure, err)
		}
		return writeSchema(cmd, file, data)
	}
	name := atlas.TypeName(args[0])
	data, ok := schemas.Schema(api, name)
	if !ok {
		return validation.UnknownType(api, name)
	}
	return writeSchema(cmd, file, data)
}

// writeSchema writes a schema to a file in the format of its name, or to standard output.
func writeSchema(cmd *cobra.Command, file string, schema []byte) error {
	data, err := editor.InFormat(file, schema)
	if err != nil {
		return problem.Failuref("can't convert the schema for %s: %w", redact.Path(file), err)
	}
	return write(cmd, file, data)
}

// writeEditorSchemas updates the folder. It creates no schemas in a folder with payloads.
func writeEditorSchemas(cmd *cobra.Command, dir, base string) error {
	if file, isKnown := workspace.PayloadIn(dir); file != "" && !editor.HasSchemas(dir) {
		what := "payloads"
		if !isKnown {
			what = "files that may be payloads"
		}
		return problem.Inputf("-o %s has %s, such as %s, and atlasint would read the schemas as payloads too; name another folder, such as .vscode/atlas",
			redact.Path(dir), what, redact.Path(file))
	}
	done, err := editor.Update(dir, base)
	if err != nil {
		return err
	}
	for _, path := range done.Leftovers {
		printDiagnostic(cmd.ErrOrStderr(), redact.Path(path)+" is a schema of another version; delete it")
	}
	return write(cmd, "", fmt.Appendf(nil, "%s: %d schemas and a catalog, %s written\n", redact.Path(dir), done.Schemas,
		words.Quantity(done.Changed, "file")))
}
