package workspace

import (
	"fmt"
	"sync"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/yamlform"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// Key is a key of the configuration file with its description.
type Key struct{ Name, About string }

// Keys returns the keys of the configuration file.
func Keys() (keys []Key) {
	for _, k := range configForm().Keys {
		keys = append(keys, Key{k.Name, k.Form.About})
	}
	return keys
}

// configForm returns the form of the configuration file.
var configForm = sync.OnceValue(func() *yamlform.Form {
	return &yamlform.Form{
		File: "a configuration", Owner: "the configuration", Nullable: true,
		Keys: []yamlform.Key{
			{Name: "extends", Form: &yamlform.Form{
				About:   "path of another configuration of the repository, relative to this file, whose settings apply too; or none: this file applies alone",
				Pattern: `^[^/\\][^\\]*$`, Valid: extendsFault,
			}},
			{Name: "api", Form: apiForm("API version of files without an override: v2 or v1.0"), Others: apiNames()},
			{Name: "rules", Form: rulesForm("severity of each rule: error, warning or off")},
			{Name: "exclude", Form: textsForm(
				"list of patterns, relative to the folder of the configuration: matching files are skipped, even if you name them"),
				Others: []string{"ignore", "ignores", "ignorepatterns", "skip"}},
			{Name: "overrides", Form: &yamlform.Form{
				About: "list of mappings with paths (a list of patterns), and api, rules or schemas for the matching files; the last matching api and severity of a rule apply, and all matching schemas",
				Items: overrideForm(), Write: "begin each override with - paths:", AtMost: maxOverrides,
			}},
			{Name: "schemas", Form: schemasForm(`list of mappings with types (a list, "*" for all), file (a JSON Schema below the folder of the configuration) and severity: error or warning`)},
			{Name: "yaml", Form: &yamlform.Form{About: "true or false: whether *.yaml and *.yml below folders are payloads too", Boolean: true}},
			{Name: "groupId", Form: &yamlform.Form{
				About: "project ID for apply, diff, get and delete", Pattern: "^[0-9a-f]{24}$",
				Valid: func(text string) string {
					if atlas.IsID(text) {
						return ""
					}
					return fmt.Sprintf("%s is not a project ID; it has %s", redact.Value(text), atlas.IDForm)
				},
			}, Others: []string{"project", "projectid", "group", "groupid", "atlasprojectid"}},
			{Name: "baseURL", Form: &yamlform.Form{About: "URL of Atlas for these commands: https at mongodb.com or mongodbgov.com, or this machine"},
				Others: []string{"url", "server", "host", "atlasurl"}},
		},
	}
})

// apiNames are the names that other files have for the API version.
func apiNames() []string { return []string{"apiversion", "version"} }

func overrideForm() *yamlform.Form {
	paths := textsForm("patterns of paths, relative to the folder of the configuration")
	paths.AtLeast = 1
	return &yamlform.Form{
		Owner: "an override", OneOf: []string{"api", "rules", "schemas"},
		Keys: []yamlform.Key{
			{Name: "paths", Form: paths, Required: `no paths; add the files that it is for, such as paths: ["old/**"]`,
				Others: []string{"files", "include", "pattern", "patterns"}},
			{Name: "api", Form: apiForm("API version of the matching files"), Others: apiNames()},
			{Name: "rules", Form: rulesForm("severity of each rule for the matching files: error, warning or off")},
			{Name: "schemas", Form: schemasForm("JSON Schemas that payloads in the matching files must also meet")},
		},
	}
}

func schemasForm(about string) *yamlform.Form {
	types := textsForm(`integration types, by name or title, in any case; "*" is all types`)
	types.AtLeast = 1
	return &yamlform.Form{
		About: about, Write: "begin each schema with - file:", AtMost: maxSchemas,
		Items: &yamlform.Form{
			Owner: "a schema",
			Keys: []yamlform.Key{
				{Name: "types", Form: types, Required: `no type; name integration types, or "*" for all`},
				{Name: "file", Form: &yamlform.Form{About: "path of the JSON Schema from the folder of the configuration, below it"},
					Required: "no file; name a JSON Schema below the folder of the configuration"},
				{Name: "severity", Form: severityForm("severity of findings; error by default", validate.Error, validate.Warning)},
			},
		},
	}
}

func apiForm(about string) *yamlform.Form {
	return &yamlform.Form{About: about, Noun: "API version", Allowed: atlas.Versions()}
}

func textsForm(about string) *yamlform.Form {
	return &yamlform.Form{About: about, Items: &yamlform.Form{}}
}

func rulesForm(about string) *yamlform.Form {
	return &yamlform.Form{
		About: about, Write: "write RULE: SEVERITY, such as url: warning", Known: ruleForms,
		Values: severityForm("", validate.Error, validate.Warning, validate.Off),
	}
}

func severityForm(about string, allowed ...validate.Severity) *yamlform.Form {
	f := &yamlform.Form{About: about, Noun: "severity"}
	for _, s := range allowed {
		f.Allowed = append(f.Allowed, string(s))
	}
	return f
}

// ruleForms returns the form of the severity of each rule. A rule of fixed severity accepts only its own.
func ruleForms() map[string]*yamlform.Form {
	forms := map[string]*yamlform.Form{}
	for _, r := range validate.Rules() {
		forms[r.ID] = severityForm(r.Summary, validate.Error, validate.Warning, validate.Off)
		if r.FixedSeverity {
			forms[r.ID] = severityForm(r.Summary, r.Default)
		}
	}
	return forms
}
