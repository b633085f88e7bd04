package report

import (
	"fmt"
	"io"
	"slices"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate"
)

// Fixes are the corrected findings of one input, which it no longer has. Their hints are the corrections.
type Fixes struct {
	Name     string
	Count    int // may be higher than the number of Findings
	Findings []validate.Finding
}

// AddFixes appends the corrected findings of one input, of which there are count.
func (r *Report) AddFixes(name string, findings []validate.Finding, count int) {
	if count == 0 {
		return
	}
	f := Fixes{Name(r.Dir, name), count, slices.Clone(findings)}
	for i := range f.Findings {
		f.Findings[i].File = f.Name
	}
	r.Fixes = append(r.Fixes, f)
	r.Summary.Fixed += count
}

// fixed returns the corrected findings of all inputs.
func (r *Report) fixed() (list []validate.Finding) {
	for _, f := range r.Fixes {
		list = append(list, f.Findings...)
	}
	return list
}

// ShowsFixes reports whether a format has the corrected findings. For others, print them with [WriteFixes].
func ShowsFixes(format string) bool { return format == Default || format == "json" }

// WriteFixes writes a line for each correction.
func WriteFixes(w io.Writer, r *Report) error {
	prefix := "fixed: "
	if r.DryRun {
		prefix = "to fix: "
	}
	w = redact.NewWriter(w, redact.EscapeText)
	for _, f := range r.Fixes {
		for _, finding := range f.Findings {
			finding.Message, finding.Severity = prefix+finding.Message, validate.Error
			if _, err := fmt.Fprintln(w, finding); err != nil {
				return err
			}
		}
		if more := f.Count - len(f.Findings); more > 0 {
			if _, err := fmt.Fprintf(w, "… and %s in %s\n", words.Quantity(more, "more correction"), redact.Path(f.Name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// fixesText returns the number of corrections for the summary, "" if the inputs were only validated.
func (r *Report) fixesText() string {
	switch {
	case !r.Fixing:
		return ""
	case r.DryRun:
		return fmt.Sprintf(", %d to fix", r.Summary.Fixed)
	}
	return fmt.Sprintf(", %d fixed", r.Summary.Fixed)
}
