package freemarker

// pushLoop records a directive with loop variables.
func (p *parser) pushLoop(k loopKind) *loop {
	l := &loop{kind: k}
	p.loops = append(p.loops, l)
	return l
}

func (p *parser) popLoop() { p.loops = p.loops[:len(p.loops)-1] }

// loopVariables reads one or two names.
func (p *parser) loopVariables() (first, second string) {
	t := p.want(tID)
	if p.accept(tComma) {
		second = p.want(tID).name
		if second == t.name {
			p.fail(t.start, "two loop variables have the same name")
		}
	}
	return t.name, second
}

// loopContent reads the repeated part of a loop.
func (p *parser) loopContent() {
	p.breakable++
	p.continuable++
	p.elements()
	p.breakable--
	p.continuable--
}

func (p *parser) list(t token) {
	p.setUndecided()
	p.begin(t)
	p.expression()
	first, second := "", ""
	named := p.accept(tAs)
	if named {
		first, second = p.loopVariables()
	}
	p.want(tTagEnd)
	l := p.pushLoop(loopList)
	l.name, l.second = first, second
	if named {
		p.loopContent()
	} else {
		p.elements()
		if l.kind != loopItems {
			p.fail(t.start, `directive "list" has neither a loop variable nor directive "items"`)
		}
	}
	p.popLoop()
	if p.acceptTag("else") {
		p.elements()
	}
	p.end("list")
}

func (p *parser) foreach(t token) {
	p.setUndecided()
	p.begin(t)
	name := p.want(tID).name
	p.want(tIn)
	p.expression()
	p.want(tTagEnd)
	p.pushLoop(loopForeach).name = name
	p.loopContent()
	p.popLoop()
	p.end("foreach")
}

func (p *parser) items(t token) {
	p.setUndecided()
	p.begin(t)
	first, second := p.loopVariables()
	p.want(tTagEnd)
	if len(p.loops) == 0 {
		p.fail(t.start, `directive "items" is outside of directive "list"`)
		return
	}
	l := p.loops[len(p.loops)-1]
	if l.name != "" {
		p.fail(t.start, `directive "items" is inside a directive that has a loop variable of its own`)
	}
	l.kind, l.name, l.second = loopItems, first, second
	p.loopContent()
	l.name, l.second = "", ""
	p.end("items")
}

func (p *parser) sep(t token) {
	p.setUndecided()
	if len(p.loops) == 0 {
		p.fail(t.start, `directive "sep" is outside of directive "list"`)
	}
	p.elements()
	if next := p.peek(); next.kind == tEnd && next.name == "sep" {
		p.i++
	}
}
