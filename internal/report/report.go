// Package report writes findings for people and for programs.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/validate"
)

// Summary counts what was judged and what was found.
type Summary struct {
	Files    int `json:"files"`
	Payloads int `json:"payloads"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
}

// Report is what came of one run, its findings in the order of the inputs.
type Report struct {
	Summary  Summary
	Findings []validate.Finding
	Quiet    bool // texts for people leave the summary out
}

// Add appends the result of one input.
func (r *Report) Add(result validate.Result) {
	r.Summary.Files++
	r.Summary.Payloads += result.Payloads
	r.Summary.Errors += result.Errors
	r.Summary.Warnings += result.Warnings
	r.Findings = append(r.Findings, result.Findings...)
}

// Format writes a report.
type Format func(io.Writer, *Report) error

var formats = map[string]Format{"text": Text, "json": JSON}

// Names returns the names of the formats.
func Names() []string {
	names := make([]string, 0, len(formats))
	for name := range formats {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Find returns the format of that name.
func Find(name string) (Format, bool) {
	f, ok := formats[name]
	return f, ok
}

// Text writes a line for each finding and a summary line.
func Text(w io.Writer, r *Report) error {
	var out strings.Builder
	for _, f := range r.Findings {
		out.WriteString(f.String() + "\n")
	}
	if s := r.Summary; !r.Quiet && s.Files > 0 {
		fmt.Fprintf(&out, "%s, %s: %s, %s\n", count(s.Files, "file"), count(s.Payloads, "payload"),
			count(s.Errors, "error"), count(s.Warnings, "warning"))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// JSON writes one document; its form is stable and stated in docs/report.md.
func JSON(w io.Writer, r *Report) error {
	findings := r.Findings
	if findings == nil {
		findings = []validate.Finding{}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Version  int                `json:"version"`
		Summary  Summary            `json:"summary"`
		Findings []validate.Finding `json:"findings"`
	}{1, r.Summary, findings})
}
