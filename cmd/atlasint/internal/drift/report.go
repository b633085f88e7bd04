package drift

import (
	"fmt"
	"strings"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
)

// Report has the differences of several documents. docs/drift.md documents its JSON form.
type Report struct {
	Version   int              `json:"version"`
	Summary   Summary          `json:"summary"`
	Documents []DocumentReport `json:"documents"`
	Failures  []Failure        `json:"failures"`
}

// Summary counts the documents and their differences.
type Summary struct {
	Files       int `json:"files"`
	Differences int `json:"differences"`
	Explained   int `json:"explained"`
}

// DocumentReport has the differences of one document.
type DocumentReport struct {
	File        string       `json:"file"`
	APIVersion  string       `json:"apiVersion"`
	Partial     string       `json:"partial,omitempty"`
	Differences []Difference `json:"differences"`
	Unused      []Unused     `json:"unused"`
}

// Failure is a file that was not compared.
type Failure struct {
	File    string `json:"file"`
	Message string `json:"message"`
}

// newReport returns a report without documents.
func newReport() *Report {
	return &Report{Version: 1, Documents: []DocumentReport{}, Failures: []Failure{}}
}

// Add adds the result of one file. Differences with a reason are listed only if all is set.
func (r *Report) Add(file string, result *Result, all bool) {
	open := result.Unexplained()
	r.Summary.Files++
	r.Summary.Differences += open
	r.Summary.Explained += len(result.Differences) - open
	doc := DocumentReport{file, result.APIVersion, result.Partial, []Difference{}, []Unused{}}
	for _, d := range result.Differences {
		if all || d.Reason == "" {
			doc.Differences = append(doc.Differences, d)
		}
	}
	doc.Unused = append(doc.Unused, result.Unused...)
	r.Documents = append(r.Documents, doc)
}

// Text returns the report as text, "" if no document was compared.
func (r *Report) Text(all bool) string {
	var out strings.Builder
	for _, doc := range r.Documents {
		prefix := ""
		if r.Summary.Files+len(r.Failures) > 1 {
			prefix = redact.Path(doc.File) + ": "
		}
		for _, d := range doc.Differences {
			fmt.Fprintf(&out, "%s%s\n", prefix, d.Message)
			if d.Reason != "" {
				fmt.Fprintf(&out, "    on purpose: %s\n", d.Reason)
			}
		}
		if doc.Partial != "" {
			fmt.Fprintf(&out, "%snote: compared in part: %s\n", prefix, doc.Partial)
		}
		for _, u := range doc.Unused {
			fmt.Fprintf(&out, "%snote: openapi/ledger.txt:%d matches no difference in this document: %s\n", prefix, u.Line, u.Text)
		}
	}
	s, hint := r.Summary, ""
	if s.Files == 0 {
		return "" // the failures are printed already
	}
	if s.Explained > 0 && !all {
		hint = " (--all prints them)"
	}
	fmt.Fprintf(&out, "%s: %s without a reason, %d kept on purpose%s\n",
		words.Quantity(s.Files, "document"), words.Quantity(s.Differences, "difference"), s.Explained, hint)
	return out.String()
}
