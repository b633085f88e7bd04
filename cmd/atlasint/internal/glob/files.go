package glob

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bmatcuk/doublestar/v4"
)

// Files returns the files that a pattern matches, in the order of their names. It opens each folder once, does
// not follow links to folders, and skips a folder for whose name skip returns true; neither applies to the part of
// the pattern before its first wildcard. A folder that can't be read is returned in the place of its files.
func Files(pattern string, skip func(folder string) bool) ([]string, error) {
	pattern = filepath.ToSlash(filepath.Clean(pattern))
	base, rest := doublestar.SplitPattern(pattern)
	p, err := Compile(rest, NewBudget())
	if err != nil {
		return nil, err
	}
	s := search{pattern: p, skip: skip, readDir: os.ReadDir, stat: os.Stat}
	s.walk(filepath.FromSlash(base), "")
	return s.files, nil
}

// search is a walk through the folders that a pattern can match files in.
type search struct {
	pattern *Pattern
	skip    func(folder string) bool
	readDir func(string) ([]fs.DirEntry, error)
	stat    func(string) (fs.FileInfo, error)
	files   []string
}

// walk searches a folder. The path below is that from the base of the search, with a slash at its end.
func (s *search) walk(folder, below string) {
	entries, err := s.readDir(folder) // sorted
	if err != nil {
		if below != "" {
			s.files = append(s.files, folder)
		}
		return
	}
	for _, entry := range entries {
		name := below + entry.Name()
		path := filepath.Join(folder, entry.Name())
		switch {
		case entry.IsDir():
			if !s.skip(entry.Name()) && s.pattern.mayMatchBelow(name) {
				s.walk(path, name+"/")
			}
		case s.pattern.Match(name) && !s.linksToFolder(entry, path):
			s.files = append(s.files, path)
		}
	}
}

func (s *search) linksToFolder(entry fs.DirEntry, path string) bool {
	if entry.Type()&fs.ModeSymlink == 0 {
		return false
	}
	info, err := s.stat(path)
	return err == nil && info.IsDir()
}
