package savefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
	"github.com/atlasint/atlasint/internal/redact"
)

// NewFile is a file to create.
type NewFile struct {
	Path string // below the folder
	Data []byte
}

// CreateAll creates files below a folder, and the folders that they need: all, or none if one of them fails. It
// overwrites no file: for one that exists the error is [ErrExists]. Signals that stop the command wait until it
// returns.
func CreateAll(folder *os.Root, files []NewFile) error {
	defer stopsignal.Delay()()
	var created []string // a folder is before its contents
	for _, f := range files {
		folders, err := createFolders(folder, filepath.Dir(f.Path))
		created = append(created, folders...)
		name := filepath.Join(folder.Name(), f.Path)
		if err != nil {
			return problem.Failuref("can't create the folder of %s: %w", redact.Path(name), problem.Cause(errors.Join(err, undo(folder, created))))
		}
		if err := create(folder, f.Path, f.Data, nil); err != nil {
			return Error(name, errors.Join(err, undo(folder, created)))
		}
		created = append(created, f.Path)
	}
	return nil
}

// undo removes new files and folders, the last one first.
func undo(folder *os.Root, created []string) (err error) {
	for _, path := range slices.Backward(created) {
		err = errors.Join(err, folder.Remove(path))
	}
	return err
}

// createFolders creates a folder and its parents. It returns those that did not exist.
func createFolders(folder *os.Root, path string) (created []string, err error) {
	if path == "." {
		return nil, nil
	}
	if created, err = createFolders(folder, filepath.Dir(path)); err != nil {
		return created, err
	}
	err = folder.Mkdir(path, 0o755)
	if err == nil {
		return append(created, path), nil
	}
	if !errors.Is(err, fs.ErrExist) {
		return created, err
	}
	info, err := folder.Stat(path) // it may be a link
	if err == nil && !info.IsDir() {
		err = syscall.ENOTDIR
	}
	return created, err
}
