package serving

import (
	"errors"
	"path/filepath"
	"syscall"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/yamlpos"
)

// maxStub is the size in bytes of the largest file of a stub.
const maxStub = 2 << 20

// stubFile is a stub and the file that it was read from.
type stubFile struct {
	file string
	stub fakeatlas.Stub
}

// findStubs reads the files NAME.json in a folder, sorted by name. YAML is an error. It skips hidden files, other
// files and folders. The folder "" has none.
func findStubs(folder string) ([]stubFile, error) {
	if folder == "" {
		return nil, nil
	}
	names, err := visibleNames(folder)
	if err != nil {
		return nil, err
	}
	var found []stubFile
	for _, name := range names {
		file := filepath.Join(folder, name)
		if yamlpos.IsName(name) {
			return nil, problem.Inputf("can't use the stub %s: it is named as YAML; write the stub as JSON in NAME.json", redact.Path(file))
		}
		if !isJSON(name) {
			continue
		}
		stub, err := readStub(file)
		if err != nil {
			return nil, err
		}
		found = append(found, stub)
	}
	if len(found) == 0 {
		return nil, problem.Inputf("the folder %s has no stubs; put each into a file NAME.json in it", redact.Path(folder))
	}
	return found, nil
}

func readStub(file string) (stubFile, error) {
	s := stubFile{file: file}
	data, err := readfile.Head(file, maxStub+1) // enough to see that it is too large
	switch {
	case errors.Is(err, readfile.ErrNotRegular), errors.Is(err, syscall.EISDIR):
		return s, problem.Failuref("can't read %s: %w; remove it, or rename it", redact.Path(file), readfile.ErrNotRegular)
	case err != nil:
		return s, problem.Failuref("can't read %s: %w", redact.Path(file), problem.Cause(err))
	case len(data) > maxStub:
		return s, problem.Inputf("%s: it has more than %d bytes; use a shorter body", redact.Path(file), maxStub)
	}
	if err := s.stub.UnmarshalJSON(data); err != nil {
		return s, problem.Inputf("%s: %w", redact.Path(file), err)
	}
	return s, nil
}

// addStubs adds stubs to a server.
func addStubs(fake *fakeatlas.Server, list []stubFile) error {
	for _, s := range list {
		if err := fake.Stub(s.stub); err != nil {
			return problem.Inputf("%s: %w", redact.Path(s.file), err)
		}
	}
	return nil
}
