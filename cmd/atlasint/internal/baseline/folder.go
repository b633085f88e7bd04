package baseline

import (
	"os"
	"path/filepath"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

// folder is the folder of a baseline, without links: the paths of its entries start there. Thus they name the same
// files in any working directory and on any machine.
type folder struct {
	dir   string
	names map[string]string // of inputs, by their names in reports
}

func folderOf(file string) folder { return folder{filepath.Dir(realPath(file)), map[string]string{}} }

// nameOf returns the name in the baseline for an input with a name in reports.
func (f folder) nameOf(name string) string {
	if name == report.Stdin {
		return name
	}
	known, ok := f.names[name]
	if !ok {
		known = name
		path := realPath(filepath.FromSlash(name))
		if rel, err := filepath.Rel(f.dir, path); err == nil {
			known = filepath.ToSlash(rel)
		}
		f.names[name] = known
	}
	return known
}

// lacks reports whether the file of an entry does not exist. It looks up files of the repository of the baseline only:
// the baseline may come from another person.
func (f folder) lacks(file string) bool {
	top := workspace.Repository(f.dir)
	path := filepath.FromSlash(file)
	rel, err := filepath.Rel(top, filepath.Join(f.dir, path))
	if file == "" || file == report.Stdin || filepath.IsAbs(path) || err != nil || !filepath.IsLocal(rel) {
		return false
	}
	_, err = os.Lstat(filepath.Join(top, rel))
	return os.IsNotExist(err)
}

// realPath returns the absolute path of a file whose folder is resolved, so that ".." after a link is the parent of its
// target. The file itself may be a link. A part that does not exist stays unchanged.
func realPath(file string) string {
	absolute := file
	if dir, err := os.Getwd(); err == nil && !filepath.IsAbs(file) {
		absolute = dir + string(filepath.Separator) + file
	}
	parent, name := filepath.Split(absolute) // filepath.Dir would remove ".."
	if dir, err := filepath.EvalSymlinks(parent); err == nil {
		return filepath.Join(dir, name)
	}
	for dir, rest := filepath.Dir(absolute), name; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if resolved, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(resolved, rest)
		}
		rest = filepath.Join(filepath.Base(dir), rest)
	}
	return filepath.Clean(absolute)
}
