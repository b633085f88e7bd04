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

// batchBytes is the size of a batch for one worker: large enough that passing it on is cheap, and small enough to have
// several in memory.
const batchBytes = 256 << 10

// batch is a sequence of lines. Batches are reused, so that a long input needs no more memory than a short one. No
// result refers to the bytes of a payload.
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

// checkLines validates several records at a time and keeps their order. It has at most a few batches of the input in
// memory.
func (v *Validator) checkLines(name string, r io.Reader) (Result, error) {
	var full atomic.Bool // the findings of further batches are not kept
	todo := make(chan *batch)
	inOrder := make(chan *batch, v.options.Jobs)
	for range v.options.Jobs {
		go func() {
			for b := range todo {
				b.done <- v.checkBatch(name, b, &full)
			}
		}()
	}
	failed := make(chan error, 1)
	go func() {
		failed <- readBatches(r, v.options.MaxSize, func(b *batch) {
			inOrder <- b
			todo <- b
		})
		close(todo)
		close(inOrder)
	}()
	var all Result
	types := typedFindings{limit: v.options.MaxFindings, seen: map[string]bool{}}
	for b := range inOrder {
		one := <-b.done
		batches.Put(b)
		all.Payloads += one.Payloads
		all.Errors += one.Errors
		all.Warnings += one.Warnings
		types.add(one.types)
		all.Documents = append(all.Documents, one.Documents...)
		all.Findings = append(all.Findings, one.Findings[:min(len(one.Findings), v.options.MaxFindings-len(all.Findings))]...)
		full.Store(len(all.Findings) >= v.options.MaxFindings)
	}
	all.types, all.repeated = types.list, types.repeated
	if err := <-failed; err != nil {
		return all, fmt.Errorf("line %w", err)
	}
	return all, nil
}

// checkBatch counts all findings of a batch. It builds only those that can be within the limit, because a message costs
// several times as much as the search for the fault.
func (v *Validator) checkBatch(name string, b *batch, full *atomic.Bool) Result {
	result := Result{Payloads: len(b.lines)}
	for _, l := range b.lines {
		c := v.newCheck(name, l.data, l.at)
		c.countOnly = len(result.Findings) >= v.options.MaxFindings || full.Load()
		c.single()
		c.addTo(&result)
	}
	return result
}

// readBatches splits an input into batches of lines that are not blank. It truncates a line longer than max, but not
// below the length that shows that it is too long.
func readBatches(r io.Reader, max int64, take func(*batch)) error {
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
				break // the line is incomplete
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

// lineEnd is the number of bytes that a line may have after the payload.
const lineEnd = len("\r\n")

// withoutEnd returns a line without its end. A line that is too long is truncated and stays too long.
func withoutEnd(line []byte, max int64) (data []byte, tooLong bool) {
	if int64(len(line)) > max+int64(lineEnd) {
		return line[:max+1], true
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), false
}

// appendLine appends the next line with its end. It truncates a line that is too long, which stays too long. It returns
// io.EOF with the last line.
func appendLine(buf []byte, in *bufio.Reader, max int64) ([]byte, error) {
	start := len(buf)
	for {
		part, err := in.ReadSlice('\n')
		if free := max + int64(lineEnd) + 1 - int64(len(buf)-start); free > 0 {
			buf = append(buf, part[:min(int64(len(part)), free)]...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return buf, err
		}
	}
}
