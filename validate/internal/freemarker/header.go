package freemarker

import "strings"

// headerFollows reports whether the template begins with <#ftl>, or white space and that.
func (p *parser) headerFollows() bool {
	i := p.i
	if p.at(i).kind == tSpace {
		i++
	}
	t := p.at(i)
	return t.kind == tHeader || t.kind == tSimple && t.name == "ftl"
}

// header reads <#ftl> and its parameters.
func (p *parser) header() {
	p.tag = p.peek()
	p.i++
	if p.tag.kind == tSimple {
		return
	}
	escapes := false
	for p.peek().kind == tID && !p.failed() {
		key := p.want(tID)
		p.want(tEquals)
		e := p.expression()
		if p.failed() {
			return
		}
		p.keepNaming(key)
		p.isComputed(e)
		if e.variables {
			p.fail(e.start, `a parameter of directive "ftl" is not a constant`)
		}
		escapes = p.headerParameter(key, e) || escapes
	}
	if escapes && !p.output.markup && !p.output.unknown {
		p.fail(p.tag.start, `directive "ftl" turns on escaping, and the output format is not markup`)
	}
	p.wantTagEnd(true)
}

// headerParameter applies a parameter of the directive ftl. It reports whether it turns on escaping.
func (p *parser) headerParameter(key token, e node) bool {
	switch name := key.name; {
	case strings.EqualFold(name, "encoding"):
		if e.kind != nString {
			p.fail(e.start, `a parameter of directive "ftl" is not a string`)
		}
	case strings.EqualFold(name, "strip_whitespace"), name == "stripWhitespace":
		p.headerSwitch(e, true)
	case strings.EqualFold(name, "strip_text"), name == "stripText":
		p.stripText = p.headerSwitch(e, true)
		p.undecided = p.undecided || e.kind == nOther
	case strings.EqualFold(name, "strict_syntax"), name == "strictSyntax":
		p.lx.strict = p.headerSwitch(e, true)
	case strings.EqualFold(name, "auto_esc"), name == "autoEsc":
		p.policy = escapeNever
		if p.headerSwitch(e, false) {
			p.policy = escapeAlways
			return true
		}
	case strings.EqualFold(name, "output_format"), name == "outputFormat":
		if f, known := namedFormat(e.text); e.kind != nString || !known {
			p.fail(e.start, "the output format is unknown")
		} else {
			p.output = f
		}
	case strings.EqualFold(name, "ns_prefixes"), name == "nsPrefixes", strings.EqualFold(name, "attributes"):
		p.rejectKinds(e, `a parameter of directive "ftl" is not a hash`, nString|nNumber|nBool|nList)
	default:
		p.fail(key.start, `a parameter of directive "ftl" is unknown`)
	}
	return false
}

// headerSwitch returns the value of a parameter that is on or off. Some may also be "yes" or "no".
func (p *parser) headerSwitch(e node, words bool) bool {
	p.rejectKinds(e, `a parameter of directive "ftl" is neither true nor false`, nNumber|nHash|nList)
	if e.kind != nString {
		return p.lx.src[e.start:e.end] == "true"
	}
	on, ok := yesOrNo(e.text)
	if !words || !ok {
		p.fail(e.start, `a parameter of directive "ftl" is neither true nor false`)
	}
	return on
}

// yesOrNo returns what FreeMarker reads from a word.
func yesOrNo(s string) (on, ok bool) {
	switch strings.ToLower(s) {
	case "y", "yes", "t", "true":
		return true, true
	case "n", "no", "f", "false":
		return false, true
	}
	return false, false
}
