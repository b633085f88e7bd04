// Package jsonpos reads JSON (RFC 8259) strictly and records the place of every
// value, so that a fault can be reported at its place.
//
// Its error messages describe a fault without quoting the data: they contain no
// text of the input except single punctuation characters.
package jsonpos

import (
	"bytes"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth is how many arrays and objects may be open inside one another.
const MaxDepth = 100

// Document is the result of [Parse]. It refers to no part of the data, and is
// safe for concurrent reads.
type Document struct {
	Root Value

	// Duplicates are the members whose name was used before in the same
	// object, at any level: one entry for each occurrence after the first, in
	// the order they appear. Names that differ only in how they are escaped
	// are the same name. The list stops early only for data that would exhaust
	// memory: when the pointers need over 1 MiB and 64 times the size of the data.
	Duplicates []Duplicate
}

// Parse reads data, which must be exactly one JSON value in UTF-8. White
// space around the value is allowed. An error is always a [*SyntaxError].
//
// Parse neither changes data nor refers to it later. Time and memory grow in
// proportion to the length of data. Parse is safe for concurrent use.
func Parse(data []byte) (*Document, error) { return ParseLine(data, 1) }

// ParseLine is like [Parse] for data that begins on that line of its file, counted from 1. Errors that
// name a second place name its line in the file.
func ParseLine(data []byte, line int) (*Document, error) {
	p := parsers.Get().(*parser)
	defer p.release()
	p.reset(data)
	p.line = line
	doc := new(Document)
	var err *SyntaxError
	if doc.Root, err = p.document(); err != nil {
		return nil, err
	}
	doc.Duplicates = duplicates(&doc.Root, &p.path)
	return doc, nil
}

// NewDocument returns the document of a value that another parser has read, with at most [MaxDepth] levels.
func NewDocument(root Value) *Document {
	return &Document{Root: root, Duplicates: duplicates(&root, new([MaxDepth]pathStep))}
}

// expected is what the grammar requires after the last good token.
type expected uint8

const (
	theValue     expected = iota // the one value of the data
	firstMember                  // a name or }
	memberValue                  // a colon and a value
	nextMember                   // a comma and a name, or }
	firstElement                 // a value or ]
	nextElement                  // a comma and a value, or ]
	theEnd                       // only white space
)

// parser is the state of one call of Parse. Parsers are reused
// because the buffers of the decoder cost more than a small payload.
type parser struct {
	decoder jsontext.Decoder
	input   bytes.Buffer // a type the decoder reads from without a copy

	data []byte
	line int    // of the first byte of data
	text string // a copy of data, which the strings of the result share

	start, end int   // the last token
	open       []int // offsets of the brackets that are open

	// The members and elements of the containers that are open. Collecting
	// them here lets each container allocate its own slice once, when its
	// size is known.
	members  []Member
	elements []Value

	path [MaxDepth]pathStep // the buffer of duplicates
}

var parsers = sync.Pool{New: func() any { return new(parser) }}

var decoderOptions = []jsontext.Options{
	jsontext.AllowDuplicateNames(true), // found by duplicates, with their places
	jsontext.AllowInvalidUTF8(false),
}

// maxPooled is the largest capacity for members and elements that a parser
// retains between two calls.
const maxPooled = 1024

func (p *parser) reset(data []byte) {
	p.data, p.text = data, string(data)
	p.start, p.end, p.open = 0, 0, p.open[:0]
	p.input = *bytes.NewBuffer(data)
	p.decoder.Reset(&p.input, decoderOptions...)
}

// release returns the parser to the pool, without anything that belongs to the caller.
func (p *parser) release() {
	p.data, p.text = nil, ""
	p.input = bytes.Buffer{}
	p.decoder.Reset(&p.input, decoderOptions...)
	p.members = emptySlice(p.members)
	p.elements = emptySlice(p.elements)
	parsers.Put(p)
}

func emptySlice[T any](list []T) []T {
	if cap(list) > maxPooled {
		return nil
	}
	clear(list)
	return list[:0]
}

func (p *parser) document() (Value, *SyntaxError) {
	c, err := p.next(theValue)
	if err != nil {
		return Value{}, err
	}
	root, err := p.value(c)
	if err == nil && skipSpace(p.data, p.end) < len(p.data) {
		err = p.faultAfterToken(theEnd)
	}
	return root, err
}

// next reads one token and returns its first byte.
func (p *parser) next(want expected) (byte, *SyntaxError) {
	start := skipSeparators(p.data, p.end)
	if _, err := p.decoder.ReadToken(); err != nil {
		return 0, p.faultAfterToken(want)
	}
	p.start, p.end = start, int(p.decoder.InputOffset())
	return p.data[start], nil
}

// value returns the value of the token just read, which begins with c.
func (p *parser) value(c byte) (v Value, err *SyntaxError) {
	v.Start, v.End = p.start, p.end
	switch c {
	case '{':
		v.Kind = Object
		v.Members, err = p.object()
		v.End = p.end
	case '[':
		v.Kind = Array
		v.Elements, err = p.array()
		v.End = p.end
	case '"':
		v.Kind, v.Text = String, p.unquoted()
	case 't':
		v.Kind, v.Text = Bool, "true"
	case 'f':
		v.Kind, v.Text = Bool, "false"
	case 'n':
		v.Kind = Null
	default:
		v.Kind, v.Text = Number, p.text[p.start:p.end]
		err = CheckNumber(&v)
	}
	return v, err
}

// object reads the rest of the object whose bracket was just read.
func (p *parser) object() ([]Member, *SyntaxError) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	base := len(p.members)
	for want := firstMember; ; want = nextMember {
		c, err := p.next(want)
		if err != nil {
			return nil, err
		}
		if c == '}' {
			break
		}
		m := Member{Name: p.unquoted(), NameStart: p.start, NameEnd: p.end}
		if c, err = p.next(memberValue); err != nil {
			return nil, err
		}
		if m.Value, err = p.value(c); err != nil {
			return nil, err
		}
		p.members = append(p.members, m)
	}
	p.leave()
	return popItems(&p.members, base), nil
}

// array reads the rest of the array whose bracket was just read.
func (p *parser) array() ([]Value, *SyntaxError) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	base := len(p.elements)
	for want := firstElement; ; want = nextElement {
		c, err := p.next(want)
		if err != nil {
			return nil, err
		}
		if c == ']' {
			break
		}
		element, err := p.value(c)
		if err != nil {
			return nil, err
		}
		p.elements = append(p.elements, element)
	}
	p.leave()
	return popItems(&p.elements, base), nil
}

// enter opens the bracket just read.
func (p *parser) enter() *SyntaxError {
	if len(p.open) == MaxDepth {
		return tooDeep(p.start)
	}
	p.open = append(p.open, p.start)
	return nil
}

// leave closes the innermost bracket.
func (p *parser) leave() {
	p.open = p.open[:len(p.open)-1]
}

// popItems moves the items from base on into a new slice.
func popItems[T any](stack *[]T, base int) []T {
	items := (*stack)[base:]
	if len(items) == 0 {
		return nil
	}
	own := make([]T, len(items))
	copy(own, items)
	clear(items)
	*stack = (*stack)[:base]
	return own
}

// unquoted returns the decoded text of the string just read.
func (p *parser) unquoted() string {
	inner := p.text[p.start+1 : p.end-1]
	if strings.IndexByte(inner, '\\') < 0 {
		return inner
	}
	// The decoder has accepted the string, so decoding cannot fail.
	decoded, _ := jsontext.AppendUnquote(nil, p.text[p.start:p.end])
	return string(decoded)
}

// faultAfterToken returns the fault after the last good token.
func (p *parser) faultAfterToken(want expected) *SyntaxError {
	return diagnose(diagnoser{data: p.data, line: p.line, start: p.start, end: p.end, open: p.open, want: want})
}

// skipSeparators returns the offset of the next token if the data follows the
// grammar. The decoder checks that it does.
func skipSeparators(data []byte, pos int) int {
	for pos < len(data) && (isSpace(data[pos]) || data[pos] == ',' || data[pos] == ':') {
		pos++
	}
	return pos
}

func skipSpace(data []byte, pos int) int {
	for pos < len(data) && isSpace(data[pos]) {
		pos++
	}
	return pos
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t'
}
