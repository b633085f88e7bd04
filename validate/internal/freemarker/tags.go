package freemarker

import "strings"

// form is how the tags of a directive may look.
type form uint8

const (
	withParameters form = 1 << iota // <#x parameters>
	bare                            // <#x>
	bareSlash                       // <#x/> too
	withEnd                         // </#x>
)

// directives has the forms of all directives, by their names in lower case.
var directives = map[string]form{
	"assign": withParameters | withEnd, "global": withParameters | withEnd, "local": withParameters | withEnd,
	"attempt": bare | withEnd, "recover": bare | withEnd,
	"autoesc": bare | withEnd, "noautoesc": bare | withEnd, "outputformat": withParameters | withEnd,
	"break": bareSlash, "continue": bareSlash, "else": bareSlash, "fallback": bareSlash, "flush": bareSlash,
	"call": withParameters, "import": withParameters, "include": withParameters, "setting": withParameters, "visit": withParameters,
	"case": withParameters, "default": bare, "switch": withParameters | withEnd,
	"comment": bare, "noparse": bare, "compress": bare | withEnd,
	"if": withParameters | withEnd, "elseif": withParameters,
	"escape": withParameters | withEnd, "noescape": bare | withEnd,
	"foreach": withParameters | withEnd, "list": withParameters | withEnd, "items": withParameters | withEnd, "sep": bare | withEnd,
	"function": withParameters | withEnd, "macro": withParameters | withEnd,
	"nested": withParameters | bareSlash, "recurse": withParameters | bareSlash,
	"return": withParameters | bareSlash, "stop": withParameters | bareSlash,
	"t": bareSlash, "lt": bareSlash, "rt": bareSlash, "nt": bareSlash,
	"transform": withParameters | withEnd,
}

// camelDirectives are the directives with a second spelling, and the lower case of it.
var camelDirectives = map[string]string{
	"autoEsc": "autoesc", "noAutoEsc": "noautoesc", "outputFormat": "outputformat", "elseIf": "elseif",
	"noEscape": "noescape", "noParse": "noparse", "forEach": "foreach",
}

// hasTwoSpellings are the lower-case spellings, whose use fixes the naming convention too.
var hasTwoSpellings = set("autoesc noautoesc outputformat elseif noescape noparse foreach")

// tag returns the tag at the lexer's place, or false if that place is text.
func (lx *lexer) tag() (token, bool) {
	open, rest := lx.src[lx.pos], lx.src[lx.pos+1:]
	switch {
	case strings.HasPrefix(rest, "#--"):
		return lx.finishTag(token{kind: tSimple, name: "--", end: lx.pos + 4}, namingOpen, true)
	case strings.HasPrefix(rest, "@"):
		return lx.callTag(open)
	case strings.HasPrefix(rest, "/@"):
		return lx.callEnd(open)
	}
	i := lx.pos + 1
	end := i < len(lx.src) && lx.src[i] == '/'
	if end {
		i++
	}
	marked := i < len(lx.src) && lx.src[i] == '#'
	if marked {
		i++
	}
	from := i
	for i < len(lx.src) && (isLetter(lx.src[i]) || lx.src[i] == '_') {
		i++
	}
	if i == from || open == '[' && !marked {
		return token{}, false
	}
	return lx.directiveTag(lx.src[from:i], i, end, marked)
}

// directiveTag returns the tag of the directive whose name ends at i.
func (lx *lexer) directiveTag(written string, i int, end, marked bool) (token, bool) {
	if written == "ftl" && !end && marked {
		if t, ok := lx.header(i); ok {
			return t, lx.opens()
		}
	}
	name, convention := written, namingOpen
	if lower, ok := camelDirectives[written]; ok {
		name, convention = lower, namingCamel
	} else if hasTwoSpellings[written] {
		convention = namingUnderscore
	}
	t := token{name: name}
	t.kind, t.end = lx.tagForm(name, i, end)
	switch {
	case t.kind == tEOF && !marked:
		return token{}, false
	case t.kind == tEOF:
		return lx.unknown(name, end)
	case name == "sep" && t.kind == tSimple: // FreeMarker recognizes it in every bracket, and without its #
		return t, true
	}
	return lx.finishTag(t, convention, marked)
}

// tagForm returns the kind and the end of a tag whose name ends at i; tEOF if it has no such form.
func (lx *lexer) tagForm(name string, i int, end bool) (kind, int) {
	forms := directives[name]
	blanks := i
	for blanks < len(lx.src) && isBlank(lx.src[blanks]) {
		blanks++
	}
	switch {
	case end && forms&withEnd != 0 && lx.closesTag(blanks):
		return tEnd, blanks + 1
	case end:
		return tEOF, 0
	case forms&(bare|bareSlash) != 0 && lx.closesTag(blanks):
		return tSimple, blanks + 1
	case forms&bareSlash != 0 && strings.HasPrefix(lx.src[blanks:], "/") && lx.closesTag(blanks+1):
		return tSimple, blanks + 2
	case forms&withParameters == 0 || blanks == i:
		return tEOF, 0
	case name == "items": // its "as" belongs to the tag
		if as := blanks + len("as"); strings.HasPrefix(lx.src[blanks:], "as") && as < len(lx.src) && isBlank(lx.src[as]) {
			return tStart, as + 1
		}
		return tEOF, 0
	}
	return tStart, i + 1
}

func (lx *lexer) closesTag(i int) bool {
	return i < len(lx.src) && (lx.src[i] == '>' || lx.src[i] == ']')
}

// opens reports whether the bracket at the lexer's place opens tags in this template.
func (lx *lexer) opens() bool {
	return (lx.src[lx.pos] == '[') == lx.square
}

// finishTag applies what all tags of directives have in common.
func (lx *lexer) finishTag(t token, convention naming, marked bool) (token, bool) {
	if !lx.strict && convention == namingCamel && !marked {
		return token{}, false
	}
	if !lx.opens() {
		lx.otherBrackets = lx.otherBrackets || marked && !lx.established
		return token{}, false
	}
	if lx.strict && !marked {
		return token{}, false
	}
	if lx.strict {
		lx.established = true
		if last := lx.src[t.end-1]; last == ']' && !lx.square || last == '>' && lx.square {
			lx.fail(lx.pos, "a tag ends with the wrong bracket")
		}
	}
	lx.fixNaming(convention)
	switch {
	case t.name == "--":
		lx.state, lx.unparsed, lx.unparsedStart = stateUnparsed, "-->", lx.pos
	case t.name == "comment", t.name == "noparse":
		lx.state, lx.unparsed, lx.unparsedStart = stateUnparsed, t.name, lx.pos
		if convention == namingCamel {
			lx.unparsed = "noParse"
		}
	case t.kind == tStart:
		lx.state = stateExpression
	}
	return t, true
}

// unknown rejects a tag that no directive has, unless it is text in this template.
func (lx *lexer) unknown(name string, end bool) (token, bool) {
	if !lx.opens() {
		lx.otherBrackets = lx.otherBrackets || !lx.established
		return token{}, false
	}
	_, known := directives[name]
	switch {
	case end && (name == "comment" || name == "noparse"):
		lx.fail(lx.pos, "an end tag of "+named(name)+" has no start tag")
	case known || name == "ftl":
		lx.fail(lx.pos, "a tag of "+named(name)+" is malformed")
	default:
		lx.fail(lx.pos, "a directive is unknown"+similar(name))
	}
	return token{kind: tEOF}, true
}

// header returns the tag of the directive ftl, which fixes the brackets of the tags after it.
func (lx *lexer) header(i int) (token, bool) {
	t := token{kind: tHeader, name: "ftl", end: i + 1}
	whole := false
	switch {
	case i < len(lx.src) && isBlank(lx.src[i]):
	case lx.closesTag(i):
		whole = true
	case strings.HasPrefix(lx.src[i:], "/") && lx.closesTag(i+1):
		t.end, whole = i+2, true
	default:
		return token{}, false
	}
	if !lx.established {
		lx.square = lx.src[lx.pos] == '['
		lx.established = true
	}
	if whole {
		t.kind = tSimple
	} else if lx.opens() {
		lx.state = stateExpression
	}
	return t, true
}

// callTag returns the start of a call of a user's directive.
func (lx *lexer) callTag(open byte) (token, bool) {
	if (open == '[') != lx.square {
		lx.otherBrackets = lx.otherBrackets || !lx.established
		return token{}, false
	}
	lx.established = true
	lx.state = stateName
	return token{kind: tCall, name: "@", end: lx.pos + 2}, true
}

// callEnd returns the end tag of a user's directive: </@name>.
func (lx *lexer) callEnd(open byte) (token, bool) {
	from := lx.pos + 3
	i := from
	for {
		part := identifierEnd(lx.src, i)
		if part == i && i > from {
			return token{}, false // nothing after a dot
		}
		i = part
		if i == from || i >= len(lx.src) || lx.src[i] != '.' {
			break
		}
		i++
	}
	blanks := i
	for blanks < len(lx.src) && isBlank(lx.src[blanks]) {
		blanks++
	}
	if !lx.closesTag(blanks) || (open == '[') != lx.square {
		return token{}, false
	}
	return token{kind: tCallEnd, name: lx.src[from:i], end: blanks + 1}, true
}
