package validate

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/atlasint/atlasint/internal/redact"
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
	File string `json:"file"`
	// Record is the number of the payload in NDJSON, in an array or among the documents of a YAML file, from 1; else 0.
	Record    int      `json:"payload,omitempty"`
	Line      int      `json:"line"`   // from 1
	Column    int      `json:"column"` // from 1, in characters
	EndLine   int      `json:"endLine"`
	EndColumn int      `json:"endColumn"` // the column after the last character
	Pointer   string   `json:"pointer"`   // RFC 6901, in the payload; of a missing field, where it belongs
	Rule      string   `json:"rule"`
	Severity  Severity `json:"severity"`
	Type      string   `json:"type,omitempty"` // the integration type, once known
	Message   string   `json:"message"`
	Hint      string   `json:"hint,omitempty"` // what to try next
	// Policy is the part of your own schema that a finding of the rule policy is about; nil for other rules.
	Policy *Policy `json:"policy,omitempty"`

	// UpdateSeverity is the severity of the finding if the payload updates an existing integration. "" means the same
	// severity as for a creation. [Off] means that an update has no such finding. See [Finding.ForUpdate].
	UpdateSeverity Severity `json:"-"`

	// UpdateHint is the hint if the payload updates an existing integration, "" where it does not differ.
	UpdateHint string `json:"-"`

	// Suggestion is what the hint suggests, for programs that word hints for their own options.
	Suggestion Suggestion `json:"-"`

	// Edits correct the fault, in order. They are nil in YAML, and if more than one correction is possible. They never
	// change the value of a secret or of a reference.
	Edits []Edit `json:"-"`

	// Snippet is the line of the finding if [Options] request snippets, else nil.
	Snippet *Snippet `json:"-"`
}

// Suggestion is what a hint suggests, in a form for programs. At most one of its fields is set; most hints have none.
type Suggestion struct {
	// Layout is the layout to validate the input in: [Array] for an array of payloads, [Lines] for several payloads in
	// sequence, which need a line each, [One] for a single payload; else [ByName].
	Layout Layout
	// APIVersion is the API version to validate the payload for, because it has the type or the field.
	APIVersion string
	// Operation is [Update] if the payload may be valid as an update.
	Operation Operation
	// Format is what the input is in place of a payload: a "response" of Atlas, a "plan" or a "baseline" of atlasint, a
	// "resource" of Kubernetes, CloudFormation or Terraform, or another "file".
	Format string
	// Place is true if the hint names a place in the input to look at, such as "at 1:19".
	Place bool
}

// Edit replaces the bytes of the input from Start to End, exclusive, by Text: a name or a value of the API, or "".
// Offsets count from the start of the input, also in NDJSON and arrays.
type Edit struct {
	Start, End int
	Text       string
}

// Snippet is a line of the input for messages, or the part of a long line around the finding.
// Letters and digits of values that are or may be secrets are replaced with "•".
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
	var findings []Finding
	for _, d := range r.Documents {
		if updates(d) {
			isUpdate[d.Record] = true
			findings = append(findings, d.UpdateFindings...)
			r.addCounts(d.forUpdate)
		}
	}
	for _, f := range r.Findings {
		if !isUpdate[f.Record] {
			findings = append(findings, f)
		} else if updated, found := f.ForUpdate(); found {
			findings = append(findings, updated)
		}
	}
	sortFindings(findings)
	r.Findings = findings
	return r
}

// counts are numbers of findings.
type counts struct{ errors, warnings int }

func (c *counts) add(severity Severity, n int) {
	switch severity {
	case Error:
		c.errors += n
	case Warning:
		c.warnings += n
	}
}

func (r *Result) addCounts(c counts) {
	r.Errors += c.errors
	r.Warnings += c.warnings
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
