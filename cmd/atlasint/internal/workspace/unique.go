package workspace

import (
	"os"
	"path/filepath"
)

// Unique removes the files that the list already has under another spelling or through a symbolic link. Two files
// are the same only if their keys are equal too. Hard links are distinct files. Of a link and its target, the target
// stays, in the place of the first of them: --fix corrects no links. It reuses the list.
func Unique(files []string, key func(file string) string) []string {
	type identity struct{ path, key string }
	chosen := map[identity]int{} // the index in the list
	folders := map[string]string{}
	unique := files[:0]
	for _, file := range files {
		id := identity{resolve(file, folders), key(file)}
		i, repeated := chosen[id]
		switch {
		case !repeated:
			chosen[id] = len(unique)
			unique = append(unique, file)
		case isLink(unique[i]) && !isLink(file):
			unique[i] = file
		}
	}
	return unique
}

func isLink(file string) bool {
	_, err := os.Readlink(file)
	return err == nil
}

// resolve returns the path of a file without symbolic links. A part that does not exist is kept. The map caches the
// resolved folders.
func resolve(file string, folders map[string]string) string {
	if file == Stdin {
		return file
	}
	dir, name := filepath.Split(file) // not cleaned: .. after a link is the parent of its target
	resolved, ok := folders[dir]
	if !ok {
		resolved = withoutLinks(dir)
		folders[dir] = resolved
	}
	whole := filepath.Join(resolved, name)
	if _, err := os.Readlink(whole); err != nil {
		return whole // not a link
	}
	return withoutLinks(whole)
}

// withoutLinks returns the absolute path of an existing file without symbolic links.
func withoutLinks(path string) string {
	if dir, err := os.Getwd(); err == nil && !filepath.IsAbs(path) {
		path = dir + string(filepath.Separator) + path
	}
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		return resolved
	}
	return filepath.Clean(path)
}
