package workspace

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/yamlpos"
)

// UnreadPayload returns the first file below the folders that may be a payload of one of the integration types, but has
// a name that is not read, such as prometheus.json.bak or .datadog.yaml, and that type. The file is "" if there is
// none. Files that can't be read, or are larger than 1 MiB, count only if the name has the extension of a payload file,
// and begins with a dot. The type is "" then, and cause is the error.
func UnreadPayload(folders, types []string) (file, typ string, cause error) {
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
			typ, cause = typeIn(path, types)
			if typ == "" && (cause == nil || !isJSON(entry.Name()) && !yamlpos.IsName(entry.Name())) {
				return nil
			}
			if file = path; cause != nil {
				cause = problem.Cause(cause)
			}
			return fs.SkipAll
		})
		if file != "" {
			return file, typ, cause
		}
	}
	return "", "", nil
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

// typeIn returns the first of the types that a file may have a payload of, "" if there is none. The error is that of a
// file that can't be searched.
func typeIn(file string, types []string) (string, error) {
	data, err := readfile.Regular(file, maxYAML)
	if err != nil {
		return "", err
	}
	names, err := yamlTypes(data, looseType())
	for _, name := range names {
		if typ := atlas.TypeName(name); slices.Contains(types, typ) {
			return typ, nil
		}
	}
	return "", err
}
