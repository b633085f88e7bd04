package jsonpos

import (
	"bytes"
	"sync"
	"unicode/utf8"
)

// Lines turns byte offsets into lines and columns. It reads the data given to
// [NewLines] only when it is first asked, and then keeps about one fortieth
// of its size. Any number of goroutines may use it at once.
type Lines struct {
	data  []byte
	first int // the line of the first byte
	once  sync.Once
	marks []mark
}

// mark is a place whose line and column are known: the start of a character.
type mark struct{ offset, line, column int }

// markEvery is the distance between marks in bytes. No answer reads more of
// the data than this, however long its line is.
const markEvery = 1024

// NewLines returns the Lines of data. It does not copy data, which must stay
// unchanged as long as the Lines is used.
func NewLines(data []byte) *Lines { return NewLinesFrom(data, 1) }

// NewLinesFrom is like [NewLines] for data that begins on the given line of its file, counted from 1.
func NewLinesFrom(data []byte, line int) *Lines {
	return &Lines{data: data, first: line}
}

// Position gives the line and the column of a byte offset. Columns count from
// 1, lines from the line of the first byte. A line ends with a line feed; a carriage return is an ordinary character.
// Columns count characters, and a byte that is not valid UTF-8 counts as one.
// An offset inside a character has the position of that character. An offset
// outside the data is taken as the nearer end of it.
func (l *Lines) Position(offset int) (line, column int) {
	offset = l.characterStart(min(max(offset, 0), len(l.data)))
	at := mark{0, l.first, 1}
	if offset >= markEvery {
		l.once.Do(l.index)
		i := offset / markEvery
		if l.marks[i].offset > offset {
			i-- // a character lies across the boundary
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

// characterStart gives the offset at which the character begins that the byte at offset belongs to.
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
		next := l.step(at)
		if next == at {
			return
		}
		at = next
	}
}

// step moves over one character, and stays at the end of the data.
func (l *Lines) step(at mark) mark {
	if at.offset == len(l.data) {
		return at
	}
	if l.data[at.offset] == '\n' {
		return mark{at.offset + 1, at.line + 1, 1}
	}
	_, size := utf8.DecodeRune(l.data[at.offset:])
	return mark{at.offset + size, at.line, at.column + 1}
}
