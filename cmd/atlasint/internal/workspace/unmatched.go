package workspace

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/glob"
	"github.com/atlasint/atlasint/internal/redact"
)

// Unmatched is a pattern of a configuration that matches no file.
type Unmatched struct {
	Config  string `json:"config"` // path of the configuration file
	Key     string `json:"key"`    // exclude, or such as overrides[1].paths
	Pattern string `json:"pattern"`

	shown  string // Config for messages
	folder string // where its files would be
	dir    string // where it starts
	match  *glob.Pattern
}

// Unmatched returns the patterns of exclude and overrides that match no file. It looks only at patterns all of whose
// files would be below a folder among the paths: other paths, such as the files of a commit, say nothing about a
// pattern. Patterns for folders that [Expand] skips are left out.
func (c *Config) Unmatched(paths []string) []Unmatched {
	var folders []string
	for _, path := range paths {
		if info, err := os.Stat(path); path != Stdin && err == nil && info.IsDir() {
			folders = append(folders, c.pathOf(path))
		}
	}
	left := c.patternsBelow(folders)
	for _, folder := range folders {
		left = withoutMatched(folder, left)
	}
	return left
}

// patternsBelow returns the patterns all of whose files would be below one of the folders.
func (c *Config) patternsBelow(folders []string) (list []Unmatched) {
	isSkippedFolder := func(name string) bool { return name != "." && name != ".." && isSkipped(name) }
	sets := slices.Clone(c.excluded)
	for _, o := range c.Overrides {
		sets = append(sets, o.matching)
	}
	for _, set := range sets {
		for i, text := range set.texts {
			u := Unmatched{set.of.file, set.key, text, set.of.shown, filepath.Join(set.of.dir, filepath.FromSlash(glob.Base(text))), set.of.dir, set.patterns[i]}
			if !slices.ContainsFunc(strings.Split(text, "/"), isSkippedFolder) &&
				slices.ContainsFunc(folders, func(folder string) bool { return isWithin(folder, u.folder) }) {
				list = append(list, u)
			}
		}
	}
	return list
}

// withoutMatched returns the patterns that match no file below a folder.
func withoutMatched(folder string, left []Unmatched) []Unmatched {
	top := folder + string(filepath.Separator) // follows the folder if it is a link
	_ = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case len(left) == 0:
			return fs.SkipAll
		case err != nil:
			return nil //nolint:nilerr // validating the folder reports the error
		case entry.IsDir() && path != top && isSkipped(entry.Name()):
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		left = slices.DeleteFunc(left, func(u Unmatched) bool { return matches(u.dir, path, []*glob.Pattern{u.match}) })
		return nil
	})
	return left
}

// UnmatchedNote returns a note about the patterns of overrides that match no file, "" if there are none or if a flag
// names the configuration, which may be for several repositories. It says nothing about exclude: a list of exceptions
// may be for files of the future.
func (c *Config) UnmatchedNote(paths []string) string {
	if !c.searched || len(c.Overrides) == 0 {
		return ""
	}
	list := slices.DeleteFunc(c.Unmatched(paths), func(u Unmatched) bool { return u.Key == excludeKey })
	if len(list) == 0 {
		return ""
	}
	u, more := list[0], ""
	if n := len(list) - 1; n > 0 {
		more = fmt.Sprintf(" (and %d more; --print-config lists all)", n)
	}
	next := "correct the pattern, which starts in the folder of " + redact.Path(filepath.Base(u.Config)) + ", or remove it"
	if info, err := os.Stat(filepath.Join(u.dir, filepath.FromSlash(u.Pattern))); err == nil && info.IsDir() {
		next = "it is a folder; write " + excerpt(strings.TrimSuffix(u.Pattern, "/")) + "/** for its files"
	}
	return fmt.Sprintf("%s: %s: no file matches %s%s; %s", u.shown, u.Key, excerpt(u.Pattern), more, next)
}
