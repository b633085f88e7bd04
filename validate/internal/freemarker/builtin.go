package freemarker

// builtIn reads e?name, with arguments where the grammar ties them to the name.
func (p *parser) builtIn(e node) node {
	p.want(tBuiltIn)
	t := p.want(tID)
	p.keepNaming(t)
	name, known := builtIns()[t.name]
	if !known {
		p.fail(t.start, "a built-in is unknown")
		return e
	}
	result := node{kind: nOther, start: e.start, end: t.end, variables: e.variables}
	switch {
	case loopBuiltIns[name]:
		p.checkLoopVariable(e)
	case escapeBuiltIns[name] && p.escapesByItself():
		p.fail(t.start, "a built-in that escapes is used where FreeMarker escapes by itself")
	case markupBuiltIns[name] && !p.output.markup && !p.output.unknown:
		p.fail(t.start, "a built-in for markup is used where the output format is not markup")
	case lambdaBuiltIns[name]:
		p.lambdaArgument()
	case name == "then":
		p.lazyArguments(2, 2)
	case name == "switch":
		p.lazyArguments(2, -1)
	case name == "with_args":
		result.boundEnd = e.nameEnd
	}
	return result
}

// checkLoopVariable fails unless e is a loop variable of the directives around it.
func (p *parser) checkLoopVariable(e node) {
	if e.kind == nIdentifier {
		for i := len(p.loops) - 1; i >= 0; i-- {
			l := p.loops[i]
			if e.text != l.name && e.text != l.second {
				continue
			}
			if l.kind != loopCall {
				return
			}
			break
		}
	}
	p.fail(e.start, "a built-in for loop variables is used on something else")
}

// lazyArguments reads arguments that FreeMarker counts when it parses; most is -1 for no limit.
func (p *parser) lazyArguments(least, most int) {
	open := p.want(tOpenParen)
	n := len(p.positional())
	p.want(tCloseParen)
	if n < least || most >= 0 && n > most {
		p.fail(open.start, "a built-in has the wrong number of parameters")
	}
}

// lambdaArgument reads the argument of ?map and its like: a function, or a lambda with one parameter.
func (p *parser) lambdaArgument() {
	open := p.want(tOpenParen)
	n := 0
	for ; !p.failed() && beginsExpression(p.peek().kind); n++ {
		if end, parameters := p.scanLambda(p.i); end >= 0 {
			if parameters != 1 {
				p.fail(open.start, "a lambda has the wrong number of parameters")
			}
			p.i = end
		}
		p.expression()
		if p.accept(tComma) && !beginsExpression(p.peek().kind) {
			p.unexpected(p.peek())
		}
	}
	p.want(tCloseParen)
	if n != 1 {
		p.fail(open.start, "a built-in has the wrong number of parameters")
	}
}
