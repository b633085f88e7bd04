package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// rejectEmpty returns an error for a flag with an empty value, such as that of an unset variable: without the flag, the
// command would use another project, server, configuration, file or set of payloads.
func rejectEmpty(cmd *cobra.Command, _ []string) (err error) {
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if err == nil && hasEmptyValue(flag.Value) {
			err = problem.Inputf("--%s is empty; give it a value, or leave it out", flag.Name)
		}
	})
	return err
}

// hasEmptyValue reports whether a value, or one of a list, is "".
func hasEmptyValue(value pflag.Value) bool {
	if list, ok := value.(pflag.SliceValue); ok {
		return slices.Contains(list.GetSlice(), "")
	}
	return value.String() == ""
}

// ofFlag returns an error about the value of a flag with the flag before its text. Errors of other kinds than
// [problem.Input] are about a file, whatever flag names it: they stay.
func ofFlag(flag string, err error) error {
	if problem.KindOf(err) != problem.Input {
		return err
	}
	return problem.Inputf("%s %w", flag, err)
}

func apiFlag(cmd *cobra.Command, api *string) {
	cmd.Flags().StringVar(api, "api", schemas.V2, "API version: v2 or v1.0")
	_ = cmd.RegisterFlagCompletionFunc("api", cobra.FixedCompletions(atlas.Versions(), cobra.ShellCompDirectiveNoFileComp))
}

// configuredAPIFlag is the flag of commands that use api in the configuration without it.
func configuredAPIFlag(cmd *cobra.Command, api *string) {
	apiFlag(cmd, api)
	flag := cmd.Flags().Lookup("api")
	flag.Usage += " (default: api in the configuration, then " + flag.DefValue + ")"
	flag.DefValue = "" // else the help would have two defaults
}

// apiVersions returns the function that returns the API version of a file: that of the flag, else that of the nearest
// configuration. The API version of no file is that of [workspace.Stdin].
func apiVersions(cmd *cobra.Command, api string) (func(file string) string, error) {
	if err := validation.CheckAPI(api); err != nil {
		return nil, err
	}
	if cmd.Flags().Changed("api") {
		return func(string) string { return api }, nil
	}
	cfg, err := workspace.FindConfig("")
	if err != nil {
		return nil, err
	}
	return func(file string) string { return cfg.APIVersion(file, api) }, nil
}

func configFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "config", "", "configuration file (default: .atlasint.yaml in the working directory or the nearest parent)")
}

func complete(cmd *cobra.Command, flag string, values ...string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// outputFile is the value of -o: - is standard output, as is no flag. (Among PATHs, - is standard
// input.)
type outputFile struct {
	text string  // as given
	file *string // "" for standard output
}

func (f *outputFile) String() string { return f.text }
func (f *outputFile) Type() string   { return "string" }
func (f *outputFile) Set(text string) error {
	f.text, *f.file = text, text
	if text == workspace.Stdin {
		*f.file = ""
	}
	return nil
}

func outputFlag(cmd *cobra.Command, file *string, text string) {
	cmd.Flags().VarP(&outputFile{file: file}, "output", "o", text)
}

// formatFlag registers the flags for the format of a report, whose default format has, and for its file.
func formatFlag(cmd *cobra.Command, format, output *string, formats []string) {
	cmd.Flags().StringVarP(format, "format", "f", *format, "format of the report: "+strings.Join(formats, ", "))
	complete(cmd, "format", formats...)
	outputFlag(cmd, output, "write the report to this file instead of standard output")
}

// checkFormat returns the error for an unknown format, or for a file whose name shows that another flag is meant.
func checkFormat(cmd *cobra.Command, format, output string, formats []string) error {
	list := strings.Join(formats, ", ")
	switch {
	case savefile.NamesFolder(output):
		return problem.Inputf("-o %s is a folder; name a file in it", redact.Path(output))
	case slices.Contains(formats, output):
		return problem.Inputf("-o %s: %s is a format; use -f %s for the format, or -o ./%s for a file", output, output, output, output)
	case slices.Contains(formats, format):
		return nil
	case strings.ContainsAny(format, "./"):
		return problem.Inputf("unknown format %s; name files without a flag, as in %s FILE; the formats are %s", redact.Value(format),
			cmd.CommandPath(), list)
	}
	return problem.Inputf("unknown format %s; use one of %s", redact.Value(format), list)
}

func printJSON(cmd *cobra.Command, value any) error {
	return problem.Output(report.Encode(cmd.OutOrStdout(), value))
}
