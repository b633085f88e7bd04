package workspace

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
)

// UnreadPayload returns the first file below the folders that may be a payload of one of the integration types, but has
// a name that is not read, such as prometheus.json.bak, and that type. The file is "" if there is none. Files that
// can't be read, or are larger than 1 MiB, don't count.
func UnreadPayload(folders, types []string) (file, typ string) {
	for _, folder := range folders {
		top := folder + string(filepath.Separator) // follows the folder if it is a link
		_ = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil //nolint:nilerr // validating the folder reports the error
			case entry.IsDir() && path != top && isSkipped(entry.Name()):
				return fs.SkipDir
			case entry.IsDir() || !isUnread(entry.Name()):
				return nil
			}
			if typ = typeIn(path, types); typ == "" {
				return nil
			}
			file = path
			return fs.SkipAll
		})
		if file != "" {
			return file, typ
		}
	}
	return "", ""
}

// isUnread reports whether a file below a folder has the name of a payload that is not read: an extension in its name
// has the name of a format.
func isUnread(name string) bool {
	if isPayload(name) || isYAML(name) || savefile.IsDraft(name) {
		return false
	}
	_, extensions, _ := strings.Cut(strings.ToLower(name), ".")
	return slices.ContainsFunc([]string{"json", "jsn", "yaml", "yml"}, func(format string) bool {
		return strings.Contains(extensions, format)
	})
}

// typeIn returns the first of the types that a file may have a payload of, "" if there is none.
func typeIn(file string, types []string) string {
	data, err := readfile.Regular(file, maxYAML)
	if err != nil {
		return ""
	}
	names, _ := yamlTypes(data, looseType())
	for _, name := range names {
		if typ := atlas.TypeName(name); slices.Contains(types, typ) {
			return typ
		}
	}
	return ""
}
