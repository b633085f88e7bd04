// Package progress shows on a terminal how far long work is.
package progress

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/terminal"
)

// delay is the time without a line: most work ends before. interval is the time between two changes of the line.
const (
	delay    = time.Second
	interval = 200 * time.Millisecond
)

// clear returns to the beginning of the line and deletes it.
const clear = "\r\x1b[K"

// Line is a line on a terminal that is replaced during work. A nil Line shows nothing. Its methods are safe for
// concurrent use.
type Line struct {
	out  io.Writer
	text func() string
	stop chan struct{}
	done chan struct{}

	mu      sync.Mutex
	visible bool
}

// Start shows text after a second, and its changes, until [Line.Stop]. It returns nil if the writer is not a terminal.
// The text must be short, and without control characters; its function is called from another goroutine.
func Start(w io.Writer, text func() string) *Line {
	if !terminal.ReplacesLines(w) {
		return nil
	}
	ticker := time.NewTicker(interval)
	begin := time.Now()
	l := newLine(w, text)
	go func() {
		defer ticker.Stop()
		l.run(ticker.C, begin.Add(delay))
	}()
	return l
}

func newLine(w io.Writer, text func() string) *Line {
	return &Line{out: w, text: text, stop: make(chan struct{}), done: make(chan struct{})}
}

// run replaces the line at each tick from the first time on.
func (l *Line) run(ticks <-chan time.Time, first time.Time) {
	defer close(l.done)
	for {
		select {
		case <-l.stop:
			return
		case now := <-ticks:
			if !now.Before(first) {
				l.show()
			}
		}
	}
}

func (l *Line) show() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.visible = true
	fmt.Fprint(l.out, clear+l.text())
}

// clear removes the line until the next change, so that other output can take its place.
func (l *Line) clear() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.visible {
		fmt.Fprint(l.out, clear)
	}
	l.visible = false
}

// Stop removes the line for good. It may be called once.
func (l *Line) Stop() {
	if l == nil {
		return
	}
	close(l.stop)
	<-l.done
	l.clear()
}

// Before returns a writer to w that removes the line first. It returns w if the line is nil.
func (l *Line) Before(w io.Writer) io.Writer {
	if l == nil {
		return w
	}
	return before{l, w}
}

type before struct {
	line *Line
	out  io.Writer
}

// Write removes the line and writes data. No change of the line comes between.
func (b before) Write(data []byte) (int, error) {
	b.line.mu.Lock()
	defer b.line.mu.Unlock()
	if b.line.visible {
		fmt.Fprint(b.line.out, clear)
		b.line.visible = false
	}
	return b.out.Write(data)
}
