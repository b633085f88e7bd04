package jsonpos

import (
	"bytes"
	"sync"
	"unicode/utf8"
)

// Lines converts byte offsets to lines and columns. It reads the data of
// [NewLines] on the first call of [Lines.Position], and then stores about one fortieth
// of its size. Any number of goroutines may use it at once.
type Lines struct {
	data  []byte
	first int // the line of the first byte
	once  sync.Once
	marks []mark
}

// mark is a place whose line and column are known: the start of a character.
type mark struct{ offset, line, column int }

// markEvery is the distance between marks in bytes. No position reads more of
// the data than this, however long its line is.
const markEvery = 1024

// NewLines returns the Lines of data. It does not copy data, which must stay
// unchanged as long as the Lines is used.
func NewLines(data []byte) *Lines { return NewLinesFrom(data, 1) }

// NewLinesFrom is like [NewLines] for data that begins on that line of its file, counted from 1.
func NewLinesFrom(data []byte, line int) *Lines {
	return &Lines{data: data, first: line}
}

// Position returns the line and the column of a byte offset. Columns count from
// 1, lines from the line of the first byte. A line ends with a line feed; a carriage return is an ordinary character.
// Columns count characters, and a byte that is not valid UTF-8 counts as one.
// An offset inside a character has the position of that character. An offset
// outside the data has the position of the nearer end.
func (l *Lines) Position(offset int) (line, column int) {
	offset = l.characterStart(min(max(offset, 0), len(l.data)))
	at := mark{0, l.first, 1}
	if offset >= markEvery {
		l.once.Do(l.index)
		i := offset / markEvery
		if l.marks[i].offset > offset {
			i-- // a character crosses the boundary
		}
		at = l.marks[i]
	}
	between := l.data[at.offset:offset]
	lineEnd := bytes.LastIndexByte(between, '\n')
	if lineEnd < 0 {
		return at.line, at.column + utf8.RuneCount(between)
	}
	return at.line + bytes.Count(between, []byte{'\n'}), 1 + utf8.RuneCount(between[lineEnd+1:])
}

// characterStart returns the offset of the first byte of the character at offset.
func (l *Lines) characterStart(offset int) int {
	if offset == len(l.data) || utf8.RuneStart(l.data[offset]) {
		return offset
	}
	for start := offset - 1; start >= max(0, offset-utf8.UTFMax+1); start-- {
		if utf8.RuneStart(l.data[start]) {
			if _, size := utf8.DecodeRune(l.data[start:]); start+size > offset {
				return start
			}
			break
		}
	}
	return offset
}

// index sets a mark at the first character at or after each markEvery bytes.
func (l *Lines) index() {
	l.marks = make([]mark, 0, len(l.data)/markEvery+1)
	at := mark{0, l.first, 1}
	for {
		if at.offset >= len(l.marks)*markEvery {
			l.marks = append(l.marks, at)
		}
		next := l.advance(at)
		if next == at {
			return
		}
		at = next
	}
}

// advance returns the mark after the next character; at the end of the data it returns at.
func (l *Lines) advance(at mark) mark {
	if at.offset == len(l.data) {
		return at
	}
	if l.data[at.offset] == '\n' {
		return mark{at.offset + 1, at.line + 1, 1}
	}
	_, size := utf8.DecodeRune(l.data[at.offset:])
	return mark{at.offset + size, at.line, at.column + 1}
}
