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
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
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

	// Hidden is a file below the folder that may be one of those and can't be searched, or a link that may be one of
	// those and can't be followed, with its cause; "" if there is none.
	Hidden string
	Cause  error
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
			s.searchLinks(path)
			if !yaml {
				s.searchYAML(path)
			}
		}
		sources = append(sources, s)
	}
	return sources
}

// searchLinks finds the first link to a folder below root. [payloadFiles] does not follow it. A link that can't be
// followed may be one, unless its name is that of a file.
func (s *Source) searchLinks(root string) {
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
		switch info, err := os.Stat(path); {
		case err == nil && info.IsDir():
			s.Link = path
			return fs.SkipAll
		case err != nil && !isPayload(entry.Name()) && !isYAML(entry.Name()):
			s.hide(path, err)
		}
		return nil
	})
}

// hide records the first file or link that can't be searched.
func (s *Source) hide(path string, err error) {
	if s.Hidden == "" {
		s.Hidden, s.Cause = path, problem.Cause(err)
	}
}

// maxYAML is the number of bytes of a YAML file in which [Sources] and [NamesType] look for the type of a payload.
const maxYAML = 1 << 20

// NamesType reports whether a file in YAML or JSON has a member type at the top level, also of an element of a list,
// that names an integration type.
func NamesType(file string) bool {
	data, err := readfile.Head(file, maxYAML)
	if err != nil {
		return false
	}
	types, _ := yamlTypes(data, looseType())
	return slices.ContainsFunc(types, func(value string) bool {
		return slices.Contains(typeNames(), atlas.TypeName(value))
	})
}

// looseType matches what may be a member type in text that is not YAML, such as a template that yields YAML.
var looseType = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)(?:^|[^\w.-])["']?type["']?\s*:[ \t]*["']?([^"'#,}\r\n]*)`)
})

// yamlTypes returns the values of the members type at the top level of each document, and of the elements of lists
// there: "" for a value that is not a scalar. In text that is not YAML, or is cut off, any member type counts that the
// expression matches, if it is not nil; the error is [errNoText] if such data is not text either.
func yamlTypes(data []byte, loose *regexp.Regexp) (values []string, err error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var document yaml.Node
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			return values, nil
		case err != nil:
			if bytes.IndexByte(data, 0) >= 0 {
				return values, errNoText
			}
			return append(values, found(loose, data)...), nil
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

// searchYAML finds the first file below root that may be a payload in YAML: it has a member type at the top level, or
// its text is not YAML and has one anywhere.
func (s *Source) searchYAML(root string) {
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
		data, err := readfile.Regular(path, maxYAML)
		var types []string
		if err == nil {
			types, err = yamlTypes(data, looseType())
		}
		switch {
		case len(types) > 0:
			s.YAML = path
			return fs.SkipAll
		case err != nil:
			s.hide(path, err)
		}
		return nil
	})
}

// errNoText is the error for a file whose text is unknown, such as UTF-16 without a byte order mark.
var errNoText = errors.New("it has NUL bytes; save it as UTF-8")
