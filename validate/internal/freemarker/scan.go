package freemarker

// FreeMarker decides by trial whether what follows x! and x.. is an operand. These functions are that trial: they
// follow the grammar over the tokens, without its other checks. Results are kept, so that all trials together
// need linear time.

type memoKey struct {
	level, i int
}

const (
	levelOr = iota
	levelAnd
	levelEquality
	levelRelation
	levelRange
	levelAdditive
	levelMultiplicative
	levelUnary

	memoPrimary = -1
)

// levelOperators are the binary operators of each level of precedence but the range.
var levelOperators = [levelUnary]map[kind]bool{
	levelOr:       {tOr: true},
	levelAnd:      {tAnd: true},
	levelEquality: {tEquals: true, tDoubleEquals: true, tNotEquals: true},
	levelRelation: {tGreater: true, tGreaterEquals: true, tEscapedGreater: true, tEscapedGreaterEquals: true, tLess: true,
		tLessEquals: true},
	levelAdditive:       {tPlus: true, tMinus: true},
	levelMultiplicative: {tTimes: true, tDivide: true, tPercent: true},
}

// repeats reports whether operators of that level may follow one another.
func repeats(level int) bool { return level != levelEquality && level != levelRelation }

// beginsExpression reports whether an expression can begin with that kind.
func beginsExpression(k kind) bool {
	switch k {
	case tInteger, tDecimal, tString, tRawString, tTrue, tFalse, tID, tDot, tOpenCurly, tOpenBracket, tOpenParen, tPlus, tMinus, tExclam:
		return true
	}
	return false
}

// follows reports whether the next tokens are an expression of that level.
func (p *parser) follows(level int) bool {
	return beginsExpression(p.peek().kind) && p.scan(level, p.i) >= 0
}

// remember returns the kept result for key, or keeps that of f.
func (p *parser) remember(key memoKey, f func() int) int {
	if end, ok := p.memo[key]; ok {
		return end
	}
	p.enter()
	p.trials++
	end := -1
	if !p.failed() {
		end = f()
	}
	p.leave()
	if p.memo == nil {
		p.memo = map[memoKey]int{}
	}
	p.memo[key] = end
	return end
}

// scan returns the index after the expression of that level at token i; -1 if there is none.
func (p *parser) scan(level, i int) int {
	switch level {
	case levelOr:
		return p.remember(memoKey{level, i}, func() int { return p.scanBinary(level, i) })
	case levelRange:
		return p.scanRange(i)
	case levelUnary:
		return p.scanUnary(i)
	}
	return p.scanBinary(level, i)
}

func (p *parser) scanBinary(level, i int) int {
	i = p.scan(level+1, i)
	for i >= 0 && levelOperators[level][p.at(i).kind] {
		operand := p.scan(level+1, i+1)
		if operand < 0 {
			return i
		}
		i = operand
		if !repeats(level) {
			return i
		}
	}
	return i
}

func (p *parser) scanRange(i int) int {
	i = p.scan(levelAdditive, i)
	if i < 0 {
		return i
	}
	switch p.at(i).kind {
	case tRange:
		if end := p.scan(levelAdditive, i+1); end >= 0 {
			return end
		}
		return i + 1
	case tRangeLess, tRangeLength:
		if end := p.scan(levelAdditive, i+1); end >= 0 {
			return end
		}
	}
	return i
}

func (p *parser) scanUnary(i int) int {
	switch p.at(i).kind {
	case tPlus, tMinus:
		i++
	case tExclam:
		for p.at(i).kind == tExclam {
			i++
		}
	}
	return p.remember(memoKey{memoPrimary, i}, func() int { return p.scanPrimary(i) })
}

func (p *parser) scanPrimary(i int) int {
	i = p.scanAtom(i)
	for i >= 0 {
		next := p.scanSuffix(i)
		if next < 0 {
			return i
		}
		i = next
	}
	return i
}

func (p *parser) scanAtom(i int) int {
	switch p.at(i).kind {
	case tInteger, tDecimal, tString, tRawString, tTrue, tFalse, tID:
		return i + 1
	case tDot:
		if p.at(i+1).kind == tID {
			return i + 2
		}
	case tOpenCurly:
		return p.scanHash(i + 1)
	case tOpenBracket:
		return p.scanList(i+1, tCloseBracket, false)
	case tOpenParen:
		if end := p.scan(levelOr, i+1); end >= 0 && p.at(end).kind == tCloseParen {
			return end + 1
		}
	}
	return -1
}

// scanSuffix returns the index after what follows an operand closely: a key, arguments, a built-in, a default.
func (p *parser) scanSuffix(i int) int {
	switch p.at(i).kind {
	case tDot:
		if isKey(p.at(i + 1).kind) {
			return i + 2
		}
	case tOpenBracket:
		if end := p.scan(levelOr, i+1); end >= 0 && p.at(end).kind == tCloseBracket {
			return end + 1
		}
	case tOpenParen:
		return p.scanList(i+1, tCloseParen, false)
	case tBuiltIn:
		if p.at(i+1).kind == tID {
			return p.scanBuiltIn(i + 2)
		}
	case tExists, tExclamSpace:
		return i + 1
	case tExclam:
		if end := p.scan(levelOr, i+1); end >= 0 {
			return end
		}
		return i + 1
	}
	return -1
}

// scanBuiltIn passes the arguments of a built-in. The trial doesn't know which built-in takes which ones.
func (p *parser) scanBuiltIn(i int) int {
	for _, lambdas := range []bool{false, true} {
		if p.at(i).kind == tOpenParen {
			if end := p.scanList(i+1, tCloseParen, lambdas); end >= 0 {
				i = end
			}
		}
	}
	return i
}

// scanList passes expressions with or without commas between them, and the closing bracket.
func (p *parser) scanList(i int, closing kind, lambdas bool) int {
	if end := p.scanArgument(i, lambdas); end >= 0 {
		i = end
		for {
			next := i
			if p.at(next).kind == tComma {
				next++
			}
			if next = p.scanArgument(next, lambdas); next < 0 {
				break
			}
			i = next
		}
	}
	if p.at(i).kind != closing {
		return -1
	}
	return i + 1
}

func (p *parser) scanArgument(i int, lambdas bool) int {
	if lambdas {
		if end, _ := p.scanLambda(i); end >= 0 {
			if body := p.scan(levelOr, end); body >= 0 {
				return body
			}
		}
	}
	return p.scan(levelOr, i)
}

// scanLambda returns the index after the parameters of a lambda and its arrow, -1 if there are none, and how many
// parameters it has.
func (p *parser) scanLambda(i int) (end, parameters int) {
	if p.at(i).kind == tID {
		i, parameters = i+1, 1
	} else if p.at(i).kind == tOpenParen {
		i++
		for p.at(i).kind == tID {
			i, parameters = i+1, parameters+1
			if p.at(i).kind != tComma || p.at(i+1).kind != tID {
				break
			}
			i++
		}
		if p.at(i).kind != tCloseParen {
			return -1, 0
		}
		i++
	} else {
		return -1, 0
	}
	if p.at(i).kind != tArrow {
		return -1, 0
	}
	return i + 1, parameters
}

func (p *parser) scanHash(i int) int {
	pair := func(i int) int {
		end := p.scan(levelOr, i)
		if end < 0 || p.at(end).kind != tComma && p.at(end).kind != tColon {
			return -1
		}
		return p.scan(levelOr, end+1)
	}
	if end := pair(i); end >= 0 {
		i = end
		for p.at(i).kind == tComma {
			if end = pair(i + 1); end < 0 {
				break
			}
			i = end
		}
	}
	if p.at(i).kind != tCloseCurly {
		return -1
	}
	return i + 1
}

// isKey reports whether that kind may follow the dot in a.b.
func isKey(k kind) bool {
	switch k {
	case tID, tTimes, tDoubleStar, tLess, tLessEquals, tEscapedGreater, tEscapedGreaterEquals, tTrue, tFalse, tIn, tAs, tUsing:
		return true
	}
	return false
}
