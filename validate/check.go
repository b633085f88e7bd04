package validate

import (
	"errors"
	"path/filepath"
	"strconv"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/yamlpos"
	"github.com/atlasint/atlasint/validate/internal/correction"
	"github.com/atlasint/atlasint/validate/internal/failure"
	"github.com/atlasint/atlasint/validate/internal/freemarker"
	"github.com/atlasint/atlasint/validate/internal/otherformat"
	"github.com/atlasint/atlasint/validate/internal/records"
	"github.com/atlasint/atlasint/validate/internal/types"
)

// check is the state of validating one input.
type check struct {
	v        *Validator
	file     string
	record   int    // the number of the payload in its input, from 1; 0: the input is the payload
	base     string // pointer of the payload in its array, if it is in one
	data     []byte
	yaml     bool // data is YAML, not JSON
	offset   int  // of data in the input
	lines    *jsonpos.Lines
	root     *jsonpos.Value // the payload, once it is parsed
	typ      *types.Type
	path     []string                // the path of the current value
	expanded map[*jsonpos.Value]bool // values whose references were replaced
	reported map[*jsonpos.Value]bool // values that a rule about their contents has reported
	findings []Finding
	onUpdate []Finding // the findings of this payload that only an update has

	names *redact.Hider // hides further names in snippets; nil if none

	templates map[*jsonpos.Value]*freemarker.Template // of the payload's webhook templates

	counts           // of all findings, also those that are not kept
	forUpdate counts // to add to the counts if this payload updates an existing integration
	countOnly bool   // count the findings of this payload without keeping them

	types     []typedFinding
	documents []Document
}

func (v *Validator) newCheck(name string, data []byte, at records.At) *check {
	c := &check{v: v, file: name, record: at.Number, data: data, offset: at.Offset,
		yaml: at.Number == 0 && yamlpos.IsName(name), lines: jsonpos.NewLinesFrom(data, at.LinesBefore+1)}
	if v.options.Expand {
		c.expanded = map[*jsonpos.Value]bool{}
	}
	return c
}

// dir returns the folder in which relative paths of the input start.
func (c *check) dir() string { return filepath.Dir(c.file) }

// addTo adds the results of the input to those of the payloads before.
func (c *check) addTo(r *Result) {
	sortFindings(c.findings)
	r.addCounts(c.counts)
	r.types = append(r.types, c.types...)
	r.Documents = append(r.Documents, c.documents...)
	free := max(0, c.v.options.MaxFindings-len(r.Findings))
	r.Findings = append(r.Findings, c.findings[:min(len(c.findings), free)]...)
}

// result returns the results of an input with this number of payloads.
func (c *check) result(payloads int) Result {
	r := Result{Payloads: payloads}
	c.addTo(&r)
	return r
}

// extraFindings is the number of findings that are kept past the limit until they are sorted.
const extraFindings = 1000

// full reports whether further findings are only counted.
func (c *check) full() bool {
	return c.countOnly || len(c.findings) >= c.v.options.MaxFindings+extraFindings
}

// span is a range of bytes in the input, with the path of a finding about it.
type span struct {
	start, end int
	path       []string
	pointer    string // in place of path
}

func place(v *jsonpos.Value, path ...string) span {
	return span{start: v.Start, end: v.End, path: path}
}

// shownPointer returns the JSON Pointer as findings show it.
func (s span) shownPointer() string {
	if s.path != nil {
		return redact.Pointer(jsonpos.Pointer(s.path...))
	}
	return redact.Pointer(s.pointer)
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
func (c *check) hintAt(text string, offset int) advice {
	return advice{text: text + " at " + c.position(offset), suggestion: Suggestion{Place: true}}
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
		c.onUpdate = append(c.onUpdate, c.finding(s.update, id, at, message, next))
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
		File: c.file, Record: c.record, Pointer: at.shownPointer(),
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
func (c *check) position(offset int) string {
	line, column := c.lines.Position(offset)
	return strconv.Itoa(line) + ":" + strconv.Itoa(column)
}

// parse reads data as JSON, or as one document of YAML. If data is neither, it adds a finding and returns nil.
func (c *check) parse(data []byte) *jsonpos.Document {
	var doc *jsonpos.Document
	var err error
	if c.yaml {
		doc, err = yamlpos.ParseOne(data)
	} else {
		first, _ := c.lines.Position(0)
		doc, err = jsonpos.ParseLine(data, first)
	}
	var fault *jsonpos.SyntaxError
	errors.As(err, &fault)
	return c.parsed(doc, fault)
}

// parsed returns a document that was read without a fault. Else it adds a finding and returns nil.
func (c *check) parsed(doc *jsonpos.Document, fault *jsonpos.SyntaxError) *jsonpos.Document {
	if fault != nil {
		syntaxRule{}.report(c, fault)
		return nil
	}
	c.root = &doc.Root
	return doc
}

// checkPayload validates one payload: its type first, then everything else by the schema of that type.
func (c *check) checkPayload(root *jsonpos.Value) {
	if root.Kind != jsonpos.Object {
		notAnObjectRule{}.report(c, root)
		return
	}
	c.onUpdate, c.forUpdate = nil, counts{}
	if c.typ = c.detect(root); c.typ != nil {
		clear(c.expanded)
		clear(c.reported)
		clear(c.templates)
		duplicateTypeRule{}.note(c, root)
		c.applyRules(root)
		c.addDocument(root)
	}
}

// applyRules applies the rules about contents, the type's schema, and the rules that only warn.
func (c *check) applyRules(root *jsonpos.Value) {
	written := c.brokenPolicies(root, true)
	c.visitStrings(root, c.typ.Payload, (*check).checkContents)
	c.schema(root)
	c.reportPolicies(append(written, c.brokenPolicies(root, false)...))
	c.visitStrings(root, c.typ.Payload, (*check).checkWarnings)
	for _, r := range payloadRules {
		r.payload(c, root)
	}
}

// stringField is a string of the payload in a field that the request chooses.
type stringField struct {
	field *atlas.Field
	value *jsonpos.Value
	at    span
}

// visitStrings visits the strings in known fields of an object, in the order of the input.
func (c *check) visitStrings(object *jsonpos.Value, field *atlas.Field, visit func(*check, stringField)) {
	for i := range object.Members {
		m := &object.Members[i]
		if f := field.Lookup(m.Name); f != nil && f.Free() {
			c.path = append(c.path, m.Name)
			c.visitStringsIn(&m.Value, f, visit)
			c.path = c.path[:len(c.path)-1]
		}
	}
}

func (c *check) visitStringsIn(v *jsonpos.Value, field *atlas.Field, visit func(*check, stringField)) {
	switch v.Kind {
	case jsonpos.String:
		visit(c, stringField{field, v, place(v, c.path...)})
	case jsonpos.Object:
		c.visitStrings(v, failure.VariantOf(field, v), visit)
	case jsonpos.Array:
		for i := range v.Elements {
			if field.Items == nil {
				return
			}
			c.path = append(c.path, strconv.Itoa(i))
			c.visitStringsIn(&v.Elements[i], field.Items, visit)
			c.path = c.path[:len(c.path)-1]
		}
	}
}

// checkContents applies the rules about the contents of a string. Only the first rule that is on and finds a problem
// reports it.
func (c *check) checkContents(t stringField) {
	if c.deferContent(t) {
		c.markReported(t.value)
		return
	}
	for _, r := range contentRules {
		if p := r.content(c, t); p != nil && c.v.enabled(r) {
			c.addAs(p.severityOr(r), r, t.at, c.subject(t.at.path)+p.message, p.next)
			c.markReported(t.value)
			return
		}
	}
}

// problem is a problem of a string. The message follows the name of the field.
type problem struct {
	severity Severity // "" is the rule's default
	message  string
	next     advice
}

func (p *problem) severityOr(r rule) Severity {
	if p.severity != "" {
		return p.severity
	}
	return r.about().Default
}

// markReported records that a rule has reported the contents of a value, so that no other rule reports it.
func (c *check) markReported(v *jsonpos.Value) {
	if c.reported == nil {
		c.reported = map[*jsonpos.Value]bool{}
	}
	c.reported[v] = true
}

// checkWarnings applies the rules that find probable mistakes in a string.
func (c *check) checkWarnings(t stringField) {
	if !c.expanded[t.value] && c.refers(t.value.Text) {
		return
	}
	for _, r := range warningRules {
		if r.warn(c, t) {
			return
		}
	}
}

// subject returns the name of a value in messages, such as DATADOG.region or TYPE.rules[0].name.
func (c *check) subject(path []string) string {
	return failure.Name(c.root, c.typ.Name, path, func(token string) string { return redact.Path(redact.Plain(token)) })
}
