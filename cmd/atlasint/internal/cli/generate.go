package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/generate"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/openapi"
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
	before, err := f.readExisting()
	if err != nil {
		return err
	}
	source, err := f.generate()
	switch {
	case err != nil:
		return err
	case f.check:
		return f.compare(before, source)
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

// maxGenerated is an upper limit for the size of generated files in bytes.
const maxGenerated = 64 << 20

// readExisting reads the file to replace or to compare, nil if there is none. It returns an error for a file that
// was written by hand.
func (f *generateFlags) readExisting() ([]byte, error) {
	if f.output == "" {
		return nil, nil
	}
	name := redact.Path(f.output)
	data, err := readfile.Head(f.output, maxGenerated)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, f.checkFolder()
	case errors.Is(err, readfile.ErrNotRegular), errors.Is(err, syscall.EISDIR):
		return nil, exit.Usagef("-o %s: %v", name, readfile.ErrNotRegular)
	case err != nil:
		return nil, exit.Failuref("can't read %s: %v", name, exit.Cause(err))
	}
	switch {
	case f.check || generate.IsGenerated(data):
	case isLink(f.output): // an empty file in another folder may have a purpose
		return nil, exit.Usagef("%s is a link to a file without generated code; name another file, or remove the link", name)
	case len(data) > 0:
		return nil, exit.Usagef("%s contains no generated code; name another file, or remove this one", name)
	}
	return data, nil
}

func isLink(file string) bool {
	info, err := os.Lstat(file)
	return err == nil && info.Mode().Type() == fs.ModeSymlink
}

// checkFolder checks the folder of the output before the work is done.
func (f *generateFlags) checkFolder() error {
	if _, err := os.Stat(filepath.Dir(f.output)); err != nil && !f.check {
		return exit.Failuref("can't write %s: its folder: %v", redact.Path(f.output), exit.Cause(err))
	}
	return nil
}

// generate returns the generated source. Signals stop it.
func (f *generateFlags) generate() ([]byte, error) {
	ctx, end := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer end()
	source, err := f.job().Run(ctx)
	switch {
	case errors.Is(err, context.Canceled):
		return nil, exit.Failuref("interrupted; nothing was written")
	case err != nil:
		return nil, exit.Failuref("%v", err)
	}
	return source, nil
}

func (f *generateFlags) job() generate.Job {
	job := generate.Job{
		Document: openapi.V2().Document, Overlay: openapi.V2().Overlay, Settings: openapi.V2().Settings,
		Package: f.pkg, Command: f.command(generate.HeaderName(f.output)),
	}
	if f.api == schemas.V1 {
		job.Document, job.Overlay, job.Settings = openapi.V1().Document, openapi.V1().Overlay, openapi.V1().Settings
	}
	job.Options = generate.Options(f.targets)
	return job
}

func (f *generateFlags) command(output string) string {
	return generate.CommandLine(f.api, f.pkg, f.targets, output)
}

// compare implements --check. Git may have changed line ends.
func (f *generateFlags) compare(before, source []byte) error {
	fault := "stale"
	switch {
	case bytes.Equal(bytes.ReplaceAll(before, []byte("\r\n"), []byte("\n")), source):
		return nil
	case before == nil:
		fault = "missing"
	}
	return exit.New(exit.Findings, redact.Path(f.output)+" is "+fault+"; make it by: "+f.command(f.output))
}
