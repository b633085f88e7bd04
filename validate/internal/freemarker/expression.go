package freemarker

import (
	"strings"
	"unicode/utf16"
)

// expression reads an expression.
func (p *parser) expression() node {
	p.enter()
	defer p.leave()
	return p.binary(levelOr)
}

// binary reads an expression of that level of precedence.
func (p *parser) binary(level int) node {
	switch level {
	case levelRange:
		return p.rangeOperand()
	case levelUnary:
		return p.unary()
	}
	left := p.binary(level + 1)
	for !p.failed() && levelOperators[level][p.peek().kind] {
		op := p.peek().kind
		p.i++
		right := p.binary(level + 1)
		p.checkOperand(level, op, left)
		p.checkOperand(level, op, right)
		if op == tPlus {
			left = constantSum(left, right)
		} else {
			left = join(left, right)
		}
		if !repeats(level) {
			break
		}
	}
	return left
}

// checkOperand rejects literals that the operator can't have as an operand.
func (p *parser) checkOperand(level int, op kind, e node) {
	switch {
	case level == levelOr || level == levelAnd:
		p.rejectKinds(e, "a logical operator needs booleans", notBooleans)
	case level == levelEquality:
		p.rejectKinds(e, "lists and hashes can't be compared", nHash|nList)
	case op != tPlus:
		p.rejectKinds(e, "an operator needs numbers", notNumbers)
	}
}

// rangeOperand reads an operand of a comparison: a sum, or a range such as 1..3.
func (p *parser) rangeOperand() node {
	left := p.binary(levelAdditive)
	k := p.peek().kind
	if k != tRange && k != tRangeLess && k != tRangeLength {
		return left
	}
	p.i++
	right := node{literal: true, end: left.end}
	if k != tRange || p.follows(levelAdditive) {
		right = p.binary(levelAdditive)
		p.rejectKinds(right, "a range needs numbers", notNumbers)
	}
	p.rejectKinds(left, "a range needs numbers", notNumbers)
	return join(left, right)
}

func (p *parser) unary() node {
	t := p.peek()
	switch t.kind {
	case tPlus, tMinus:
		p.i++
	case tExclam:
		for p.accept(tExclam) {
		}
	default:
		return p.primary()
	}
	e := p.primary()
	return node{kind: nOther, start: t.start, end: e.end, literal: e.literal, variables: e.variables}
}

// primary reads an operand and what follows it closely.
func (p *parser) primary() node {
	e := p.atom()
	for !p.failed() {
		t := p.peek()
		switch t.kind {
		case tDot:
			e = p.dotKey(e)
		case tOpenBracket:
			e = p.dynamicKey(e)
		case tOpenParen:
			e = p.arguments(e)
		case tBuiltIn:
			e = p.builtIn(e)
		case tExclam, tExclamSpace:
			e = p.orDefault(e)
		case tExists:
			p.i++
			e = node{kind: nOther, start: e.start, end: t.end, variables: e.variables}
		default:
			return e
		}
	}
	return e
}

// atom reads a literal, a variable or an expression in brackets.
func (p *parser) atom() node {
	t := p.peek()
	e := node{start: t.start, end: t.end, literal: true}
	switch t.kind {
	case tInteger, tDecimal:
		e.kind = nNumber
	case tTrue, tFalse:
		e.kind = nBool
	case tString, tRawString:
		return p.stringLiteral(true)
	case tID:
		e = node{kind: nIdentifier, start: t.start, end: t.end, text: t.name, variables: true, nameEnd: t.end}
	case tDot:
		return p.specialVariable()
	case tOpenParen:
		p.i++
		e = p.expression()
		e.kind, e.nameEnd, e.boundEnd = nOther, 0, 0
		e.start, e.end = t.start, p.want(tCloseParen).end
		return e
	case tOpenBracket:
		return p.listLiteral()
	case tOpenCurly:
		return p.hashLiteral()
	default:
		p.unexpected(t)
		return node{}
	}
	p.i++
	return e
}

// specialVariable reads a variable of FreeMarker's own, such as .now.
func (p *parser) specialVariable() node {
	t := p.want(tDot)
	name := p.want(tID)
	p.keepNaming(name)
	canonical, known := specialVariables()[name.name]
	switch {
	case p.failed():
	case !known:
		p.fail(t.start, "a special variable is unknown")
	case canonical == "args" && !p.inMacro && !p.inFunction:
		p.fail(t.start, "the special variable .args is outside of a macro or function")
	}
	return node{kind: nOther, start: t.start, end: name.end, variables: true}
}

func (p *parser) keepNaming(t token) {
	if t.kind == tID {
		p.lx.fixNaming(namingOf(t.name))
	}
}

func (p *parser) listLiteral() node {
	e := node{kind: nList, start: p.want(tOpenBracket).start, literal: true}
	for _, item := range p.positional() {
		e.literal, e.variables = e.literal && item.literal, e.variables || item.variables
	}
	e.end = p.want(tCloseBracket).end
	return e
}

func (p *parser) hashLiteral() node {
	e := node{kind: nHash, start: p.want(tOpenCurly).start, literal: true}
	for more := p.peek().kind != tCloseCurly; more && !p.failed(); more = p.accept(tComma) {
		key := p.expression()
		if !p.accept(tColon) {
			p.want(tComma)
		}
		value := p.expression()
		p.rejectKinds(key, "a key of a hash is not a string", notStrings)
		pair := join(key, value)
		e.literal, e.variables = e.literal && pair.literal, e.variables || pair.variables
	}
	e.end = p.want(tCloseCurly).end
	return e
}

// positional reads expressions with or without commas between them.
func (p *parser) positional() []node {
	if !beginsExpression(p.peek().kind) {
		return nil
	}
	all := []node{p.expression()}
	for !p.failed() && (p.accept(tComma) || beginsExpression(p.peek().kind)) {
		all = append(all, p.expression())
	}
	return all
}

func (p *parser) dotKey(e node) node {
	p.want(tDot)
	t := p.peek()
	if !isKey(t.kind) {
		p.unexpected(t)
		return e
	}
	p.i++
	if c := p.lx.src[t.start]; t.kind != tID && t.kind != tTimes && t.kind != tDoubleStar && !isLetter(c) {
		p.unexpected(t)
	}
	p.rejectKinds(e, "a literal has no keys", nList|nString|nBool)
	dot := node{kind: nOther, start: e.start, end: t.end, literal: e.literal, variables: e.variables}
	if e.kind == nIdentifier || e.kind == nDot {
		dot.kind, dot.nameEnd = nDot, t.end
	}
	return dot
}

func (p *parser) dynamicKey(e node) node {
	p.want(tOpenBracket)
	key := p.expression()
	p.rejectKinds(e, "a literal has no keys", nBool|nNumber)
	all := join(e, key)
	all.end = p.want(tCloseBracket).end
	return all
}

func (p *parser) arguments(e node) node {
	p.want(tOpenParen)
	p.positional()
	call := node{kind: nOther, start: e.start, variables: true, end: p.want(tCloseParen).end}
	call.nameEnd = e.boundEnd
	return call
}

// orDefault reads x!y or x!.
func (p *parser) orDefault(e node) node {
	t := p.peek()
	p.i++
	right := node{literal: true, end: t.end}
	if t.kind == tExclam && p.follows(levelOr) {
		right = p.expression()
	}
	return join(e, right)
}

// stringLiteral reads a string, and the interpolations in it unless it is a name.
func (p *parser) stringLiteral(interpolate bool) node {
	t := p.peek()
	p.i++
	image := p.lx.src[t.start:t.end]
	e := node{kind: nString, start: t.start, end: t.end, literal: true, constant: true}
	if t.kind == tRawString {
		e.text = image[2 : len(image)-1]
		return e
	}
	e.text = unescape(image[1 : len(image)-1])
	if !interpolate || !interpolates(image) || !interpolates(e.text) || shorterThan4(e.text) {
		return e
	}
	e.literal, e.constant, e.variables = false, false, true
	p.interpolatedString(e)
	return e
}

func interpolates(s string) bool { return strings.Contains(s, "${") || strings.Contains(s, "#{") }

// shorterThan4 counts as Java does.
func shorterThan4(s string) bool { return len(s) < 16 && len(utf16.Encode([]rune(s))) < 4 }

// interpolatedString checks the interpolations in the content of a string.
func (p *parser) interpolatedString(e node) {
	inner := &parser{
		lx:    &lexer{src: e.text, origin: e.start, state: stateString, strict: true, naming: p.lx.naming},
		loops: p.loops, depth: p.depth, output: p.output, policy: escapeByFormat, unrendered: 1,
	}
	if p.lx.origin >= 0 {
		inner.lx.origin = p.lx.origin
	}
	inner.elements()
	if t := inner.peek(); t.kind != tEOF {
		inner.unexpected(t)
	}
	if inner.failed() {
		p.fail(e.start, "in a string: "+strings.TrimPrefix(inner.lx.err.Reason, "in a string: "))
	}
}

// unescape returns the content of a string literal without its escapes.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		i++
		if s[i] != 'x' {
			b.WriteByte(unescapeByte(s[i]))
			continue
		}
		r := rune(0)
		for n := 0; n < 4 && i+1 < len(s) && isHex(s[i+1]); n++ {
			i++
			r = r<<4 | rune(strings.IndexByte("0123456789abcdef", s[i]|0x20))
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unescapeByte returns the character of the escape \c.
func unescapeByte(c byte) byte {
	const escapes, values = "ntrfbgla", "\n\t\r\f\b><&"
	if i := strings.IndexByte(escapes, c); i >= 0 {
		return values[i]
	}
	return c
}
