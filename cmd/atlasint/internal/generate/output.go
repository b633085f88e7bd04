package generate

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// maxGenerated is an upper limit for the size of generated files in bytes.
const maxGenerated = 64 << 20

// readExisting reads the file to replace, or with check to compare, nil if there is none or the name is "". It returns
// an error for a file to replace that was written by hand, or whose folder does not exist.
func readExisting(file string, check bool) ([]byte, error) {
	if file == "" {
		return nil, nil
	}
	name := redact.Path(file)
	if savefile.NamesFolder(file) {
		return nil, problem.Inputf("-o %s is a folder; name a file in it", name)
	}
	data, err := readfile.Head(file, maxGenerated)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, checkFolder(file, check)
	case errors.Is(err, readfile.ErrNotRegular), errors.Is(err, syscall.EISDIR):
		return nil, problem.Inputf("-o %s: %w; name another file", name, readfile.ErrNotRegular)
	case err != nil:
		return nil, problem.Failuref("can't read %s: %w", name, problem.Cause(err))
	}
	switch {
	case check || isGenerated(data):
	case isLink(file): // an empty file in another folder may have a purpose
		return nil, problem.Inputf("%s is a link to a file without generated code; name another file, or remove the link", name)
	case len(data) > 0:
		return nil, problem.Inputf("%s contains no generated code; name another file, or remove this one", name)
	}
	return data, nil
}

func isLink(file string) bool {
	info, err := os.Lstat(file)
	return err == nil && info.Mode().Type() == fs.ModeSymlink
}

// checkFolder checks the folder of a file before the work is done.
func checkFolder(file string, check bool) error {
	if _, err := os.Stat(filepath.Dir(file)); err != nil && !check {
		return problem.Failuref("can't write %s: its folder: %w", redact.Path(file), problem.Cause(err))
	}
	return nil
}

// compare returns an error unless the contents of a file are the source that a command generates. Git may have changed
// line ends.
func compare(file string, contents, source []byte, command string) error {
	fault := "stale"
	switch {
	case bytes.Equal(bytes.ReplaceAll(contents, []byte("\r\n"), []byte("\n")), source):
		return nil
	case contents == nil:
		fault = "missing"
	}
	return problem.Findingf("%s is %s; make it by: %s", redact.Path(file), fault, command)
}
