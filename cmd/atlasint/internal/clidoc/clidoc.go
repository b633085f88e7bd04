// Package clidoc generates the manual of the command from its tree of commands, so that the manual matches --help.
// [Markdown] returns docs/cli.md, and [Man] returns the manual pages in releases.
//
// Package doc of cobra v1.10 omits help topics, which are the exit codes and the environment variables, and the names
// of flag values. It writes one Markdown file for each command. Its manual pages parse help texts as Markdown, and
// require two more modules.
package clidoc

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// complete adds the commands help and completion, which cobra otherwise adds when it runs.
func complete(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
}

// commands returns the documented commands in the order of the help, each before its subcommands. It omits help and the
// subcommands of completion, whose texts come from cobra.
func commands(parent *cobra.Command) []*cobra.Command {
	var found []*cobra.Command
	for _, c := range parent.Commands() {
		if !c.IsAvailableCommand() || c.Name() == "help" {
			continue
		}
		found = append(found, c)
		if c.Name() != "completion" {
			found = append(found, commands(c)...)
		}
	}
	return found
}

// topics returns the help topics that are not commands.
func topics(root *cobra.Command) []*cobra.Command {
	var found []*cobra.Command
	for _, c := range root.Commands() {
		if c.IsAdditionalHelpTopicCommand() {
			found = append(found, c)
		}
	}
	return found
}

// description returns the long description of a command, or the short one if it has no other.
func description(c *cobra.Command) string {
	switch {
	case c.Name() == "completion":
		return c.Short + ": " + strings.Join(shells(c), ", ") + "."
	case c.Long != "":
		return c.Long
	}
	return c.Short + "."
}

func shells(completion *cobra.Command) []string {
	var names []string
	for _, c := range completion.Commands() {
		names = append(names, c.Name())
	}
	return names
}

func synopsis(c *cobra.Command) string {
	if c.Name() == "completion" {
		return c.CommandPath() + " " + strings.Join(shells(c), "|")
	}
	return c.UseLine()
}

// option is the documentation of a flag.
type option struct{ name, text, standard string }

func options(c *cobra.Command) []option {
	var found []option
	c.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		kind, text := pflag.UnquoteUsage(f)
		o := option{name: "--" + f.Name, text: text, standard: f.DefValue}
		if f.Shorthand != "" {
			o.name = "-" + f.Shorthand + ", " + o.name
		}
		if kind != "" {
			o.name += " " + kind
		}
		if f.DefValue == "false" || f.DefValue == "[]" {
			o.standard = ""
		}
		found = append(found, o)
	})
	return found
}

// examples returns the example command lines of a command, without indentation.
func examples(c *cobra.Command) []string {
	var lines []string
	for line := range strings.Lines(c.Example) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

// paragraphs returns the parts of a text that empty lines separate.
func paragraphs(text string) []string { return strings.Split(strings.TrimSpace(text), "\n\n") }
