package workspace

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/yamltree"
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

// maxYAML is the number of bytes of a YAML file in which [unreadYAML] and [NamesType] look for the type of a payload.
const maxYAML = 1 << 20

// NamesType reports whether a YAML file has a member type at the top level, also of an element of a list, that names an
// integration type.
func NamesType(file string) bool {
	data, err := readfile.Head(file, maxYAML)
	return err == nil && slices.ContainsFunc(yamlTypes(data), func(value string) bool {
		return slices.Contains(typeNames(), atlas.TypeName(value))
	})
}

// looseType matches what may be a member type in text that is not YAML, such as a template that yields YAML.
var looseType = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)(?:^|[\s,{])["']?type["']?\s*:[ \t]*["']?([^"'#,}\r\n]*)`)
})

// yamlTypes returns the values of the members type at the top level of each document, and of the elements of lists
// there: "" for a value that is not a scalar. In text that is not YAML, or is cut off, any member type counts.
func yamlTypes(data []byte) (values []string) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var document yaml.Node
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			return values
		case err != nil:
			for _, found := range looseType().FindAllSubmatch(data, -1) {
				values = append(values, strings.TrimSpace(string(found[1])))
			}
			return values
		}
		for _, root := range document.Content {
			values = appendTypes(values, root, 0)
		}
	}
}

// maxNesting bounds the lists and merged mappings that [appendTypes] looks into: an alias may contain itself.
const maxNesting = 4

func appendTypes(values []string, node *yaml.Node, nesting int) []string {
	if nesting > maxNesting {
		return values
	}
	for key, value := range yamltree.Pairs(node) {
		switch yamltree.Resolve(key).Value {
		case "type":
			values = append(values, value.Value)
		case "<<":
			values = appendTypes(values, value, nesting+1)
		}
	}
	for _, element := range yamltree.Elements(node) {
		values = appendTypes(values, element, nesting+1)
	}
	return values
}

// unreadYAML returns the first file below root that may be a payload in YAML, "" if there is none: it has a member type
// at the top level, or its text is not YAML and has one anywhere.
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
		if data, err := readfile.Head(path, maxYAML); err == nil && len(yamlTypes(data)) > 0 {
			file = path
			return fs.SkipAll
		}
		return nil
	})
	return file
}
