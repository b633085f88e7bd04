package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

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
// encoding/json escapes only ASCII control characters, and no commands of CI systems.
func Encode(w io.Writer, value any) error {
	var raw bytes.Buffer
	enc := json.NewEncoder(&raw)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(value); err != nil {
		return err
	}
	_, err := redact.NewWriter(w, redact.EscapeJSON).Write(escapeUnprintable(raw.Bytes()))
	return err
}

// escapeUnprintable escapes the unprintable characters of a JSON document, except line feeds. All others are inside
// strings, where escapes are allowed.
func escapeUnprintable(data []byte) []byte {
	safe := make([]byte, 0, len(data))
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == '\n' || strconv.IsPrint(r):
			safe = append(safe, data[i:i+size]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			safe = fmt.Appendf(safe, `\u%04x\u%04x`, high, low)
		default:
			safe = fmt.Appendf(safe, `\u%04x`, r)
		}
		i += size
	}
	return safe
}
