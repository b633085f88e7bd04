// Package editor generates files for writing payloads in an editor: JSON Schemas that complete, explain and check a
// payload while you type, a catalog of the schemas, and starter payloads.
//
// The schemas are derived from the published ones in gen/schemas. They accept a reference, ${env:NAME} or ${file:PATH},
// in place of any string. They use draft-07, which every editor supports, and keywords that the JSON service of VS Code
// and yaml-language-server support. Otherwise they accept the same payloads as the published ones.
package editor

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/ordered"
)

// schemaFile is one file, with its slash-separated path relative to the folder of all files.
type schemaFile struct {
	Path string
	Data []byte
}

const (
	dialect       = "http://json-schema.org/draft-07/schema#"
	project       = "https://github.com/atlasint/atlasint/"
	ids           = project + "editors/" // names of schemas, not addresses
	union         = "integration"
	configuration = "atlasint.schema.json"
	catalog       = "catalog.json"
)

// schemaFiles returns a schema for each type, VERSION/TYPE.json, a schema for all types of an API version,
// VERSION/integration.json, that of the configuration file, atlasint.schema.json, and catalog.json, whose links begin
// with base. The result depends only on base.
func schemaFiles(base string) ([]schemaFile, error) {
	var files []schemaFile
	add := func(path string, value any) error {
		data, err := ordered.Indent(value)
		files = append(files, schemaFile{path, data})
		return err
	}
	for _, v := range apiVersions() {
		whole, err := unionSchema(v)
		if err != nil {
			return nil, err
		}
		if err := add(path(v.name, union), whole); err != nil {
			return nil, err
		}
		for _, t := range v.types {
			schema, err := typeSchema(t)
			if err != nil {
				return nil, err
			}
			if err := add(path(v.name, t.Name), schema); err != nil {
				return nil, err
			}
		}
	}
	files = append(files, schemaFile{configuration, workspace.ConfigSchema()})
	return files, add(catalog, catalogOf(base))
}

// isOwn reports whether data is a file of [Update], of this or another version.
func isOwn(data []byte) bool {
	var file struct {
		ID      string `json:"$id"`
		Schemas []struct{ Name string }
	}
	if json.Unmarshal(data, &file) != nil {
		return false
	}
	for _, s := range file.Schemas {
		if !strings.HasPrefix(s.Name, entryName) && s.Name != configurationName {
			return false
		}
	}
	return strings.HasPrefix(file.ID, project) || len(file.Schemas) > 0
}

func path(version, name string) string { return version + "/" + name + ".json" }

// apiVersion is an API version and its types, in the order of [schemas.Types].
type apiVersion struct {
	name  string
	types []*schemas.Type
}

// apiVersions returns all API versions, the newest first.
func apiVersions() []apiVersion {
	list := []apiVersion{{name: schemas.V2}, {name: schemas.V1}}
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

// entryName is the first part of the name of each catalog entry for payloads.
const entryName = "MongoDB Atlas integration"

// configurationName is the name of the catalog entry for the configuration file.
const configurationName = "atlasint"

// folders are the conventional folders for payloads, which the pre-commit hooks use too. Payloads for v1.0 are in
// folders with the same names and "-v1.0".
var folders = []string{"atlas-integrations", "atlas_integrations", "atlas/integrations", "integrations/atlas"}

// endings are the file name extensions of payloads that editors can validate: for them, a file with several JSON values
// is invalid.
var endings = []string{"json", "yaml", "yml"}

// catalogOf returns a catalog of the schemas in the format of SchemaStore.
func catalogOf(base string) ordered.Object {
	var entries []ordered.Object
	for _, v := range apiVersions() {
		entries = append(entries, ordered.Object{
			{Name: "name", Value: fmt.Sprintf("%s (%s)", entryName, v.name)},
			{Name: "description", Value: "A third-party integration of any type, Atlas API " + v.name},
			{Name: "fileMatch", Value: fileMatch(v.name)},
			{Name: "url", Value: base + path(v.name, union)},
		})
		for _, t := range v.types {
			entries = append(entries, ordered.Object{
				{Name: "name", Value: fmt.Sprintf("%s %s (%s)", entryName, t.Name, v.name)},
				{Name: "description", Value: fmt.Sprintf("%s integration, Atlas API %s", t.Title, v.name)},
				{Name: "url", Value: base + path(v.name, t.Name)},
			})
		}
	}
	entries = append(entries, ordered.Object{
		{Name: "name", Value: configurationName},
		{Name: "description", Value: "Configuration of atlasint, which validates MongoDB Atlas integrations"},
		{Name: "fileMatch", Value: []string{workspace.ConfigName}},
		{Name: "url", Value: base + configuration},
	})
	return ordered.Object{
		{Name: "$schema", Value: "https://json.schemastore.org/schema-catalog.json"},
		{Name: "version", Value: 1},
		{Name: "schemas", Value: entries},
	}
}

// fileMatch returns the file patterns for payloads of an API version. The versions have different folders, because
// SchemaStore allows no patterns that exclude files.
func fileMatch(version string) (patterns []string) {
	suffix := ""
	if version == schemas.V1 {
		suffix = "-" + version
	}
	for _, folder := range folders {
		for _, ending := range endings {
			patterns = append(patterns, "**/"+folder+suffix+"/**/*."+ending)
		}
	}
	return patterns
}

// PayloadFolder is the conventional folder that atlasint init and the documentation use.
const PayloadFolder = "integrations/atlas"

// FileName returns the name of a file for the payload of a type, such as ops-genie.json.
func FileName(t *schemas.Type) string {
	return strings.ReplaceAll(strings.ToLower(t.Name), "_", "-") + ".json"
}

// Starter returns a payload file to start from. It has the usual fields of the type, with their defaults and with
// references instead of secrets, names and IDs: no value could pass as one of the user's. It has no templates, because
// the defaults are usually good enough.
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
		switch fact := atlas.Find(t.APIVersion, t.Name).Payload.Lookup(f.Name); {
		case fact.Default != nil:
			value = fact.Default
		case f.Secret != "", f.Kind == "string" && f.Const == "" && (len(f.Enum) == 0 || !f.Required):
			value = reference(t.Name, f.Name)
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
		return nil, fmt.Errorf("the schema of %s contains no example: %v", t.Name, err) //nolint:errorlint // the error can be nil
	}
	return schema.Examples[0], nil
}

// reference returns the reference that replaces a value of a type in a committed file, such as ${env:DATADOG_API_KEY}.
func reference(typeName, field string) string {
	return "${env:" + variableName(typeName, field) + "}"
}

// variableName returns the name of an environment variable for a field of a type, such as DATADOG_API_KEY. If the field
// begins with the type, the type is not repeated.
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
