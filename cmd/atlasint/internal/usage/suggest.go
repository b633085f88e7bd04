package usage

import (
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
)

// otherCommands returns the names that other programs have for commands of this one, the most likely command first. A
// suggestion needs a command that exists. A variable would be built at every start.
func otherCommands() map[string][]string {
	return map[string][]string{
		"lint": {"validate"}, "check": {"validate"}, "verify": {"validate"}, "test": {"validate"},
		"template": {"new"}, "scaffold": {"new"}, "create": {"new", "add", "save"}, "set": {"add"}, "inject": {"add"},
		"describe": {"explain"}, "docs": {"explain"},
		"sync": {"apply"}, "push": {"apply"}, "deploy": {"apply"}, "update": {"apply"},
		"plan": {"diff"}, "compare": {"diff"},
		"list": {"get"}, "ls": {"get"}, "show": {"get", "state"}, "pull": {"get"}, "export": {"get", "save"}, "import": {"get", "restore"},
		"rm": {"delete", "clear"}, "remove": {"delete", "clear"}, "delete": {"clear"}, "destroy": {"delete"}, "load": {"restore"},
		"server": {"serve"}, "mock": {"serve"}, "start": {"serve"}, "run": {"serve"},
		"health": {"ping"}, "openapi": {"spec"}, "schemas": {"schema"}, "codegen": {"generate"}, "gen": {"generate"},
		"journal": {"requests"}, "log": {"requests"}, "logs": {"requests"}, "history": {"requests"}, "calls": {"requests"},
		"wait": {"wait-for"}, "time": {"clock"}, "dump": {"state"}, "clear": {"reset"}, "reset": {"clear"},
	}
}

// otherFlags returns names, without separators, that other programs have for flags of this one, the most likely flag
// first. A suggestion needs a flag that the command has; it may continue with a value.
func otherFlags() map[string][]string {
	return map[string][]string{
		"f": {"format", "json", "force"}, "format": {"json"}, "outputformat": {"format", "json"},
		"json": {"format json"}, "sarif": {"format sarif"}, "junit": {"format junit"}, "summary": {"format text"},
		"out": {"output"}, "o": {"output", "out"}, "schemafile": {"schema"},
		"autoapprove": {"yes"}, "approve": {"yes"}, "assumeyes": {"yes"}, "overwrite": {"force"},
		"failseverity": {"strict"}, "failon": {"strict"}, "silent": {"quiet"}, "s": {"strict", "quiet"},
		"nocolour": {"no-color"}, "plan": {"dry-run"}, "n": {"dry-run"},
		"group": {"project"}, "groupid": {"project", "group"}, "org": {"project"}, "project": {"group"}, "projectid": {"project", "group"},
		"type": {"only"}, "only": {"type"}, "target": {"only", "type"},
		"url": {"base-url"}, "baseurl": {"url"}, "host": {"base-url", "addr"}, "server": {"base-url", "url"}, "port": {"addr"}, "listen": {"addr"}, "parallel": {"jobs"}, "workers": {"jobs"},
	}
}

func others(name string) []string {
	return otherFlags()[withoutSeparators.Replace(strings.ToLower(name))]
}

var withoutSeparators = strings.NewReplacer("-", "", "_", "")

// fileFlags are names that other programs have for a flag of files. Here files are arguments.
var fileFlags = map[string]bool{"f": true, "file": true, "files": true, "filename": true, "path": true}

// quietFlags are names that other programs have for a flag that suppresses output.
var quietFlags = map[string]bool{"q": true, "quiet": true, "silent": true}

// argumentFlags returns names that other programs have for a flag of a value, by the name of the argument that has this
// value here.
func argumentFlags() map[string][]string {
	return map[string][]string{
		"URL":  {"url", "base-url", "server", "host", "addr", "address"},
		"TYPE": {"type", "only", "target", "integration", "t"},
	}
}

// argumentHint returns the hint for a flag whose value is an argument of the command, "" if it is none.
func argumentHint(cmd *cobra.Command, name string) string {
	for argument, names := range argumentFlags() {
		if slices.Contains(names, name) && strings.Contains(cmd.Use, argument) {
			return "name the " + kindOf[argument] + " without a flag, as in " + cmd.CommandPath() + " " + argument
		}
	}
	return ""
}

var kindOf = map[string]string{"URL": "URL", "TYPE": "type"}

// UnknownCommand returns the error for the first argument of a command that takes only subcommands; nil without
// arguments.
func UnknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	near, of := nearest(args[0], names), " of "+cmd.CommandPath()
	if !cmd.HasParent() {
		of = ""
	}
	for _, other := range otherCommands()[strings.ToLower(args[0])] {
		if slices.Contains(names, other) {
			near = other
			break
		}
	}
	hint := "see " + cmd.CommandPath() + " --help"
	if near != "" {
		hint = suggest.DidYouMean(near)
	}
	return problem.Inputf("unknown command %s%s; %s", redact.Value(args[0]), of, hint)
}

// nearest returns the only name that begins with the text, or else the name with the nearest spelling, or "".
func nearest(text string, names []string) string {
	var beginning []string
	for _, name := range names {
		if strings.HasPrefix(name, text) {
			beginning = append(beginning, name)
		}
	}
	if len(beginning) == 1 {
		return beginning[0]
	}
	return suggest.Nearest(text, names)
}

// SingleDash returns an error for a long flag with one dash, such as -output. It would be read as -o with a value.
func SingleDash(root *cobra.Command, args []string) error {
	cmd, args, err := root.Find(args)
	if err != nil || cmd == root {
		return nil //nolint:nilerr // cobra reports unknown commands
	}
	for _, arg := range args {
		if arg == "--" {
			return nil
		}
		name, _, _ := strings.Cut(arg, "=")
		if len(name) < 3 || name[0] != '-' || name[1] == '-' || cmd.Flags().ShorthandLookup(name[1:2]) == nil {
			continue // if there is no such flag, its error has a suggestion
		}
		if name = name[1:]; cmd.Flag(name) != nil || others(name) != nil {
			return problem.Inputf("unknown flag -%s; %s", name, flagHint(cmd, name))
		}
	}
	return nil
}

// unknownFlag returns the error for a flag that the command does not have.
func unknownFlag(cmd *cobra.Command, err *pflag.NotExistError) error {
	name, dashes := err.GetSpecifiedName(), "--"
	if group, _, _ := strings.Cut(err.GetSpecifiedShortnames(), "="); group != "" {
		dashes = "-"
		if flagHint(cmd, group) != helpHint(cmd) {
			name = group // a long flag with one dash
		}
	}
	hint := flagHint(cmd, name)
	if dashes == "-" && unicode.IsDigit(rune(name[0])) && strings.Contains(cmd.Use, "DURATION") {
		hint = "write -- before a negative duration, as in " + cmd.CommandPath() + " -- -1h"
	}
	return problem.Inputf("unknown flag %s%s; %s", dashes, redact.Plain(name), hint)
}

func helpHint(cmd *cobra.Command) string { return "see " + cmd.CommandPath() + " --help" }

// flagHint returns the hint for a name that is not a flag of the command.
func flagHint(cmd *cobra.Command, name string) string {
	near := name
	switch {
	case cmd.Flag(name) != nil:
	case fileFlags[name] && strings.Contains(cmd.Use, "PATH"):
		return "name files without a flag, as in " + cmd.CommandPath() + " FILE"
	default:
		near = flagNear(cmd, name)
	}
	switch argument := argumentHint(cmd, name); {
	case near != "":
		return suggest.DidYouMean("--" + near)
	case argument != "":
		return argument
	case quietFlags[name]:
		return cmd.CommandPath() + " has no quiet mode; leave the flag out"
	case cmd.HasParent() && cmd.Root().Flag(name) != nil:
		return suggest.DidYouMean(cmd.Root().Name() + " --" + name)
	}
	return helpHint(cmd)
}

// flagNear returns the flag of the command that a name most likely means, or "".
func flagNear(cmd *cobra.Command, name string) string {
	for _, other := range others(name) {
		if flag, _, _ := strings.Cut(other, " "); cmd.Flag(flag) != nil {
			return other
		}
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return nearest(name, names)
}
