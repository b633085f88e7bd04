package yamlpos

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// The library returns the line and column of the first character of a node, anchors and tags included. The functions
// below find the rest in the text.

// span is a range of bytes in the data.
type span struct{ start, end int }

// offset returns the offset of a node. For nodes in the order of the data it needs linear time, even if all are on one
// line.
func (r *reader) offset(n *yaml.Node) int {
	line, column := n.Line-1-addedLines, n.Column-1
	if line < 0 || line >= len(r.lines) {
		return len(r.data)
	}
	if line != r.last.line || column < r.last.column {
		r.last = place{line, 0, r.lines[line]}
	}
	for r.last.column < column && r.last.offset < len(r.data) {
		_, size := utf8.DecodeRune(r.copied[addedLines+r.last.offset:]) // columns are those of the copy
		r.last.offset += size
		r.last.column++
	}
	return r.last.offset
}

// begin returns the offset of a node without its anchor, or the fault of an anchor or a tag.
func (r *reader) begin(n *yaml.Node) (int, *jsonpos.SyntaxError) {
	at := r.offset(n)
	for at < len(r.data) {
		switch c := r.data[at]; {
		case c == '!':
			return at, faultAt(at, r.wordEnd(at), "tags are not supported", "remove the tag; put text in quotes to make it a string")
		case c != '&' || isEmpty(n): // the place of an empty node is that of the next one
			return at, nil
		}
		end := r.wordEnd(at)
		if fault := r.nameFault(at, end); fault != nil {
			return at, fault
		}
		if at = r.skip(end, ""); hasNoText(n) && (at == len(r.data) || r.data[at] != '!') {
			return end, nil
		}
	}
	return at, nil
}

// wordEnd returns the end of the anchor, tag or alias at an offset.
func (r *reader) wordEnd(at int) int {
	end := bytes.IndexAny(r.data[at:], " \t\r\n,[]{}")
	if end < 0 {
		return len(r.data)
	}
	return at + max(end, 1)
}

// nameFault returns the fault of the anchor or alias in a range. The library ends a name before a character such as ?
// and reads the rest as a value; in YAML 1.2 the character is part of the name.
func (r *reader) nameFault(start, end int) *jsonpos.SyntaxError {
	for _, c := range r.data[start+1 : end] {
		if !isNameCharacter(c) {
			return faultAt(start, end, "unsupported character in the name of an anchor or alias",
				"use A to Z, a to z, 0 to 9, - and _; put text that begins with * or & in quotes")
		}
	}
	return nil
}

func isNameCharacter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

// skip returns the offset after white space, comments and indicators.
func (r *reader) skip(at int, indicators string) int {
	for at < len(r.data) {
		c := r.data[at]
		switch {
		case c == '#' && (at == 0 || isSpace(r.data[at-1]) || strings.IndexByte(indicators, r.data[at-1]) >= 0):
			at = r.lineEnd(at)
		case isSpace(c) || strings.IndexByte(indicators, c) >= 0:
			at++
		default:
			return at
		}
	}
	return at
}

// lineEnd returns the offset of the line feed after an offset, or the end of the data.
func (r *reader) lineEnd(at int) int {
	if i := bytes.IndexByte(r.data[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(r.data)
}

// afterColon returns the offset after the colon that follows a name, or the end of the name if the colon is elsewhere.
func (r *reader) afterColon(nameEnd int) int {
	at := nameEnd
	for at < len(r.data) && (r.data[at] == ' ' || r.data[at] == '\t') {
		at++
	}
	if at < len(r.data) && r.data[at] == ':' {
		return at + 1
	}
	return nameEnd
}

// closing returns the end of a flow collection, whose last value ends at an offset.
func (r *reader) closing(at int, bracket byte) int {
	if at = r.skip(at, ",:?"); at < len(r.data) && r.data[at] == bracket {
		return at + 1
	}
	r.lost = true
	return at
}

// scalarSpan returns the text of a scalar that begins at an offset.
func (r *reader) scalarSpan(n *yaml.Node, at int) span {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return span{at, r.quoteEnd(at, '\\')}
	case n.Style&yaml.SingleQuotedStyle != 0:
		return span{at, r.quoteEnd(at, '\'')}
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		if text := r.match(n.Value, r.lineEnd(at)); text.start < text.end {
			return text
		}
		return span{at, min(at+1, len(r.data))} // only white space
	case n.Value == "":
		return span{at, at}
	}
	return r.match(n.Value, at)
}

// quoteEnd returns the end of the quoted text that begins at an offset. Two characters from an escape on are text.
func (r *reader) quoteEnd(at int, escape byte) int {
	quote := byte('"')
	if escape == '\'' {
		quote = escape
	}
	for i := at + 1; i < len(r.data); i++ {
		switch {
		case r.data[i] == escape && i+1 < len(r.data) && (escape != quote || r.data[i+1] == quote):
			i++
		case r.data[i] == quote:
			return i + 1
		}
	}
	r.lost = true
	return len(r.data)
}

// match returns the range of a text without quotes from an offset on. The library changes white space only.
func (r *reader) match(text string, at int) span {
	found := span{at, at}
	for _, c := range text {
		if c < utf8.RuneSelf && isSpace(byte(c)) {
			continue
		}
		for at < len(r.data) && isSpace(r.data[at]) {
			at++
		}
		got, size := utf8.DecodeRune(r.data[at:])
		if got != c {
			r.lost = true
			return found
		}
		if found.start == found.end {
			found.start = at
		}
		at += size
		found.end = at
	}
	return found
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
