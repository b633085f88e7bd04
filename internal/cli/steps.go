package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/apply"
	"github.com/atlasint/atlasint/internal/objectid"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// The outcomes of a step that changes the project.
const (
	done    = "done"
	failed  = "failed"
	notSent = "not-sent"
)

// document is what apply and diff print with --json. Its form is stable, and stated in docs/apply.md.
type document struct {
	Version  int                `json:"version"`
	Project  string             `json:"project"`
	Summary  stepCounts         `json:"summary"`
	Steps    []stepEntry        `json:"steps"`
	Findings []validate.Finding `json:"findings"`
}

// stepCounts counts steps by what they do, and those that change the project by what came of them.
type stepCounts struct {
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

type stepEntry struct {
	Type    string        `json:"type"`
	Action  apply.Action  `json:"action"`
	Outcome string        `json:"outcome,omitempty"`
	ID      string        `json:"id,omitempty"`
	File    string        `json:"file,omitempty"`
	Payload int           `json:"payload,omitempty"`
	Reason  string        `json:"reason,omitempty"`
	Changes []changeEntry `json:"changes"`
	Error   string        `json:"error,omitempty"`
}

type changeEntry struct {
	Field  string          `json:"field"`
	State  apply.State     `json:"state"`
	Secret bool            `json:"secret"`
	From   json.RawMessage `json:"from,omitempty"`
	To     json.RawMessage `json:"to,omitempty"`
}

func (c *comparison) document() document {
	d := document{Version: 1, Project: c.atlas.project, Steps: []stepEntry{}, Findings: c.findings}
	if d.Findings == nil {
		d.Findings = []validate.Finding{}
	}
	for _, s := range c.steps {
		d.Summary.count(s.Action)
		d.Steps = append(d.Steps, c.entryOf(s))
	}
	return d
}

func (c *comparison) entryOf(s apply.Step) stepEntry {
	e := stepEntry{Type: nameText(s.Type), Action: s.Action, ID: idText(s.ID), Reason: c.reasonFor(s), Changes: []changeEntry{}}
	if s.Local != nil {
		e.File, e.Payload = s.Local.File, s.Local.Number
	}
	for _, change := range s.Changes {
		e.Changes = append(e.Changes, changeEntry{nameText(change.Field), change.State, change.Secret, change.From, change.To})
	}
	return e
}

// nameText is a name that Atlas may have given, as far as it may be shown.
func nameText(name string) string { return redact.Line(redact.Plain(name)) }

// idText is an id as Atlas gives them; of anything else, what may be shown.
func idText(id string) string {
	if objectid.Is(id) { // ids of integrations have the form of those of projects
		return id
	}
	return nameText(id)
}

func (n *stepCounts) count(a apply.Action) {
	switch a {
	case apply.Create:
		n.Create++
	case apply.Update:
		n.Update++
	case apply.Delete:
		n.Delete++
	case apply.Unchanged:
		n.Unchanged++
	case apply.Blocked:
		n.Blocked++
	case apply.Extra:
		n.Extra++
	case apply.Unknown:
		n.Unknown++
	}
}

// changes tells whether a step changes the project.
func (c *comparison) changes() bool {
	return slices.ContainsFunc(c.steps, func(s apply.Step) bool { return s.Action.Changes() })
}

// deletions returns the types of the integrations to delete.
func (c *comparison) deletions() (types []string) {
	for _, s := range c.steps {
		if s.Action == apply.Delete {
			types = append(types, nameText(s.Type))
		}
	}
	return types
}

// show writes the steps for people, a line for each thing there is to say of one; the silent ones, of which
// there is nothing, only if all are asked for.
func (c *comparison) show(w io.Writer, all bool) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range c.steps {
		details := c.detailsOf(s)
		if all && len(details) == 0 {
			details = []string{placeOfStep(s)}
		}
		for _, detail := range details {
			fmt.Fprintf(table, "%s\t%s\t%s\n", nameText(s.Type), s.Action, detail)
		}
	}
	return table.Flush()
}

// reasonFor returns why an integration without a payload is deleted or kept, or why a payload can't be sent; empty
// for other steps.
func (c *comparison) reasonFor(s apply.Step) string {
	switch s.Action {
	case apply.Delete:
		return c.reason + farewell(s.Generation, s.Type)
	case apply.Extra:
		return "no payload describes it; kept without --prune"
	case apply.Unknown:
		return "this version does not know the type; kept"
	case apply.Blocked:
		return placeOfStep(s) + ": unresolved reference"
	}
	return ""
}

// detailsOf is what there is to say of a step, a line each.
func (c *comparison) detailsOf(s apply.Step) []string {
	if reason := c.reasonFor(s); reason != "" {
		return []string{reason}
	}
	var details []string
	switch s.Action {
	case apply.Create:
		return []string{placeOfStep(s)}
	case apply.Update:
		if !slices.ContainsFunc(s.Changes, differs) {
			details = append(details, "sent again: "+placeOfStep(s))
		}
	}
	for _, change := range s.Changes {
		details = append(details, nameText(change.Field)+": "+textOf(change))
	}
	return details
}

func differs(c apply.Change) bool { return c.State == apply.Differs }

// placeOfStep is where the payload of a step stands.
func placeOfStep(s apply.Step) string {
	if s.Local.Number > 0 {
		return fmt.Sprintf("%s, payload %d", redact.Path(s.Local.File), s.Local.Number)
	}
	return redact.Path(s.Local.File)
}

// farewell warns of deletions that the API can't take back.
func farewell(generation, typ string) string {
	t := schemas.Find(generation, typ)
	if t != nil && t.OAuthFields != nil {
		return "; it can't be made again through the API"
	}
	return ""
}

func textOf(c apply.Change) string {
	why := "(not shown)"
	if c.Secret {
		why = "(secret)"
	}
	switch {
	case c.State == apply.Incomparable:
		return "can't be compared, since Atlas does not show it; apply --resend sends it again"
	case c.State == apply.Kept && c.From == nil:
		return "is set in Atlas and not in the payload; updates keep it " + why
	case c.State == apply.Kept:
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

// planned sums up what is to be done.
func (n stepCounts) planned() string {
	text := fmt.Sprintf("%d to create, %d to update, %d to delete, %d unchanged", n.Create, n.Update, n.Delete, n.Unchanged)
	if n.Blocked > 0 {
		text += fmt.Sprintf(", %d blocked", n.Blocked)
	}
	if alone := n.Extra + n.Unknown; alone > 0 {
		text += fmt.Sprintf(", %d left alone", alone)
	}
	return text
}

// made sums up what was done.
func (n stepCounts) made() string {
	return strings.TrimSuffix(fmt.Sprintf("%d done, %d failed, %d not sent", n.Done, n.Failed, n.NotSent), ", 0 failed, 0 not sent")
}
