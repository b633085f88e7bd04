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
	"github.com/atlasint/atlasint/validate"
)

// topicEntry is a name and its description.
type topicEntry struct{ name, text string }

var exitCodes = []topicEntry{
	{fmt.Sprint(exit.OK), "success: no findings at error severity, no differences"},
	{fmt.Sprint(exit.Findings), "findings at error severity (with --strict, warnings too), differences, a stale file, no such integration, rejected by Atlas, you declined, or fake wait-for found too few requests"},
	{fmt.Sprint(exit.Usage), "usage error: an unknown command, flag or type, a pattern that matches no file, an output that is not a regular file, or a value that the control API of a fake rejects"},
	{fmt.Sprint(exit.Failure), "runtime failure: I/O, network, too many requests, or access denied (apply and delete: 1)"},
}

// environment has the environment variables of all commands. A test compares it with the sources.
var environment = []topicEntry{
	{connection.PublicKeyVariable, "public key of the API key, the user name of the digest"},
	{connection.PrivateKeyVariable, "private key of the API key, the password of the digest"},
	{connection.ClientIDVariable, "client ID of the service account"},
	{connection.ClientSecretVariable, "client secret of the service account"},
	{connection.ProjectVariable, "project ID, unless --project or --profile sets it"},
	{connection.AccessTokenVariable, "access token that you fetched, of a service account"},
	{connection.BaseURLVariable, "URL of Atlas, unless --base-url or --profile sets it"},
	{connection.PlanKeyVariable, "key of the plans of diff --out, at least 16 characters; the default is the secret of the credentials"},
	{serving.StoreVariable, "store of atlasint serve, unless --store is set"},
	{serving.PasswordVariable, "password of Redis, if its address has none"},
	{fakectl.TokenVariable, "token of the control API, for serve and fake"},
	{fakectl.URLVariable, "base URL of the server that ping and fake call"},
	{"GOPACKAGE", "package name for atlasint generate; go generate sets it"},
	{"NO_COLOR", "any value: no colors in reports"},
	{"TERM", "dumb: no colors in reports"},
}

// configuration returns the keys of the configuration file.
func configuration() (keys []topicEntry) {
	for _, k := range workspace.Keys() {
		keys = append(keys, topicEntry{k.Name, k.About})
	}
	return keys
}

// rules returns the rules of validate with their default severities, in the order of the documentation.
func rules() (list []topicEntry) {
	for _, r := range validate.Rules() {
		list = append(list, topicEntry{r.ID, fmt.Sprintf("%s: %s", r.Default, r.Summary)})
	}
	return list
}

// topics returns the help topics, which are not commands.
func topics() []*cobra.Command {
	return []*cobra.Command{
		topic("exit-codes", "Exit codes", exitCodes),
		topic("environment", "Environment variables", environment),
		topic("configuration", "Keys of the configuration file "+workspace.ConfigName, configuration()),
		topic("rules", "Rules of atlasint validate, with their default severities", rules()),
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
