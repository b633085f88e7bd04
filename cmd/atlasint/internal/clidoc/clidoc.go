// Package clidoc generates the manual of the command from its tree of commands, so that the manual matches --help.
// [Markdown] returns docs/cli.md, and [Man] returns the manual pages in releases.
//
// Package doc of cobra v1.10 omits help topics, which are the exit codes and the environment variables, and the names of
// flag values. It writes one Markdown file for each command. Its manual pages parse help texts as Markdown, and require
// two more modules.
package clidoc

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// complete adds what cobra adds when it runs.
func complete(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
}

// commands are those to be documented, in the order of the help, each before those below it. The shells of
// completion have texts of cobra's own and are left out, and so is help.
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

// topics are the texts of the help that belong to no command.
func topics(root *cobra.Command) []*cobra.Command {
	var found []*cobra.Command
	for _, c := range root.Commands() {
		if c.IsAdditionalHelpTopicCommand() {
			found = append(found, c)
		}
	}
	return found
}

// description is the longest text that a command has of itself.
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

// option is a flag as it is documented.
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

// examples are the command lines of a command's help, without their indent.
func examples(c *cobra.Command) []string {
	var lines []string
	for line := range strings.Lines(c.Example) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

// paragraphs are the parts of a text between empty lines, each on lines of its own.
func paragraphs(text string) []string { return strings.Split(strings.TrimSpace(text), "\n\n") }
