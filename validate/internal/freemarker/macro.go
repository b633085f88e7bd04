package freemarker

import "slices"

// name reads the name of a variable or macro: an identifier or a string.
func (p *parser) name() {
	if k := p.peek().kind; k == tString || k == tRawString {
		p.stringLiteral(false)
		return
	}
	p.want(tID)
}

// assign reads the directives assign, global and local: with values, or with content as the value.
func (p *parser) assign(t token) {
	if t.name == "local" && !p.inMacro && !p.inFunction {
		p.fail(t.start, `directive "local" is outside of a macro or function`)
	}
	p.name()
	if !p.acceptAssignment() {
		p.namespace(t)
		p.want(tTagEnd)
		p.unrendered++
		p.content(t)
		p.unrendered--
		return
	}
	for !p.failed() && p.assignmentFollows() {
		p.accept(tComma)
		p.name()
		p.acceptAssignment()
	}
	p.namespace(t)
	p.wantTagEnd(true)
}

// acceptAssignment reads = and a value, ++ or their like.
func (p *parser) acceptAssignment() bool {
	if p.accept(tIncrement) {
		return true
	}
	if !p.accept(tEquals) && !p.accept(tAssignOp) {
		return false
	}
	p.expression()
	return true
}

// assignmentFollows reports whether another assignment follows, with or without a comma.
func (p *parser) assignmentFollows() bool {
	i := p.i
	if p.at(i).kind == tComma {
		i++
	}
	if k := p.at(i).kind; k != tID && k != tString {
		return false
	}
	switch p.at(i + 1).kind {
	case tEquals, tAssignOp, tIncrement:
		return true
	}
	return false
}

func (p *parser) namespace(t token) {
	if !p.accept(tIn) {
		return
	}
	p.expression()
	if t.name != "assign" {
		p.fail(t.start, named(t.name)+" can't name a namespace")
	}
}

// macro reads the directives macro and function.
func (p *parser) macro(t token) {
	if p.inMacro || p.inFunction {
		p.fail(t.start, "a macro or function is inside another one")
	}
	p.inMacro, p.inFunction = t.name == "macro", t.name == "function"
	p.name()
	p.accept(tOpenParen)
	p.macroParameters()
	p.accept(tCloseParen)
	p.want(tTagEnd)
	loops, breakable, continuable := p.loops, p.breakable, p.continuable
	p.loops, p.breakable, p.continuable = nil, 0, 0
	p.unrendered++
	p.content(t)
	p.unrendered--
	p.loops, p.breakable, p.continuable = loops, breakable, continuable
	p.inMacro, p.inFunction = false, false
}

// macroParameters reads names, each perhaps with a default; the last may collect the other arguments: name...
func (p *parser) macroParameters() {
	defaults, last := false, false
	for p.peek().kind == tID && !p.failed() {
		t := p.want(tID)
		if last {
			p.fail(t.start, "a parameter follows the one for all other arguments")
		}
		last = p.accept(tEllipsis)
		hasDefault := p.accept(tEquals)
		if hasDefault {
			p.expression()
		}
		p.accept(tComma)
		switch {
		case last && hasDefault:
			p.fail(t.start, "the parameter for all other arguments has a default")
		case !last && defaults && !hasDefault:
			p.fail(t.start, "a parameter without a default follows one with a default")
		}
		defaults = defaults || hasDefault
	}
}

func (p *parser) returnValue(t token) {
	p.setUndecided()
	if t.kind == tStart {
		p.expression()
		p.wantTagEnd(true)
	}
	switch {
	case p.inMacro && t.kind == tStart:
		p.fail(t.start, "a macro returns a value")
	case p.inFunction && t.kind == tSimple:
		p.fail(t.start, "a function returns no value")
	case !p.inMacro && !p.inFunction && t.kind == tSimple:
		p.fail(t.start, `directive "return" is outside of a macro or function`)
	}
}

// nested reads the directives nested and fallback.
func (p *parser) nested(t token) {
	p.setUndecided()
	if t.kind == tStart {
		p.positional()
		p.wantTagEnd(true)
	}
	if !p.inMacro {
		p.fail(t.start, named(t.name)+" is outside of a macro")
	}
}

// call reads a call of a user's directive: <@name arguments; parameters>content</@name>.
func (p *parser) call(t token) {
	p.setUndecided()
	target := p.expression()
	p.accept(tNameSpace)
	if p.peek().kind == tID && p.at(p.i+1).kind == tEquals {
		p.namedArguments()
	} else {
		p.positional()
	}
	var parameters []string
	if p.accept(tSemicolon) {
		parameters = p.bodyParameters()
	}
	if p.accept(tEmptyTagEnd) {
		return
	}
	p.want(tTagEnd)
	hidden := p.hideLoopVariables(parameters)
	p.begin(t)
	p.elements()
	end := p.peek()
	if end.kind != tCallEnd {
		p.unexpected(end)
		return
	}
	p.i++
	p.open = p.open[:len(p.open)-1]
	p.loops = p.loops[:len(p.loops)-hidden]
	if end.name != "" && (target.nameEnd == 0 || p.lx.src[target.start:target.nameEnd] != end.name) {
		p.fail(end.start, "the end tag of a call with @ has another name than its start tag")
	}
}

// namedArguments reads name=value pairs. The lexer treats them differently: in them, ! before white space ends a value.
func (p *parser) namedArguments() {
	for p.peek().kind == tID && !p.failed() {
		p.i++
		p.want(tEquals)
		p.lx.state, p.lx.arguments = stateArgument, true
		p.expression()
	}
	p.lx.arguments = false
}

func (p *parser) bodyParameters() []string {
	if k := p.peek().kind; k != tNameSpace && k != tID {
		return nil
	}
	p.accept(tNameSpace)
	names := []string{p.want(tID).name}
	for !p.failed() && (p.accept(tNameSpace) || p.peek().kind == tComma) {
		p.want(tComma)
		p.accept(tNameSpace)
		names = append(names, p.want(tID).name)
	}
	return names
}

// hideLoopVariables records which loop variables the parameters of a call hide, and returns how many. It visits
// each loop around the call once, however many parameters there are.
func (p *parser) hideLoopVariables(parameters []string) int {
	if len(parameters) == 0 {
		return 0
	}
	slices.Sort(parameters)
	parameters = slices.Compact(parameters)
	visible := p.loops
	for i := len(visible) - 1; i >= 0 && len(parameters) > 0; i-- {
		found, ok := slices.BinarySearch(parameters, visible[i].name)
		if !ok {
			continue
		}
		parameters = slices.Delete(parameters, found, found+1)
		if visible[i].kind != loopCall {
			p.pushLoop(loopCall).name = visible[i].name
		}
	}
	return len(p.loops) - len(visible)
}

// legacyCall reads the directive call, which is older than <@name>.
func (p *parser) legacyCall(token) {
	p.setUndecided()
	p.want(tID)
	if p.peek().kind == tID && p.at(p.i+1).kind == tEquals {
		p.namedArguments()
	} else {
		p.accept(tOpenParen)
		p.positional()
		p.accept(tCloseParen)
	}
	p.wantTagEnd(true)
}

// transform reads the directive transform, which is older than <@name>.
func (p *parser) transform(t token) {
	p.setUndecided()
	p.expression()
	p.accept(tSemicolon)
	for p.peek().kind == tID && !p.failed() {
		p.i++
		p.want(tEquals)
		p.expression()
	}
	if p.accept(tEmptyTagEnd) {
		p.fail(t.start, `directive "transform" has no content`) // FreeMarker 2.3.31 fails with a null pointer
		return
	}
	p.want(tTagEnd)
	p.content(t)
}
