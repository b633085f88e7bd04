package workspace

import (
	"bufio"
	"bytes"
	"io"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// FilesFrom reads a list of paths from a file, a pipe or [Stdin]: one path per line, or separated by NUL bytes if the
// list has any.
func FilesFrom(file string, stdin io.Reader) ([]string, error) {
	data, err := readList(file, stdin)
	if err != nil {
		return nil, exit.Failuref("can't read the list %s: %v", redact.Path(file), exit.Cause(err))
	}
	separator := byte('\n')
	if bytes.IndexByte(data, 0) >= 0 {
		separator = 0
	}
	var paths []string
	lines := bufio.NewReader(bytes.NewReader(data))
	for {
		line, err := lines.ReadString(separator)
		if path := strings.TrimRight(line, "\r\n\x00"); path != "" {
			paths = append(paths, path)
		}
		if err != nil {
			return paths, nil //nolint:nilerr // the end of the data in memory
		}
	}
}

// maxList is the maximum size of a list of paths in bytes.
const maxList = 64 << 20

// readList reads a list of paths: a file, a pipe such as <(command), or standard input.
func readList(file string, stdin io.Reader) ([]byte, error) {
	if file == Stdin {
		return readfile.All(stdin, maxList)
	}
	return readfile.RegularOrPipe(file, maxList)
}
