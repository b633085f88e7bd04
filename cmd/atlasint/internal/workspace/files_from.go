package workspace

import (
	"bufio"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// Paths returns the arguments and the lines of --files-from, "" for none. Name is that of standard input, "" for none.
func Paths(args []string, filesFrom, name string, stdin io.Reader) ([]string, error) {
	if filesFrom != "" {
		more, err := filesIn(filesFrom, stdin)
		if err != nil {
			return nil, err
		}
		args = append(args, more...)
		if len(args) == 0 {
			return nil, problem.Inputf("the list %s is empty; write one path per line", redact.Path(filesFrom))
		}
	}
	if filesFrom == Stdin && slices.Contains(args, Stdin) {
		return nil, problem.Inputf("standard input can't be both the list of --files-from and the PATH -; use a file for one of them")
	}
	if name != "" && !slices.Contains(args, Stdin) {
		return nil, problem.Inputf("--stdin-filename names standard input, but no PATH is -; add the PATH -")
	}
	if len(args) == 0 {
		return nil, problem.Inputf("no path; name a file, a folder, or - for standard input")
	}
	return args, nil
}

// filesIn reads a list of different paths from a file, a pipe or [Stdin]: one path per line, quoted or not as git
// prints it, or unquoted and separated by NUL bytes if the list has any.
func filesIn(file string, stdin io.Reader) ([]string, error) {
	data, err := readList(file, stdin)
	if err != nil {
		return nil, problem.Failuref("can't read the list %s: %w", redact.Path(file), problem.Cause(err))
	}
	if err := checkPathList(file, data); err != nil {
		return nil, err
	}
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	separator := byte('\n')
	if bytes.IndexByte(data, 0) >= 0 {
		separator = 0
	}
	var paths []string
	seen := map[string]bool{}
	lines := bufio.NewReader(bytes.NewReader(data))
	for {
		line, err := lines.ReadString(separator)
		path := strings.TrimRight(line, "\r\n\x00")
		if separator == '\n' {
			path = unquoted(path)
		}
		if path != "" && !seen[path] {
			seen[path] = true
			paths = append(paths, path)
		}
		if len(paths) > maxPaths {
			return nil, problem.Inputf("the list %s has more than %d paths; name their folders instead", redact.Path(file), maxPaths)
		}
		if err != nil {
			return paths, nil //nolint:nilerr // the end of the data in memory
		}
	}
}

// byteOrderMark begins lists that PowerShell writes.
const byteOrderMark = "\ufeff"

// maxPath is the length of the longest line in bytes. No system has longer paths, but a pattern can be longer than a
// path.
const maxPath = 32 << 10

// maxPaths is the number of paths in a list. Each of them needs time and memory, also if it does not exist.
const maxPaths = 100_000

// maxListHead is the number of bytes of a list of paths in which [checkPathList] looks for a payload.
const maxListHead = 64 << 10

// payloadStart matches how a payload begins, in JSON or in YAML. No path and no list of paths begins like that.
var payloadStart = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*(\{\s*"|\{\s*$|\[\s*[{"]|\[\s*$)|(?m)^["']?type["']?\s*:`)
})

// checkPathList returns an error for a text that is not a list of paths. Errors about its lines would print them, also
// secrets.
func checkPathList(file string, data []byte) error {
	name := redact.Path(file)
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return problem.Inputf("the list %s is in UTF-16; save it as UTF-8", name)
	case payloadStart().Match(data[:min(len(data), maxListHead)]):
		return problem.Inputf("the list %s looks like a payload; name it as a PATH, without --files-from", name)
	case slices.ContainsFunc(bytes.FieldsFunc(data, isLineEnd), func(line []byte) bool { return len(line) > maxPath }):
		return problem.Inputf("the list %s has a line of more than %d KiB; write one path per line", name, maxPath>>10)
	}
	return nil
}

func isLineEnd(r rune) bool { return r == '\n' || r == 0 }

// unquoted returns the path that git prints in double quotes, because it has a character such as a quote, a tab or, by
// default, one beyond ASCII. It returns any other text unchanged, also a file's name that begins with a quote.
func unquoted(line string) string {
	if len(line) < 2 || line[0] != '"' || line[len(line)-1] != '"' {
		return line
	}
	var path strings.Builder
	for rest := line[1 : len(line)-1]; rest != ""; {
		if rest[0] == '"' {
			return line
		}
		if rest[0] != '\\' {
			path.WriteByte(rest[0])
			rest = rest[1:]
			continue
		}
		c, size := unescaped(rest[1:])
		if size == 0 {
			return line
		}
		path.WriteByte(c)
		rest = rest[1+size:]
	}
	return path.String()
}

// unescaped returns the byte of an escape without its backslash, and the length of the escape; 0 if it is none of
// git's.
func unescaped(escape string) (c byte, size int) {
	const letters, values = `abtnvfr"\`, "\a\b\t\n\v\f\r\"\\"
	if escape == "" {
		return 0, 0
	}
	if i := strings.IndexByte(letters, escape[0]); i >= 0 {
		return values[i], 1
	}
	n, err := strconv.ParseUint(escape[:min(3, len(escape))], 8, 8)
	if err != nil || len(escape) < 3 || n == 0 {
		return 0, 0
	}
	return byte(n), 3
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
