// Package records reads the records of an input: the whole of it, or its lines in batches.
package records

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/atlasint/atlasint/internal/atlas"
)

// At locates a payload in its input; the zero At means that the input is the payload.
type At struct {
	Number      int // from 1
	LinesBefore int
	Offset      int // of its first byte
}

// Line is a line with a payload. Its data belong to the batch.
type Line struct {
	Data []byte
	At   At
}

// Batch is a sequence of lines. Batches are reused, so that a long input needs no more memory than a short one.
type Batch struct {
	Lines []Line
	buf   []byte
}

// Release makes the batch available for further lines, unless a long line or many short ones have made it large.
func (b *Batch) Release() {
	if cap(b.buf) <= maxPooled && cap(b.Lines) <= maxPooledLines {
		batches.Put(b)
	}
}

// The largest batches that are kept for further lines.
const (
	maxPooled      = 4 * batchBytes
	maxPooledLines = batchBytes / 16
)

// batchBytes is the size of a batch for one worker: large enough that passing it on is cheap, and small enough to have
// several in memory.
const batchBytes = 256 << 10

var batches = sync.Pool{New: func() any { return &Batch{buf: make([]byte, 0, batchBytes)} }}

// read splits an input into batches of lines that are not blank. It truncates a line longer than limit, but not
// below the length that shows that it is too long.
func read(r io.Reader, limit int64, take func(*Batch)) error {
	in := bufio.NewReaderSize(r, 64<<10)
	number, records, offset := 0, 0, 0
	for {
		b := batches.Get().(*Batch)
		b.buf, b.Lines = b.buf[:0], b.Lines[:0]
		var err error
		for err == nil && len(b.buf) < batchBytes-batchBytes/8 {
			start, size := len(b.buf), 0
			b.buf, size, err = appendLine(b.buf, in, limit)
			number++
			if err != nil && !errors.Is(err, io.EOF) {
				break // the line is incomplete
			}
			data, tooLong := withoutEnd(b.buf[start:], limit)
			if tooLong || len(bytes.Trim(data, " \t\r\n")) > 0 {
				records++
				b.Lines = append(b.Lines, Line{data, At{Number: records, LinesBefore: number - 1, Offset: offset}})
			}
			offset += size
		}
		if len(b.Lines) > 0 {
			take(b)
		} else {
			b.Release()
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("%d: %w", number, err)
		}
	}
}

// Work splits an input into batches as read does, and passes the results of check on in the order of the batches.
// Jobs goroutines call check. At most a few batches of the input are in memory. After an error it has passed on the
// results of the batches before.
func Work[R any](r io.Reader, limit int64, jobs int, check func(*Batch) R, take func(R)) error {
	type job struct {
		batch *Batch
		done  chan R
	}
	todo := make(chan job)
	inOrder := make(chan job, jobs)
	for range jobs {
		go func() {
			for j := range todo {
				j.done <- check(j.batch)
			}
		}()
	}
	failed := make(chan error, 1)
	go func() {
		failed <- read(r, limit, func(b *Batch) {
			j := job{b, make(chan R, 1)}
			inOrder <- j
			todo <- j
		})
		close(todo)
		close(inOrder)
	}()
	for j := range inOrder {
		result := <-j.done
		j.batch.Release()
		take(result)
	}
	return <-failed
}

// lineEnd is the number of bytes that a line may have after the payload.
const lineEnd = len("\r\n")

// withoutEnd returns a line without its end. A line that is too long is truncated and stays too long.
func withoutEnd(line []byte, limit int64) (data []byte, tooLong bool) {
	if int64(len(line)) > limit+int64(lineEnd) {
		return line[:limit+1], true
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), false
}

// appendLine appends the next line with its end, and returns the size of the whole line. It truncates a line that is
// too long, which stays too long. It returns io.EOF with the last line.
func appendLine(buf []byte, in *bufio.Reader, limit int64) (_ []byte, size int, _ error) {
	start := len(buf)
	for {
		part, err := in.ReadSlice('\n')
		size += len(part)
		if free := limit + int64(lineEnd) + 1 - int64(len(buf)-start); free > 0 {
			buf = append(buf, part[:min(int64(len(part)), free)]...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return buf, size, err
		}
	}
}

// ReadAll appends the input to buffer, which must be empty: at most limit bytes of it. A read that returns exactly the
// known size is the last one, because it had space for more.
func ReadAll(buffer []byte, r io.Reader, size, limit int64) ([]byte, error) {
	buffer = slices.Grow(buffer, int(min(max(size+1, 512), limit, atlas.MaxPayload))) // a file system may report a wrong size
	for {
		free := buffer[len(buffer):cap(buffer)]
		if left := limit - int64(len(buffer)); int64(len(free)) > left {
			free = free[:left]
		}
		n, err := r.Read(free)
		buffer = buffer[:len(buffer)+n]
		switch {
		case errors.Is(err, io.EOF), int64(len(buffer)) >= limit, size > 0 && int64(len(buffer)) == size && n < len(free):
			return buffer, nil
		case err != nil:
			return buffer, err
		case len(buffer) == cap(buffer):
			buffer = slices.Grow(buffer, len(buffer)) // twice as much
		}
	}
}
