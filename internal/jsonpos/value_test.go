package jsonpos

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAny(t *testing.T) {
	const text = `{"a":[1,1.50,-0,12345678901234567890,1e2],"b":{"c":null,"d":true,"e":false},"f":"\u00e9","g":[],"h":{},"a2":1,"a2":2}`
	doc, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var want any
	if err := dec.Decode(&want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, doc.Root.Any()); diff != "" {
		t.Errorf("(-encoding/json +Any):\n%s", diff)
	}
}

func TestParseLine(t *testing.T) {
	_, err := ParseLine([]byte("{\n\"a\": 1\n"), 41)
	if err == nil || !strings.Contains(err.Error(), "opens on line 41, column 1") {
		t.Errorf("got %v, want the line in the file", err)
	}
	lines := NewLinesFrom([]byte("a\nbc"), 41)
	if line, column := lines.Position(3); line != 42 || column != 2 {
		t.Errorf("got %d:%d, want 42:2", line, column)
	}
	long := NewLinesFrom([]byte(strings.Repeat("x\n", markEvery)), 41)
	if line, _ := long.Position(markEvery + 2); line != 41+markEvery/2+1 {
		t.Errorf("got line %d, want %d", line, 41+markEvery/2+1)
	}
}
