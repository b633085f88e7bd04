package cli

import (
	"bytes"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/drift"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

type driftFlags struct {
	drift.Options
	format, output string
}

// driftFormats are the formats of drift, the default first.
var driftFormats = []string{"text", "json"}

func newDrift() *cobra.Command {
	var f driftFlags
	cmd := &cobra.Command{
		Use:   "drift FILE...",
		Short: "Compare an official OpenAPI document of Atlas with the one of atlasint",
		Long: `Compares the third-party integrations in an official OpenAPI document of Atlas with the document that
atlasint is generated from: servers, security, operations, parameters, responses, media types, types and
fields. If an SDK has flattened the document, drift compares the remaining parts and prints a note.
Differences that are kept on purpose have a reason in openapi/ledger.txt and are printed with --all only.

A FILE is JSON or YAML, or - for standard input. Only these files are read: a reference to another document
is an error.

Exit codes: 0 no difference without a reason, 1 differences, 2 usage error, 3 the file can't be read or
is not an OpenAPI document of these endpoints.`,
		Example: `  atlasint drift openapi-2025-03-12.yaml
  atlasint drift --all v2.json
  atlasint drift --format json v2.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("name an official OpenAPI document of Atlas, or - for standard input")
			}
			return nil
		},
		RunE: f.run,
	}
	flags := cmd.Flags()
	flags.StringVar(&f.API, "api", "", "API version: v2 or v1.0 (default: the one in the paths of the document)")
	flags.BoolVar(&f.All, "all", false, "also print the differences that have a reason, and the reason")
	f.format = driftFormats[0]
	formatFlag(cmd, &f.format, &f.output, driftFormats)
	flags.Int64Var(&f.MaxSize, "max-size", 32<<20, "maximum size of a document in bytes")
	complete(cmd, "api", atlas.Versions()...)
	return cmd
}

func (f *driftFlags) run(cmd *cobra.Command, args []string) error {
	if f.API != "" {
		if err := validation.CheckAPI(f.API); err != nil {
			return err
		}
	}
	if err := checkFormat(cmd, f.format, f.output, driftFormats); err != nil {
		return err
	}
	if f.MaxSize < 1 {
		return problem.Inputf("--max-size must be at least 1, not %d", f.MaxSize)
	}
	if slices.ContainsFunc(args, func(file string) bool { return validation.Overwrites(f.output, file) }) {
		return problem.Inputf("-o %s would overwrite a document that is compared; name another file", redact.Path(f.output))
	}
	result, kind := f.Compare(args, cmd.InOrStdin())
	for _, failure := range result.Failures {
		printDiagnostic(cmd.ErrOrStderr(), failure.Message)
	}
	if err := f.print(cmd, result); err != nil || kind == problem.None {
		return err
	}
	return problem.Printed(kind)
}

func (f *driftFlags) print(cmd *cobra.Command, from *drift.Report) error {
	if f.format != "json" {
		return write(cmd, f.output, []byte(from.Text(f.All)))
	}
	var document bytes.Buffer
	if err := report.Encode(&document, from); err != nil {
		return problem.Output(err)
	}
	return write(cmd, f.output, document.Bytes())
}
