package validate

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/syserr"
	"github.com/atlasint/atlasint/internal/yamlpos"
	"github.com/atlasint/atlasint/validate/internal/records"
)

// Layout is the layout of the payloads in an input.
type Layout int

const (
	// ByName depends on the extension of the file name: Lines for .ndjson and .jsonl, one payload in each document for
	// .yaml and .yml, and One for all others.
	ByName Layout = iota
	// One means that the input is one payload, in YAML if its name has the extension .yaml or .yml, else in JSON.
	One
	// Lines means that each line is one payload. Blank lines are ignored.
	Lines
	// Array means that the input is a JSON array of payloads, or one list in YAML.
	Array
)

// Result is the result of validating one input.
type Result struct {
	Payloads         int       // the number of payloads, valid or not
	Errors, Warnings int       // the numbers of all findings, including those past the limit
	Findings         []Finding // ordered by place, up to the limit

	Documents []Document // with Documents in the [Options]; send them only if Errors is 0

	types    []typedFinding // the types of the payloads, with OneProject in the [Options], for [Validator.OneProject]
	repeated int            // further payloads of these types, past the limit of findings
}

// Omitted returns the number of findings that were omitted because of the limit.
func (r *Result) Omitted() int { return r.Errors + r.Warnings - len(r.Findings) }

// CheckFile validates the payloads of a file. A fault of the file itself, for example if it is too large or a pipe, is
// a finding. An error means that the file can't be read.
func (v *Validator) CheckFile(path string, layout Layout) (Result, error) {
	v = v.orDefault()
	in, err := readfile.Open(path)
	switch {
	case syserr.LinkLoop.Is(err):
		return v.notAFile(path, "a loop of symbolic links"), nil
	case errors.Is(err, readfile.ErrNotRegular):
		return v.notAFile(path, "not a regular file but a pipe, a socket, a device or a kernel file"), nil
	case err != nil:
		return Result{}, err
	}
	defer in.Close()
	return v.checkInput(path, in, in.Size(), layout)
}

// CheckReader validates the payloads of r. Findings have name as their file. It reads at most the limit of
// MaxSize bytes; with [Lines] that limit applies to each line. An error means that r can't be read.
func (v *Validator) CheckReader(name string, r io.Reader, layout Layout) (Result, error) {
	return v.orDefault().checkInput(name, r, 0, layout)
}

// checkInput validates an input of size bytes; 0 is an unknown size.
func (v *Validator) checkInput(name string, r io.Reader, size int64, layout Layout) (Result, error) {
	eachDocument := layout == ByName && yamlpos.IsName(name)
	if layout = layout.Of(name); layout == Lines {
		return v.checkLines(name, r)
	}
	// No result keeps the bytes of a payload, so that the next payload can use the buffer.
	buffer := buffers.Get().(*[]byte)
	defer releaseBuffer(buffer)
	var err error
	if *buffer, err = records.ReadAll((*buffer)[:0], r, size, v.options.MaxSize+1); err != nil {
		return Result{}, err
	}
	if layout == Array {
		return v.checkArray(name, *buffer), nil
	}
	if eachDocument {
		return v.checkYAML(name, *buffer), nil
	}
	return v.checkRecord(name, *buffer, records.At{}).result(1), nil
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// maxPooled is the largest buffer in bytes that is kept for the next input.
const maxPooled = 1 << 20

func releaseBuffer(buffer *[]byte) {
	if cap(*buffer) <= maxPooled {
		buffers.Put(buffer)
	}
}

// Of returns the layout of an input with that name: l itself, unless it is [ByName].
func (l Layout) Of(name string) Layout {
	if l != ByName {
		return l
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".ndjson", ".jsonl":
		return Lines
	default:
		return One
	}
}

func (v *Validator) notAFile(path, what string) Result {
	c := v.newCheck(path, nil, records.At{})
	notAFileRule{}.report(c, what)
	return c.result(1)
}
