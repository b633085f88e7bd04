package generate

import (
	"context"
	"errors"
	"go/token"
	"os"
	"os/signal"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
	"github.com/atlasint/atlasint/internal/redact"
)

// Request is the values of the flags of atlasint generate.
type Request struct {
	API     string   // a known API version
	Package string   // "" for $GOPACKAGE
	Targets []string // in any order
	Output  string   // the file; "" for standard output
	Check   bool     // compare the file with the source
}

// Generate returns the generated source, or with Check an error unless the file has it. SIGINT, SIGTERM and SIGHUP
// stop it. It sets the defaults of r, and writes no file.
func (r *Request) Generate(ctx context.Context) ([]byte, error) {
	if err := r.resolve(); err != nil {
		return nil, err
	}
	before, err := readExisting(r.Output, r.Check)
	if err != nil {
		return nil, err
	}
	ctx, end := signal.NotifyContext(ctx, stopsignal.Signals()...)
	defer end()
	source, err := newJob(r).Run(ctx)
	switch {
	case errors.Is(err, context.Canceled):
		return nil, problem.Of(problem.Failure, problem.Worded("interrupted; nothing was written", err))
	case err != nil:
		return nil, problem.Of(problem.Failure, err)
	case r.Check:
		return source, compare(r.Output, before, source, commandLine(r, r.Output))
	}
	return source, nil
}

// resolve sets defaults. It returns an error for choices that can't be generated.
func (r *Request) resolve() (err error) {
	if r.Package == "" {
		r.Package = os.Getenv("GOPACKAGE")
	}
	switch {
	case r.Package == "":
		return problem.Inputf("name the Go package of the file, such as --package atlas")
	case !token.IsIdentifier(r.Package) || r.Package == "_":
		return problem.Inputf("%s is not a Go package name; use one word of letters and digits, such as --package atlas", redact.Value(r.Package))
	case r.Check && r.Output == "":
		return problem.Inputf("--check needs a file to check; add -o FILE")
	case redact.Path(r.Output) != r.Output:
		return problem.Inputf("-o %s: the file name contains control characters; choose another name", redact.Path(r.Output))
	case redact.Inert(r.Output) != r.Output: // the header of the file has the name
		return problem.Inputf("-o %s: a CI system would read this file name as a command; choose another name", r.Output)
	}
	r.Targets, err = sortTargets(r.Targets)
	return err
}
