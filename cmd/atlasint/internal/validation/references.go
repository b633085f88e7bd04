package validation

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// maxReference is the length in bytes of the longest reference that is found, more than that of any path.
const maxReference = 64 << 10

// referenceFinder finds a reference ${file:PATH} to one file in the text that is written to it.
type referenceFinder struct {
	info       os.FileInfo // of the file
	dir        string      // the folder of the payload, in which relative paths start
	raw, plain scan        // of the unchanged text, and without the escapes of ASCII characters
	unescape   unescaper
	found      bool
}

// scan is the state of searching a text.
type scan struct {
	rest []byte // the end of the text, which may begin a reference
}

// Write implements [io.Writer]. It never fails.
func (f *referenceFinder) Write(data []byte) (int, error) {
	if !f.found {
		f.search(&f.raw, data)
		f.search(&f.plain, f.unescape.next(data))
	}
	return len(data), nil
}

// search searches the next part of a text.
func (f *referenceFinder) search(s *scan, data []byte) {
	text := append(s.rest, data...)
	for _, at := range expand.Locate(text) {
		f.found = f.found || bytes.HasPrefix(text[at.Start:], []byte("${file:")) && f.names(text[at.NameStart:at.End-1])
	}
	rest := text[len(text):]
	if at := bytes.LastIndexByte(text, '$'); at >= 0 && len(text)-at <= maxReference && bytes.IndexByte(text[at:], '}') < 0 {
		rest = text[at:]
	}
	s.rest = bytes.Clone(rest)
}

// unescaper replaces the escapes of ASCII characters in strings of JSON and YAML, such as \u0024, except those of
// quotes and backslashes.
type unescaper struct {
	rest []byte // the end of the text, an escape that is not complete
}

func (u *unescaper) next(data []byte) (plain []byte) {
	text := append(u.rest, data...)
	u.rest = nil
	for {
		at := bytes.IndexByte(text, '\\')
		if at < 0 {
			return append(plain, text...)
		}
		plain, text = append(plain, text[:at]...), text[at:]
		length := escapeLength(text)
		if length > len(text) {
			u.rest = bytes.Clone(text)
			return plain
		}
		code, err := strconv.ParseUint(string(text[2:length]), 16, 32)
		switch {
		case err == nil && code >= ' ' && code <= '~' && code != '"' && code != '\\':
			plain = append(plain, byte(code))
		default:
			length = 2
			plain = append(plain, text[:2]...)
		}
		text = text[length:]
	}
}

// escapeLength returns the length of the escape that a text begins with.
func escapeLength(text []byte) int {
	if len(text) > 1 {
		switch text[1] {
		case 'x':
			return 4
		case 'u':
			return 6
		case 'U':
			return 10
		}
	}
	return 2
}

// names reports whether the name in a reference, with the escapes of JSON or YAML, is that of the file.
func (f *referenceFinder) names(name []byte) bool {
	var path string
	if json.Unmarshal([]byte(`"`+string(name)+`"`), &path) != nil {
		path = string(name)
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(f.dir, path)
	}
	info, err := os.Stat(path)
	return err == nil && os.SameFile(info, f.info)
}

// newFinder returns a finder of references to an output file in a payload, whose relative paths start in dir; nil if
// the output would overwrite no file.
func newFinder(output, dir string) *referenceFinder {
	info, err := os.Stat(output)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	return &referenceFinder{info: info, dir: dir}
}

// refersTo reports whether a payload file has a reference to an output file that exists. Validating the file reports
// the error if it can't be read.
func refersTo(output, file string) bool {
	finder := newFinder(output, filepath.Dir(file))
	if finder == nil || file == workspace.Stdin {
		return false
	}
	in, err := readfile.Open(file)
	if err != nil {
		return false
	}
	defer in.Close()
	_, _ = io.Copy(finder, in)
	return finder.found
}

// referredError returns the error for an output that a payload has a reference to.
func referredError(output, payload string) error {
	return problem.Inputf("%s would overwrite a file that a reference in %s names; name another file", output, redact.Path(payload))
}
