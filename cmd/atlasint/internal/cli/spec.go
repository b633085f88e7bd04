package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/specview"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/openapi"
)

// The OpenAPI versions of the printed documents.
const (
	openAPI31 = "3.1"
	openAPI30 = "3.0"
)

type specFlags struct {
	api, version, output string
	forGo                bool
}

func newSpec() *cobra.Command {
	var f specFlags
	cmd := &cobra.Command{
		Use:   "spec",
		Short: "Print the OpenAPI document of a generation",
		Long: `Prints the curated OpenAPI 3.1 document as YAML, or as JSON into a file named *.json.

--go prints what Go generators want: short names of operations and values, and application/json in
place of the dated media type, which belongs into a header. --openapi 3.0 is for programs that can't
read 3.1: const becomes enum, a type or null becomes nullable.`,
		Example: `  atlasint spec
  atlasint spec --api v1.0 -o atlas-v1.json
  atlasint spec --go --openapi 3.0 -o atlas-v2.yaml`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	apiFlag(cmd, &f.api)
	cmd.Flags().BoolVar(&f.forGo, "go", false, "apply the overlay for Go generators")
	cmd.Flags().StringVar(&f.version, "openapi", openAPI31, "version of OpenAPI: 3.1 or 3.0")
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "write to this file instead of standard output, as JSON if it is named *.json")
	_ = cmd.RegisterFlagCompletionFunc("openapi", cobra.FixedCompletions([]string{openAPI31, openAPI30}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (f *specFlags) run(cmd *cobra.Command) error {
	if err := checkAPI(f.api); err != nil {
		return err
	}
	if f.version != openAPI31 && f.version != openAPI30 {
		return exit.Usagef("unknown OpenAPI version %s; it is %s or %s", redact.Value(f.version), openAPI31, openAPI30)
	}
	data, err := f.document()
	if err != nil {
		return exit.Failuref("can't make this form of the document: %v", err)
	}
	return write(cmd, f.output, data)
}

// document returns the document; without other flags, the curated file byte for byte.
func (f *specFlags) document() ([]byte, error) {
	data, overlay := openapi.V2().Document, openapi.V2().Overlay
	if f.api == schemas.V1 {
		data, overlay = openapi.V1().Document, openapi.V1().Overlay
	}
	asJSON := strings.EqualFold(filepath.Ext(f.output), ".json")
	if !asJSON && !f.forGo && f.version == openAPI31 {
		return data, nil
	}
	doc, err := specview.Parse(data)
	if err != nil {
		return nil, err
	}
	if f.forGo {
		if err := doc.Apply(overlay); err != nil {
			return nil, err
		}
	}
	if f.version == openAPI30 {
		if err := doc.Downgrade(); err != nil {
			return nil, err
		}
	}
	if asJSON {
		return doc.JSON()
	}
	return doc.YAML(f.comment())
}

func (f *specFlags) comment() string {
	command := "atlasint spec --api " + f.api
	if f.forGo {
		command += " --go"
	}
	if f.version != openAPI31 {
		command += " --openapi " + f.version
	}
	return fmt.Sprintf("Made by: %s\nThe document that it is made from, and what its x- extensions mean: atlasint spec --api %s", command, f.api)
}
