package validate

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
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

	Types []Sighting // with [WithOneProject]; what [OneProject] goes by

	Documents []Document // with [WithDocuments]; fit to be sent only where Errors is 0
}

// Omitted is how many findings were left out for the limit.
func (r *Result) Omitted() int { return r.Errors + r.Warnings - len(r.Findings) }

// CheckFile judges the payloads of a file. What is wrong with the file as such, because it is too large
// or a pipe, is a finding like any other; an error means that it can't be read.
func (v *Validator) CheckFile(path string, layout Layout) (Result, error) {
	v = v.made()
	in, err := openInput(path)
	if errors.Is(err, syscall.ELOOP) {
		return v.notAFile(path, "a loop of symbolic links"), nil
	}
	if err != nil {
		return v.unopened(path, err)
	}
	defer in.Close()
	mode, err := in.mode()
	switch {
	case err != nil:
		return Result{}, err
	case mode.IsDir():
		return Result{}, &fs.PathError{Op: "read", Path: path, Err: syscall.EISDIR}
	case !mode.IsRegular():
		return v.notAFile(path, notRegular), nil
	}
	return v.CheckReader(path, in, layout)
}

const notRegular = "no regular file but a pipe, a socket or a device"

// unopened tells the files that can't be opened for what they are, such as sockets.
func (v *Validator) unopened(path string, err error) (Result, error) {
	if info, statErr := os.Stat(path); statErr == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return v.notAFile(path, notRegular), nil
	}
	return Result{}, err
}

// CheckReader judges the payloads that r holds. The name is what findings call the file. It reads no
// more than the limit of size, or line by line where each line is a payload.
func (v *Validator) CheckReader(name string, r io.Reader, layout Layout) (Result, error) {
	v = v.made()
	if layout == ByName {
		layout = layoutOf(name)
	}
	if layout == Lines {
		return v.checkLines(name, r)
	}
	// Nothing that comes of a payload keeps its bytes, so that the next one can have the room.
	room := rooms.Get().(*bytes.Buffer)
	defer rooms.Put(room)
	room.Reset()
	if _, err := room.ReadFrom(io.LimitReader(r, v.maxSize+1)); err != nil {
		return Result{}, err
	}
	if layout == Array {
		return v.checkArray(name, room.Bytes()), nil
	}
	return v.checkRecord(name, room.Bytes(), record{}).result(1), nil
}

var rooms = sync.Pool{New: func() any { return new(bytes.Buffer) }}

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
