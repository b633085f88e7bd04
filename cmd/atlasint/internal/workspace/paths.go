package workspace

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/glob"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

const Stdin = "-"

// Expand turns what a user names into files: a folder into the payload files below it, a pattern into
// what it matches. The files come in the order of the arguments, each path once. It reports whether the paths are
// surely of different files, as those of one folder without symbolic links are.
func Expand(args []string) (files []string, distinct bool, err error) {
	seen := map[string]bool{}
	distinct = len(args) == 1
	for _, arg := range args {
		found, linkFree, err := expandOne(arg)
		if err != nil {
			return nil, false, err
		}
		distinct = distinct && linkFree
		for _, file := range found {
			if !seen[file] {
				seen[file] = true
				files = append(files, file)
			}
		}
	}
	return files, distinct, nil
}

func expandOne(arg string) (files []string, linkFree bool, err error) {
	if arg == Stdin {
		return []string{arg}, true, nil
	}
	if arg == "" {
		return nil, false, exit.Usagef("an empty path; name a file, a folder, or - for standard input")
	}
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir():
		return payloadFiles(arg)
	case err != nil && isPattern(arg, err):
		files, err := matches(arg)
		return files, false, err
	default:
		// A path that can't be read is reported when its turn comes, so that it hides no other.
		return []string{arg}, true, nil
	}
}

// Unique drops the files that an earlier path of the list names already, by another spelling or a symbolic link.
// Files are the same only if they have the same key too. Hard links are files of their own.
func Unique(files []string, key func(file string) string) []string {
	type identity struct{ path, key string }
	seen := map[identity]bool{}
	folders := map[string]string{}
	return slices.DeleteFunc(files, func(file string) bool {
		id := identity{resolve(file, folders), key(file)}
		again := seen[id]
		seen[id] = true
		return again
	})
}

// resolve returns the path of a file without symbolic links. A part that does not exist stays as it is. The map
// remembers the folders that were resolved.
func resolve(file string, folders map[string]string) string {
	if file == Stdin {
		return file
	}
	dir, name := filepath.Split(file) // not cleaned: .. after a link leads elsewhere
	real, ok := folders[dir]
	if !ok {
		real = followed(dir)
		folders[dir] = real
	}
	whole := filepath.Join(real, name)
	if _, err := os.Readlink(whole); err != nil {
		return whole // not a link
	}
	return followed(whole)
}

func followed(path string) string {
	if dir, err := os.Getwd(); err == nil && !filepath.IsAbs(path) {
		path = dir + string(filepath.Separator) + path
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return filepath.Clean(path)
}

// isPattern reports whether an argument that os.Stat rejects is a pattern. Windows rejects a name with a wildcard
// as impossible, not as missing; a pattern can be longer than a name.
func isPattern(arg string, err error) bool {
	return strings.ContainsAny(arg, "*?[{") &&
		(errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENAMETOOLONG) || runtime.GOOS == "windows")
}

// payloadFiles lists the payload files below a folder. Folders whose name begins with a dot and
// node_modules are left out. A folder that can't be read is listed as it is: it is reported when its turn
// comes, so that it hides no file. It reports whether none of the files is a symbolic link.
func payloadFiles(root string) (files []string, linkFree bool, err error) {
	linkFree = true
	top := root + string(filepath.Separator) // so that a link to a folder is followed
	err = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			files = append(files, filepath.Clean(path))
			return nil //nolint:nilerr // reading it again reports the error in its turn
		}
		if entry.IsDir() {
			if path != top && passedOver(entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if isPayload(entry.Name()) {
			files = append(files, path)
			linkFree = linkFree && entry.Type()&fs.ModeSymlink == 0
		}
		return nil
	})
	if err != nil {
		return nil, false, exit.Failuref("can't read the folder %s: %v", redact.Path(root), exit.Cause(err))
	}
	if len(files) == 0 {
		return nil, false, exit.Usagef("the folder %s has no *.json, *.ndjson or *.jsonl; name the folder that holds payloads", redact.Path(root))
	}
	return files, linkFree, nil
}

// Source is what a path on the command line names.
type Source struct {
	Name   string // for messages
	Folder bool
	Link   string // a link to a folder in the folder, which is not searched for payloads; "" if there is none
}

// Sources describes paths. It leaves out those that can't be read: reading them reports the error.
func Sources(paths []string) (sources []Source) {
	for _, path := range paths {
		if path == Stdin {
			sources = append(sources, Source{Name: "standard input"})
			continue
		}
		info, err := os.Stat(path)
		if err != nil && !isPattern(path, err) {
			continue
		}
		s := Source{Name: redact.Path(path), Folder: err == nil && info.IsDir()}
		if s.Folder {
			s.Link = linkedFolder(path)
		}
		sources = append(sources, s)
	}
	return sources
}

// linkedFolder returns the first link to a folder below root, which [payloadFiles] does not follow.
func linkedFolder(root string) (link string) {
	top := root + string(filepath.Separator)
	_ = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // reading it as a payload reports the error
		case entry.IsDir() && path != top && passedOver(entry.Name()):
			return fs.SkipDir
		case entry.Type()&fs.ModeSymlink == 0 || passedOver(entry.Name()):
			return nil
		}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			link = path
			return fs.SkipAll
		}
		return nil
	})
	return link
}

func isPayload(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json", ".ndjson", ".jsonl":
		return true
	}
	return false
}

// passedOver tells the folders that hold no payloads of the user's own.
func passedOver(folder string) bool {
	return strings.HasPrefix(folder, ".") || folder == "node_modules"
}

// matches lists the files that a pattern matches. Its wildcards skip the same folders as the search of a folder.
func matches(pattern string) ([]string, error) {
	found, err := glob.Files(pattern, func(folder string) bool {
		return passedOver(folder) && !strings.Contains(pattern, folder)
	})
	switch {
	case err != nil:
		return nil, exit.Usagef("%v", badPattern(pattern, err))
	case len(found) == 0:
		return nil, exit.Usagef("the pattern %s matches nothing; ** matches folders of any depth", excerpt(pattern))
	}
	return found, nil
}

// badPattern is the error for a pattern that can't be compiled.
func badPattern(pattern string, err error) error {
	if errors.Is(err, glob.ErrTooComplex) {
		return fmt.Errorf("the pattern %s is too complex: %w; use fewer braces", excerpt(pattern), err)
	}
	return fmt.Errorf("the pattern %s is malformed; %w", excerpt(pattern), err)
}

// FilesFrom reads paths from a file, one a line, or separated by NUL where it has any.
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
			return paths, nil //nolint:nilerr // the end of what is in memory
		}
	}
}

// maxList is how many bytes a list of paths may have.
const maxList = 64 << 20

// readList reads a list of paths: a file, a pipe such as that of <(command), or standard input.
func readList(file string, stdin io.Reader) ([]byte, error) {
	if file == Stdin {
		return readfile.All(stdin, maxList)
	}
	return readfile.RegularOrPipe(file, maxList)
}
