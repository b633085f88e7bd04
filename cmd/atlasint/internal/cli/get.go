package cli

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/editor"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/listing"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
)

type getFlags struct {
	connect     connectFlags
	api, config string
	json        bool
	asPayload   bool
	output      string
	force       bool
}

func newGet() *cobra.Command {
	var f getFlags
	cmd := &cobra.Command{
		Use:   "get [TYPE]",
		Short: "Show the integrations of a project, or write payload files of them",
		Long: `Lists the integrations of a project, or shows the one of TYPE. Secrets are masked.

With --as-payload it writes payloads for atlasint apply. Secrets become references such as
${env:DATADOG_API_KEY}, since Atlas does not return them. Fields that only Atlas sets are left out. Fields that
an update can't send, such as the token of Slack, are left out with a warning. With TYPE, -o names a file;
without TYPE, a folder for one file per type. If one of the files exists, none is written, unless --force is
set. Without -o, each payload is printed on one line.
` + credentialHelp + `

Exit codes: 0 success, 1 the project has no integration of TYPE, 2 usage error, 3 runtime failure: Atlas could
not be reached, denied access, or has no such project.`,
		Example: `  atlasint get
  atlasint get DATADOG --json
  atlasint get DATADOG --as-payload -o integrations/atlas/datadog.json
  atlasint get --as-payload -o integrations/atlas`,
		Args:              usage.AtMost(1),
		ValidArgsFunction: completeType(&f.api),
		RunE: func(cmd *cobra.Command, args []string) error {
			return revokingToken(cmd, func() error { return f.run(cmd, args) })
		},
	}
	configuredAPIFlag(cmd, &f.api)
	configFlag(cmd, &f.config)
	f.connect.register(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.json, "json", false, "print one JSON document")
	flags.BoolVar(&f.asPayload, "as-payload", false, "write payloads, with references in place of secrets")
	outputFlag(cmd, &f.output, "with --as-payload: write to this file, as YAML if it is named *.yaml, or to this folder if there is no TYPE")
	flags.BoolVar(&f.force, "force", false, "overwrite files")
	usage.Exclusive(cmd, "json", "as-payload")
	return cmd
}

func (f *getFlags) run(cmd *cobra.Command, args []string) error {
	if f.output != "" && !f.asPayload {
		return problem.Inputf("-o requires --as-payload; without it, get prints to standard output")
	}
	files := editor.PayloadFiles{Output: f.output, One: len(args) == 1, Force: f.force}
	if err := files.CheckOutput(); err != nil {
		return ofFlag("-o", err)
	}
	if err := f.checkConfig(); err != nil {
		return err
	}
	conn, err := connectTo(cmd, &f.connect, &f.api, f.config, f.possibleFiles(files.One)...)
	if err != nil {
		return err
	}
	defer conn.Close()
	list, err := f.fetch(cmd, conn, args)
	if err != nil {
		return err
	}
	if text := listing.CredentialWarning(list); text != "" {
		printDiagnostic(cmd.ErrOrStderr(), "warning: "+text)
	}
	if len(list) == 0 {
		printDiagnostic(cmd.ErrOrStderr(), fmt.Sprintf("project %s has no integrations in %s", conn.Project, f.api))
	}
	switch {
	case f.json:
		return printJSON(cmd, listing.Integrations(f.api, list))
	case len(list) == 0:
		return nil
	case f.asPayload:
		files.AddIntegrations(f.api, list, func(text string) { printDiagnostic(cmd.ErrOrStderr(), "warning: "+text) })
		return writePayloads(cmd, &files)
	}
	return problem.Output(listing.WriteIntegrations(cmd.OutOrStdout(), f.api, list))
}

// checkConfig returns an error if -o with --force would overwrite the configuration.
func (f *getFlags) checkConfig() error {
	cfg, err := workspace.FindConfig(f.config)
	if err == nil && slices.ContainsFunc(cfg.Files(), func(file string) bool { return validation.Overwrites(f.output, file) }) {
		err = problem.Inputf("-o %s would overwrite the configuration; name another file", redact.Path(f.output))
	}
	return err
}

// possibleFiles returns the paths that payload files may have, none for standard output.
func (f *getFlags) possibleFiles(one bool) (files []string) {
	switch {
	case f.output == "":
		return nil
	case one:
		return []string{f.output}
	}
	for i := range schemas.Types {
		files = append(files, filepath.Join(f.output, editor.FileName(&schemas.Types[i])))
	}
	return files
}

// connectTo sets the API version, that of the files in the configuration, and connects, for commands that read no
// payloads. It returns an error if a configuration that is not used sets another project or server for the working
// directory.
func connectTo(cmd *cobra.Command, f *connectFlags, api *string, config string, files ...string) (*connection.Connection, error) {
	if err := validation.CheckAPI(*api); err != nil {
		return nil, err
	}
	cfg, err := workspace.FindConfig(config)
	if err == nil && !cmd.Flags().Changed("api") {
		*api, err = commonAPIVersion(cfg, *api, files)
	}
	if err != nil {
		return nil, err
	}
	here := []string{workspace.Here}
	conn, err := f.open(cmd, cfg)
	switch {
	case errors.Is(err, connection.ErrNoProject):
		return nil, cmp.Or(connection.NoProject(cfg, here), err)
	case err != nil:
		return nil, err
	}
	if err := conn.CheckUnused(cfg, here); err != nil {
		conn.Close()
		return nil, err
	}
	for _, text := range cfg.UnusedNotes(here) {
		printDiagnostic(cmd.ErrOrStderr(), text)
	}
	return conn, nil
}

// commonAPIVersion returns the API version that all files have in the configuration.
func commonAPIVersion(cfg *workspace.Config, fallback string, files []string) (string, error) {
	if len(files) == 0 {
		files = []string{workspace.Stdin}
	}
	version := cfg.APIVersion(files[0], fallback)
	for _, file := range files {
		if cfg.APIVersion(file, fallback) != version {
			return "", problem.Inputf("the configuration sets v1.0 for some files in %s and v2 for others; choose one with --api",
				redact.Path(filepath.Dir(file)))
		}
	}
	return version, nil
}

// fetch returns the integration of the given type, or all. It always reads the whole list: a type that is unknown
// here may not be a type of Atlas.
func (f *getFlags) fetch(cmd *cobra.Command, conn *connection.Connection, args []string) ([]client.Integration, error) {
	c, err := conn.Client(f.api)
	if err != nil {
		return nil, err
	}
	list, err := c.List(cmd.Context(), conn.Project)
	if err != nil {
		return nil, requestError(err, false)
	}
	if len(args) == 0 {
		return list, nil
	}
	return listing.OfType(list, f.api, args[0], usage.SetFlags(cmd))
}
