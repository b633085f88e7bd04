package editor

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// Outdated returns the files that are missing or different in the folder. It returns an error for a file of another
// origin.
func Outdated(folder *os.Root, files []File) ([]File, error) {
	var stale []File
	for _, f := range files {
		path := filepath.FromSlash(f.Path)
		full := filepath.Join(folder.Name(), path)
		found, err := workspace.ReadIn(folder, path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			stale = append(stale, f)
		case err != nil:
			return nil, workspace.SaveError(full, err)
		case bytes.Equal(found, f.Data):
		case IsOwn(found):
			stale = append(stale, f)
		default:
			return nil, exit.Usagef("%s is not one of these schemas; move the file, or choose another folder", redact.Path(full))
		}
	}
	return stale, nil
}

// SaveSchema writes a file below the folder, and creates its folder if necessary.
func SaveSchema(folder *os.Root, f File) error {
	path := filepath.FromSlash(f.Path)
	if err := folder.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return workspace.SaveIn(folder, path, f.Data, true)
}

// Leftovers returns the paths of files that another version wrote and this one does not.
func Leftovers(folder *os.Root, files []File) []string {
	known := map[string]bool{}
	for _, f := range files {
		known[filepath.FromSlash(f.Path)] = true
	}
	var left []string
	for _, version := range atlas.Versions() {
		found, err := fs.ReadDir(folder.FS(), version)
		if err != nil {
			continue
		}
		for _, entry := range found {
			path := filepath.Join(version, entry.Name())
			if data, err := workspace.ReadIn(folder, path); err == nil && !known[path] && IsOwn(data) {
				left = append(left, path)
			}
		}
	}
	return left
}
