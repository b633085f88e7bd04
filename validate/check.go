package validate

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
)

// check is the state of judging one input.
type check struct {
	v        *Validator
	file     string
	at       record
	base     string // pointer of the payload in its array, if it stands in one
	data     []byte
	lines    *jsonpos.Lines
	root     *jsonpos.Value // the payload, once it is read
	typ      *typeSchema
	expanded map[string]bool // fields whose references were replaced
	findings []Finding

	errors, warnings int // all, also those that were not made

	types     []Sighting
	documents []Document
}

func (v *Validator) newCheck(name string, data []byte, at record) *check {
	c := &check{v: v, file: name, at: at, data: data, lines: jsonpos.NewLines(data)}
	if v.expands {
		c.expanded = map[string]bool{}
	}
	return c
}

// dir is where relative paths in the input start.
func (c *check) dir() string { return filepath.Dir(c.file) }

// result is what came of the input; addTo adds it to that of the payloads before.
func (c *check) result(payloads int) Result {
	r := Result{Payloads: payloads}
	c.addTo(&r)
	return r
}

func (c *check) addTo(r *Result) {
	sortFindings(c.findings)
	r.Errors += c.errors
	r.Warnings += c.warnings
	r.Types = append(r.Types, c.types...)
	r.Documents = append(r.Documents, c.documents...)
	room := max(0, c.v.maxFindings-len(r.Findings))
	r.Findings = append(r.Findings, c.findings[:min(len(c.findings), room)]...)
}

// spare is how many findings past the limit are made all the same: their order is known at the end only.
const spare = 1000

// full tells that further findings are counted and not made: they would not be kept.
func (c *check) full() bool { return len(c.findings) >= c.v.maxFindings+spare }

// span is a place in the input: bytes, and the field of the payload that it is about, if any.
type span struct {
	start, end int
	field      string
	pointer    string // of what lies deeper than a field
}

func place(v *jsonpos.Value, field string) span {
	return span{start: v.Start, end: v.End, field: field}
}

// shownPointer is made when there is something to say only: good payloads need none.
func (at span) shownPointer() string {
	if at.field != "" {
		return redact.Pointer(jsonpos.Pointer(at.field))
	}
	return redact.Pointer(at.pointer)
}

// add notes a finding with the rule's own severity.
func (c *check) add(id string, at span, message, hint string) {
	rule, _ := findRule(id)
	c.addAs(rule.Default, id, at, message, hint)
}

// speaks tells whether a rule is switched on. Findings of others come to nothing, and asking first spares
// the making of their texts.
func (v *Validator) speaks(id string) bool { return v.severityOf(id) != Off }

// severityOf is the severity of a rule that has one only.
func (v *Validator) severityOf(id string) Severity {
	if set, ok := v.severity[id]; ok {
		return set
	}
	rule, _ := findRule(id)
	return rule.Default
}

func (c *check) addAs(severity Severity, id string, at span, message, hint string) {
	if set, ok := c.v.severity[id]; ok {
		severity = set
	}
	switch severity {
	case Off:
		return
	case Error:
		c.errors++
	default:
		c.warnings++
	}
	if !c.full() {
		c.findings = append(c.findings, c.finding(severity, id, at, message, hint))
	}
}

func (c *check) finding(severity Severity, id string, at span, message, hint string) Finding {
	f := Finding{
		File: c.file, Payload: c.at.number, Pointer: at.shownPointer(),
		Rule: id, Severity: severity, Message: message, Hint: hint,
	}
	if c.typ != nil {
		f.Type = c.typ.Name
	}
	f.Line, f.Column = c.lines.Position(at.start)
	f.EndLine, f.EndCol = c.lines.Position(at.end)
	f.Line += c.at.linesBefore
	f.EndLine += c.at.linesBefore
	if c.v.snippets {
		f.Snippet = c.snippet(at)
	}
	return f
}

func (c *check) tooLarge() {
	c.add(ruleTooLarge, span{}, fmt.Sprintf("larger than %d bytes", c.v.maxSize),
		"payloads of Atlas stay under 32 KiB; --max-size allows more, and NDJSON has a limit for each line only")
}

// parse reads data as JSON; it notes a finding and returns nil where data is none.
func (c *check) parse(data []byte) *jsonpos.Document {
	doc, err := jsonpos.Parse(data)
	var fault *jsonpos.SyntaxError
	if errors.As(err, &fault) {
		message := fault.Message
		if c.at.linesBefore > 0 { // a record is one line, and jsonpos knows of no other
			message = strings.Replace(message, " opens on line 1,", fmt.Sprintf(" opens on line %d,", 1+c.at.linesBefore), 1)
		}
		c.add(ruleSyntax, span{start: fault.Start, end: fault.End}, message, c.syntaxHint(fault))
		return nil
	}
	if doc != nil {
		c.root = &doc.Root
	}
	return doc
}

// syntaxHint is what to do about a fault. In NDJSON it is mostly that a payload is not one line.
func (c *check) syntaxHint(fault *jsonpos.SyntaxError) string {
	switch {
	case c.at.number == 0:
		return fault.Hint
	case fault.Start >= len(bytes.TrimRight(c.data, " \t")):
		return "a whole payload is one line here; jq -c writes it so"
	case fault.Hint == jsonpos.OneEach:
		return "give each payload a line of its own, with nothing between them"
	}
	return fault.Hint
}

// duplicates notes every name that an object has more than once, at each place but the first.
func (c *check) duplicates(list []jsonpos.Duplicate) {
	for _, d := range list {
		line, column := c.lines.Position(d.First)
		c.add(ruleDuplicateKey, span{start: d.NameStart, end: d.NameEnd, pointer: strings.TrimPrefix(d.Pointer, c.base)},
			fmt.Sprintf("the name %s occurs twice in one object", redact.Name(d.Name)),
			fmt.Sprintf("keep one; the first is at %d:%d", line+c.at.linesBefore, column))
	}
}
