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

// NewFile is a file to create or to replace.
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
		if err != nil {
			return folderError(folder, f, errors.Join(err, undo(folder, created)))
		}
		if err := create(folder, f.Path, f.Data, nil); err != nil {
			return Error(filepath.Join(folder.Name(), f.Path), errors.Join(err, undo(folder, created)))
		}
		created = append(created, f.Path)
	}
	return nil
}

// ReplaceAll is like [CreateAll], but overwrites files. It writes drafts of all before it replaces the first one. Only
// if the system then refuses to rename a draft, earlier files are replaced and later ones are not.
func ReplaceAll(folder *os.Root, files []NewFile) error {
	defer stopsignal.Delay()()
	var created, drafts []string
	for _, f := range files {
		folders, err := createFolders(folder, filepath.Dir(f.Path))
		created = append(created, folders...)
		if err != nil {
			return folderError(folder, f, errors.Join(err, undo(folder, created)))
		}
		draft, err := createDraft(folder, f.Path, f.Data)
		if err != nil {
			return Error(filepath.Join(folder.Name(), f.Path), errors.Join(err, undo(folder, created)))
		}
		created, drafts = append(created, draft), append(drafts, draft)
	}
	for i, f := range files {
		if err := folder.Rename(drafts[i], f.Path); err != nil {
			return Error(filepath.Join(folder.Name(), f.Path), errors.Join(err, undo(folder, drafts[i:])))
		}
	}
	return nil
}

func folderError(folder *os.Root, f NewFile, err error) error {
	name := filepath.Join(folder.Name(), f.Path)
	return problem.Failuref("can't create the folder of %s: %w", redact.Path(name), problem.Cause(err))
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
