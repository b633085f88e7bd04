package drift

import (
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// Options are the options of a comparison.
type Options struct {
	API     string // API version of the documents; "" is the one in their paths
	All     bool   // the report lists differences that have a reason, too
	MaxSize int64  // of a document, in bytes
}

// Compare compares documents, - for standard input. It returns the report and the greatest kind of its problems. The
// report has a failure for each document that can't be compared.
func (o *Options) Compare(files []string, stdin io.Reader) (*Report, problem.Kind) {
	r, kind := newReport(), problem.None
	for _, file := range files {
		if err := o.addFile(r, file, stdin); err != nil {
			r.Failures = append(r.Failures, Failure{File: displayName(file), Message: err.Error()})
			kind = max(kind, problem.KindOf(err))
		}
	}
	if kind == problem.None && r.Summary.Differences > 0 {
		kind = problem.Finding
	}
	return r, kind
}

// addFile compares a document, - for standard input, and adds the result to the report. The error ends the command.
func (o *Options) addFile(into *Report, file string, stdin io.Reader) error {
	data, err := o.read(file, stdin)
	if err != nil {
		return err
	}
	result, err := o.compare(data)
	var invalid *documentError
	switch {
	case errors.As(err, &invalid) && invalid.Line > 0:
		return problem.Failuref("%s:%v: %w", redact.Path(displayName(file)), invalid.Line, problem.Worded(invalid.Message, err))
	case errors.As(err, &invalid):
		return problem.Failuref("%s: %w", redact.Path(displayName(file)), err)
	case err != nil:
		return err
	}
	into.Add(displayName(file), result, o.All)
	return nil
}

// displayName returns the name of a file in a report.
func displayName(file string) string {
	if file == workspace.Stdin {
		return report.Stdin
	}
	return file
}

func (o *Options) compare(data []byte) (*Result, error) {
	doc, err := parseDocument(data)
	if err != nil {
		return nil, err
	}
	api := o.API
	if api == "" {
		api = doc.APIVersion()
	}
	if api == "" {
		return nil, &documentError{Message: "the paths show no API version, as in /api/atlas/v2/groups/{groupId}/integrations; use the official document of Atlas, or add --api"}
	}
	return doc.Compare(api)
}

func (o *Options) read(file string, stdin io.Reader) ([]byte, error) {
	var data []byte
	var err error
	if file == workspace.Stdin {
		data, err = readfile.All(stdin, o.MaxSize)
	} else {
		data, err = readfile.Regular(file, o.MaxSize)
	}
	var tooLarge *readfile.LimitError
	name := redact.Path(displayName(file))
	switch {
	case errors.As(err, &tooLarge):
		return nil, problem.Failuref("%s: %w", name, problem.Worded(fmt.Sprintf("over %d bytes; --max-size allows more", o.MaxSize), err))
	case errors.Is(err, syscall.EISDIR):
		return nil, problem.Failuref("%s %w", name, problem.Worded("is a folder; name a document in it", err))
	case errors.Is(err, readfile.ErrNotRegular):
		return nil, problem.Failuref("can't read %s: %w; pipe the document in and name it -", name, err)
	case err != nil:
		return nil, problem.Failuref("can't read %s: %w", name, problem.Cause(err))
	}
	return data, nil
}
