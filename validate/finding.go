package validate

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/snippet"
)

// Severity is the severity of a finding.
type Severity string

const (
	// Error means that Atlas rejects the payload, or that the integration would not work.
	Error Severity = "error"
	// Warning means that it is probably a mistake, or that sources disagree whether Atlas rejects it.
	Warning Severity = "warning"
	// Off turns a rule off. No finding has it.
	Off Severity = "off"
)

// Finding is one fault of one payload. Its texts contain neither the value of a secret field, nor a text of
// more than 40 characters from the input, nor control characters.
type Finding struct {
	File     string   `json:"file"`
	Payload  int      `json:"payload,omitempty"` // the record in NDJSON, in an array or among the documents of a YAML file, from 1; else 0
	Line     int      `json:"line"`              // from 1
	Column   int      `json:"column"`            // from 1, in characters
	EndLine  int      `json:"endLine"`
	EndCol   int      `json:"endColumn"` // the column after the last character
	Pointer  string   `json:"pointer"`   // RFC 6901, in the payload; of a missing field, where it belongs
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	Type     string   `json:"type,omitempty"` // the integration type, once known
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"` // what to try next
	// Policy is the part of your own schema that a finding of the rule policy is about; nil for other rules.
	Policy *Policy `json:"policy,omitempty"`

	// UpdateSeverity is the severity if the payload updates an existing integration, where that differs: [Off] means
	// that there is no finding then; "" means that it does not differ. See [Finding.ForUpdate].
	UpdateSeverity Severity `json:"-"`

	// UpdateHint is the hint if the payload updates an existing integration, "" where it does not differ.
	UpdateHint string `json:"-"`

	// HintKind is the kind of a hint for which a program may have its own option, else "": "array" (the input is an array
	// of payloads), "one" (it is one payload, not an array), "api-version" (the payload is for the API version in
	// HintValue), "max-size" (it is larger than the limit) or "answer" (the input is an answer of Atlas).
	HintKind  string `json:"-"`
	HintValue string `json:"-"`

	// Edits correct the fault, in order. They are nil in YAML, and if more than one correction is possible. They never
	// change the value of a secret or of a reference.
	Edits []Edit `json:"-"`

	// Snippet is the line of the finding if [Options] request snippets, else nil.
	Snippet *Snippet `json:"-"`
}

// Edit replaces the bytes of the input from Start to End, exclusive, by Text: a name or a value of the API, or "". Offsets
// count from the start of the input, also in NDJSON and arrays.
type Edit struct {
	Start, End int
	Text       string
}

// Snippet is a line of the input for messages, or the part of a long line around the finding.
// Letters and digits of values that are or may be secrets are replaced by "•".
type Snippet struct {
	Text  string // without tabs and other control characters, at most 120 characters
	Start int    // the first character of the finding in Text, from 0
	Width int    // the number of its characters in Text, at least 1
}

// ForUpdate returns the finding for a payload that was validated for a creation and turns out to update an existing
// integration. It reports false if there is no finding then. [Result.ForUpdates] also adds the findings that only an
// update has.
func (f Finding) ForUpdate() (Finding, bool) {
	if f.UpdateSeverity != "" {
		f.Severity, f.UpdateSeverity = f.UpdateSeverity, ""
	}
	if f.UpdateHint != "" {
		f.Hint, f.UpdateHint = f.UpdateHint, ""
	}
	return f, f.Severity != Off
}

// ForUpdates returns the result with the findings of an update for the payloads that update an existing integration.
// The result must come from a validator for creations with Documents in its [Options].
func (r Result) ForUpdates(updates func(Document) bool) Result {
	isUpdate := map[int]bool{} // by record
	findings := r.Findings
	r.Findings = nil
	for _, d := range r.Documents {
		if isUpdate[d.Payload] = updates(d); isUpdate[d.Payload] {
			r.Findings = append(r.Findings, d.UpdateFindings...)
		}
	}
	for _, f := range r.Findings {
		r.addCount(f.Severity, 1)
	}
	for _, f := range findings {
		found, was := true, f.Severity
		if isUpdate[f.Payload] {
			f, found = f.ForUpdate()
			r.addCount(was, -1)
			r.addCount(f.Severity, 1)
		}
		if found {
			r.Findings = append(r.Findings, f)
		}
	}
	sortFindings(r.Findings)
	return r
}

// Text returns the message, the part of your own schema that it is about, if any, and the hint.
func (f Finding) Text() string {
	text := f.Message
	if f.Policy != nil {
		text += " (" + f.Policy.String() + ")"
	}
	if f.Hint != "" {
		text += "; " + f.Hint
	}
	return text
}

// String returns the finding on one line: place, message, hint and rule.
func (f Finding) String() string {
	text := f.Text()
	if f.Severity == Warning {
		text = "warning: " + text
	}
	return fmt.Sprintf("%s:%d:%d: %s [%s]", redact.Path(f.File), f.Line, f.Column, text, f.Rule)
}

// sortFindings orders the findings of one input by place, then rule, so that reports are stable.
func sortFindings(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Pointer, b.Pointer),
		)
	})
}

// snippet returns the line of a finding, nil for an empty input.
func (c *check) snippet(at span) *Snippet {
	source := snippet.Source{Data: c.data, Root: c.root, Names: c.names}
	if c.typ != nil {
		source.Type = c.typ.Type
	}
	line := Snippet(source.Line(at.start, at.end))
	if line.Width == 0 {
		return nil
	}
	return &line
}
