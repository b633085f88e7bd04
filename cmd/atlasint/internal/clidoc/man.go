package clidoc

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// Man returns the manual pages of the tree by file name, one page for the root and one for each command. The same tree,
// date and version return the same bytes.
func Man(root *cobra.Command, date time.Time, version string) map[string][]byte {
	complete(root)
	source := root.Name() + " " + version
	pages := map[string][]byte{pageName(root) + ".1": page(root, date, source)}
	for _, c := range commands(root) {
		pages[pageName(c)+".1"] = page(c, date, source)
	}
	return pages
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

func page(c *cobra.Command, date time.Time, source string) []byte {
	var out strings.Builder
	fmt.Fprintf(&out, ".TH %s 1 %s %s %s\n.nh\n.ad l\n", quote(strings.ToUpper(pageName(c))),
		quote(date.UTC().Format(time.DateOnly)), quote(source), quote(c.Root().Name()+" manual"))
	fmt.Fprintf(&out, ".SH NAME\n%s \\- %s\n", roff(pageName(c)), roff(c.Short))
	fmt.Fprintf(&out, ".SH SYNOPSIS\n.B %s\n", roff(synopsis(c)))
	out.WriteString(".SH DESCRIPTION\n" + roffProse(description(c)))
	writeOptions(&out, c)
	if lines := examples(c); len(lines) > 0 {
		out.WriteString(".SH EXAMPLES\n" + verbatim(strings.Join(lines, "\n")))
	}
	if c == c.Root() {
		writeRoot(&out, c)
	} else {
		fmt.Fprintf(&out, ".SH SEE ALSO\n.BR %s (1),\nwhich describes exit codes, environment variables and the configuration\n",
			roff(pageName(c.Root())))
	}
	return []byte(out.String())
}

func writeOptions(out *strings.Builder, c *cobra.Command) {
	flags := options(c)
	if len(flags) == 0 {
		return
	}
	out.WriteString(".SH OPTIONS\n")
	for _, o := range flags {
		text := o.text
		if o.standard != "" {
			text += " (default: " + o.standard + ")"
		}
		fmt.Fprintf(out, ".TP\n.B %s\n%s\n", roff(o.name), roff(text))
	}
}

// writeRoot writes the list of the commands and the help topics, which apply to all commands.
func writeRoot(out *strings.Builder, root *cobra.Command) {
	out.WriteString(".SH COMMANDS\n")
	for _, c := range commands(root) {
		fmt.Fprintf(out, ".TP\n.BR %s (1)\n%s\n", roff(pageName(c)), roff(c.Short))
	}
	for _, c := range topics(root) {
		_, table, _ := strings.Cut(c.Long, "\n\n")
		fmt.Fprintf(out, ".SH %s\n%s", quote(strings.ToUpper(strings.ReplaceAll(c.Name(), "-", " "))), verbatim(unindent(table)))
	}
}

// roffProse returns the roff source of a text with paragraphs. Indented lines keep their line breaks.
func roffProse(text string) string {
	var out strings.Builder
	for _, p := range paragraphs(text) {
		if strings.HasPrefix(p, "  ") {
			out.WriteString(verbatim(p))
			continue
		}
		out.WriteString(".PP\n" + roff(p) + "\n")
	}
	return out.String()
}

func verbatim(text string) string { return ".PP\n.nf\n" + roff(text) + "\n.fi\n" }

// roff escapes the characters of a text that groff would interpret: backslashes, hyphens that must stay hyphens when
// you copy them, quotes and accents that groff replaces, and the start of a line that looks like a request. It writes
// an ellipsis in ASCII, which groff reads in every locale.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, "…", "...").Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}

// quote returns a text as one argument of a roff request.
func quote(text string) string { return `"` + strings.ReplaceAll(roff(text), `"`, `\(dq`) + `"` }
