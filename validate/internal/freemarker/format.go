package freemarker

import "strings"

// format is an output format: it decides whether FreeMarker escapes what interpolations render.
type format struct {
	markup  bool
	unknown bool // the template computes its name
}

// escaping is when FreeMarker escapes by itself.
type escaping uint8

const (
	escapeByFormat escaping = iota
	escapeAlways
	escapeNever
)

// standardFormats has all output formats of FreeMarker; true for markup.
var standardFormats = map[string]bool{
	"HTML": true, "XHTML": true, "XML": true, "RTF": true,
	"CSS": false, "JSON": false, "JavaScript": false, "plainText": false, "undefined": false,
}

func (p *parser) escapesByItself() bool { return p.output.markup && p.policy != escapeNever }

// namedFormat returns the output format with that name, which may be combined: XML{HTML}.
func namedFormat(name string) (format, bool) {
	if outer, inner, ok := strings.Cut(name, "{"); ok && strings.HasSuffix(inner, "}") {
		a, knownOuter := namedFormat(outer)
		b, knownInner := namedFormat(strings.TrimSuffix(inner, "}"))
		return format{markup: true}, knownOuter && knownInner && a.markup && b.markup
	}
	markup, ok := standardFormats[name]
	return format{markup: markup}, ok
}

// formatOf returns the output format that e names. {HTML} combines with the current one.
func (p *parser) formatOf(e node) format {
	if p.isComputed(e) {
		return format{unknown: true}
	}
	if !e.constant {
		p.fail(e.start, "the output format is not a constant string")
		return format{}
	}
	if inner, ok := strings.CutPrefix(e.text, "{"); ok {
		f, known := namedFormat(strings.TrimSuffix(inner, "}"))
		if !strings.HasSuffix(inner, "}") || !known || !f.markup || !p.output.markup && !p.output.unknown {
			p.fail(e.start, "output formats can't be combined unless both are markup")
		}
		return format{markup: true}
	}
	f, known := namedFormat(e.text)
	if !known {
		p.fail(e.start, "the output format is unknown")
	}
	return f
}

// outputFormat reads the directive outputformat.
func (p *parser) outputFormat(t token) {
	outer := p.output
	e := p.expression()
	p.want(tTagEnd)
	p.output = p.formatOf(e)
	p.content(t)
	p.output = outer
}

// autoEscape reads the directives autoesc and noautoesc.
func (p *parser) autoEscape(t token, policy escaping) {
	if policy == escapeAlways && !p.output.markup && !p.output.unknown {
		p.fail(t.start, `directive "autoesc" is used where the output format is not markup`)
	}
	outer := p.policy
	p.policy = policy
	p.content(t)
	p.policy = outer
}

// escape reads the directive escape.
func (p *parser) escape(t token) {
	if p.escapesByItself() {
		p.fail(t.start, `directive "escape" is used where FreeMarker escapes by itself`)
	}
	p.want(tID)
	p.want(tAs)
	p.expression()
	p.want(tTagEnd)
	p.escapes++
	p.content(t)
	p.escapes--
}

// noEscape reads the directive noescape, which suspends the innermost escape.
func (p *parser) noEscape(t token) {
	if p.escapes == 0 {
		p.fail(t.start, `directive "noescape" is outside of directive "escape"`)
	}
	p.escapes--
	p.content(t)
	p.escapes++
}
