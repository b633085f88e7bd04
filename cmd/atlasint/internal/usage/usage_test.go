package usage_test

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
)

// newTool returns a command line with two commands.
func newTool() *cobra.Command {
	root := &cobra.Command{Use: "tool", SilenceErrors: true, SilenceUsage: true, Args: usage.UnknownCommand, RunE: runNothing}
	root.SetFlagErrorFunc(usage.FlagError)
	validate := &cobra.Command{Use: "validate [PATH...]", RunE: runNothing}
	validate.Flags().StringP("output", "o", "", "")
	validate.Flags().Int("jobs", 1, "")
	validate.Flags().Duration("timeout", 0, "")
	validate.Flags().Bool("quiet", false, "")
	validate.Flags().Bool("verbose", false, "")
	usage.Exclusive(validate, "quiet", "verbose")
	types := &cobra.Command{Use: "types", Args: usage.WithHelpHint(usage.AtMost(0)), RunE: runNothing}
	get := &cobra.Command{Use: "get", Args: usage.WithHelpHint(usage.AtMost(1)), RunE: runNothing}
	root.AddCommand(validate, types, get)
	root.SetOut(io.Discard)
	root.SetErr(io.Discard)
	usage.RejectUnknown(root)
	return root
}

func runNothing(*cobra.Command, []string) error { return nil }

func TestUsageErrors(t *testing.T) {
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"validate", "a.json", "b.json"}, ""},
		{[]string{"get", "SLACK"}, ""},
		{[]string{"types", "x"}, `types takes no arguments, got "x"; see tool types --help`},
		{[]string{"get", "a", "b"}, "get takes at most 1 argument, got 2; see tool get --help"},
		{[]string{"validte"}, `unknown command "validte"; did you mean validate?`},
		{[]string{"val"}, `unknown command "val"; did you mean validate?`},
		{[]string{"lint"}, `unknown command "lint"; did you mean validate?`},
		{[]string{"zzzzzz"}, `unknown command "zzzzzz"; see tool --help`},
		{[]string{"help", "lint"}, `unknown command "lint"; did you mean validate?`},
		{[]string{"completion", "tcsh"}, `unknown shell "tcsh"; use one of bash, fish, powershell, zsh`},
		{[]string{"validate", "--outptu", "x"}, "unknown flag --outptu; did you mean --output?"},
		{[]string{"validate", "--workers", "2"}, "unknown flag --workers; did you mean --jobs?"},
		{[]string{"validate", "--file", "x"}, "unknown flag --file; name files without a flag, as in tool validate FILE"},
		{[]string{"validate", "-output", "x"}, "unknown flag -output; did you mean --output?"},
		{[]string{"validate", "--", "-output"}, ""},
		{[]string{"validate", "-ox"}, ""},
		{[]string{"validate", "--output"}, "--output needs a value; see tool validate --help"},
		{[]string{"validate", "--jobs", "two"}, `--jobs: "two" is not a whole number, or too large; see tool validate --help`},
		{[]string{"validate", "--timeout", "9999999h"}, `--timeout: "9999999h" is too long for a duration, which has at most 2562047h; see tool validate --help`},
		{[]string{"validate", "--timeout", "5"}, `--timeout: "5" is not a duration, such as 500ms, 5s or 2m; see tool validate --help`},
		{[]string{"validate", "--quiet=maybe"}, `--quiet: "maybe" is neither true nor false; see tool validate --help`},
		{[]string{"validate", "--quiet", "--verbose"}, "--quiet and --verbose can't be combined; leave out one of them"},
	} {
		root := newTool()
		root.SetArgs(tc.args)
		err := usage.SingleDash(root, tc.args)
		if err == nil {
			err = root.Execute()
		}
		got := ""
		if err != nil {
			got = err.Error()
		}
		if kind := problem.KindOf(err); kind != problem.None && kind != problem.Input {
			t.Errorf("%q: %v is not an error of the input", tc.args, err)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", tc.args, diff)
		}
	}
}

// The script for fish escapes the words of the command line before eval runs them.
func TestFishEscapesWords(t *testing.T) {
	for flag, request := range map[string]string{"--no-descriptions=false": "__complete ", "--no-descriptions": "__completeNoDesc "} {
		root := newTool()
		var out strings.Builder
		root.SetOut(&out)
		usage.RejectUnknown(root)
		root.SetArgs([]string{"completion", "fish", flag})
		if err := root.Execute(); err != nil {
			t.Fatal(err)
		}
		before, after, found := strings.Cut(out.String(), "(string escape -- $args[2..-1])")
		if !found {
			t.Errorf("%s: no words are escaped in %s", flag, out.String())
		}
		if strings.Contains(before, "eval $requestComp") {
			t.Errorf("%s: eval runs words before they are escaped: %s", flag, before)
		}
		for _, part := range []string{"eval $requestComp", request} {
			if !strings.Contains(after, part) {
				t.Errorf("%s: %q is missing in %s", flag, part, after)
			}
		}
	}
}
