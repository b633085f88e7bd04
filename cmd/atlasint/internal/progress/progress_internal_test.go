package progress

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// The line appears after the delay, changes, and is deleted at the end.
func TestLineChangesAndIsDeleted(t *testing.T) {
	var out bytes.Buffer
	n := 0
	l := newLine(&out, func() string { n++; return strings.Repeat("x", n) })
	ticks, begin := make(chan time.Time), time.Now()
	go l.run(ticks, begin.Add(delay))
	ticks <- begin
	ticks <- begin.Add(delay - 1)
	ticks <- begin.Add(delay)
	ticks <- begin.Add(delay + interval)
	l.Stop()
	l.clear()
	if got, want := out.String(), clear+"x"+clear+"xx"+clear; got != want {
		t.Errorf("wrote %q, want %q", got, want)
	}
}

// Work that ends before the delay writes nothing, not even the sequence that deletes a line.
func TestShortWorkHasNoLine(t *testing.T) {
	var out bytes.Buffer
	l := newLine(&out, func() string { return "x" })
	ticks, begin := make(chan time.Time), time.Now()
	go l.run(ticks, begin.Add(delay))
	ticks <- begin.Add(delay - 1)
	l.Stop()
	if out.Len() > 0 {
		t.Errorf("wrote %q", out.String())
	}
}

// A pipe, a file and any other writer have no line.
func TestOtherWritersHaveNoLine(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	for _, out := range []io.Writer{w, new(bytes.Buffer)} {
		if l := Start(out, func() string { return "x" }); l != nil {
			l.Stop()
			t.Errorf("%T has a line", out)
		}
	}
	var none *Line
	none.clear()
	none.Stop()
}
