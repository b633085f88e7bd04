package workspace

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// Source describes a path.
type Source struct {
	Name   string // for messages
	Folder bool   // the path is a folder
	Link   string // a link to another folder below the folder, which is not searched for payloads; "" if there is none
	YAML   string // a file below the folder that may be a payload in YAML and is not read; "" if there is none
}

// Sources describes paths. It omits paths that can't be read: validating them reports the error. With yaml, YAML below
// folders is read.
func Sources(paths []string, yaml bool) (sources []Source) {
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
			if !yaml {
				s.YAML = unreadYAML(path)
			}
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

// maxYAMLHead is the number of bytes in which [unreadYAML] and [NamesType] look for the type of a payload.
const maxYAMLHead = 64 << 10

// typeLine matches a member type at the top level of YAML, with its value on the same line.
var typeLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^["']?type["']?\s*:[ \t]*([^#\r\n]*)`) })

// NamesType reports whether a YAML file has a member type at the top level that names an integration type.
func NamesType(file string) bool {
	head, err := readfile.Head(file, maxYAMLHead)
	return err == nil && slices.ContainsFunc(typeLine().FindAllSubmatch(head, -1), func(line [][]byte) bool {
		return slices.Contains(typeNames(), atlas.TypeName(string(line[1])))
	})
}

// unreadYAML returns the first file below root that may be a payload in YAML, "" if there is none: it has a member type
// at the top level.
func unreadYAML(root string) (file string) {
	top := root + string(filepath.Separator)
	_ = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // validating the folder reports the error
		case entry.IsDir() && path != top && isSkipped(entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || !isYAML(entry.Name()):
			return nil
		}
		if head, err := readfile.Head(path, maxYAMLHead); err == nil && typeLine().Match(head) {
			file = path
			return fs.SkipAll
		}
		return nil
	})
	return file
}
