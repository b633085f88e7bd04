package workspace

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/yamlpos"
)

// maxPayloads is the size in bytes of the largest file that [HasPayload] reads.
const maxPayloads = 64 << 20

// HasPayload reports whether a file has a payload: JSON, NDJSON or a list with a member type at its top level that
// names an integration type or looks like one. Other JSON, such as a report or a schema, has none. A file with a syntax
// error has a payload if it has such a member anywhere. YAML counts in a file with the name of YAML only.
func HasPayload(file string) bool {
	data, err := readfile.Regular(file, maxPayloads)
	if err != nil {
		return false
	}
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	var types []string
	switch {
	case bytes.HasPrefix(data, []byte("{")), bytes.HasPrefix(data, []byte("[")):
		types = jsonTypes(data)
	case yamlpos.IsName(filepath.Base(file)):
		types, _ = yamlTypes(data, typeLine())
	case bytes.HasPrefix(data, []byte("//")), bytes.HasPrefix(data, []byte("/*")), bytes.IndexByte(data, 0) >= 0: // in UTF-16
		types = found(looseType(), bytes.ReplaceAll(data, []byte{0}, nil))
	}
	return slices.ContainsFunc(types, isTypeName)
}

// IsConfigName reports whether a file has the name of a configuration, or one that may be meant as it.
func IsConfigName(file string) bool {
	name := filepath.Base(file)
	return name == ConfigName || name == misspelled
}

// PayloadIn returns the path of the first file with a payload that is directly in a folder, "" if there is none.
func PayloadIn(folder string) string {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return ""
	}
	for _, entry := range entries {
		file := filepath.Join(folder, entry.Name())
		if (isPayload(entry.Name()) || isYAML(entry.Name())) && HasPayload(file) {
			return file
		}
	}
	return ""
}

// isTypeName reports whether a text is the name of an integration type in any spelling, or has the form of one.
func isTypeName(text string) bool {
	return typeForm().MatchString(text) || slices.Contains(typeNames(), atlas.TypeName(text))
}

var typeForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Z]{2,}(_[A-Z0-9]+)*$`) })

// jsonTypes returns the values of the members type at the top level of each JSON value, and of the elements of lists.
// After a syntax error, any member type counts.
func jsonTypes(data []byte) (types []string) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	for {
		var value any
		err := decoder.Decode(&value)
		switch {
		case errors.Is(err, io.EOF):
			return types
		case err != nil:
			return append(types, found(looseType(), data)...)
		}
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		for _, element := range list {
			members, _ := element.(map[string]any)
			if name, ok := members["type"].(string); ok {
				types = append(types, name)
			}
		}
	}
}

// typeLine matches a member type at the beginning of a line. Reports show others.
var typeLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^(?:- +)?["']?type["']?\s*:[ \t]*["']?([^"'#,}\r\n]*)`)
})

// found returns the first groups of all matches.
func found(expression *regexp.Regexp, data []byte) (groups []string) {
	for _, match := range expression.FindAllSubmatch(data, -1) {
		groups = append(groups, strings.TrimSpace(string(match[1])))
	}
	return groups
}
