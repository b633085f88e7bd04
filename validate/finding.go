package validate

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/atlasint/atlasint/internal/redact"
)

// Severity says how sure it is that a payload fails.
type Severity string

const (
	// Error means that Atlas refuses the payload, or accepting it would break the integration.
	Error Severity = "error"
	// Warning means that it is probably a mistake, or that the sources disagree on whether Atlas refuses it.
	Warning Severity = "warning"
	// Off silences a rule. No finding has it.
	Off Severity = "off"
)

// Finding is one fault of one payload. Its texts never hold the value of a secret field, nor any text of
// more than 40 characters from the input, and are free of control characters.
type Finding struct {
	File     string   `json:"file"`
	Payload  int      `json:"payload,omitempty"` // the record in NDJSON or in an array, from 1; else 0
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

	// HintKind is the kind of the hint, for programs that word it in terms of their own options; HintValue is what
	// it is about, such as the API version. Both are "" where the hint is complete.
	HintKind  HintKind `json:"-"`
	HintValue string   `json:"-"`

	// Snippet is the line of the finding, where the validator was made with [WithSnippets]; else nil.
	Snippet *Snippet `json:"-"`
}

// HintKind is a kind of hint that a program can make more precise: its own option does what the hint advises.
type HintKind string

// The kinds of hints.
const (
	HintArray      HintKind = "array"       // the input is an array of payloads
	HintOne        HintKind = "one"         // the input is one payload, not an array
	HintAPIVersion HintKind = "api-version" // the payload is for the API version in HintValue
	HintMaxSize    HintKind = "max-size"    // the payload is larger than the limit
	HintAnswer     HintKind = "answer"      // the input is an answer of Atlas
)

// Snippet is a line of the input for people to look at, or the part of a long line around the finding.
// Secrets, and all that may be one, are blanked: each of their letters and digits is a "•".
type Snippet struct {
	Text  string // without tabs and other control characters, at most 120 characters
	Start int    // where the finding begins in Text, in characters from 0
	Width int    // how many characters it covers there, at least 1
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
// The result must come from a validator for creations that was made with [WithDocuments].
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
		r.count(f.Severity, 1)
	}
	for _, f := range findings {
		found, was := true, f.Severity
		if isUpdate[f.Payload] {
			f, found = f.ForUpdate()
			r.count(was, -1)
			r.count(f.Severity, 1)
		}
		if found {
			r.Findings = append(r.Findings, f)
		}
	}
	sortFindings(r.Findings)
	return r
}

// Text gives the message, the part of your own schema that it is about, if any, and the hint.
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

// String gives the finding on one line: place, message, hint and rule.
func (f Finding) String() string {
	text := f.Text()
	if f.Severity == Warning {
		text = "warning: " + text
	}
	return fmt.Sprintf("%s:%d:%d: %s [%s]", redact.Path(f.File), f.Line, f.Column, text, f.Rule)
}

// sortFindings orders the findings of one input by place, then rule, so that reports never shuffle.
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
