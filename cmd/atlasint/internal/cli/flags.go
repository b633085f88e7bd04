package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// rejectEmpty returns an error for a flag with an empty value, such as that of an unset variable, where the default would be
// another project, server, configuration or set of payloads, or no baseline.
func rejectEmpty(cmd *cobra.Command, _ []string) error {
	for _, name := range []string{"project", "profile", "base-url", "config", "files-from", "type", "baseline", "write-baseline"} {
		if flag := cmd.Flags().Lookup(name); flag != nil && flag.Changed && flag.Value.String() == "" {
			return exit.Usagef("--%s is empty; give it a value, or leave it out", name)
		}
	}
	return nil
}

func apiFlag(cmd *cobra.Command, api *string) {
	cmd.Flags().StringVar(api, "api", schemas.V2, "API version: v2 or v1.0")
	_ = cmd.RegisterFlagCompletionFunc("api", cobra.FixedCompletions(atlas.Versions(), cobra.ShellCompDirectiveNoFileComp))
}

// outputFile is the value of -o: "" and - are standard output. (Among PATHs, - is standard input.)
type outputFile string

func (f *outputFile) String() string { return string(*f) }
func (f *outputFile) Type() string   { return "string" }
func (f *outputFile) Set(file string) error {
	if file == workspace.Stdin {
		file = ""
	}
	*f = outputFile(file)
	return nil
}

func outputFlag(cmd *cobra.Command, file *string, text string) {
	cmd.Flags().VarP((*outputFile)(file), "output", "o", text)
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
	case slices.Contains(formats, output):
		return exit.Usagef("-o %s: %s is a format; use -f %s for the format, or -o ./%s for a file", output, output, output, output)
	case slices.Contains(formats, format):
		return nil
	case strings.ContainsAny(format, "./"):
		return exit.Usagef("unknown format %s; name files without a flag, as in %s FILE; the formats are %s", redact.Value(format), cmd.CommandPath(), list)
	}
	return exit.Usagef("unknown format %s; use one of %s", redact.Value(format), list)
}

func checkAPI(api string) error {
	if !atlas.IsVersion(api) {
		return exit.Usagef("unknown API version %s; use v2 or v1.0", redact.Value(api))
	}
	return nil
}

func printJSON(cmd *cobra.Command, value any) error {
	return outputError(report.Encode(cmd.OutOrStdout(), value))
}

// outputError returns the error of a command that can't write its output.
func outputError(err error) error {
	if err == nil {
		return nil
	}
	return exit.Failuref("can't write the output: %v", err)
}
