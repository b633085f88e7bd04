package freemarker

import "strings"

// unexpected records that t is no legal continuation.
func (p *parser) unexpected(t token) {
	if p.failed() {
		return
	}
	inTag := p.lx.state != stateText && p.lx.state != stateString
	switch {
	case t.kind == tEOF && p.lx.inInterpolation():
		p.fail(p.tag.start, "an interpolation is not closed: its } is missing")
	case t.kind == tEOF && inTag:
		p.fail(p.tag.start, p.theTag()+" is not closed")
	case t.kind == tEOF && len(p.open) > 0:
		last := p.open[len(p.open)-1]
		p.fail(last.start, named(last.name)+" is not closed: its end tag is missing")
	case t.kind == tEOF:
		p.fail(t.start, "the template ends too early")
	case t.kind == tEnd || t.kind == tCallEnd:
		p.strayEnd(t)
	case t.kind == tHeader || t.name == "ftl":
		p.fail(t.start, "directive \"ftl\" is not at the start of the template")
	case t.kind == tStart || t.kind == tSimple:
		p.fail(t.start, named(t.name)+" is misplaced")
	case p.tag.kind == tDollar || p.tag.kind == tHash:
		p.fail(t.start, "the expression of an interpolation is invalid")
	case t.kind == tSpace || t.kind == tText || t.kind == tDollar || t.kind == tHash:
		p.fail(t.start, "text is misplaced"+p.within())
	default:
		p.fail(t.start, p.theTag()+" has invalid parameters")
	}
}

func (p *parser) strayEnd(t token) {
	if len(p.open) == 0 {
		p.fail(t.start, "an end tag of "+named(t.endName())+" has no start tag")
		return
	}
	last := p.open[len(p.open)-1]
	p.fail(t.start, named(last.name)+" is not closed before an end tag of "+named(t.endName()))
}

// endName returns the directive of an end tag, without the name of a user's directive.
func (t token) endName() string {
	if t.kind == tCallEnd {
		return "@"
	}
	return t.name
}

func (p *parser) theTag() string { return "a tag of " + named(p.tag.name) }

func (p *parser) within() string {
	if len(p.open) == 0 {
		return ""
	}
	return " in " + named(p.open[len(p.open)-1].name)
}

// named returns how reasons name a directive. Calls of a user's directive go without its name.
func named(name string) string {
	if name == "@" {
		return "a call with @"
	}
	return `directive "` + name + `"`
}

// corrections maps common mistakes to FreeMarker's directives.
var corrections = map[string]string{
	"set": "assign", "var": "assign", "elif": "elseif", "else_if": "elseif", "elsif": "elseif", "end": "if", "endif": "if",
	"for": "list", "each": "list", "item": "items", "separator": "sep", "try": "attempt", "catch": "recover", "method": "function",
	"on": "case", "unless": "if",
}

// similar returns a hint for an unknown directive: what it quotes is FreeMarker's own name, never the template's.
func similar(written string) string {
	if name, ok := corrections[strings.ToLower(written)]; ok {
		return `; FreeMarker has "` + name + `"`
	}
	if _, ok := directives[strings.ToLower(written)]; ok {
		return `; FreeMarker writes "` + strings.ToLower(written) + `"`
	}
	return ""
}
