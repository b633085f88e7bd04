package freemarker

import "strings"

// parser reads a template by recursive descent, after the grammar of FreeMarker 2.3.31. It builds no tree: it
// checks, and collects the sample.
type parser struct {
	lx     *lexer
	tokens []token // those read since the last element began
	i      int     // the next one
	depth  int
	memo   map[memoKey]int // see scan.go
	trials int             // those without a kept result

	open []token // the directives whose end tags were not read yet
	tag  token   // the start of the current tag or interpolation

	loops                  []*loop
	breakable, continuable int
	inMacro, inFunction    bool
	escapes                int // directives escape that apply
	output                 format
	policy                 escaping
	stripText              bool

	sample     strings.Builder
	unrendered int // within directives whose content isn't rendered in place
	undecided  bool
	computed   bool // a parameter is a constant that FreeMarker computes and this package doesn't
}

// loop is a directive whose loop variables built-ins refer to.
type loop struct {
	name, second string
	kind         loopKind
}

type loopKind uint8

const (
	loopList loopKind = iota
	loopForeach
	loopItems
	loopCall // the body parameter of a user's directive, which hides a loop variable
)

func newParser(template string) *parser {
	convention := namingOpen
	return &parser{lx: &lexer{src: template, origin: -1, state: stateText, strict: true, naming: &convention}}
}

func (p *parser) fail(offset int, reason string) { p.lx.fail(offset, reason) }

func (p *parser) failed() bool { return p.lx.err != nil }

// peek returns the next token.
func (p *parser) peek() token { return p.at(p.i) }

// at returns the token with that index. It reads no token before it is needed, for tags change the lexer's state.
func (p *parser) at(i int) token {
	for len(p.tokens) <= i {
		p.tokens = append(p.tokens, p.lx.next())
	}
	if p.failed() {
		return token{kind: tEOF, start: p.lx.pos, end: p.lx.pos}
	}
	return p.tokens[i]
}

// accept passes the next token if it is of that kind.
func (p *parser) accept(k kind) bool {
	if p.peek().kind != k {
		return false
	}
	p.i++
	return true
}

// acceptTag passes the next token if it is a start tag of that directive.
func (p *parser) acceptTag(name string) bool {
	if t := p.peek(); t.kind != tStart && t.kind != tSimple || t.name != name {
		return false
	}
	p.tag = p.peek()
	p.i++
	return true
}

// want passes the next token, which must be of that kind.
func (p *parser) want(k kind) token {
	t := p.peek()
	if t.kind != k {
		p.unexpected(t)
		return token{}
	}
	p.i++
	return t
}

// wantTagEnd passes the end of a tag: >, or /> too if the directive has no content.
func (p *parser) wantTagEnd(loose bool) {
	if loose && p.accept(tEmptyTagEnd) {
		return
	}
	p.want(tTagEnd)
}

// enter counts a level of nesting. Each call needs one of leave.
func (p *parser) enter() {
	p.depth++
	if p.depth > maxDepth {
		p.fail(p.lx.pos, "directives or expressions are nested too deeply")
	}
}

func (p *parser) leave() { p.depth-- }

// begin records a directive that needs an end tag.
func (p *parser) begin(t token) { p.open = append(p.open, t) }

// end passes the end tag of the directive that began last.
func (p *parser) end(names ...string) {
	t := p.peek()
	for _, name := range names {
		if t.kind == tEnd && t.name == name {
			p.i++
			p.open = p.open[:len(p.open)-1]
			return
		}
	}
	p.unexpected(t)
}

// forget drops the tokens that are behind, between elements, where no lookahead refers to them.
func (p *parser) forget() {
	if p.i < len(p.tokens) {
		return
	}
	p.tokens, p.i = p.tokens[:0], 0
	clear(p.memo)
}

func (p *parser) root() {
	if p.headerFollows() {
		p.accept(tSpace)
		p.header()
	}
	p.elements()
	if t := p.peek(); t.kind != tEOF {
		p.unexpected(t)
	}
}

// elements reads text, interpolations and directives up to something else.
func (p *parser) elements() {
	p.enter()
	defer p.leave()
	for !p.failed() && p.element() {
		p.forget()
	}
}

// element reads one element; it reports false if the next token begins none.
func (p *parser) element() bool {
	t := p.peek()
	switch t.kind {
	case tSpace, tText:
		p.i++
		p.text(t)
	case tDollar, tHash:
		p.i++
		p.tag = t
		p.interpolation(t)
	case tCall, tStart, tSimple:
		return p.directive(t)
	default:
		return false
	}
	return true
}

func (p *parser) text(t token) {
	if !p.stripText || p.depth > 1 {
		p.render(p.lx.src[t.start:t.end])
	}
}

// render adds to the sample.
func (p *parser) render(s string) {
	if p.unrendered == 0 && !p.undecided {
		p.sample.WriteString(s)
	}
}

// setUndecided records that the sample depends on more than interpolations.
func (p *parser) setUndecided() {
	if p.unrendered == 0 {
		p.undecided = true
	}
}

// interpolation reads ${expression} or #{expression; format}.
func (p *parser) interpolation(t token) {
	if p.peek().kind == tCloseCurly {
		p.fail(t.start, "an interpolation is empty")
		return
	}
	e := p.expression()
	if t.kind == tHash {
		p.rejectKinds(e, "#{…} needs a number", notNumbers)
		if p.accept(tSemicolon) {
			p.numberFormat(p.want(tID))
		}
	} else {
		p.rejectKinds(e, "an interpolation can't render a list or a hash", nHash|nList)
	}
	p.want(tCloseCurly)
	if e.constant && p.escapes == 0 && !p.output.markup {
		p.render(e.text)
		return
	}
	p.render("1")
}

// numberFormat checks the format of #{expression; format}, such as m2M4: digits after the point, at least and at most.
func (p *parser) numberFormat(t token) {
	limits := map[byte]int{}
	for rest := t.name; rest != ""; {
		sign := rest[0]
		after := strings.TrimLeft(rest[1:], "0123456789")
		number := rest[1 : len(rest)-len(after)]
		_, repeated := limits[sign]
		switch {
		case number == "" && after == "" && (sign == 'm' || sign == 'M'): // FreeMarker ignores it
		case number == "", repeated, sign != 'm' && sign != 'M':
			p.fail(t.start, wrongNumberFormat)
			return
		default:
			limits[sign] = decimal(number)
		}
		rest = after
	}
	low, hasLow := limits['m']
	high, hasHigh := limits['M']
	if !hasHigh {
		high = low
	}
	if !hasLow && !hasHigh || low > high || high > 50 {
		p.fail(t.start, wrongNumberFormat)
	}
}

const wrongNumberFormat = "the number format of #{…} is invalid"

// decimal returns the number with those digits, or a large one.
func decimal(digits string) int {
	n := 0
	for i := 0; i < len(digits) && n < 1_000_000; i++ {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}
