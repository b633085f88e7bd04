package report

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// writeJSON writes one document. Its format is stable, and docs/report.schema.json describes it.
func writeJSON(w io.Writer, r *Report) error {
	failures := r.Failures
	if failures == nil {
		failures = []Failure{}
	}
	return Encode(w, struct {
		Version  int                `json:"version"`
		Summary  Summary            `json:"summary"`
		Findings []Finding          `json:"findings"`
		Fixed    []validate.Finding `json:"fixed,omitempty"`
		Failures []Failure          `json:"failures"`
	}{1, r.Summary, r.Findings(), r.fixed(), failures})
}

// Encode writes a value as indented JSON that is safe to print. File names can contain any characters, and
// encoding/json escapes neither all of them nor commands of CI systems.
func Encode(w io.Writer, value any) error {
	var raw bytes.Buffer
	enc := json.NewEncoder(&raw)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(value); err != nil {
		return err
	}
	_, err := redact.NewWriter(w, redact.EscapeJSON).Write(redact.UnprintableInJSON(raw.Bytes()))
	return err
}
