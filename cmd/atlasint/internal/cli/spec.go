package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/publish"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/specview"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
)

type specFlags struct {
	api, version, output, html string
	forGo                      bool
}

func newSpec() *cobra.Command {
	var f specFlags
	cmd := &cobra.Command{
		Use:   "spec",
		Short: "Print the OpenAPI document of an API version, or write the API reference as HTML",
		Long: `Prints the curated OpenAPI 3.1 document as YAML, or as JSON into a file named *.json.

--go prints the form for Go generators: short names of operations and values, and application/json instead of the
dated media type, which Go code sends in a header. --openapi 3.0 is for programs that can't read 3.1: const
becomes enum, and "a type or null" becomes nullable. All forms have an enum beside each const, and no unused
components.

--html writes the API reference into a folder: pages about operations, integration types, error codes and rules, for
both API versions. Any web server can publish them. The folder must be empty or contain an older reference.`,
		Example: `  atlasint spec
  atlasint spec --api v1.0 -o atlas-v1.json
  atlasint spec --go --openapi 3.0 -o atlas-v2.yaml
  atlasint spec --html public`,
		Args: usage.AtMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	apiFlag(cmd, &f.api)
	cmd.Flags().BoolVar(&f.forGo, "go", false, "apply the overlay for Go generators")
	cmd.Flags().StringVar(&f.version, "openapi", specview.OpenAPI31, "version of OpenAPI: 3.1 or 3.0")
	outputFlag(cmd, &f.output, "write to this file instead of standard output, as JSON if it is named *.json")
	cmd.Flags().StringVar(&f.html, "html", "", "write the API reference into this folder, as HTML")
	_ = cmd.RegisterFlagCompletionFunc("openapi",
		cobra.FixedCompletions([]string{specview.OpenAPI31, specview.OpenAPI30}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (f *specFlags) run(cmd *cobra.Command) error {
	if cmd.Flags().Changed("html") {
		return f.writeReference(cmd)
	}
	if err := validation.CheckAPI(f.api); err != nil {
		return err
	}
	form := specview.Form{OpenAPI: f.version, ForGo: f.forGo, JSON: strings.EqualFold(filepath.Ext(f.output), ".json")}
	if err := form.Check(); err != nil {
		return err
	}
	data, err := form.Document(f.api)
	if err != nil {
		return problem.Failuref("can't convert the document: %w", err)
	}
	return write(cmd, f.output, data)
}

// writeReference writes the API reference.
func (f *specFlags) writeReference(cmd *cobra.Command) error {
	for _, name := range []string{"api", "go", "openapi", "output"} {
		if cmd.Flags().Changed(name) {
			return problem.Inputf("--html writes the pages of both API versions into its folder; leave out --%s", name)
		}
	}
	done, err := publish.Reference(f.html)
	if err != nil {
		return err
	}
	for _, path := range done.Leftovers {
		printDiagnostic(cmd.ErrOrStderr(), redact.Path(path)+" is a page of another version; delete it")
	}
	return write(cmd, "", fmt.Appendf(nil, "%s: the reference has %d files, %s written\n", redact.Path(f.html), done.Total,
		words.Quantity(done.Changed, "file")))
}
