// Package editor makes what helps to write payloads in an editor: JSON Schemas that complete, explain and
// check a payload while it is typed, a catalogue of them, and a payload to start from.
//
// The schemas are transformed from the published ones of gen/schemas. They accept a reference, ${env:NAME} or
// ${file:PATH}, in place of any text; they are draft-07, which every editor knows in full; and they have the
// keywords by which the JSON service of VS Code and yaml-language-server show more. Otherwise both give
// the same verdict.
package editor

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/ordered"
)

// File is one file, by its slash-separated path below the folder that holds them all.
type File struct {
	Path string
	Data []byte
}

const (
	dialect = "http://json-schema.org/draft-07/schema#"
	ids     = "https://github.com/atlasint/atlasint/editors/" // names of schemas, not addresses
	union   = "integration"
	catalog = "catalog.json"
)

// Files are a schema for each type, GENERATION/TYPE.json; one for all types of a generation,
// GENERATION/integration.json; and catalog.json, whose links begin with base. They depend on base alone.
func Files(base string) ([]File, error) {
	var files []File
	add := func(path string, value any) error {
		data, err := ordered.Indent(value)
		files = append(files, File{path, data})
		return err
	}
	for _, g := range generations() {
		whole, err := unionSchema(g)
		if err != nil {
			return nil, err
		}
		if err := add(path(g.name, union), whole); err != nil {
			return nil, err
		}
		for _, t := range g.types {
			schema, err := typeSchema(t)
			if err != nil {
				return nil, err
			}
			if err := add(path(g.name, t.Name), schema); err != nil {
				return nil, err
			}
		}
	}
	return files, add(catalog, catalogOf(base))
}

// IsOwn reports whether data is a file of [Files], of this or another version.
func IsOwn(data []byte) bool {
	var file struct {
		ID      string `json:"$id"`
		Schemas []struct{ Name string }
	}
	if json.Unmarshal(data, &file) != nil {
		return false
	}
	for _, s := range file.Schemas {
		if !strings.HasPrefix(s.Name, entryName) {
			return false
		}
	}
	return strings.HasPrefix(file.ID, ids) || len(file.Schemas) > 0
}

func path(generation, name string) string { return generation + "/" + name + ".json" }

// generation is a generation of the API and its types, in their own order.
type generation struct {
	name  string
	types []*schemas.Type
}

// generations are all, the newest first.
func generations() []generation {
	list := []generation{{name: schemas.V2}, {name: schemas.V1}}
	for i := range schemas.Types {
		t := &schemas.Types[i]
		for j := range list {
			if list[j].name == t.APIVersion {
				list[j].types = append(list[j].types, t)
			}
		}
	}
	return list
}

// entryName begins the names of all entries of the catalogue.
const entryName = "MongoDB Atlas integration"

// folders are where payloads lie by convention; the pre-commit hooks look there too. The older generation
// has a folder of its own below them.
var folders = []string{"atlas-integrations", "atlas_integrations", "atlas/integrations", "integrations/atlas"}

// catalogOf lists the schemas as SchemaStore does.
func catalogOf(base string) ordered.Object {
	var entries []ordered.Object
	for _, g := range generations() {
		entries = append(entries, ordered.Object{
			{Name: "name", Value: fmt.Sprintf("%s (%s)", entryName, g.name)},
			{Name: "description", Value: "A third-party integration of any type, Atlas API " + g.name},
			{Name: "fileMatch", Value: fileMatch(g.name)},
			{Name: "url", Value: base + path(g.name, union)},
		})
		for _, t := range g.types {
			entries = append(entries, ordered.Object{
				{Name: "name", Value: fmt.Sprintf("%s %s (%s)", entryName, t.Name, g.name)},
				{Name: "description", Value: fmt.Sprintf("%s integration, Atlas API %s", t.Title, g.name)},
				{Name: "url", Value: base + path(g.name, t.Name)},
			})
		}
	}
	return ordered.Object{
		{Name: "$schema", Value: "https://json.schemastore.org/schema-catalog.json"},
		{Name: "version", Value: 1},
		{Name: "schemas", Value: entries},
	}
}

// fileMatch are the patterns of a generation's payloads. The last one that fits a file decides.
func fileMatch(generation string) []string {
	var patterns, others []string
	for _, folder := range folders {
		older := fmt.Sprintf("**/%s/%s/**/*.json", folder, schemas.V1)
		if generation == schemas.V1 {
			patterns = append(patterns, older)
			continue
		}
		patterns = append(patterns, "**/"+folder+"/**/*.json")
		others = append(others, "!"+older)
	}
	return append(patterns, others...)
}

// Starter is a payload of the type to start from, as a file: its usual fields, references in place of its
// secrets, and no templates, which replace a default that most are content with.
func Starter(t *schemas.Type) ([]byte, error) {
	members, err := starter(t)
	if err != nil {
		return nil, err
	}
	return ordered.Indent(members)
}

func starter(t *schemas.Type) (ordered.Object, error) {
	example, err := exampleOf(t)
	if err != nil {
		return nil, err
	}
	var members ordered.Object
	for i := range t.Fields {
		f := &t.Fields[i]
		value, ok := example[f.Name]
		if !ok || f.TemplateBytes > 0 {
			continue
		}
		if f.Secret != "" {
			value = Reference(t.Name, f.Name)
		}
		members = append(members, ordered.Member{Name: f.Name, Value: value})
	}
	return members, nil
}

// exampleOf returns the example in the request schema of a type.
func exampleOf(t *schemas.Type) (map[string]any, error) {
	data, _ := schemas.Schema(t.APIVersion, t.Name)
	var schema struct{ Examples []map[string]any }
	if err := json.Unmarshal(data, &schema); err != nil || len(schema.Examples) == 0 {
		return nil, fmt.Errorf("the schema of %s holds no example: %v", t.Name, err)
	}
	return schema.Examples[0], nil
}

// Reference is what stands for a secret of a type in a file that is committed, such as
// ${env:DATADOG_API_KEY}.
func Reference(typeName, field string) string {
	return "${env:" + variableName(typeName, field) + "}"
}

// variableName joins a type and a field as environment variables are written, DATADOG_API_KEY; a field
// that begins with its type says it once.
func variableName(typeName, field string) string {
	var words strings.Builder
	for i, r := range field {
		if r >= 'A' && r <= 'Z' && i > 0 {
			words.WriteByte('_')
		}
		words.WriteRune(r)
	}
	name := strings.ToUpper(words.String())
	if strings.HasPrefix(name, typeName+"_") {
		return name
	}
	return typeName + "_" + name
}
