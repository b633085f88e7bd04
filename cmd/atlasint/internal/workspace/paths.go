package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/glob"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/yamlpos"
)

// Stdin is the path that names standard input.
const Stdin = readfile.Stdin

// PathMatch contains the files that one path selects.
type PathMatch struct {
	Path   string
	Files  []string
	Unread []string // files below a folder that are not read: YAML without yaml: true, and names that begin with a dot
}

// Named reports whether the path is the file, and not a folder or a pattern.
func (m PathMatch) Named() bool { return len(m.Files) == 1 && m.Files[0] == m.Path }

// Expand returns the files that each path selects: the payload files below a folder, the files that match a pattern,
// and [Stdin]. Payload files are JSON and NDJSON, and with yaml also YAML. It reports whether the files are surely
// distinct, as those of one folder without symbolic links are.
func Expand(paths []string, yaml bool) (found []PathMatch, distinct bool, err error) {
	distinct = len(paths) == 1
	searches, files := 0, 0
	for _, path := range paths {
		one, linkFree, err := expandOne(path, yaml)
		if err != nil {
			return nil, false, err
		}
		distinct = distinct && linkFree
		files += len(one.Files)
		if !one.Named() {
			searches++
		}
		if searches > maxSearches || files > maxSelected {
			return nil, false, problem.Inputf("the paths have more than %d folders and patterns, or more than %d files; name the folders above them",
				maxSearches, maxSelected)
		}
		found = append(found, one)
	}
	return found, distinct, nil
}

// The folders and patterns that are searched, and the files that all paths select, some of them several times. A list
// of paths may be untrusted.
const maxSearches, maxSelected = 1000, 1_000_000

func expandOne(path string, yaml bool) (found PathMatch, linkFree bool, err error) {
	found = PathMatch{Path: path, Files: []string{path}}
	if path == Stdin {
		return found, true, nil
	}
	if path == "" {
		return found, false, problem.Inputf("the path is empty; name a file, a folder, or - for standard input")
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return payloadFiles(path, yaml)
	case err != nil && payloadStart().MatchString(path):
		return found, false, problem.Inputf(
			"a PATH is a payload instead of the name of a file; write it to standard input, and name -") // other errors would print it
	case err != nil && isPattern(path, err):
		found.Files, err = patternFiles(path)
		return found, false, err
	default:
		// A path that can't be read is reported when it is validated, and does not hide the others.
		return found, true, nil
	}
}

// isPattern reports whether a path that os.Stat fails for is a pattern. Windows rejects a name with a wildcard as
// invalid, not as missing; a pattern can be longer than a name.
func isPattern(path string, err error) bool {
	return strings.ContainsAny(path, "*?[{") &&
		(errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENAMETOOLONG) || runtime.GOOS == "windows")
}

// payloadFiles lists the payload files below a folder. It skips files and folders whose names begin with a dot, and
// node_modules. It lists a folder that can't be read in place of its files, so that the error is reported in order. It
// reports whether none of the files is a symbolic link.
func payloadFiles(root string, yaml bool) (found PathMatch, linkFree bool, err error) {
	found.Path, linkFree = root, true
	top := root + string(filepath.Separator) // follows root if it is a link
	err = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			found.Files = append(found.Files, filepath.Clean(path))
			return nil //nolint:nilerr // validating the folder reports the error
		}
		if entry.IsDir() {
			if path != top && isSkipped(entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		switch {
		case isPayload(entry.Name()) || yaml && isYAML(entry.Name()):
			found.Files = append(found.Files, path)
			linkFree = linkFree && entry.Type()&fs.ModeSymlink == 0
		case isYAML(entry.Name()), IsHidden(entry.Name()) && isFormat(entry.Name()) && !isConfigName(entry.Name()):
			found.Unread = append(found.Unread, path)
		}
		return nil
	})
	if err != nil {
		return found, false, problem.Failuref("can't read the folder %s: %w", redact.Path(root), problem.Cause(err))
	}
	if len(found.Files) == 0 {
		return found, false, nothingRead(redact.Path(root), found.Unread)
	}
	return found, linkFree, nil
}

// nothingRead returns the error of a folder in which no file is read.
func nothingRead(folder string, unread []string) error {
	switch {
	case len(unread) == 0:
		return problem.Inputf("the folder %s has no *.json, *.ndjson or *.jsonl; name a folder with payloads", folder)
	case slices.ContainsFunc(unread, func(file string) bool { return !IsHidden(filepath.Base(file)) }):
		return problem.Inputf("the folder %s has YAML files only; write yaml: true into %s to validate them, or name them", folder, ConfigName)
	}
	return problem.Inputf("the folder %s has only files whose name begins with a dot, which are skipped; name %s to validate it",
		folder, redact.Path(unread[0]))
}

// isPayload reports whether a file below a folder is a payload file in JSON.
func isPayload(name string) bool { return isJSON(name) && !IsHidden(name) }

// isYAML reports whether a file below a folder may be a payload in YAML.
func isYAML(name string) bool { return yamlpos.IsName(name) && !IsHidden(name) }

// IsHidden reports whether a search skips a file because of the dot at the start of its name. Files of tools have such
// names, for example [ConfigName] and .eslintrc.json.
func IsHidden(name string) bool { return strings.HasPrefix(name, ".") }

// isFormat reports whether a file has the extension of a payload file.
func isFormat(name string) bool { return isJSON(name) || yamlpos.IsName(name) }

func isJSON(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json", ".ndjson", ".jsonl":
		return true
	}
	return false
}

// isSkipped reports whether a search skips a folder: it has no payloads of the user.
func isSkipped(folder string) bool {
	return strings.HasPrefix(folder, ".") || folder == "node_modules"
}

// patternFiles lists the files that match a pattern. Its wildcards skip the same folders as [payloadFiles], and drafts
// that killed commands left.
func patternFiles(pattern string) ([]string, error) {
	found, err := glob.Files(pattern, func(folder string) bool {
		return isSkipped(folder) && !strings.Contains(pattern, folder)
	})
	found = slices.DeleteFunc(found, func(file string) bool { return savefile.IsDraft(filepath.Base(file)) })
	switch {
	case err != nil:
		return nil, problem.Of(problem.Input, patternError(pattern, err))
	case len(found) == 0:
		return nil, problem.Inputf("the pattern %s matches nothing; ** matches folders of any depth", excerpt(pattern))
	}
	return found, nil
}

// patternError returns the error for a pattern that can't be compiled.
func patternError(pattern string, err error) error {
	if errors.Is(err, glob.ErrTooComplex) {
		return fmt.Errorf("the pattern %s is too complex: %w; use fewer braces", excerpt(pattern), err)
	}
	return fmt.Errorf("the pattern %s is malformed; %w", excerpt(pattern), err)
}
