package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate"
)

// maxMarkdown is the maximum size of a Markdown report in bytes. GitHub discards a job summary over 1 MiB, and other
// commands of the step may write to it, too.
const maxMarkdown = 960 << 10

// writeMarkdown writes a table of the findings in the Markdown of GitHub, for the file that GITHUB_STEP_SUMMARY names.
// Texts in findings and names of files are code, in which nothing is a link, a mention or HTML.
func writeMarkdown(w io.Writer, r *Report) error {
	rows := r.markdownRows()
	out := new(strings.Builder)
	s := r.Summary
	fmt.Fprintf(out, "### atlasint: %s, %s%s\n\n%s, %s", words.Quantity(s.Errors, "error"),
		words.Quantity(s.Warnings, "warning"), s.baseline(), words.Quantity(s.Files, "file"), words.Quantity(s.Payloads, "payload"))
	if n := len(r.Failures); n > 0 {
		fmt.Fprintf(out, ", %s not validated", words.Quantity(n, "file"))
	}
	out.WriteString("\n")
	if len(rows) > 0 {
		out.WriteString("\n| Severity | Place | Finding | Rule |\n|---|---|---|---|\n")
	}
	for i, row := range rows {
		if out.Len()+len(row) > maxMarkdown {
			fmt.Fprintf(out, "\n%s; a summary of GitHub has at most 1 MiB\n", words.Quantity(len(rows)-i, "more row"))
			break
		}
		out.WriteString(row)
	}
	_, err := io.WriteString(redact.NewWriter(w, redact.EscapeText), out.String())
	return err
}

func (r *Report) markdownRows() []string {
	var rows []string
	for i := range r.Files {
		f := &r.Files[i]
		for _, finding := range f.Findings {
			place := fmt.Sprintf("%s:%d:%d", redact.Path(finding.File), finding.Line, finding.Column)
			rows = append(rows, row(string(finding.Severity), place, finding.Text(), markdownRule(finding)))
		}
		if note := r.moreText(f); note != "" {
			rows = append(rows, row("note", redact.Path(f.Name), note, ""))
		}
	}
	for _, f := range r.Failures {
		rows = append(rows, row("failure", redact.Path(f.File), f.Message, ""))
	}
	return rows
}

// markdownRule returns a link to the rule of a finding, whose ID is one of atlasint.
func markdownRule(f validate.Finding) string {
	return fmt.Sprintf("[%s](%s#%[1]s)", f.Rule, rulesPage)
}

func row(severity, place, text, rule string) string {
	return fmt.Sprintf("| %s | %s | %s | %s |\n", severity, code(place), code(text), rule)
}

// code returns a text as code in a cell of a table. Readers differ in what ends a cell inside code, so a vertical bar
// is outside of it, as a character reference.
func code(text string) string {
	parts := strings.Split(redact.Line(text), "|")
	for i, part := range parts {
		parts[i] = codeSpan(part)
	}
	return strings.Join(parts, "&#124;")
}

// codeSpan returns a text as one code span: between more backticks than the text has in a row. One blank on each side
// is not part of the code.
func codeSpan(text string) string {
	if strings.Trim(text, " ") == "" {
		return text
	}
	fence, run := "`", 0
	for _, c := range text {
		if c != '`' {
			run = 0
			continue
		}
		if run++; run >= len(fence) {
			fence = strings.Repeat("`", run+1)
		}
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") || text[0] == ' ' && text[len(text)-1] == ' ' {
		text = " " + text + " "
	}
	return fence + text + fence
}
