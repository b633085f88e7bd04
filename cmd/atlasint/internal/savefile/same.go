package savefile

import (
	"os"
	"path/filepath"
)

// Same reports whether two paths name the same file, also by a link, and whether the file exists or not.
func Same(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return resolved(a) == resolved(b)
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}

// Below reports whether a path names a file below a folder, also by a link to the folder of the file.
func Below(folder, file string) bool {
	folder = resolved(folder)
	for _, at := range []string{resolved(file), filepath.Join(resolved(filepath.Dir(file)), filepath.Base(file))} {
		path, err := filepath.Rel(folder, at)
		if err == nil && path != "." && filepath.IsLocal(path) {
			return true
		}
	}
	return false
}

// resolved returns the absolute path of a file without links. Of a path that does not exist, it resolves the part that
// does.
func resolved(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	parent := filepath.Dir(path)
	if parent == path {
		return path
	}
	if target, err := os.Readlink(path); err == nil { // of a link to a missing file
		if !filepath.IsAbs(target) {
			target = filepath.Join(parent, target)
		}
		if _, err := os.Lstat(target); err != nil { // neither a chain nor a loop of links
			return filepath.Join(resolved(filepath.Dir(target)), filepath.Base(target))
		}
	}
	return filepath.Join(resolved(parent), filepath.Base(path))
}
