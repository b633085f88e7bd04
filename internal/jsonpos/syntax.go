package jsonpos

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// SyntaxError is the first fault for which the data is not JSON.
//
// Start and End are the byte range of the fault, End exclusive, inside the
// data; the range may be empty and may be at the very end. Message describes
// the fault, and Hint how to fix it; Hint may be "". Both are for
// people and contain no text of the data except single punctuation characters.
type SyntaxError struct {
	Start, End    int
	Message, Hint string
}

// Error returns the message and the hint, without the place.
func (e *SyntaxError) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + "; " + e.Hint
}

// diagnoser has the place where the decoder rejected the data. It reads the
// bytes that follow to name the fault.
type diagnoser struct {
	data       []byte
	line       int   // of the first byte of data
	start, end int   // the last good token, empty when there is none
	open       []int // offsets of the brackets that are open
	want       expected
}

// diagnose returns the fault at p, never nil. It reads each byte of the data a few
// times at most.
func diagnose(p diagnoser) *SyntaxError {
	if err := EncodingFault(p.data); err != nil {
		return err
	}
	if err := ConflictFault(p.data); err != nil {
		return err
	}
	pos := skipSpace(p.data, p.end)
	if err := p.adjacentText(pos); err != nil {
		return err
	}
	if err := p.expecting(pos); err != nil {
		return err
	}
	return p.unexpected(pos)
}

func (d *diagnoser) expecting(pos int) *SyntaxError {
	switch d.want {
	case firstMember:
		return d.name(pos)
	case memberValue:
		return d.colon(pos)
	case nextMember, nextElement:
		return d.comma(pos)
	case theEnd:
		return d.trailing(pos)
	}
	return d.value(pos)
}

// anywhere returns a fault that is the same in every place outside a string.
func (d *diagnoser) anywhere(pos int) *SyntaxError {
	if pos == len(d.data) {
		return d.cutShort()
	}
	return foreignText(d.data, pos)
}

// cutShort returns the fault of data that ends too early.
func (d *diagnoser) cutShort() *SyntaxError {
	end := len(d.data)
	switch {
	case end == 0:
		return fault(0, 0, "the input is empty", "put one JSON value in it")
	case len(d.open) == 0:
		return fault(0, end, "the input contains only white space", "put one JSON value in it")
	}
	kind, closing, where := d.innermost()
	return fault(end, end,
		fmt.Sprintf("the input ends before the %s that opens on %s is closed", kind, where),
		fmt.Sprintf("add the missing %c, or check whether the end of the input was cut off", closing))
}

// innermost describes the innermost open bracket.
func (d *diagnoser) innermost() (kind string, closing byte, where string) {
	opening := d.open[len(d.open)-1]
	line, column := NewLinesFrom(d.data, d.line).Position(opening)
	where = fmt.Sprintf("line %d, column %d", line, column)
	if d.data[opening] == '{' {
		return "object", '}', where
	}
	return "array", ']', where
}

// adjacentText returns the fault of text directly after the last token. The
// decoder has read the first part of it as a number, a literal or a string.
func (d *diagnoser) adjacentText(pos int) *SyntaxError {
	if pos != d.end || d.start == d.end || wordEnd(d.data, pos) == pos {
		return nil
	}
	switch c := d.data[d.start]; {
	case c == '"':
		return fault(pos, wordEnd(d.data, pos), "text directly after the closing double quote",
			`write \" for a double quote inside the string, or add the missing comma or colon`)
	case c == '-' || isDigit(c):
		return numberFault(d.data, d.start)
	case isLetter(c):
		return wordFault(d.data, d.start)
	}
	return nil
}

// value returns the fault where a value should begin.
func (d *diagnoser) value(pos int) *SyntaxError {
	if err := d.anywhere(pos); err != nil {
		return err
	}
	switch c := d.data[pos]; {
	case c == '"':
		return stringFault(d.data, pos)
	case wordEnd(d.data, pos) > pos:
		return textFault(d.data, pos)
	case c == ':':
		return d.strayColon(pos)
	case d.want == memberValue && (c == ',' || c == '}' || c == ']'):
		return faultAt(pos, "missing value after the colon", "write the value, or null")
	case c == ',':
		return d.strayComma(pos)
	case c == '}' || c == ']':
		return d.wrongBracket(pos)
	}
	return d.unexpected(pos)
}

// name returns the fault where a member name should begin.
func (d *diagnoser) name(pos int) *SyntaxError {
	if err := d.anywhere(pos); err != nil {
		return err
	}
	const hint = "put the name in double quotes"
	switch c := d.data[pos]; {
	case c == '"':
		return stringFault(d.data, pos)
	case wordEnd(d.data, pos) > pos:
		return fault(pos, wordEnd(d.data, pos), "member name without double quotes", hint)
	case c == '{' || c == '[':
		return faultAt(pos, "a member name must be a string", hint)
	case c == ':':
		return faultAt(pos, "missing member name before the colon", "write the name in double quotes before the colon")
	case c == ',':
		return d.strayComma(pos)
	case c == ']':
		return d.wrongBracket(pos)
	}
	return d.unexpected(pos)
}

// colon returns the fault between a member name and its value, or in the value.
func (d *diagnoser) colon(pos int) *SyntaxError {
	if err := d.anywhere(pos); err != nil {
		return err
	}
	switch d.data[pos] {
	case ':':
		return d.value(skipSpace(d.data, pos+1))
	case '=':
		return faultAt(pos, "= in place of a colon after the member name", "write a colon")
	case ',', '}', ']':
		return faultAt(pos, "member name without a value", "write a colon and the value after the name")
	}
	return faultAt(pos, "missing colon after the member name", "put a colon between the name and its value")
}

// comma returns the fault after a member or an element, or in the one after it.
func (d *diagnoser) comma(pos int) *SyntaxError {
	if err := d.anywhere(pos); err != nil {
		return err
	}
	item := "member"
	if d.want == nextElement {
		item = "element"
	}
	switch c := d.data[pos]; {
	case c == ',':
		return d.afterComma(pos, item)
	case c == ':':
		return d.strayColon(pos)
	case c == '}' || c == ']':
		return d.wrongBracket(pos)
	case beginsValue(d.data, pos):
		return faultAt(pos, "missing comma before this "+item, "put a comma after the "+item+" before it")
	}
	return d.unexpected(pos)
}

func (d *diagnoser) afterComma(comma int, item string) *SyntaxError {
	pos := skipSpace(d.data, comma+1)
	if pos < len(d.data) && len(d.open) > 0 && d.data[pos] == closingOf(d.data[d.open[len(d.open)-1]]) {
		return faultAt(comma, "trailing comma after the last "+item, "remove the comma")
	}
	if d.want == nextMember {
		return d.name(pos)
	}
	return d.value(pos)
}

// HintOneValue is the hint for more than one value where one is allowed.
const HintOneValue = "keep one value"

// trailing returns the fault of what follows the one value.
func (d *diagnoser) trailing(pos int) *SyntaxError {
	if err := d.anywhere(pos); err != nil {
		return err
	}
	c, end := d.data[pos], wordEnd(d.data, pos)
	word := string(d.data[pos:end])
	switch {
	case c == '}' || c == ']':
		return d.wrongBracket(pos)
	case c == ',':
		return faultAt(pos, "comma after the end of the value", HintOneValue)
	case c == '{' || c == '[' || c == '"' || c == '-' || isDigit(c),
		word == "true" || word == "false" || word == "null":
		return fault(pos, max(pos+1, end), "a second value after the first: the input contains two values",
			HintOneValue)
	}
	return fault(pos, max(pos+1, end), "text after the end of the value", "remove everything after the value")
}

func (d *diagnoser) strayComma(pos int) *SyntaxError {
	switch d.want {
	case firstMember:
		return faultAt(pos, "comma before the first member", "remove the comma")
	case firstElement:
		return faultAt(pos, "comma before the first element", "remove the comma")
	case nextMember, nextElement:
		return faultAt(pos, "two commas in a row", "remove one of them, or add the missing value")
	}
	return faultAt(pos, "comma before the value", "remove the comma")
}

func (d *diagnoser) strayColon(pos int) *SyntaxError {
	switch d.want {
	case memberValue:
		return faultAt(pos, "two colons in a row", "remove one of them")
	case nextMember:
		return faultAt(pos, "colon after a value", "put a comma between members and one colon in each")
	case firstElement, nextElement:
		return faultAt(pos, "colon in an array", "put names and values in an object, between { and }, or close the array before them")
	}
	return faultAt(pos, "colon outside an object", "put names and values in an object, between { and }")
}

// wrongBracket returns the fault of a closing bracket that closes nothing.
func (d *diagnoser) wrongBracket(pos int) *SyntaxError {
	if len(d.open) == 0 {
		return faultAt(pos, fmt.Sprintf("closing %c without an opening one", d.data[pos]),
			"remove it, or add the bracket it should close")
	}
	kind, closing, where := d.innermost()
	return faultAt(pos, fmt.Sprintf("%c cannot close the %s that opens on %s", d.data[pos], kind, where),
		fmt.Sprintf("write %c to close it", closing))
}

// unexpected returns the fault of a character for which there is no other fault.
func (d *diagnoser) unexpected(pos int) *SyntaxError {
	if pos >= len(d.data) {
		return d.cutShort()
	}
	c := d.data[pos]
	if c <= ' ' || c >= utf8.RuneSelf || isLetter(c) || isDigit(c) {
		return faultAt(pos, "unexpected character", "remove it, or put text in double quotes")
	}
	return faultAt(pos, fmt.Sprintf("unexpected %c", c), "remove it, or put text in double quotes")
}

// tooDeep returns the fault of the bracket at pos, which opens one level too many.
func tooDeep(pos int) *SyntaxError {
	return faultAt(pos, fmt.Sprintf("more than %d levels of arrays and objects", MaxDepth),
		"use fewer levels, or check for brackets that are never closed")
}

func fault(start, end int, message, hint string) *SyntaxError {
	return &SyntaxError{Start: start, End: end, Message: message, Hint: hint}
}

// faultAt returns a fault of one byte.
func faultAt(pos int, message, hint string) *SyntaxError {
	return fault(pos, pos+1, message, hint)
}

func closingOf(opening byte) byte {
	if opening == '{' {
		return '}'
	}
	return ']'
}

// beginsValue reports whether a value or a text without quotes begins at pos.
func beginsValue(data []byte, pos int) bool {
	return bytes.IndexByte([]byte(`"{[`), data[pos]) >= 0 || wordEnd(data, pos) > pos
}
