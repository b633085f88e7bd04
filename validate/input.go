package validate

import (
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/atlasint/atlasint/internal/readfile"
)

// Layout is how payloads lie in an input.
type Layout int

const (
	// ByName takes .ndjson and .jsonl for Lines, all else for One.
	ByName Layout = iota
	// One payload is the whole input.
	One
	// Lines hold one payload each; blank lines don't count.
	Lines
	// Array is a JSON array of payloads.
	Array
)

// Result is what came of one input.
type Result struct {
	Payloads         int       // payloads that were judged or refused
	Errors, Warnings int       // all of them, also those past the limit of findings
	Findings         []Finding // in the order of their places, the first ones up to the limit

	Types    []Sighting // with [WithOneProject]; what [OneProject] goes by
	Repeated int        // with [WithOneProject]: further payloads of these types, past the limit of findings

	Documents []Document // with [WithDocuments]; fit to be sent only where Errors is 0
}

// Omitted is how many findings were left out for the limit.
func (r *Result) Omitted() int { return r.Errors + r.Warnings - len(r.Findings) }

// CheckFile judges the payloads of a file. What is wrong with the file as such, because it is too large
// or a pipe, is a finding like any other; an error means that it can't be read.
func (v *Validator) CheckFile(path string, layout Layout) (Result, error) {
	v = v.made()
	in, err := readfile.Open(path)
	switch {
	case errors.Is(err, syscall.ELOOP):
		return v.notAFile(path, "a loop of symbolic links"), nil
	case errors.Is(err, readfile.ErrNotRegular):
		return v.notAFile(path, "not a regular file but a pipe, a socket, a device or a kernel file"), nil
	case err != nil:
		return Result{}, err
	}
	defer in.Close()
	return v.checkInput(path, in, in.Size(), layout)
}

// CheckReader judges the payloads that r holds. The name is what findings call the file. It reads no
// more than the limit of size, or line by line where each line is a payload.
func (v *Validator) CheckReader(name string, r io.Reader, layout Layout) (Result, error) {
	return v.made().checkInput(name, r, 0, layout)
}

// checkInput validates an input of size bytes; 0 is an unknown size.
func (v *Validator) checkInput(name string, r io.Reader, size int64, layout Layout) (Result, error) {
	if layout == ByName {
		layout = layoutOf(name)
	}
	if layout == Lines {
		return v.checkLines(name, r)
	}
	// No result keeps the bytes of a payload, so that the next payload can use the buffer.
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	var err error
	if *buffer, err = readAll((*buffer)[:0], r, size, v.maxSize+1); err != nil {
		return Result{}, err
	}
	if layout == Array {
		return v.checkArray(name, *buffer), nil
	}
	return v.checkRecord(name, *buffer, record{}).result(1), nil
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// readAll appends the input to buffer, at most limit bytes of it. A read that returns exactly the known size was the
// last one: one with room for more would have returned it.
func readAll(buffer []byte, r io.Reader, size, limit int64) ([]byte, error) {
	buffer = slices.Grow(buffer, int(min(max(size+1, 512), limit, DefaultMaxSize))) // a size can be a lie
	for {
		room := buffer[len(buffer):cap(buffer)]
		if left := limit - int64(len(buffer)); int64(len(room)) > left {
			room = room[:left]
		}
		n, err := r.Read(room)
		buffer = buffer[:len(buffer)+n]
		switch {
		case errors.Is(err, io.EOF), int64(len(buffer)) >= limit, size > 0 && int64(len(buffer)) == size && n < len(room):
			return buffer, nil
		case err != nil:
			return buffer, err
		case len(buffer) == cap(buffer):
			buffer = slices.Grow(buffer, len(buffer)) // twice as much
		}
	}
}

func layoutOf(name string) Layout {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".ndjson", ".jsonl":
		return Lines
	default:
		return One
	}
}

func (v *Validator) notAFile(path, what string) Result {
	c := v.newCheck(path, nil, record{})
	notAFileRule{}.report(c, what)
	return c.result(1)
}
