package workspace

import (
	"bytes"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
)

// UnreadPayload returns the first file below the folders that may be a payload of one of the integration types, but has
// a name that is not read, such as prometheus.json.bak, datadog.off or .datadog.yaml, and that type. The file is "" if
// there is none. Files that can't be read, or are larger than 1 MiB, count only if the name has the extension of a
// payload file, and begins with a dot. The type is "" then, and cause is the error.
func UnreadPayload(folders, types []string) (file, typ string, cause error) {
	for _, folder := range folders {
		top := folder + string(filepath.Separator) // follows the folder if it is a link
		_ = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil //nolint:nilerr // validating the folder reports the error
			case entry.IsDir() && path != top && isSkipped(entry.Name()):
				return fs.SkipDir
			case entry.IsDir() || isPayload(entry.Name()) || isYAML(entry.Name()) || savefile.IsDraft(entry.Name()):
				return nil
			}
			typ, cause = typeIn(path, types)
			if typ == "" && (cause == nil || !isFormat(entry.Name())) {
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

// hasFormat reports whether an extension in the name of a file has the name of a format.
func hasFormat(name string) bool {
	_, extensions, _ := strings.Cut(strings.ToLower(name), ".")
	return slices.ContainsFunc([]string{"json", "jsn", "yaml", "yml"}, func(format string) bool {
		return strings.Contains(extensions, format)
	})
}

// typeIn returns the first of the types that a file may have a payload of, "" if there is none. The error is that of a
// file that can't be searched. In a text with the name of another format, such as a page with examples, only a whole
// document counts.
func typeIn(file string, types []string) (string, error) {
	data, err := readfile.Regular(file, maxYAML)
	if err != nil {
		return "", err
	}
	loose := looseType()
	if !hasFormat(filepath.Base(file)) && !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		loose = nil
	}
	names, err := yamlTypes(data, loose)
	for _, name := range names {
		if typ := atlas.TypeName(name); slices.Contains(types, typ) {
			return typ, nil
		}
	}
	return "", err
}
