// Package publish writes the API reference into a folder.
package publish

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/internal/gen/reference"
	"github.com/atlasint/atlasint/internal/redact"
)

// Result describes the files that [Reference] wrote.
type Result struct {
	Total, Changed int
	Leftovers      []string // paths of pages of another version, which it keeps
}

// Reference writes the pages into a folder, and creates it if necessary. It overwrites the reference of another
// version. It returns an error for a folder with other files, before it writes the first file.
func Reference(dir string) (Result, error) {
	folder, err := savefile.OpenFolder(dir)
	if err != nil {
		return Result{}, err
	}
	defer folder.Close()
	if err := checkOwn(folder); err != nil {
		return Result{}, err
	}
	files := reference.Files()
	var changed []savefile.NewFile
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if found, err := savefile.ReadIn(folder, name); err == nil && string(found) == files[name] {
			continue
		}
		changed = append(changed, savefile.NewFile{Path: name, Data: []byte(files[name])})
	}
	if err := savefile.ReplaceAll(folder, changed); err != nil {
		return Result{}, err
	}
	done := Result{Total: len(files), Changed: len(changed)}
	done.Leftovers, err = leftovers(folder, files)
	return done, err
}

// mark is in each page of the reference.
var mark = []byte(`<meta name="generator" content="atlasint reference"/>`)

// checkOwn returns an error for a folder that is not empty and has no reference.
func checkOwn(folder *os.Root) error {
	entries, err := fs.ReadDir(folder.FS(), ".")
	if err != nil {
		return problem.Failuref("can't read %s: %w", redact.Path(folder.Name()), problem.Cause(err))
	}
	if len(entries) == 0 {
		return nil
	}
	index, err := savefile.ReadIn(folder, "index.html")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return savefile.ReadError(filepath.Join(folder.Name(), "index.html"), err)
	}
	if !bytes.Contains(index, mark) {
		return problem.Inputf("%s contains files that are not of the reference; choose an empty folder", redact.Path(folder.Name()))
	}
	return nil
}

// leftovers returns the paths of pages that another version wrote and this one does not.
func leftovers(folder *os.Root, files map[string]string) (left []string, err error) {
	names, err := fs.Glob(folder.FS(), "*.html")
	for _, name := range names {
		if _, known := files[name]; known {
			continue
		}
		if data, err := savefile.ReadIn(folder, name); err == nil && bytes.Contains(data, mark) {
			left = append(left, filepath.Join(folder.Name(), name))
		}
	}
	return left, err
}
