package validate

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

// batchBytes is how much of an input is handed to a worker at a time: enough to make the handing cheap,
// little enough to hold several of them.
const batchBytes = 256 << 10

// batch is a run of lines. Batches are used again, so that a long input needs no more memory than a short
// one; nothing that comes of a payload keeps its bytes.
type batch struct {
	buf   []byte
	lines []line
	done  chan Result
}

var batches = sync.Pool{New: func() any {
	return &batch{buf: make([]byte, 0, batchBytes), done: make(chan Result, 1)}
}}

type line struct {
	data []byte
	at   record
}

// checkLines judges records several at a time and keeps their order. However long the input is, it
// holds a few batches of it.
func (v *Validator) checkLines(name string, r io.Reader) (Result, error) {
	var full atomic.Bool // the findings of further batches are not kept
	todo := make(chan *batch)
	inOrder := make(chan *batch, v.jobs)
	for range v.jobs {
		go func() {
			for b := range todo {
				b.done <- v.checkBatch(name, b, &full)
			}
		}()
	}
	failed := make(chan error, 1)
	go func() {
		failed <- split(r, v.maxSize, func(b *batch) {
			inOrder <- b
			todo <- b
		})
		close(todo)
		close(inOrder)
	}()
	var all Result
	types := sightings{limit: v.maxFindings, seen: map[string]bool{}}
	for b := range inOrder {
		one := <-b.done
		batches.Put(b)
		all.Payloads += one.Payloads
		all.Errors += one.Errors
		all.Warnings += one.Warnings
		types.add(one.Types)
		all.Documents = append(all.Documents, one.Documents...)
		all.Findings = append(all.Findings, one.Findings[:min(len(one.Findings), v.maxFindings-len(all.Findings))]...)
		full.Store(len(all.Findings) >= v.maxFindings)
	}
	all.Types, all.Repeated = types.kept, types.repeated
	if err := <-failed; err != nil {
		return all, fmt.Errorf("line %w", err)
	}
	return all, nil
}

// checkBatch counts all findings of a batch. It makes those that can be among the ones that are kept: a text
// costs several times what the search for the fault does.
func (v *Validator) checkBatch(name string, b *batch, full *atomic.Bool) Result {
	result := Result{Payloads: len(b.lines)}
	for _, l := range b.lines {
		c := v.newCheck(name, l.data, l.at)
		c.countOnly = len(result.Findings) >= v.maxFindings || full.Load()
		c.single()
		c.addTo(&result)
	}
	return result
}

// split cuts an input into batches of lines that hold something. Of a line longer than max it keeps
// enough to see that it is too long.
func split(r io.Reader, max int64, take func(*batch)) error {
	in := bufio.NewReaderSize(r, 64<<10)
	number, records := 0, 0
	for {
		b := batches.Get().(*batch)
		b.buf, b.lines = b.buf[:0], b.lines[:0]
		var err error
		for err == nil && len(b.buf) < batchBytes-batchBytes/8 {
			start := len(b.buf)
			b.buf, err = appendLine(b.buf, in, max)
			number++
			if err != nil && !errors.Is(err, io.EOF) {
				break // what was read of the line may be the beginning of anything
			}
			data, tooLong := withoutEnd(b.buf[start:], max)
			if tooLong || len(bytes.Trim(data, " \t\r\n")) > 0 {
				records++
				b.lines = append(b.lines, line{data, record{number: records, linesBefore: number - 1}})
			}
		}
		if len(b.lines) > 0 {
			take(b)
		} else {
			batches.Put(b)
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("%d: %w", number, err)
		}
	}
}

// lineEnd is how many bytes a line may have at its end besides the payload.
const lineEnd = len("\r\n")

// withoutEnd cuts the end of a line off, or, of a line that is too long, what shows that it is.
func withoutEnd(kept []byte, max int64) (data []byte, tooLong bool) {
	if int64(len(kept)) > max+int64(lineEnd) {
		return kept[:max+1], true
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(kept, []byte("\n")), []byte("\r")), false
}

// appendLine appends the next line with its end, of a long one enough to see that it is. The error that
// ends the input comes with its last line.
func appendLine(buf []byte, in *bufio.Reader, max int64) ([]byte, error) {
	start := len(buf)
	for {
		part, err := in.ReadSlice('\n')
		if room := max + int64(lineEnd) + 1 - int64(len(buf)-start); room > 0 {
			buf = append(buf, part[:min(int64(len(part)), room)]...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return buf, err
		}
	}
}
