package workspace

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/glob"
)

// Covers reports whether [Expand] would select a file by a folder or a pattern among the paths if the file existed.
func Covers(paths []string, file string, yaml bool) bool {
	return slices.ContainsFunc(paths, func(name string) bool {
		if name == Stdin {
			return false
		}
		info, err := os.Stat(name)
		switch {
		case err == nil && info.IsDir():
			return (isPayload(filepath.Base(file)) || yaml && isYAML(filepath.Base(file))) && isBelow(name, file)
		case err != nil && isPattern(name, err):
			return patternSelects(name, file)
		}
		return false
	})
}

// isBelow reports whether a file is in a folder, and in no folder below it that is skipped. Links are followed.
func isBelow(folder, file string) bool {
	parent := realFolder(filepath.Dir(file))
	below, err := filepath.Rel(realFolder(folder), parent)
	return err == nil && filepath.IsLocal(below) &&
		!slices.ContainsFunc(strings.Split(below, string(filepath.Separator)), func(name string) bool { return name != "." && isSkipped(name) })
}

// realFolder returns the absolute path of a folder without links, or the path itself if that fails.
func realFolder(folder string) string {
	if resolved, err := filepath.EvalSymlinks(folder); err == nil {
		folder = resolved
	}
	if absolute, err := filepath.Abs(folder); err == nil {
		folder = absolute
	}
	return folder
}

// patternSelects reports whether a pattern matches the path of a file, both relative to the same folder. It skips the
// folders that [patternFiles] skips.
func patternSelects(pattern, file string) bool {
	pattern, file = filepath.ToSlash(filepath.Clean(pattern)), filepath.ToSlash(filepath.Clean(file))
	p, err := glob.Compile(pattern, glob.NewBudget())
	return err == nil && p.Match(file) && !slices.ContainsFunc(strings.Split(path.Dir(file), "/"), func(folder string) bool {
		return folder != "." && folder != ".." && isSkipped(folder) && !strings.Contains(pattern, folder)
	})
}
