package cli

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/editor"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

func newSchema() *cobra.Command {
	var api, out, base string
	var all, configuration bool
	cmd := &cobra.Command{
		Use:   "schema {TYPE | --all -o DIR | --configuration}",
		Short: "Print the JSON Schema of a type's request bodies, or write all for editors",
		Long: `Prints a self-contained JSON Schema (draft 2020-12) for the request bodies of one type. The schema is closed:
it rejects unknown fields, as Atlas does.

With --all it writes schemas for editors (draft-07) into a folder: one for each type of both API versions, one
for all types of an API version, integration.json, and a catalogue of them, catalog.json. With them an editor
completes, explains and checks payloads as you type. They accept ${env:NAME} and ${file:PATH} for any text.
Existing schemas in the folder are updated; other files are never overwritten.

With --configuration it prints the JSON Schema (draft-07) of .atlasint.yaml.`,
		Example:           "  atlasint schema DATADOG\n  atlasint schema FLOWDOCK --api v1.0 -o flowdock.json\n  atlasint schema --all -o .vscode/atlas",
		ValidArgsFunction: completeType(&api),
		Args: func(cmd *cobra.Command, args []string) error {
			if all {
				return checkAllFlags(cmd, args)
			}
			if configuration {
				return checkConfigurationFlags(cmd, args)
			}
			return exactlyOneType(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if all {
				return writeEditorSchemas(cmd, out, base)
			}
			if configuration {
				return write(cmd, out, workspace.ConfigSchema())
			}
			return printSchema(cmd, api, atlas.TypeName(args[0]), out)
		},
	}
	apiFlag(cmd, &api)
	outputFlag(cmd, &out, "write to this file instead of standard output; with --all to this folder")
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
	case cmd.Flag("output").Value.String() == "":
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

func printSchema(cmd *cobra.Command, api, name, file string) error {
	if cmd.Flags().Changed("base-url") {
		return exit.Usagef("--base-url requires --all")
	}
	if err := checkAPI(api); err != nil {
		return err
	}
	data, ok := schemas.Schema(api, name)
	if !ok {
		return unknownType(api, name)
	}
	return write(cmd, file, data)
}

// writeEditorSchemas updates the folder. It checks all files before it writes the first one.
func writeEditorSchemas(cmd *cobra.Command, dir, base string) error {
	base, err := baseURL(base, dir)
	if err != nil {
		return err
	}
	files, err := editor.Files(base)
	if err != nil {
		return exit.Failuref("%v", err)
	}
	folder, err := workspace.OpenFolder(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	stale, err := editor.Outdated(folder, files)
	if err != nil {
		return err
	}
	for _, f := range stale {
		if err := editor.SaveSchema(folder, f); err != nil {
			return workspace.SaveError(filepath.Join(dir, filepath.FromSlash(f.Path)), err)
		}
	}
	for _, path := range editor.Leftovers(folder, files) {
		printDiagnostic(cmd.ErrOrStderr(), redact.Path(filepath.Join(dir, path))+" is a schema of another version; delete it")
	}
	return write(cmd, "", fmt.Appendf(nil, "%s: %d schemas and a catalogue, %s written\n", redact.Path(dir), len(files)-1, quantity(len(stale), "file")))
}

// baseURL returns the base URL of the schemas with a slash at its end; by default, that of the folder itself.
func baseURL(base, dir string) (string, error) {
	if base != "" {
		u, err := url.Parse(base)
		if err != nil || !u.IsAbs() || u.Opaque != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return "", exit.Usagef("--base-url must be an absolute URL without user, query and fragment, such as https://example.com/schemas")
		}
		return strings.TrimSuffix(base, "/") + "/", nil
	}
	whole, err := filepath.Abs(dir)
	if err != nil {
		return "", exit.Failuref("can't find the working directory: %v", err)
	}
	whole = filepath.ToSlash(whole)
	if !strings.HasPrefix(whole, "/") {
		whole = "/" + whole // C:/folder
	}
	return (&url.URL{Scheme: "file", Path: strings.TrimSuffix(whole, "/") + "/"}).String(), nil
}

func quantity(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
