package freemarker

import "strings"

// directive reads the directive that begins with t; it reports false if t belongs to the directive around it.
func (p *parser) directive(t token) bool {
	read := p.reader(t.name)
	if read == nil {
		return false
	}
	outer := p.tag
	p.tag = t
	p.i++
	read(t)
	p.tag = outer
	return true
}

// reader returns how to read a directive, nil for one that is legal only within others.
func (p *parser) reader(name string) func(token) {
	switch name {
	case "--", "comment", "noparse":
		return p.unparsed
	case "if":
		return p.ifBlock
	case "list":
		return p.list
	case "foreach":
		return p.foreach
	case "items":
		return p.items
	case "sep":
		return p.sep
	case "switch":
		return p.switchBlock
	case "attempt":
		return p.attempt
	case "assign", "global", "local":
		return p.assign
	case "macro", "function":
		return p.macro
	case "@":
		return p.call
	case "call":
		return p.legacyCall
	case "transform":
		return p.transform
	case "include":
		return p.include
	case "import":
		return p.importLibrary
	case "setting":
		return p.setting
	case "break", "continue":
		return p.jump
	case "return":
		return p.returnValue
	case "nested", "fallback":
		return p.nested
	case "visit", "recurse":
		return p.visit
	case "stop", "flush", "t", "lt", "rt", "nt":
		return p.statement
	case "compress":
		return p.compress
	case "escape":
		return p.escape
	case "noescape":
		return p.noEscape
	case "outputformat":
		return p.outputFormat
	case "autoesc":
		return func(t token) { p.autoEscape(t, escapeAlways) }
	case "noautoesc":
		return func(t token) { p.autoEscape(t, escapeNever) }
	}
	return nil
}

// content reads up to the end tag of the directive that began with t.
func (p *parser) content(t token) {
	p.begin(t)
	p.elements()
	p.end(t.name)
}

// unparsed reads a comment or noparse.
func (p *parser) unparsed(t token) {
	p.begin(t)
	content := p.want(tUnparsed)
	p.open = p.open[:len(p.open)-1]
	if t.name == "noparse" {
		p.render(content.name)
	}
}

func (p *parser) ifBlock(t token) {
	p.setUndecided()
	p.begin(t)
	p.expression()
	p.want(tTagEnd)
	p.elements()
	for p.acceptTag("elseif") {
		p.expression()
		p.wantTagEnd(true)
		p.elements()
	}
	if p.acceptTag("else") {
		p.elements()
	}
	p.end("if")
}

func (p *parser) switchBlock(t token) {
	p.setUndecided()
	p.begin(t)
	p.expression()
	p.want(tTagEnd)
	for p.accept(tSpace) || p.acceptComment() {
	}
	p.breakable++
	for hasDefault := false; !p.failed(); {
		if p.acceptTag("case") {
			p.expression()
			p.want(tTagEnd)
		} else if next := p.peek(); p.acceptTag("default") {
			if hasDefault {
				p.fail(next.start, `directive "switch" has two of directive "default"`)
			}
			hasDefault = true
		} else {
			break
		}
		p.elements()
	}
	p.breakable--
	p.end("switch")
}

// acceptComment passes a comment.
func (p *parser) acceptComment() bool {
	t := p.peek()
	if t.kind != tSimple || t.name != "--" && t.name != "comment" {
		return false
	}
	p.i++
	p.unparsed(t)
	return true
}

func (p *parser) attempt(t token) {
	p.setUndecided()
	p.begin(t)
	p.elements()
	if next := p.peek(); next.kind == tEnd && next.name == "attempt" {
		p.fail(t.start, `directive "attempt" has no directive "recover"`)
	} else if !p.acceptTag("recover") {
		p.unexpected(next)
	}
	p.elements()
	p.end("recover", "attempt")
}

func (p *parser) compress(t token) {
	p.setUndecided()
	p.content(t)
}

func (p *parser) jump(t token) {
	p.setUndecided()
	if t.name == "break" && p.breakable < 1 || t.name == "continue" && p.continuable < 1 {
		p.fail(t.start, named(t.name)+" is outside of a directive that allows it")
	}
}

// statement reads a directive without content whose place doesn't matter.
func (p *parser) statement(t token) {
	if t.name != "flush" {
		p.setUndecided()
	}
	if t.kind == tStart {
		p.expression()
		p.wantTagEnd(true)
	}
}

func (p *parser) visit(t token) {
	p.setUndecided()
	if t.kind == tSimple {
		return
	}
	if t.name == "visit" || beginsExpression(p.peek().kind) {
		p.expression()
	}
	if p.accept(tUsing) {
		p.expression()
	}
	p.wantTagEnd(true)
}

// include reads the directive include, whose parameters FreeMarker checks if they are constants.
func (p *parser) include(token) {
	p.setUndecided()
	p.expression()
	p.accept(tSemicolon)
	for p.peek().kind == tID && !p.failed() {
		key := p.want(tID)
		p.want(tEquals)
		p.includeParameter(key, p.expression())
	}
	p.wantTagEnd(true)
}

// includeParameter checks a parameter of the directive include if it is a constant.
func (p *parser) includeParameter(key token, e node) {
	wrong := false
	p.isComputed(e)
	switch name := key.name; {
	case strings.EqualFold(name, "parse"):
		_, ok := yesOrNo(e.text)
		wrong = e.kind&(nNumber|nHash|nList) != 0 || e.kind == nString && e.literal && !ok
	case strings.EqualFold(name, "encoding"):
		wrong = e.kind&(nNumber|nHash|nList|nBool) != 0
	case strings.EqualFold(name, "ignore_missing"), name == "ignoreMissing":
		p.keepNaming(key)
		wrong = e.kind&(nNumber|nHash|nList) != 0 || e.kind == nString && e.literal
	default:
		wrong = true
	}
	if wrong {
		p.fail(key.start, `a parameter of directive "include" is invalid`)
	}
}

func (p *parser) importLibrary(token) {
	p.expression()
	p.want(tAs)
	p.want(tID)
	p.wantTagEnd(true)
}

func (p *parser) setting(token) {
	key := p.want(tID)
	p.want(tEquals)
	p.expression()
	p.wantTagEnd(true)
	p.keepNaming(key)
	if _, known := settings()[key.name]; !known {
		p.fail(key.start, `directive "setting" names an unknown setting`)
	}
}
