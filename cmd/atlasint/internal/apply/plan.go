package apply

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// The outcomes of steps that change the project.
const (
	done    = "done"
	failed  = "failed"
	notSent = "not-sent"
)

// Plan is the steps that make a project match payloads.
type Plan struct {
	Project  string // project ID
	BaseURL  string // of the server, as [atlas.ShownURL] shows it
	Steps    []Step
	Findings []report.Finding // in the payloads
	Reason   string           // why integrations without a payload are deleted
}

// Document is a [Plan], and after sending its outcome, as printed with --json. Its JSON form is stable and described
// in docs/apply.md.
type Document struct {
	Version  int              `json:"version"`
	Project  string           `json:"project"`
	BaseURL  string           `json:"baseUrl,omitempty"`
	Summary  Counts           `json:"summary"`
	Steps    []DocumentStep   `json:"steps"`
	Findings []report.Finding `json:"findings"`
}

// Counts are the numbers of steps by action, and of steps that change the project by outcome.
type Counts struct {
	Create    int `json:"create"`
	Update    int `json:"update"`
	Delete    int `json:"delete"`
	Unchanged int `json:"unchanged"`
	Blocked   int `json:"blocked"`
	Extra     int `json:"extra"`
	Unknown   int `json:"unknown"`
	Done      int `json:"done"`
	Failed    int `json:"failed"`
	NotSent   int `json:"notSent"`
}

// DocumentStep is a step of a [Document].
type DocumentStep struct {
	Type    string           `json:"type"`
	Action  Action           `json:"action"`
	Outcome string           `json:"outcome,omitempty"`
	ID      string           `json:"id,omitempty"`
	File    string           `json:"file,omitempty"`
	Payload int              `json:"payload,omitempty"`
	Reason  string           `json:"reason,omitempty"`
	Changes []DocumentChange `json:"changes"`
	Error   string           `json:"error,omitempty"`
}

// DocumentChange is a field in a [DocumentStep].
type DocumentChange struct {
	Field  string          `json:"field"`
	State  State           `json:"state"`
	Secret bool            `json:"secret"`
	From   json.RawMessage `json:"from,omitempty"`
	To     json.RawMessage `json:"to,omitempty"`
}

// Document returns the plan as a document without outcomes.
func (p *Plan) Document() Document {
	d := Document{Version: 1, Project: p.Project, BaseURL: p.BaseURL, Steps: []DocumentStep{}, Findings: p.Findings}
	if d.Findings == nil {
		d.Findings = []report.Finding{}
	}
	for _, s := range p.Steps {
		d.Summary.count(s.Action)
		d.Steps = append(d.Steps, p.documentStep(s))
	}
	return d
}

func (p *Plan) documentStep(s Step) DocumentStep {
	e := DocumentStep{Type: atlas.ShownName(s.Type), Action: s.Action, ID: atlas.ShownID(s.ID), Reason: p.reasonFor(s), Changes: []DocumentChange{}}
	if s.Local != nil {
		e.File, e.Payload = s.Local.File, s.Local.Number
	}
	for _, c := range s.Changes {
		e.Changes = append(e.Changes, DocumentChange{atlas.ShownName(c.Field), c.State, c.Secret, c.From, c.To})
	}
	return e
}

func (c *Counts) count(a Action) {
	switch a {
	case Create:
		c.Create++
	case Update:
		c.Update++
	case Delete:
		c.Delete++
	case Unchanged:
		c.Unchanged++
	case Blocked:
		c.Blocked++
	case Extra:
		c.Extra++
	case Unknown:
		c.Unknown++
	}
}

// Changes reports whether a step changes the project.
func (p *Plan) Changes() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Action.Changes() })
}

// Without returns those of the types that have no step.
func (p *Plan) Without(types []string) (missing []string) {
	for _, typ := range types {
		if !slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Type == typ }) {
			missing = append(missing, typ)
		}
	}
	return missing
}

// deletions returns the types of the integrations to delete, in the order of deletion; "" for none.
func (p *Plan) deletions() string {
	var types []string
	for _, s := range p.Steps {
		if s.Action == Delete {
			types = append(types, atlas.ShownName(s.Type))
		}
	}
	return strings.Join(types, ", ")
}

// Question returns the question that a user confirms before the plan is sent.
func (p *Plan) Question() string {
	if deletions := p.deletions(); deletions != "" {
		return "Apply these changes and delete " + deletions + "?"
	}
	return "Apply these changes?"
}

// DeletionText returns a message about the deletions and their reason; "" for none.
func (p *Plan) DeletionText() string {
	deletions := p.deletions()
	if deletions == "" {
		return ""
	}
	return "deletes after all other changes: " + deletions + ": " + p.Reason
}

// Write writes the plan as text: one line for each detail of a step. Steps without details have a line only if all
// is true.
func (p *Plan) Write(w io.Writer, all bool) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range p.Steps {
		details := p.details(s)
		if all && len(details) == 0 {
			details = []string{placeOfStep(s)}
		}
		for _, detail := range details {
			fmt.Fprintf(table, "%s\t%s\t%s\n", atlas.ShownName(s.Type), s.Action, detail)
		}
	}
	return table.Flush()
}

// reasonFor returns why an integration without a payload is deleted or kept, or why a payload can't be sent; empty
// for other steps.
func (p *Plan) reasonFor(s Step) string {
	switch s.Action {
	case Delete:
		return p.Reason + DeletionNote(s.APIVersion, s.Type)
	case Extra:
		return "no payload; kept without --prune"
	case Unknown:
		return "this version does not support the type; kept"
	case Blocked:
		return placeOfStep(s) + ": unresolved reference"
	}
	return ""
}

// details returns the lines that explain a step.
func (p *Plan) details(s Step) []string {
	if reason := p.reasonFor(s); reason != "" {
		return []string{reason}
	}
	var details []string
	switch s.Action {
	case Create:
		return []string{placeOfStep(s)}
	case Update:
		if !slices.ContainsFunc(s.Changes, differs) {
			details = append(details, "sent again: "+placeOfStep(s))
		}
	}
	for _, c := range s.Changes {
		details = append(details, atlas.ShownName(c.Field)+": "+textOf(c))
	}
	return details
}

func differs(c Change) bool { return c.State == Differs }

// placeOfStep returns the file of the payload of a step, and the record in it.
func placeOfStep(s Step) string {
	if s.Local.Number > 0 {
		return fmt.Sprintf("%s, payload %d", redact.Path(s.Local.File), s.Local.Number)
	}
	return redact.Path(s.Local.File)
}

// DeletionNote returns a warning to append to a sentence if the API can't create an integration of the type again; else
// "".
func DeletionNote(apiVersion, typ string) string {
	t := schemas.Find(apiVersion, typ)
	if t != nil && t.OAuthFields != nil {
		return "; the API can't create it again"
	}
	return ""
}

func textOf(c Change) string {
	why := "(not shown)"
	if c.Secret {
		why = "(secret)"
	}
	switch {
	case c.State == Incomparable:
		return "can't be compared, since Atlas does not return it; apply --resend sends it again"
	case c.State == Kept && c.From == nil:
		return "is set in Atlas and not in the payload; updates keep it " + why
	case c.State == Kept:
		return "is " + valueText(c.From) + " in Atlas and not in the payload; updates keep it"
	case c.From == nil:
		return "differs " + why
	}
	return valueText(c.From) + " -> " + valueText(c.To)
}

// valueText is a value that may be shown.
func valueText(doc json.RawMessage) string {
	var text string
	if json.Unmarshal(doc, &text) != nil || string(doc) == "null" {
		return string(doc) // a boolean, or null
	}
	return redact.Value(text)
}

// Changes returns the number of steps that change the project.
func (c Counts) Changes() int { return c.Create + c.Update + c.Delete }

// Planned returns the numbers of steps by action as one line of text.
func (c Counts) Planned() string {
	text := fmt.Sprintf("%d to create, %d to update, %d to delete, %d unchanged", c.Create, c.Update, c.Delete, c.Unchanged)
	if c.Blocked > 0 {
		text += fmt.Sprintf(", %d blocked", c.Blocked)
	}
	if alone := c.Extra + c.Unknown; alone > 0 {
		text += fmt.Sprintf(", %d kept", alone)
	}
	return text
}

// Completed returns the numbers of steps by outcome as one line of text, or "" if no change was to be sent.
func (c Counts) Completed() string {
	if c.Done+c.Failed+c.NotSent == 0 {
		return ""
	}
	return strings.TrimSuffix(fmt.Sprintf("%d done, %d failed, %d not sent", c.Done, c.Failed, c.NotSent), ", 0 failed, 0 not sent")
}

// Skipped returns a message about the blocked payloads, or "" if there are none.
func (c Counts) Skipped() string {
	switch c.Blocked {
	case 0:
		return ""
	case 1:
		return "1 payload was skipped: it has an unresolved reference; set the variable or file that it names, and run the command again"
	}
	return fmt.Sprintf("%d payloads were skipped: they have unresolved references; set the variables or files that they name, and run the command again", c.Blocked)
}
