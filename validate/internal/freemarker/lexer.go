package freemarker

import (
	"strings"
	"unicode/utf8"
)

// state is what the lexer reads next.
type state uint8

const (
	stateNone       state = iota
	stateText             // text, tags and interpolations
	stateString           // the content of a string: text and interpolations
	stateUnparsed         // a comment, or the content of noparse
	stateExpression       // an expression, where > ends the tag
	stateParen            // an expression in parentheses, where > compares
	stateName             // the name after <@, which white space ends
	stateArgument         // a named argument, where ! before white space ends the expression
)

// lexer splits a template into tokens as FreeMarker 2.3.31 does. It fails once, and returns tEOF from then on.
type lexer struct {
	src    string
	pos    int
	origin int // the offset of a string whose content src is; -1 if src is the template itself
	state  state
	after  state // the state to return to after the interpolation; stateNone outside of one

	curly, paren, bracket int  // open brackets of expressions
	square                bool // tags are written in [], not in <>
	established           bool // a tag has fixed the brackets
	strict                bool // directives begin with #
	arguments             bool // within named arguments
	otherBrackets         bool // text looks like a tag in the other brackets

	unparsed      string  // what ends the text that is not parsed: --> or the name of the directive
	unparsedStart int     // where its start tag is
	naming        *naming // shared with the lexers of strings
	err           *Error
}

func (lx *lexer) fail(offset int, reason string) {
	if lx.err != nil {
		return
	}
	if lx.origin >= 0 {
		offset = lx.origin
	}
	lx.err = &Error{Offset: offset, Reason: reason}
}

// fixNaming sets the naming convention by the first name that has one.
func (lx *lexer) fixNaming(convention naming) {
	if *lx.naming == namingOpen {
		*lx.naming = convention
	} else if convention != namingOpen && convention != *lx.naming {
		lx.fail(lx.pos, "names in camelCase and names in lower case are mixed")
	}
}

func (lx *lexer) inInterpolation() bool { return lx.after != stateNone }

// next returns the next token.
func (lx *lexer) next() token {
	var t token
	switch {
	case lx.err != nil:
	case lx.state == stateText || lx.state == stateString:
		t = lx.textToken()
	case lx.state == stateUnparsed:
		t = lx.unparsedText()
	default:
		t = lx.expressionToken()
	}
	if lx.err != nil {
		return token{kind: tEOF, start: lx.pos, end: lx.pos}
	}
	lx.pos = t.end
	return t
}

// textToken returns the next token between tags.
func (lx *lexer) textToken() token {
	from := lx.pos
	if from == len(lx.src) {
		return token{kind: tEOF, start: from, end: from}
	}
	c := lx.src[from]
	switch {
	case isBlank(c):
		end := from
		for end < len(lx.src) && isBlank(lx.src[end]) {
			end++
		}
		return token{kind: tSpace, start: from, end: end}
	case (c == '$' || c == '#') && strings.HasPrefix(lx.src[from+1:], "{"):
		lx.after, lx.state = lx.state, stateExpression
		k := tDollar
		if c == '#' {
			k = tHash
		}
		return token{kind: k, start: from, end: from + 2}
	case (c == '<' || c == '[') && lx.state == stateText:
		if t, ok := lx.tag(); ok {
			t.start = from
			return t
		}
	}
	end := from + 1
	for end < len(lx.src) && !strings.ContainsRune("$<#[ \t\n\r", rune(lx.src[end])) {
		end++
	}
	return token{kind: tText, start: from, end: end}
}

// unparsedText returns all text up to the end of the comment or of noparse, with that end.
func (lx *lexer) unparsedText() token {
	lx.state = stateText
	from := lx.pos
	content, end := lx.unparsedEnd()
	if end > 0 {
		return token{kind: tUnparsed, start: from, end: end, name: lx.src[from:content]}
	}
	// FreeMarker 2.3.31 takes a semicolon at the end of the template for the end of the section.
	if from == len(lx.src) || !strings.HasSuffix(lx.src, ";") {
		what := named(strings.ToLower(lx.unparsed))
		if lx.unparsed == "-->" {
			what = "a comment"
		}
		lx.fail(lx.unparsedStart, what+" is not closed")
	}
	return token{kind: tUnparsed, start: from, end: len(lx.src)}
}

// unparsedEnd returns where the content ends and where its end tag ends; 0 if there is none.
func (lx *lexer) unparsedEnd() (content, end int) {
	if lx.unparsed == "-->" {
		closing := "-->"
		if lx.square {
			closing = "--]"
		}
		if i := strings.Index(lx.src[lx.pos:], closing); i >= 0 {
			return lx.pos + i, lx.pos + i + len(closing)
		}
		return 0, 0
	}
	for i := lx.pos; i < len(lx.src); i++ {
		if c := lx.src[i]; c != '<' && c != '[' {
			continue
		}
		rest, ok := strings.CutPrefix(lx.src[i+1:], "/")
		if !ok {
			continue
		}
		rest = strings.TrimPrefix(rest, "#")
		if rest, ok = strings.CutPrefix(rest, lx.unparsed); !ok {
			continue
		}
		rest = strings.TrimLeft(rest, " \t\n\r")
		if rest != "" && (rest[0] == '>' || rest[0] == ']') {
			return i, len(lx.src) - len(rest) + 1
		}
	}
	return 0, 0
}

// identifierEnd returns where the identifier at i ends; i if there is none.
func identifierEnd(src string, i int) int {
	for first := true; i < len(src); first = false {
		if src[i] == '\\' {
			if i+1 == len(src) || !strings.ContainsRune("-.:#", rune(src[i+1])) {
				break
			}
			i += 2
			continue
		}
		r, size := utf8.DecodeRuneInString(src[i:])
		if !isIdentifierStart(r) && (first || r < '0' || r > '9') {
			break
		}
		i += size
	}
	return i
}
