package freemarker

// nodeKind classifies an expression by what is certain without the values of its variables.
type nodeKind uint8

const (
	nOther nodeKind = 1 << iota
	nString
	nNumber
	nBool
	nHash
	nList
	nIdentifier // a variable
	nDot        // variables joined by dots
)

// The kinds that an operand can't have.
const (
	notNumbers  = nString | nList | nHash | nBool
	notStrings  = nNumber | nList | nHash | nBool
	notBooleans = nString | nList | nHash | nNumber
)

// node is an expression.
type node struct {
	kind       nodeKind
	start, end int
	text       string // the value of a constant string, the name of an identifier
	constant   bool   // it is a string, and text is its value
	literal    bool   // FreeMarker computes its value when it parses
	variables  bool   // it depends on variables
	nameEnd    int    // of a user's directive: where the name that its end tag may repeat ends; 0 for none
	boundEnd   int    // of x?with_args: the nameEnd of its call
}

// rejectKinds fails if e has one of those kinds.
func (p *parser) rejectKinds(e node, reason string, kinds nodeKind) {
	if e.kind&kinds != 0 {
		p.fail(e.start, reason)
	}
}

// isComputed reports whether e is a constant that FreeMarker computes and this package doesn't, and records that.
func (p *parser) isComputed(e node) bool {
	computed := e.kind == nOther && e.literal && !e.constant
	p.computed = p.computed || computed
	return computed
}

// maxConstant limits the sums that are computed, in bytes: names of output formats are short.
const maxConstant = 256

// constantSum returns a + b of two constant strings as one.
func constantSum(a, b node) node {
	sum := join(a, b)
	if a.constant && b.constant && len(a.text)+len(b.text) <= maxConstant {
		sum.constant, sum.text = true, a.text+b.text
	}
	return sum
}

// join returns the result of an operator.
func join(a, b node) node {
	return node{kind: nOther, start: a.start, end: b.end, literal: a.literal && b.literal, variables: a.variables || b.variables}
}
