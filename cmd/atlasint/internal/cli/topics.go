package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/fakectl"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/serving"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

// topicEntry is a name and its description.
type topicEntry struct{ name, text string }

var exitCodes = []topicEntry{
	{fmt.Sprint(exit.OK), "nothing at error severity; no differences; done"},
	{fmt.Sprint(exit.Findings), "findings at error severity (with --strict, warnings too), differences, a stale file, no such integration, apply or delete was refused, or fake wait-for found too few requests"},
	{fmt.Sprint(exit.Usage), "wrong usage: a command, a flag, a type, a pattern that matches nothing, a value that the control API of a fake rejects"},
	{fmt.Sprint(exit.Failure), "it could not do its work, such as reading a file, reaching a server, or getting what Atlas refuses to show"},
}

// environment has the environment variables of all commands. A test compares it with the sources.
var environment = []topicEntry{
	{connection.PublicKeyVariable, "public key of the API key; the user of the digest"},
	{connection.PrivateKeyVariable, "private key of the API key; its password"},
	{connection.ClientIDVariable, "client id of the service account"},
	{connection.ClientSecretVariable, "client secret of the service account"},
	{connection.ProjectVariable, "project that is called upon, unless --project names one"},
	{connection.BaseURLVariable, "where Atlas is, unless --base-url says so"},
	{serving.StoreVariable, "where serve keeps integrations, unless --store says so"},
	{serving.PasswordVariable, "password of Redis, where the address has none"},
	{fakectl.TokenVariable, "token of the control API, for serve and fake"},
	{fakectl.URLVariable, "base URL of the server that ping and fake call"},
	{"GOPACKAGE", "package of what generate writes, as go generate sets it"},
	{"NO_COLOR", "any text: reports have no colour"},
	{"TERM", "dumb: reports have no colour"},
}

// configuration has the keys of the configuration file. A test compares it with the decoder.
var configuration = []topicEntry{
	{"api", "generation of the API of files that no override names: v2 or v1.0"},
	{"rules", "a mapping from rules to their severities: error, warning or off"},
	{"exclude", "a list of patterns, from the folder of the configuration: files that are left out, even if they are named"},
	{"overrides", "a list of mappings, each with paths, a list of patterns like these, and the api of these files, their schemas or both; the last api that fits counts, and all schemas"},
	{"schemas", "a list of mappings, each with types (a list, \"*\" for all), the file of a JSON Schema below the folder of the configuration, and a severity: error or warning"},
	{"groupId", "project that apply, diff, get and delete call upon"},
	{"baseURL", "where these find Atlas: https of mongodb.com or mongodbgov.com, or this machine"},
}

// topics returns the help topics that belong to no command.
func topics() []*cobra.Command {
	return []*cobra.Command{
		topic("exit-codes", "What the exit codes mean", exitCodes),
		topic("environment", "The environment variables that commands read", environment),
		topic("configuration", "The keys of the configuration, "+workspace.ConfigName, configuration),
	}
}

func topic(name, short string, meanings []topicEntry) *cobra.Command {
	var out strings.Builder
	fmt.Fprintf(&out, "%s:\n\n", short)
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	for _, m := range meanings {
		fmt.Fprintf(w, "  %s\t%s\n", m.name, m.text)
	}
	_ = w.Flush() // it writes to memory
	cmd := &cobra.Command{Use: name, Short: short, Long: strings.TrimSuffix(out.String(), "\n")}
	// A template would link text/template, and with it every method of every type: 2 MB.
	cmd.SetHelpFunc(func(cmd *cobra.Command, _ []string) { fmt.Fprintln(cmd.OutOrStdout(), cmd.Long) })
	return cmd
}
