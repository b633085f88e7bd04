package cli

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/generate"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/redact"
)

type generateFlags struct {
	api, pkg, output string
	targets          []string
	check            bool
}

func newGenerate() *cobra.Command {
	var f generateFlags
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Write Go types, a client or a server interface for another module",
		Long: `Generates one Go file from the OpenAPI document of an API version. It runs oapi-codegen in the version and
with the settings that atlasint uses for its own packages. Add a go:generate line to your package:

  //go:generate go run github.com/atlasint/atlasint/cmd/atlasint@latest generate -o atlas.gen.go

The go command downloads and builds oapi-codegen on first use; later runs need no network.
The default package name is GOPACKAGE, which go generate sets.

Targets:
` + targetTable(),
		Example: `  atlasint generate --package atlas -o atlas.gen.go
  atlasint generate --api v1.0 --package atlas --targets types,server,strict-server -o atlas.gen.go
  atlasint generate --package atlas -o atlas.gen.go --check`,
		Args: usage.AtMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	apiFlag(cmd, &f.api)
	cmd.Flags().StringVar(&f.pkg, "package", "", "name of the Go package")
	cmd.Flags().StringSliceVar(&f.targets, "targets", []string{"types", "client"}, "parts of the file, separated by commas")
	outputFlag(cmd, &f.output, "write to this file instead of standard output")
	cmd.Flags().BoolVar(&f.check, "check", false, "write nothing; exit with 1 if the file is missing or stale")
	_ = cmd.RegisterFlagCompletionFunc("targets", cobra.FixedCompletions(generate.TargetNames(false), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func targetTable() string {
	var rows strings.Builder
	for _, t := range generate.Targets {
		fmt.Fprintf(&rows, "  %-15s%s\n", t.Name, t.Text)
	}
	return rows.String()
}

func (f *generateFlags) run(cmd *cobra.Command) error {
	if err := f.resolve(); err != nil {
		return err
	}
	before, err := generate.ReadExisting(f.output, f.check)
	if err != nil {
		return err
	}
	source, err := f.generate()
	switch {
	case err != nil:
		return err
	case f.check:
		return generate.Compare(f.output, before, source, generate.CommandLine(f.api, f.pkg, f.targets, f.output))
	case f.output == "":
		return write(cmd, "", source)
	}
	return workspace.ReplaceFile(f.output, source)
}

// resolve sets defaults. It returns an error for choices that can't be generated.
func (f *generateFlags) resolve() error {
	if err := checkAPI(f.api); err != nil {
		return err
	}
	if f.pkg == "" {
		f.pkg = os.Getenv("GOPACKAGE")
	}
	switch {
	case f.pkg == "":
		return exit.Usagef("name the Go package of the file, such as --package atlas")
	case !token.IsIdentifier(f.pkg) || f.pkg == "_":
		return exit.Usagef("%s is not a Go package name; use one word of letters and digits, such as --package atlas", redact.Value(f.pkg))
	case f.check && f.output == "":
		return exit.Usagef("--check needs a file to check; add -o FILE")
	case redact.Path(f.output) != f.output:
		return exit.Usagef("-o %s: the file name contains control characters; choose another name", redact.Path(f.output))
	case redact.Inert(f.output) != f.output: // the header of the file has the name
		return exit.Usagef("-o %s: a CI system would read this file name as a command; choose another name", f.output)
	}
	var err error
	f.targets, err = generate.SortTargets(f.targets)
	return err
}

// generate returns the generated source. Signals stop it.
func (f *generateFlags) generate() ([]byte, error) {
	ctx, end := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer end()
	source, err := generate.NewJob(f.api, f.pkg, f.targets, f.output).Run(ctx)
	switch {
	case errors.Is(err, context.Canceled):
		return nil, exit.Failuref("interrupted; nothing was written")
	case err != nil:
		return nil, exit.Failuref("%v", err)
	}
	return source, nil
}
