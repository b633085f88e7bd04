package validate

import (
	"strconv"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/snippet"
	"github.com/atlasint/atlasint/validate/internal/correction"
	"github.com/atlasint/atlasint/validate/internal/otherformat"
)

// span is a range of bytes in the input, with the path of a finding about it.
type span struct {
	start, end int
	path       []string
	pointer    string // in place of path
}

func place(v *jsonpos.Value, path ...string) span {
	return span{start: v.Start, end: v.End, path: path}
}

// shownPointer returns the JSON Pointer of a span as findings show it.
func (c *check) shownPointer(s span) string {
	if s.path != nil {
		s.pointer = jsonpos.Pointer(s.path...)
	}
	return redact.CutPointer(redact.Pointer(s.pointer), c.hides)
}

// advice is what a finding has besides its message: the hint, what it suggests, and the edits that do that.
type advice struct {
	text       string
	update     string // the text for an update, where it differs
	suggestion Suggestion
	edits      []correction.Edit
}

// hint returns advice with a text only.
func hint(text string) advice { return advice{text: text} }

// hintAt returns advice with a text that ends with a place in the input.
func (in *input) hintAt(text string, offset int) advice {
	return advice{text: text + " at " + in.position(offset), suggestion: Suggestion{Place: true}}
}

// notAPayload returns advice about an input of another format.
func notAPayload(f *otherformat.Format) advice {
	return advice{text: f.Advice(), suggestion: Suggestion{Format: string(f.Kind)}}
}

// forUpdate returns the advice for an update only.
func (a advice) forUpdate() advice {
	if a.update != "" {
		a.text, a.update = a.update, ""
	}
	return a
}

// adviceFor returns needed as the hint about a field that a payload needs, else optional. An update may leave out more
// fields than a creation.
func adviceFor(f *atlas.Field, needed, optional string) advice {
	by := func(update bool) string {
		if f.Optional(update) {
			return optional
		}
		return needed
	}
	next := hint(by(false))
	if update := by(true); update != next.text {
		next.update = update
	}
	return next
}

// enabled reports whether a rule is switched on. If it is off, the caller need not build a message.
func (v *Validator) enabled(r rule) bool { return v.severityOf(r) != Off }

// severityOf returns the severity of a rule whose findings all have the same one.
func (v *Validator) severityOf(r rule) Severity {
	about := r.about()
	if set, ok := v.options.Severities[about.ID]; ok {
		return set
	}
	return about.Default
}

// add adds a finding with the rule's default severity.
func (c *check) add(r rule, at span, message string, next advice) {
	c.addAs(r.about().Default, r, at, message, next)
}

func (c *check) addAs(severity Severity, r rule, at span, message string, next advice) {
	c.addWith(severities{severity, severity}, r, at, message, next)
}

// severities are those of one finding for the two operations.
type severities struct{ create, update Severity }

// never is the severity for an operation that doesn't have the finding. Unlike [Off], no configuration turns it on.
const never Severity = ""

// addWith adds a finding with a severity for each operation. A configured severity replaces both, except never. It
// returns the finding, nil if it is not kept.
func (c *check) addWith(s severities, r rule, at span, message string, next advice) *Finding {
	id := r.about().ID
	s = severities{c.v.configured(id, s.create), c.v.configured(id, s.update)}
	severity := s.create
	if c.v.options.Operation == Update {
		severity, next = s.update, next.forUpdate()
	}
	c.counts.add(severity, 1)
	c.forUpdate.add(severity, -1)
	c.forUpdate.add(s.update, 1)
	switch {
	case c.full():
	case severity != Off:
		f := c.finding(severity, id, at, message, next)
		if s.update != severity {
			f.UpdateSeverity = s.update
		}
		c.findings = append(c.findings, f)
		return &c.findings[len(c.findings)-1]
	case s.update != Off && c.v.options.Documents:
		c.onUpdate = append(c.onUpdate, c.finding(s.update, id, at, message, next.forUpdate()))
	}
	return nil
}

// configured returns the configured severity of a rule, else severity.
func (v *Validator) configured(id string, severity Severity) Severity {
	set, ok := v.options.Severities[id]
	switch {
	case severity == never:
		return Off
	case ok:
		return set
	}
	return severity
}

func (c *check) finding(severity Severity, id string, at span, message string, next advice) Finding {
	f := Finding{
		File: c.file, Record: c.record, Pointer: c.shownPointer(at),
		Rule: id, Severity: severity, Message: message, Hint: next.text, UpdateHint: next.update, Suggestion: next.suggestion,
	}
	if c.typ != nil {
		f.Type = c.typ.Name
	}
	f.Line, f.Column = c.lines.Position(at.start)
	f.EndLine, f.EndColumn = c.lines.Position(at.end)
	if c.yaml {
		next.edits = nil // their texts and places are those of JSON
	}
	for _, e := range next.edits {
		f.Edits = append(f.Edits, Edit{c.offset + e.Start, c.offset + e.End, e.Text})
	}
	if c.v.options.Snippets {
		f.Snippet = c.snippet(at)
	}
	return f
}

// position returns the line and column of a byte as hints show them.
func (in *input) position(offset int) string {
	line, column := in.lines.Position(offset)
	return strconv.Itoa(line) + ":" + strconv.Itoa(column)
}

// snippet returns the line of a finding, nil for an empty input.
func (c *check) snippet(at span) *Snippet {
	source := snippet.Source{Data: c.data, Root: c.root, Names: c.names, Hides: c.hides}
	if c.typ != nil {
		source.Type = c.typ.Type
	}
	line := Snippet(source.Line(at.start, at.end))
	if line.Width == 0 {
		return nil
	}
	return &line
}
