package jsonpos_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

func TestPosition(t *testing.T) {
	const data = "a\r\né😀b\n\rc\xffd\n"
	for _, test := range []struct{ offset, line, column int }{
		{-5, 1, 1}, {0, 1, 1}, {1, 1, 2}, {2, 1, 3}, // a CR LF
		{3, 2, 1}, {4, 2, 1}, // é and its inside
		{5, 2, 2}, {6, 2, 2}, {8, 2, 2}, {9, 2, 3}, {10, 2, 4}, // 😀 b LF
		{11, 3, 1}, {12, 3, 2}, {13, 3, 3}, {14, 3, 4}, {15, 3, 5}, // CR c \xff d LF
		{16, 4, 1}, {17, 4, 1}, {1 << 40, 4, 1}, // the end
	} {
		line, column := jsonpos.NewLines([]byte(data)).Position(test.offset)
		if line != test.line || column != test.column {
			t.Errorf("offset %d: got %d:%d, want %d:%d", test.offset, line, column, test.line, test.column)
		}
	}
	if line, column := jsonpos.NewLines(nil).Position(7); line != 1 || column != 1 {
		t.Errorf("no data: got %d:%d", line, column)
	}
}

// TestPositionOfLongLines crosses the marks at every alignment.
func TestPositionOfLongLines(t *testing.T) {
	for shift := range 4 {
		data := strings.Repeat("x", shift) + strings.Repeat("😀", 600) + "\n" + strings.Repeat("é", 2000) + "\xf0\x9f" + strings.Repeat("\n", 1100)
		checkLines(t, []byte(data))
	}
	checkLines(t, bytes.Repeat([]byte("a"), 1024))
	checkLines(t, bytes.Repeat([]byte("a"), 2047))
	checkLines(t, bytes.Repeat([]byte("\xff"), 3000))
}

func TestPositionInAnyOrderAtOnce(t *testing.T) {
	data := []byte(strings.Repeat("ä line\n", 5000))
	lines := jsonpos.NewLines(data)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 1000 {
				offset := rand.IntN(len(data))
				wantLine, wantColumn := offset/8+1, max(offset%8, 1)
				if line, column := lines.Position(offset); line != wantLine || column != wantColumn {
					t.Errorf("offset %d: got %d:%d, want %d:%d", offset, line, column, wantLine, wantColumn)
				}
			}
		})
	}
	all.Wait()
}

func TestNewLinesAllocatesNothing(t *testing.T) {
	data := bytes.Repeat([]byte("line\n"), 1<<18)
	if n := testing.AllocsPerRun(10, func() { jsonpos.NewLines(data) }); n > 1 {
		t.Errorf("got %v allocations, want at most 1", n)
	}
}

// checkLines compares every offset with a plain count of characters.
func checkLines(t *testing.T, data []byte) {
	t.Helper()
	lines := jsonpos.NewLines(data)
	line, column := 1, 1
	for i := 0; i <= len(data); {
		size := 1
		if i < len(data) {
			_, size = utf8.DecodeRune(data[i:])
		}
		for j := range size {
			if gotLine, gotColumn := lines.Position(i + j); gotLine != line || gotColumn != column {
				t.Fatalf("offset %d: got %d:%d, want %d:%d", i+j, gotLine, gotColumn, line, column)
			}
		}
		column++
		if i < len(data) && data[i] == '\n' {
			line, column = line+1, 1
		}
		i += size
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte("a\r\né😀b\n\rc\xffd\n"))
	f.Add(bytes.Repeat([]byte("😀\n"), 500))
	f.Fuzz(func(t *testing.T, data []byte) { checkLines(t, data) })
}
