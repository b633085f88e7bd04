package workspace

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// place is the folder of files, as written and by each symbolic link on their path. All its folders count for the
// search of configurations that are not used.
type place struct {
	file    string   // the path of the first file
	folders []string // absolute, with that of the path as written first and that without links last
}

// placesOf returns the distinct places of files, except of [Stdin].
func placesOf(files []string) (places []place) {
	seen, ofFolder := map[string]bool{}, map[string][]string{}
	for _, file := range files {
		if file == Stdin {
			continue
		}
		folder, name := filepath.Split(file) // not cleaned: .. after a link is the parent of its target
		folders, ok := ofFolder[folder]
		if !ok {
			folders = withLinked(folder)
			ofFolder[folder] = folders
		}
		if info, err := os.Lstat(file); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			folders = withLinked(folder, name)
		}
		if key := strings.Join(folders, "\x00"); len(folders) > 0 && !seen[key] {
			seen[key] = true
			places = append(places, place{file, folders})
		}
	}
	return places
}

// withLinked returns the absolute path of a folder, and those with the targets of symbolic links in place of the links,
// each once; with the name of a link in the folder, also the folders of its targets. There are none if the working
// directory is unknown.
func withLinked(folder string, link ...string) (folders []string) {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return nil
	}
	folders = append(folders, absolute)
	add := func(folder string) {
		if !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	for _, path := range linkedPaths(folder) {
		add(path)
	}
	for _, name := range link {
		for _, path := range linkedPaths(folder + name) {
			add(filepath.Dir(path))
		}
	}
	return folders
}

// visit passes each folder to a function that returns the folder of the configuration that decides there, "" if none
// does, and whether to go on. It also passes the path of the file if the folder is that of a link, else "".
//
// A link that points outside the folder of the configuration that decides about the path as written does not count:
// several projects may share a file.
func (p place) visit(in func(folder, link string) (decides string, more bool)) {
	decides, more := in(p.folders[0], "")
	if decides != "" {
		decides = withoutLinks(decides)
	}
	for _, folder := range p.folders[1:] {
		if more && (decides == "" || isWithin(decides, folder)) {
			_, more = in(folder, p.file)
		}
	}
}

// maxLinks is the number of symbolic links that [linkedPaths] follows, as filepath.EvalSymlinks does.
const maxLinks = 255

// linkedPaths returns the absolute paths with the targets of symbolic links in place of the links, one for each link,
// from left to right. The last one has no links.
func linkedPaths(path string) (paths []string) {
	if dir, err := os.Getwd(); err == nil && !filepath.IsAbs(path) {
		path = dir + string(filepath.Separator) + path
	}
	resolved, rest := splitRoot(path)
	pending := false // the path with the target of a link is not in the list yet
	for links := 0; len(rest) > 0 && links <= maxLinks; {
		if pending && !slices.Contains(rest, "..") {
			paths = append(paths, filepath.Join(resolved, filepath.Join(rest...)))
			pending = false
		}
		if rest[0] == ".." {
			resolved, rest = filepath.Dir(resolved), rest[1:]
			continue
		}
		next := filepath.Join(resolved, rest[0])
		target, err := os.Readlink(next)
		if err != nil {
			resolved, rest = next, rest[1:]
			continue
		}
		links++
		pending = true
		root, names := splitRoot(target)
		if filepath.IsAbs(target) {
			resolved = root
		}
		rest = slices.Concat(names, rest[1:])
	}
	if pending {
		paths = append(paths, resolved)
	}
	return append(paths, withoutLinks(path)) // also without short names of Windows
}

// splitRoot returns the root of a path and the names after it.
func splitRoot(path string) (root string, names []string) {
	volume := filepath.VolumeName(path)
	for _, name := range strings.FieldsFunc(path[len(volume):], func(r rune) bool { return os.IsPathSeparator(uint8(r)) }) {
		if name != "." {
			names = append(names, name)
		}
	}
	return volume + string(filepath.Separator), names
}
