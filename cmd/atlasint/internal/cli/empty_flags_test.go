package cli_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
)

// No flag accepts an empty value, such as that of an unset variable in a script: it would count as no flag.
func TestFlagsAreNotEmpty(t *testing.T) {
	t.Chdir(t.TempDir())
	arguments := map[string][]string{
		"new": {"DATADOG"}, "explain": {"DATADOG"}, "delete": {"DATADOG"}, "drift": {"v2.yaml"}, "fake clock set": {"2026-01-02T03:04:05Z"},
		"fake clock advance": {"1m"}, "fake stubs add": {"stub.json"}, "fake snapshot save": {"new.json"}, "fake snapshot restore": {"old.json"},
	}
	checked := 0
	for _, cmd := range runnable(cli.Tree()) {
		name := strings.TrimPrefix(cmd.CommandPath(), "atlasint ")
		cmd.InheritedFlags() // adds those of the parents
		cmd.Flags().VisitAll(func(flag *pflag.Flag) {
			if !slices.Contains([]string{"string", "stringArray"}, flag.Value.Type()) {
				return
			}
			checked++
			args := slices.Concat(strings.Fields(name), arguments[name], []string{"--" + flag.Name, ""})
			out, errOut := must(t, 2, args...)
			if want := "atlasint: --" + flag.Name + " is empty; give it a value, or leave it out\n"; out != "" || errOut != want {
				t.Errorf("%q: %q, %q", args, out, errOut)
			}
		})
	}
	if checked < 100 {
		t.Errorf("only %d flags were checked", checked)
	}
	if _, errOut := must(t, 2, "ping", ""); errOut != "atlasint: the URL is empty; name one, or leave it out\n" {
		t.Errorf("ping: %q", errOut)
	}
}

// runnable returns the commands of this module below a command that do something.
func runnable(cmd *cobra.Command) (list []*cobra.Command) {
	for _, sub := range cmd.Commands() {
		if sub.RunE != nil && !sub.HasSubCommands() {
			list = append(list, sub)
		}
		list = append(list, runnable(sub)...)
	}
	return list
}
