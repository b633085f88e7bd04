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

// AddFile compares a document, - for standard input, and adds the result to the report. The error ends the command.
func (f *Options) AddFile(into *Report, file string, stdin io.Reader) error {
	data, err := f.read(file, stdin)
	if err != nil {
		return err
	}
	result, err := f.compare(data)
	var fault *Fault
	switch {
	case errors.As(err, &fault) && fault.Line > 0:
		return exit.Failuref("%s:%v: %s", redact.Path(DisplayName(file)), fault.Line, fault.Message)
	case errors.As(err, &fault):
		return exit.Failuref("%s: %v", redact.Path(DisplayName(file)), err)
	case err != nil:
		return err
	}
	into.Add(DisplayName(file), result, f.All)
	return nil
}

// DisplayName returns the name of a file in a report.
func DisplayName(file string) string {
	if file == workspace.Stdin {
		return report.Stdin
	}
	return file
}

func (f *Options) compare(data []byte) (*Result, error) {
	doc, err := Parse(data)
	if err != nil {
		return nil, err
	}
	api := f.API
	if api == "" {
		api = doc.APIVersion()
	}
	if api == "" {
		return nil, &Fault{Message: "the paths show no API version, as in /api/atlas/v2/groups/{groupId}/integrations; use the official document of Atlas, or add --api"}
	}
	return doc.Compare(api)
}

func (f *Options) read(file string, stdin io.Reader) ([]byte, error) {
	var data []byte
	var err error
	if file == workspace.Stdin {
		data, err = readfile.All(stdin, f.MaxSize)
	} else {
		data, err = readfile.Regular(file, f.MaxSize)
	}
	var tooLarge *readfile.LimitError
	name := redact.Path(DisplayName(file))
	switch {
	case errors.As(err, &tooLarge):
		return nil, exit.Failuref("%s: over %d bytes; --max-size allows more", name, f.MaxSize)
	case errors.Is(err, syscall.EISDIR):
		return nil, exit.Failuref("%s is a folder; name a document in it", name)
	case errors.Is(err, readfile.ErrNotRegular):
		return nil, exit.Failuref("can't read %s: %v; pipe the document in and name it -", name, err)
	case err != nil:
		return nil, exit.Failuref("can't read %s: %v", name, exit.Cause(err))
	}
	return data, nil
}
