// Package validate judges request bodies of the Atlas third-party integrations API before they are
// sent. [New] makes a validator; [Validator.Check] turns the bytes of one payload into findings with
// positions, [Validator.CheckFile] reads a file first.
//
// A payload without findings of severity [Error] is one that Atlas accepts, as far as the API's
// documentation, its recorded answers and its users' reports tell. Findings are values; an error means
// that the validator could not do its work, such as reading a file. No text that comes out of this
// package holds the value of a secret field.
package validate

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
)

// DefaultMaxSize is the size in bytes above which a payload is refused unread. Atlas's payloads stay
// under 32 KiB.
const DefaultMaxSize = 1 << 20

// DefaultMaxFindings is how many findings of one input are kept.
const DefaultMaxFindings = 100

// Operation is what a payload is meant for.
type Operation string

// The operations. An update may leave out what Atlas keeps.
const (
	Create Operation = "create"
	Update Operation = "update"
)

// Validator judges payloads of one generation. It is safe for concurrent use.
type Validator struct {
	generation  string
	want        string
	operation   Operation
	maxSize     int64
	maxFindings int
	snippets    bool
	expands     bool
	jobs        int
	severity    map[string]Severity
	types       map[string]*typeSchema
	others      map[string]*typeSchema
}

// Option changes a default of [New].
type Option func(*Validator) error

// WithGeneration selects the generation of the API, "v2" or "v1.0". The default is v2.
func WithGeneration(generation string) Option {
	return func(v *Validator) error {
		if generation != schemas.V1 && generation != schemas.V2 {
			return fmt.Errorf("unknown API generation %q: it is %s or %s", generation, schemas.V2, schemas.V1)
		}
		v.generation = generation
		return nil
	}
}

// WithType demands that every payload is of this integration type, such as that of a request's path.
// By default a payload's own type decides.
func WithType(name string) Option {
	return func(v *Validator) error {
		v.want = name
		return nil
	}
}

// WithOperation says what the payloads are for. The default is [Create].
func WithOperation(op Operation) Option {
	return func(v *Validator) error {
		if op != Create && op != Update {
			return fmt.Errorf("unknown operation %q: it is %s or %s", op, Create, Update)
		}
		v.operation = op
		return nil
	}
}

// WithMaxSize sets the size in bytes above which a payload is refused. The default is [DefaultMaxSize].
func WithMaxSize(bytes int64) Option {
	return func(v *Validator) error {
		if bytes <= 0 {
			return fmt.Errorf("the maximal size must be positive, not %d", bytes)
		}
		v.maxSize = bytes
		return nil
	}
}

// WithMaxFindings limits how many findings of one input [Validator.CheckFile] and
// [Validator.CheckReader] keep; they count all. The default is [DefaultMaxFindings].
func WithMaxFindings(n int) Option {
	return func(v *Validator) error {
		if n <= 0 {
			return fmt.Errorf("the maximal number of findings must be positive, not %d", n)
		}
		v.maxFindings = n
		return nil
	}
}

// WithExpansion replaces ${env:NAME} and ${file:PATH} in strings by what they stand for before it judges
// them; it reads the environment of the process and any file that a payload names, relative to the
// payload's folder. By default references are left alone, and what they stand for is not judged.
func WithExpansion() Option {
	return func(v *Validator) error {
		v.expands = true
		return nil
	}
}

// WithJobs sets how many records of one input are judged at a time. The default is 1.
func WithJobs(n int) Option {
	return func(v *Validator) error {
		if n <= 0 {
			return fmt.Errorf("the number of jobs must be positive, not %d", n)
		}
		v.jobs = n
		return nil
	}
}

// WithSnippets gives each finding the line it stands on, for people. By default there is none.
func WithSnippets() Option {
	return func(v *Validator) error {
		v.snippets = true
		return nil
	}
}

// WithSeverity changes the severity of one rule; [Off] silences it. A rule that yields errors and
// warnings yields only the given severity from then on.
func WithSeverity(rule string, severity Severity) Option {
	return func(v *Validator) error {
		known, ok := findRule(rule)
		if !ok {
			return fmt.Errorf("unknown rule %q; %s", rule, didYouMean(rule, ruleIDs()))
		}
		if known.Fixed && severity != known.Default {
			return fmt.Errorf("rule %s is always an %s: nothing can be judged past it", rule, known.Default)
		}
		if severity != Error && severity != Warning && severity != Off {
			return fmt.Errorf("unknown severity %q: it is %s, %s or %s", severity, Error, Warning, Off)
		}
		v.severity[rule] = severity
		return nil
	}
}

// New makes a validator. It fails on an option with a value that does not exist.
func New(opts ...Option) (*Validator, error) {
	v := &Validator{
		generation: schemas.V2, operation: Create,
		maxSize: DefaultMaxSize, maxFindings: DefaultMaxFindings, jobs: 1,
		severity: map[string]Severity{},
	}
	for _, opt := range opts {
		if err := opt(v); err != nil {
			return nil, err
		}
	}
	v.types, v.others = typesOf(v.generation), typesOf(otherGeneration(v.generation))
	if v.want != "" && v.types[v.want] == nil {
		message, hint := v.unknownType(v.want)
		return nil, fmt.Errorf("%s; %s", message, hint)
	}
	return v, nil
}

// Check judges one payload. The name is what findings call the file. The findings are sorted by place;
// none means that nothing is wrong. Neither data nor any part of it is kept.
func (v *Validator) Check(name string, data []byte) []Finding {
	return v.checkRecord(name, data, record{})
}

// record says where a payload stands in its file; the zero record is a file of its own.
type record struct {
	number      int // from 1
	linesBefore int
}

// checkRecord judges data, which is one payload.
func (v *Validator) checkRecord(name string, data []byte, at record) []Finding {
	c := v.newCheck(name, data, at)
	if int64(len(data)) > v.maxSize {
		c.tooLarge()
	} else if doc := c.parse(data); doc != nil {
		c.duplicates(doc.Duplicates)
		c.payload(&doc.Root)
	}
	return c.sorted()
}

// checkArray judges every element of a JSON array as one payload.
func (v *Validator) checkArray(name string, data []byte) Result {
	c, payloads := v.newCheck(name, data, record{}), 1
	if int64(len(data)) > v.maxSize {
		c.tooLarge()
	} else if doc := c.parse(data); doc != nil && doc.Root.Kind != jsonpos.Array {
		c.add(ruleNotAnObject, place(&doc.Root, ""), "want an array of payloads, got "+article(doc.Root.Kind),
			"judge a single payload without --array")
	} else if doc != nil {
		payloads = len(doc.Root.Elements)
		c.elements(doc)
	}
	return v.result(payloads, c.sorted())
}

func (c *check) elements(doc *jsonpos.Document) {
	twice := doc.Duplicates
	for i := range doc.Root.Elements {
		payload := &doc.Root.Elements[i]
		c.root = payload
		c.at.number, c.base, c.typ = i+1, fmt.Sprintf("/%d", i), nil
		inside := 0
		for inside < len(twice) && twice[inside].NameStart < payload.End {
			inside++
		}
		c.duplicates(twice[:inside])
		twice = twice[inside:]
		c.payload(payload)
	}
}

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

func (c *check) sorted() []Finding {
	sortFindings(c.findings)
	return c.findings
}

// span is a place in the input: bytes, and the pointer of what stands there.
type span struct {
	start, end int
	pointer    string
}

func place(v *jsonpos.Value, pointer string) span { return span{v.Start, v.End, pointer} }

// add notes a finding with the rule's own severity.
func (c *check) add(id string, at span, message, hint string) {
	rule, _ := findRule(id)
	c.addAs(rule.Default, id, at, message, hint)
}

// speaks tells whether a rule is switched on. Findings of others come to nothing, and asking first spares
// the making of their texts.
func (v *Validator) speaks(id string) bool {
	if set, ok := v.severity[id]; ok {
		return set != Off
	}
	rule, _ := findRule(id)
	return rule.Default != Off
}

func (c *check) addAs(severity Severity, id string, at span, message, hint string) {
	if set, ok := c.v.severity[id]; ok {
		severity = set
	}
	if severity == Off {
		return
	}
	f := Finding{
		File: c.file, Payload: c.at.number, Pointer: redact.Pointer(at.pointer),
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
	c.findings = append(c.findings, f)
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
		c.add(ruleSyntax, span{fault.Start, fault.End, ""}, fault.Message, fault.Hint)
		return nil
	}
	if doc != nil {
		c.root = &doc.Root
	}
	return doc
}

// duplicates notes every name that an object has more than once, at each place but the first.
func (c *check) duplicates(list []jsonpos.Duplicate) {
	for _, d := range list {
		line, column := c.lines.Position(d.First)
		c.add(ruleDuplicateKey, span{d.NameStart, d.NameEnd, strings.TrimPrefix(d.Pointer, c.base)},
			fmt.Sprintf("the name %s occurs twice in one object", redact.Name(d.Name)),
			fmt.Sprintf("keep one; the first is at %d:%d", line+c.at.linesBefore, column))
	}
}
