package drift

import (
	"errors"
	"io"
	"syscall"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
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

// Compare compares documents, - for standard input. It returns the report and the exit code. The report has a failure
// for each document that can't be compared.
func (o *Options) Compare(files []string, stdin io.Reader) (*Report, int) {
	r, code := newReport(), exit.OK
	for _, file := range files {
		if err := o.addFile(r, file, stdin); err != nil {
			end := &exit.Error{Code: exit.Failure, Text: err.Error()}
			errors.As(err, &end)
			r.Failures = append(r.Failures, Failure{File: displayName(file), Message: end.Text})
			code = max(code, end.Code)
		}
	}
	if code == exit.OK && r.Summary.Differences > 0 {
		code = exit.Findings
	}
	return r, code
}

// addFile compares a document, - for standard input, and adds the result to the report. The error ends the command.
func (o *Options) addFile(into *Report, file string, stdin io.Reader) error {
	data, err := o.read(file, stdin)
	if err != nil {
		return err
	}
	result, err := o.compare(data)
	var fault *documentError
	switch {
	case errors.As(err, &fault) && fault.Line > 0:
		return exit.Failuref("%s:%v: %s", redact.Path(displayName(file)), fault.Line, fault.Message)
	case errors.As(err, &fault):
		return exit.Failuref("%s: %v", redact.Path(displayName(file)), err)
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
		return nil, exit.Failuref("%s: over %d bytes; --max-size allows more", name, o.MaxSize)
	case errors.Is(err, syscall.EISDIR):
		return nil, exit.Failuref("%s is a folder; name a document in it", name)
	case errors.Is(err, readfile.ErrNotRegular):
		return nil, exit.Failuref("can't read %s: %v; pipe the document in and name it -", name, err)
	case err != nil:
		return nil, exit.Failuref("can't read %s: %v", name, exit.Cause(err))
	}
	return data, nil
}
