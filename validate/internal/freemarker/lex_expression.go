package freemarker

import "strings"

// expressionToken returns the next token of an expression or of the parameters of a tag.
func (lx *lexer) expressionToken() token {
	if lx.state == stateName {
		if end := lx.blanksEnd(); end > lx.pos {
			lx.state = stateExpression
			return token{kind: tNameSpace, start: lx.pos, end: end}
		}
	} else {
		lx.skip()
	}
	from := lx.pos
	if from == len(lx.src) {
		return token{kind: tEOF, start: from, end: from}
	}
	t := lx.word()
	if t.kind == tEOF {
		t = lx.operatorToken()
	}
	t.start = from
	if t.kind == tEOF && lx.err == nil {
		lx.fail(from, "an expression has a character that is not allowed there")
	}
	return t
}

func (lx *lexer) blanksEnd() int {
	i := lx.pos
	for i < len(lx.src) && isBlank(lx.src[i]) {
		i++
	}
	return i
}

// skip passes white space and comments. After a comment, FreeMarker derives the state from the open brackets and
// arguments.
func (lx *lexer) skip() {
	for {
		lx.pos = lx.blanksEnd()
		rest := lx.src[lx.pos:]
		if len(rest) < 4 || rest[0] != '<' && rest[0] != '[' || rest[1:4] != "#--" && rest[1:4] != "!--" {
			return
		}
		lx.pos = lx.commentEnd(lx.pos + 4)
		switch {
		case lx.paren > 0:
			lx.state = stateParen
		case lx.arguments:
			lx.state = stateArgument
		default:
			lx.state = stateExpression
		}
	}
}

// commentEnd returns where the comment around i ends: after --> or --], for either start.
func (lx *lexer) commentEnd(i int) int {
	for ; i < len(lx.src); i++ {
		if rest := lx.src[i:]; strings.HasPrefix(rest, "-->") || strings.HasPrefix(rest, "--]") {
			return i + 3
		}
	}
	return i
}

// word returns the literal, the identifier or the keyword at the lexer's place.
func (lx *lexer) word() token {
	c := lx.src[lx.pos]
	switch {
	case isDigit(c):
		return lx.number()
	case c == '"' || c == '\'':
		return lx.quoted(lx.pos)
	case c == 'r' && lx.pos+1 < len(lx.src) && (lx.src[lx.pos+1] == '"' || lx.src[lx.pos+1] == '\''):
		quote := lx.src[lx.pos+1]
		if i := strings.IndexByte(lx.src[lx.pos+2:], quote); i >= 0 {
			return token{kind: tRawString, end: lx.pos + 3 + i}
		}
	case strings.HasPrefix(lx.src[lx.pos:], "${"):
		return token{}
	}
	end := identifierEnd(lx.src, lx.pos)
	if end == lx.pos {
		return token{}
	}
	text := lx.src[lx.pos:end]
	if k, ok := keywords[text]; ok {
		return token{kind: k, end: end}
	}
	return token{kind: tID, end: end, name: strings.ReplaceAll(text, `\`, "")}
}

func (lx *lexer) number() token {
	digits := func(i int) int {
		for i < len(lx.src) && isDigit(lx.src[i]) {
			i++
		}
		return i
	}
	end := digits(lx.pos)
	if end+1 < len(lx.src) && lx.src[end] == '.' && isDigit(lx.src[end+1]) {
		return token{kind: tDecimal, end: digits(end + 1)}
	}
	return token{kind: tInteger, end: end}
}

// quoted returns the string literal at i.
func (lx *lexer) quoted(i int) token {
	quote := lx.src[i]
	for i++; i < len(lx.src); i++ {
		switch lx.src[i] {
		case quote:
			return token{kind: tString, end: i + 1}
		case '\\':
			i++
			if !isEscape(lx.src[i:]) {
				lx.fail(lx.pos, "a string has an escape that FreeMarker doesn't support")
				return token{}
			}
		}
	}
	lx.fail(lx.pos, "a string is not closed")
	return token{}
}

// isEscape reports whether a backslash and s begin an escape of a string.
func isEscape(s string) bool {
	if s == "" {
		return false
	}
	if s[0] == 'x' {
		return len(s) > 1 && isHex(s[1])
	}
	return strings.IndexByte(`ntrfbgla\'"{=`, s[0]) >= 0
}

// operatorToken returns the operator at the lexer's place and counts brackets.
func (lx *lexer) operatorToken() token {
	rest := lx.src[lx.pos:]
	if t := lx.tagEnd(rest); t.kind != tEOF {
		return t
	}
	for _, op := range operators()[rest[0]] {
		if strings.HasPrefix(rest, op.text) {
			return lx.brackets(token{kind: op.kind, end: lx.pos + len(op.text)})
		}
	}
	return token{}
}

// tagEnd returns what depends on the state: the ends of tags, comparisons with >, and ! before white space.
func (lx *lexer) tagEnd(rest string) token {
	one, two := lx.pos+1, lx.pos+2
	switch {
	case lx.state == stateArgument && len(rest) > 1 && rest[0] == '!' && isBlank(rest[1]):
		lx.pos++
		end := lx.blanksEnd()
		lx.pos--
		lx.state = stateExpression
		return token{kind: tExclamSpace, end: end}
	case lx.state == stateParen && strings.HasPrefix(rest, ">="):
		return token{kind: tGreaterEquals, end: two}
	case rest[0] == '>' && (lx.state == stateParen || lx.square || lx.inInterpolation()):
		return token{kind: tGreater, end: one}
	case rest[0] == '>':
		lx.state = stateText
		return token{kind: tTagEnd, end: one}
	case lx.state != stateParen && (strings.HasPrefix(rest, "/>") || strings.HasPrefix(rest, "/]")):
		if lx.established && (rest[1] == ']') != lx.square {
			lx.fail(lx.pos, "a tag ends with the wrong bracket")
		}
		lx.state = stateText
		return token{kind: tEmptyTagEnd, end: two}
	}
	return token{}
}

// brackets keeps count of brackets and ends interpolations and tags with them.
func (lx *lexer) brackets(t token) token {
	switch t.kind {
	case tMisplaced:
		lx.fail(lx.pos, "an interpolation is inside an expression: write the variable without ${ and }")
	case tOpenBracket:
		lx.bracket++
	case tOpenCurly:
		lx.curly++
	case tOpenParen:
		lx.paren++
		if lx.paren == 1 {
			lx.state = stateParen
		}
	case tCloseParen:
		lx.closeParen()
	case tCloseBracket:
		if lx.bracket > 0 {
			lx.bracket--
		} else if lx.square && !lx.inInterpolation() {
			lx.state = stateText
			t.kind = tTagEnd
		} else {
			lx.fail(lx.pos, "an expression has a ] without a [")
		}
	case tCloseCurly:
		if lx.curly > 0 {
			lx.curly--
		} else if lx.inInterpolation() {
			lx.state, lx.after = lx.after, stateNone
		} else {
			lx.fail(lx.pos, "an expression has a } without a {")
		}
	}
	return t
}

func (lx *lexer) closeParen() {
	lx.paren--
	if lx.paren != 0 {
		return
	}
	lx.state = stateExpression
	if lx.arguments {
		lx.state = stateArgument
	}
}
