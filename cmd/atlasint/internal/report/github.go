package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// writeGitHub writes workflow commands, which GitHub shows as annotations of a pull request. No other format contains
// commands of a CI system. Texts in findings can't add commands.
func writeGitHub(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	for i := range r.Files {
		f := &r.Files[i]
		for _, finding := range f.Findings {
			annotate(out, finding)
		}
		if note := r.moreText(f); note != "" {
			command(out, "notice", note, fileProperty(f.Name)...)
		}
	}
	for _, f := range r.Failures {
		command(out, "error", f.Message, fileProperty(f.File)...)
	}
	return out.Flush() // a bufio.Writer keeps its first error
}

func annotate(out io.Writer, f validate.Finding) {
	name, text := "error", f.Text()
	if isWarning(f) {
		name = "warning"
	}
	properties := fileProperty(f.File)
	if len(properties) == 0 { // an annotation without a file has no line either
		command(out, name, fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, text), "title", f.Rule)
		return
	}
	properties = append(properties, "line", strconv.Itoa(f.Line), "endLine", strconv.Itoa(f.EndLine))
	if f.EndLine == f.Line { // GitHub takes columns only then, and the last one is part of the range
		properties = append(properties, "col", strconv.Itoa(f.Column), "endColumn", strconv.Itoa(max(f.Column, f.EndColumn-1)))
	}
	command(out, name, text, append(properties, "title", f.Rule)...)
}

func fileProperty(name string) []string {
	if name == Stdin {
		return nil
	}
	return []string{"file", redact.Path(name)}
}

var (
	escapeMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// command writes a workflow command. The properties are alternately names and values. GitHub parses the whole line as
// one command, but Azure Pipelines would find its own commands inside the line.
func command(out io.Writer, name, message string, properties ...string) {
	text := "::" + name
	for i := 0; i+1 < len(properties); i += 2 {
		between := ","
		if i == 0 {
			between = " "
		}
		text += between + properties[i] + "=" + escapeProperty.Replace(properties[i+1])
	}
	text += "::" + escapeMessage.Replace(message)
	fmt.Fprintln(out, text[:2]+redact.Inert(text[2:]))
}
