package clidoc

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// Markdown returns one page with all commands of the tree and its help topics.
func Markdown(root *cobra.Command) []byte {
	complete(root)
	var out strings.Builder
	fmt.Fprintf(&out, "# The command\n\n%s\n\nThis page is generated from the help of the command; `%s help COMMAND` prints the same text.\n\n", prose(root.Long), root.Name())
	out.WriteString("| Command | Description |\n|---|---|\n")
	for _, c := range commands(root) {
		fmt.Fprintf(&out, "| [%s](#%s) | %s |\n", strings.TrimPrefix(c.CommandPath(), root.Name()+" "), anchor(c), cell(c.Short))
	}
	writeFlags(&out, root)
	for _, c := range commands(root) {
		writeCommand(&out, c)
	}
	for _, c := range topics(root) {
		fmt.Fprintf(&out, "\n## %s\n\n%s\n", c.Short, topic(c))
	}
	return []byte(out.String())
}

// topic returns the text of a help topic, or a link to the page that has more about it.
func topic(c *cobra.Command) string {
	if c.Name() == "rules" {
		return "See [Rules](rules.md)."
	}
	_, table, _ := strings.Cut(c.Long, "\n\n") // the heading repeats the first line
	return "```text\n" + unindent(table) + "\n```"
}

func writeCommand(out *strings.Builder, c *cobra.Command) {
	fmt.Fprintf(out, "\n## %s\n\n```text\n%s\n```\n\n%s\n", c.CommandPath(), synopsis(c), prose(description(c)))
	writeFlags(out, c)
	if lines := examples(c); len(lines) > 0 {
		fmt.Fprintf(out, "\n```sh\n%s\n```\n", strings.Join(lines, "\n"))
	}
}

func writeFlags(out *strings.Builder, c *cobra.Command) {
	if flags := options(c); len(flags) > 0 {
		out.WriteString("\n| Flag | Default | Description |\n|---|---|---|\n")
		for _, o := range flags {
			fmt.Fprintf(out, "| `%s` | %s | %s |\n", o.name, code(o.standard), cell(o.text))
		}
	}
}

// anchor returns the link target of a heading.
func anchor(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// prose escapes the markup characters in a help text. Underscores inside words and paths are not markup.
func prose(text string) string { return strings.NewReplacer("<", "&lt;", "*", `\*`).Replace(text) }

// cell escapes a help text in a table.
func cell(text string) string { return strings.ReplaceAll(prose(text), "|", `\|`) }

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(text, "|", `\|`) + "`"
}

func unindent(text string) string {
	return strings.ReplaceAll(strings.TrimPrefix(text, "  "), "\n  ", "\n")
}
