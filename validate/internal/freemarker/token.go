package freemarker

import "sync"

// kind is the kind of a token.
type kind uint8

const (
	tEOF kind = iota

	// Of the text between tags.
	tSpace    // white space
	tText     // any other text
	tDollar   // ${
	tHash     // #{
	tStart    // a start tag up to its parameters
	tSimple   // a whole start tag without parameters
	tEnd      // a whole end tag
	tCall     // <@
	tCallEnd  // </@name>
	tHeader   // <#ftl, with or without parameters
	tUnparsed // the content of a comment or of noparse

	// Of expressions and tags.
	tID
	tString
	tRawString
	tInteger
	tDecimal
	tTrue
	tFalse
	tIn
	tAs
	tUsing
	tDot
	tRange       // ..
	tRangeLess   // ..<
	tRangeLength // ..*
	tBuiltIn     // ?
	tExists      // ??
	tEquals
	tDoubleEquals
	tNotEquals
	tAssignOp  // += and its like
	tIncrement // ++ and --
	tLess
	tLessEquals
	tGreater
	tGreaterEquals
	tEscapedGreater // gt, &gt;
	tEscapedGreaterEquals
	tArrow
	tPlus
	tMinus
	tTimes
	tDoubleStar
	tEllipsis
	tDivide
	tPercent
	tAnd
	tOr
	tExclam
	tExclamSpace // ! and white space, between named arguments
	tComma
	tSemicolon
	tColon
	tOpenBracket
	tCloseBracket
	tOpenParen
	tCloseParen
	tOpenCurly
	tCloseCurly
	tMisplaced // an opened interpolation where an expression is
	tTagEnd
	tEmptyTagEnd // />
	tNameSpace   // the white space that ends the name in <@name
)

// token is a part of the template. Its text is src[start:end] of the lexer.
type token struct {
	kind       kind
	start, end int
	name       string // of a tag: its directive in lower case; of an identifier: the name without backslashes
}

var keywords = map[string]kind{
	"true": tTrue, "false": tFalse, "in": tIn, "as": tAs, "using": tUsing,
	"lt": tLess, "lte": tLessEquals, "gt": tEscapedGreater, "gte": tEscapedGreaterEquals,
}

// operators has each operator at its first byte, longer ones first. The lexer adds those whose meaning
// depends on its state.
var operators = sync.OnceValue(func() *[256][]operator {
	table := new([256][]operator)
	for _, op := range []operator{
		{"...", tEllipsis}, {"..<", tRangeLess}, {"..!", tRangeLess}, {"..*", tRangeLength}, {"..", tRange}, {".", tDot},
		{"??", tExists}, {"?", tBuiltIn},
		{"==", tDoubleEquals}, {"=", tEquals}, {"!=", tNotEquals}, {"!", tExclam},
		{"++", tIncrement}, {"+=", tAssignOp}, {"+", tPlus},
		{"-&gt;", tArrow}, {"->", tArrow}, {"--", tIncrement}, {"-=", tAssignOp}, {"-", tMinus},
		{"**", tDoubleStar}, {"*=", tAssignOp}, {"*", tTimes},
		{"/=", tAssignOp}, {"/", tDivide}, {"%=", tAssignOp}, {"%", tPercent},
		{`\lte`, tLessEquals}, {`\lt`, tLess}, {"<=", tLessEquals}, {"<", tLess}, {"&lt;=", tLessEquals}, {"&lt;", tLess},
		{`\gte`, tEscapedGreaterEquals}, {`\gt`, tEscapedGreater}, {"&gt;=", tEscapedGreaterEquals}, {"&gt;", tEscapedGreater},
		{"&amp;&amp;", tAnd}, {"&&", tAnd}, {"&", tAnd}, {`\and`, tAnd}, {"||", tOr}, {"|", tOr},
		{",", tComma}, {";", tSemicolon}, {":", tColon},
		{"${", tMisplaced}, {"#{", tMisplaced}, {"[=", tMisplaced},
		{"[", tOpenBracket}, {"]", tCloseBracket}, {"(", tOpenParen}, {")", tCloseParen}, {"{", tOpenCurly}, {"}", tCloseCurly},
	} {
		table[op.text[0]] = append(table[op.text[0]], op)
	}
	return table
})

type operator struct {
	text string
	kind kind
}
