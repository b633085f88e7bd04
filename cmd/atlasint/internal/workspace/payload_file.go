package workspace

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/yamlpos"
	"github.com/atlasint/atlasint/internal/yamltree"
)

// maxPayloads is the size in bytes of the largest file that [IsPayload] reads.
const maxPayloads = 64 << 20

// IsPayload reports whether a file may be a payload, in JSON, NDJSON, a list or YAML: it has a member type at its top
// level that names an integration type or has the form of one, as types of a newer Atlas do, or the fields of a
// type. It also reports whether it names a known type. Other data, such as a report or a schema, is no payload. In a
// file with a syntax error, a member type counts anywhere. YAML in a file with another name counts up to 1 MiB.
func IsPayload(file string) (is, isKnown bool) {
	found := readContents(file)
	names, isKnown := found.namesType()
	return names || slices.ContainsFunc(found.objects, hasFields), isKnown
}

// contents are the values of the members type in a file, and the names of the members of the objects at its top level.
type contents struct {
	types   []string
	objects [][]string
}

// namesType reports whether a member type may be an integration type, and whether it is a known one.
func (c *contents) namesType() (names, isKnown bool) {
	isKnown = slices.ContainsFunc(c.types, isTypeName)
	return isKnown || slices.ContainsFunc(c.types, typeForm().MatchString), isKnown
}

func readContents(file string) (c contents) {
	data, err := readfile.Regular(file, maxPayloads)
	if err != nil {
		return c
	}
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(data, []byte("{")), bytes.HasPrefix(data, []byte("[")):
		if err := c.readJSON(data); err != nil { // any member type counts
			c.types = append(c.types, found(looseType(), data)...)
			c.objects = append(c.objects, yamlObjects(data)...)
		}
	case yamlpos.IsName(filepath.Base(file)):
		c.types, _ = yamlTypes(data, typeLine())
		c.objects = yamlObjects(data)
	case bytes.HasPrefix(data, []byte("//")), bytes.HasPrefix(data, []byte("/*")), bytes.IndexByte(data, 0) >= 0: // in UTF-16
		c.types = found(looseType(), bytes.ReplaceAll(data, []byte{0}, nil))
	case len(data) <= maxYAML:
		c.types, _ = yamlTypes(data, typeLine())
		c.objects = yamlObjects(data)
	}
	return c
}

// IsConfig reports whether a file is a configuration: it has its name, or one that may be meant as it, or no other keys
// than a configuration, as a file with another name that one extends.
func IsConfig(file string) bool {
	if isConfigName(filepath.Base(file)) {
		return true
	}
	data, err := readfile.Regular(file, maxYAML)
	if err != nil {
		return false
	}
	objects := yamlObjects(data)
	return len(objects) == 1 && len(objects[0]) > 0 && !slices.ContainsFunc(objects[0], func(name string) bool {
		return !slices.ContainsFunc(Keys(), func(k Key) bool { return k.Name == name })
	})
}

func isConfigName(name string) bool { return name == ConfigName || name == misspelled }

// PayloadIn returns the path of the first file with a payload of a known type that is directly in a folder, else of the
// first with a member type that may name one; "" if there is none.
func PayloadIn(folder string) (file string, isKnown bool) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", false
	}
	for _, entry := range entries {
		name := filepath.Join(folder, entry.Name())
		if !isPayload(entry.Name()) && !isYAML(entry.Name()) {
			continue
		}
		contents := readContents(name)
		names, isKnown := contents.namesType()
		if isKnown {
			return name, true
		}
		if names && file == "" {
			file = name
		}
	}
	return file, false
}

// isTypeName reports whether a text is the name of an integration type in any spelling.
func isTypeName(text string) bool { return slices.Contains(typeNames(), atlas.TypeName(text)) }

var typeForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Z]{2,}(_[A-Z0-9]+)*$`) })

// hasFields reports whether an object with these members may be a payload of some type.
func hasFields(members []string) bool {
	for _, api := range atlas.Versions() {
		if slices.ContainsFunc(atlas.Types(api), func(t *atlas.Type) bool { return fits(t, members) }) {
			return true
		}
	}
	return false
}

// fits reports whether an object has a secret of a type, and has all its required fields or no others than its fields.
// A url alone does not count: other data has it too. The member type may be missing.
func fits(t *atlas.Type, members []string) bool {
	hasSecret, isComplete, known := false, true, 0
	for _, f := range t.Fields {
		if slices.Contains(members, f.Name) {
			known++
			hasSecret = hasSecret || f.Secret != "" && f.Name != "url"
		} else if f.Required && f.Name != "type" {
			isComplete = false
		}
	}
	return hasSecret && (isComplete || known == len(members))
}

// readJSON reads the objects at the top level of each JSON value, and the elements of lists.
func (c *contents) readJSON(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	for {
		var value any
		err := decoder.Decode(&value)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		for _, element := range list {
			members, ok := element.(map[string]any)
			if !ok {
				continue
			}
			if name, ok := members["type"].(string); ok {
				c.types = append(c.types, name)
			}
			c.objects = append(c.objects, slices.Collect(maps.Keys(members)))
		}
	}
}

// yamlObjects returns the names of the members of each mapping at the top level of YAML documents, and of the elements
// of lists there; none of a large file.
func yamlObjects(data []byte) (objects [][]string) {
	if len(data) > maxYAML {
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var document yaml.Node
		if decoder.Decode(&document) != nil {
			return objects
		}
		for _, root := range document.Content {
			objects = append(objects, memberNames(root))
			for _, element := range yamltree.Elements(root) {
				objects = append(objects, memberNames(element))
			}
		}
	}
}

// memberNames returns the names of the members of a mapping. It leaves out merged mappings.
func memberNames(node *yaml.Node) (names []string) {
	for name := range yamltree.Members(node) {
		if name != "<<" {
			names = append(names, name)
		}
	}
	return names
}

// typeLine matches a member type at the beginning of a line. Reports show others.
var typeLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^(?:- +)?["']?type["']?\s*:[ \t]*["']?([^"'#,}\r\n]*)`)
})

// found returns the first groups of all matches, none if the expression is nil.
func found(expression *regexp.Regexp, data []byte) (groups []string) {
	if expression == nil {
		return nil
	}
	for _, match := range expression.FindAllSubmatch(data, -1) {
		groups = append(groups, strings.TrimSpace(string(match[1])))
	}
	return groups
}
