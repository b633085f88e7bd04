package validate

import (
	"errors"
	"path/filepath"
	"strconv"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/yamlpos"
	"github.com/atlasint/atlasint/validate/internal/failure"
	"github.com/atlasint/atlasint/validate/internal/freemarker"
	"github.com/atlasint/atlasint/validate/internal/records"
	"github.com/atlasint/atlasint/validate/internal/types"
)

// check is the state of validating an input. The rules read it and add their findings to it.
type check struct {
	input
	payload
}

// input is the part of the state that all payloads of the input share.
type input struct {
	v      *Validator
	file   string
	data   []byte
	yaml   bool // data is YAML, not JSON
	offset int  // of data in the input
	lines  *jsonpos.Lines

	countOnly bool // count the findings without keeping them

	findings  []Finding
	counts    // of all findings, also those that are not kept
	types     []typedFinding
	documents []Document
}

// payload is the part of the state that belongs to the current payload.
type payload struct {
	record int            // the number of the payload in its input, from 1; 0: the input is the payload
	base   string         // pointer of the payload in its array, if it is in one
	root   *jsonpos.Value // the payload, once it is parsed
	typ    *types.Type
	path   []string // the path of the current value

	expanded  map[*jsonpos.Value]bool                 // values whose references were replaced
	unset     map[*jsonpos.Value]*expand.Error        // of values whose references were replaced by nothing
	reported  map[*jsonpos.Value]bool                 // values that a rule about their contents has reported
	templates map[*jsonpos.Value]*freemarker.Template // of the webhook templates

	names   *redact.Hider // hides further names in snippets; nil if none
	secrets *redact.Hider // of the payload as far as its type and references are known; nil: not searched yet

	onUpdate  []Finding // the findings that only an update has
	forUpdate counts    // to add to the counts if the payload updates an existing integration
}

func (v *Validator) newCheck(name string, data []byte, at records.At) *check {
	return &check{
		input: input{
			v: v, file: name, data: data, offset: at.Offset,
			yaml:  at.Number == 0 && yamlpos.IsName(name),
			lines: jsonpos.NewLinesFrom(data, at.LinesBefore+1),
		},
		payload: payload{record: at.Number},
	}
}

// next replaces the payload with another one of the same array. It reuses the memory.
func (p *payload) next(record int, root *jsonpos.Value) {
	clear(p.expanded)
	clear(p.unset)
	clear(p.reported)
	clear(p.templates)
	*p = payload{
		record: record, base: "/" + strconv.Itoa(record-1), root: root,
		path: p.path, expanded: p.expanded, unset: p.unset, reported: p.reported, templates: p.templates,
	}
}

// dir returns the folder in which relative paths of the input start.
func (in *input) dir() string { return filepath.Dir(in.file) }

// addTo adds the results of the input to those of the payloads before.
func (in *input) addTo(r *Result) {
	sortFindings(in.findings)
	r.addCounts(in.counts)
	r.types = append(r.types, in.types...)
	r.Documents = append(r.Documents, in.documents...)
	free := max(0, in.v.options.MaxFindings-len(r.Findings))
	r.Findings = append(r.Findings, in.findings[:min(len(in.findings), free)]...)
}

// result returns the results of an input with this number of payloads.
func (in *input) result(payloads int) Result {
	r := Result{Payloads: payloads}
	in.addTo(&r)
	return r
}

// extraFindings is the number of findings that are kept past the limit until they are sorted.
const extraFindings = 1000

// full reports whether further findings are only counted.
func (in *input) full() bool {
	return in.countOnly || len(in.findings) >= in.v.options.MaxFindings+extraFindings
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
	if c.typ = c.detect(root); c.typ != nil {
		c.secrets = nil
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
			c.addAs(p.severityOr(r), r, t.at, c.subject(t.at.path)+p.message, c.unreplaced(t.value, p.next))
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

// markExpanded records that the references of a string were replaced.
func (p *payload) markExpanded(v *jsonpos.Value) {
	if p.expanded == nil {
		p.expanded = map[*jsonpos.Value]bool{}
	}
	p.expanded[v] = true
	p.secrets = nil
}

// markReported records that a rule has reported the contents of a value, so that no other rule reports it.
func (p *payload) markReported(v *jsonpos.Value) {
	if p.reported == nil {
		p.reported = map[*jsonpos.Value]bool{}
	}
	p.reported[v] = true
}

// checkWarnings applies the rules that find probable mistakes in a string.
func (c *check) checkWarnings(t stringField) {
	if !c.expanded[t.value] && c.refers(t.value.Text) {
		placeholderRule{}.warnOfName(c, t)
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
	return failure.Name(c.root, c.typ.Name, path, func(token string) string {
		if c.hides(token) || !redact.Shown(token) {
			return redact.Hidden
		}
		return redact.Path(token)
	})
}
