package workspace

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/atlasint/atlasint/internal/redact"
)

// Source describes a path.
type Source struct {
	Name   string // for messages
	Folder bool   // the path is a folder
	Link   string // a link to another folder below the folder, which is not searched for payloads; "" if there is none
}

// Sources describes paths. It omits paths that can't be read: validating them reports the error.
func Sources(paths []string) (sources []Source) {
	for _, path := range paths {
		if path == Stdin {
			sources = append(sources, Source{Name: "standard input"})
			continue
		}
		info, err := os.Stat(path)
		if err != nil && !isPattern(path, err) {
			continue
		}
		s := Source{Name: redact.Path(path), Folder: err == nil && info.IsDir()}
		if s.Folder {
			s.Link = linkedFolder(path)
		}
		sources = append(sources, s)
	}
	return sources
}

// linkedFolder returns the first link to a folder below root, "" if there is none. [payloadFiles] does not follow it.
func linkedFolder(root string) (link string) {
	top := root + string(filepath.Separator)
	_ = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // reading it as a payload reports the error
		case entry.IsDir() && path != top && isSkipped(entry.Name()):
			return fs.SkipDir
		case entry.Type()&fs.ModeSymlink == 0 || isSkipped(entry.Name()):
			return nil
		}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			link = path
			return fs.SkipAll
		}
		return nil
	})
	return link
}
