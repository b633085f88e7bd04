package editor

import (
	"bytes"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// UpdateResult is the result of [Update].
type UpdateResult struct {
	Schemas   int      // in the folder, without the catalog
	Changed   int      // files that were written
	Leftovers []string // paths of files that another version wrote and this one does not
}

// Update writes the schemas for editors that are missing or different in the folder dir, and creates it if necessary.
// base is the URL of the folder in the catalog; empty means the folder itself. Update checks all files before it writes
// the first one, and returns an error for a file of another origin.
func Update(dir, base string) (UpdateResult, error) {
	base, err := baseURL(base, dir)
	if err != nil {
		return UpdateResult{}, err
	}
	files, err := schemaFiles(base)
	if err != nil {
		return UpdateResult{}, problem.Of(problem.Failure, err)
	}
	folder, err := savefile.OpenFolder(dir)
	if err != nil {
		return UpdateResult{}, err
	}
	defer folder.Close()
	stale, err := outdated(folder, files)
	if err != nil {
		return UpdateResult{}, err
	}
	changed := make([]savefile.NewFile, len(stale))
	for i, f := range stale {
		changed[i] = savefile.NewFile{Path: filepath.FromSlash(f.Path), Data: f.Data}
	}
	if err := savefile.ReplaceAll(folder, changed); err != nil {
		return UpdateResult{}, err
	}
	done := UpdateResult{Schemas: len(files) - 1, Changed: len(stale)}
	for _, path := range leftovers(folder, files) {
		done.Leftovers = append(done.Leftovers, filepath.Join(dir, path))
	}
	return done, nil
}

// HasSchemas reports whether a folder has the catalog of [Update], so that a run only updates its files.
func HasSchemas(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, catalog))
	return err == nil
}

// baseURL returns the base URL of the schemas with a slash at its end; by default, that of the folder itself.
func baseURL(base, dir string) (string, error) {
	if base != "" {
		u, err := url.Parse(base)
		if err != nil || !u.IsAbs() || u.Opaque != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return "", problem.Inputf("--base-url must be an absolute URL without user, query and fragment, such as https://example.com/schemas")
		}
		return strings.TrimSuffix(base, "/") + "/", nil
	}
	whole, err := filepath.Abs(dir)
	if err != nil {
		return "", problem.Failuref("can't find the working directory: %w", err)
	}
	whole = filepath.ToSlash(whole)
	if !strings.HasPrefix(whole, "/") {
		whole = "/" + whole // C:/folder
	}
	return (&url.URL{Scheme: "file", Path: strings.TrimSuffix(whole, "/") + "/"}).String(), nil
}

// outdated returns the files that are missing or different in the folder. It returns an error for a file of another
// origin.
func outdated(folder *os.Root, files []schemaFile) ([]schemaFile, error) {
	var stale []schemaFile
	for _, f := range files {
		path := filepath.FromSlash(f.Path)
		full := filepath.Join(folder.Name(), path)
		found, err := savefile.ReadIn(folder, path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			stale = append(stale, f)
		case err != nil:
			return nil, savefile.Error(full, err)
		case bytes.Equal(found, f.Data):
		case isOwn(found):
			stale = append(stale, f)
		default:
			return nil, problem.Inputf("%s is not one of these schemas; move the file, or choose another folder", redact.Path(full))
		}
	}
	return stale, nil
}

// leftovers returns the paths of files that another version wrote and this one does not.
func leftovers(folder *os.Root, files []schemaFile) []string {
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
			if data, err := savefile.ReadIn(folder, path); err == nil && !known[path] && isOwn(data) {
				left = append(left, path)
			}
		}
	}
	return left
}
