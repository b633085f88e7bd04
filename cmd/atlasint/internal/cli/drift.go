package cli

import (
	"bytes"
	"errors"
	"io"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/drift"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

type driftFlags struct {
	api, format, output string
	all                 bool
	maxSize             int64
}

// driftFormats are the formats of drift, the default first.
var driftFormats = []string{"text", "json"}

func newDrift() *cobra.Command {
	var f driftFlags
	cmd := &cobra.Command{
		Use:   "drift FILE...",
		Short: "Compare an official OpenAPI document of Atlas with ours",
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
	flags.StringVar(&f.api, "api", "", "API version: v2 or v1.0 (default: the one in the paths of the document)")
	flags.BoolVar(&f.all, "all", false, "also print the differences that have a reason, and the reason")
	f.format = driftFormats[0]
	formatFlag(cmd, &f.format, &f.output, driftFormats)
	flags.Int64Var(&f.maxSize, "max-size", 32<<20, "maximum size of a document in bytes")
	complete(cmd, "api", atlas.Versions()...)
	return cmd
}

func (f *driftFlags) run(cmd *cobra.Command, args []string) error {
	if f.api != "" {
		if err := checkAPI(f.api); err != nil {
			return err
		}
	}
	if err := checkFormat(cmd, f.format, f.output, driftFormats); err != nil {
		return err
	}
	if f.maxSize < 1 {
		return exit.Usagef("--max-size must be at least 1, not %d", f.maxSize)
	}
	result := drift.NewReport()
	code := exit.OK
	for _, file := range args {
		if err := f.add(result, file, cmd.InOrStdin()); err != nil {
			var end *exit.Error
			errors.As(err, &end)
			result.Failures = append(result.Failures, drift.Failure{File: displayName(file), Message: end.Text})
			printDiagnostic(cmd.ErrOrStderr(), end.Text)
			code = max(code, end.Code)
		}
	}
	if err := f.print(cmd, result); err != nil {
		return err
	}
	if code == exit.OK && result.Summary.Differences > 0 {
		code = exit.Findings
	}
	if code == exit.OK {
		return nil
	}
	return exit.New(code, "")
}

// add compares one document and adds the result to the report.
func (f *driftFlags) add(into *drift.Report, file string, stdin io.Reader) error {
	data, err := f.read(file, stdin)
	if err != nil {
		return err
	}
	result, err := f.compare(data)
	var fault *drift.Fault
	switch {
	case errors.As(err, &fault) && fault.Line > 0:
		return exit.Failuref("%s:%v: %s", redact.Path(displayName(file)), fault.Line, fault.Message)
	case errors.As(err, &fault):
		return exit.Failuref("%s: %v", redact.Path(displayName(file)), err)
	case err != nil:
		return err
	}
	into.Add(displayName(file), result, f.all)
	return nil
}

// displayName returns the name of a file in a report.
func displayName(file string) string {
	if file == workspace.Stdin {
		return report.Stdin
	}
	return file
}

func (f *driftFlags) compare(data []byte) (*drift.Result, error) {
	doc, err := drift.Parse(data)
	if err != nil {
		return nil, err
	}
	api := f.api
	if api == "" {
		api = doc.APIVersion()
	}
	if api == "" {
		return nil, &drift.Fault{Message: "the paths show no API version, as in /api/atlas/v2/groups/{groupId}/integrations; use the official document of Atlas, or add --api"}
	}
	return doc.Compare(api)
}

func (f *driftFlags) read(file string, stdin io.Reader) ([]byte, error) {
	var data []byte
	var err error
	if file == workspace.Stdin {
		data, err = readfile.All(stdin, f.maxSize)
	} else {
		data, err = readfile.Regular(file, f.maxSize)
	}
	var tooLarge *readfile.LimitError
	name := redact.Path(displayName(file))
	switch {
	case errors.As(err, &tooLarge):
		return nil, exit.Failuref("%s: over %d bytes; --max-size allows more", name, f.maxSize)
	case errors.Is(err, syscall.EISDIR):
		return nil, exit.Failuref("%s is a folder; name a document in it", name)
	case errors.Is(err, readfile.ErrNotRegular):
		return nil, exit.Failuref("can't read %s: %v; pipe the document in and name it -", name, err)
	case err != nil:
		return nil, exit.Failuref("can't read %s: %v", name, exit.Cause(err))
	}
	return data, nil
}

func (f *driftFlags) print(cmd *cobra.Command, from *drift.Report) error {
	if f.format != "json" {
		return write(cmd, f.output, []byte(from.Text(f.all)))
	}
	var document bytes.Buffer
	if err := report.Encode(&document, from); err != nil {
		return outputError(err)
	}
	return write(cmd, f.output, document.Bytes())
}
