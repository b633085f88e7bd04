package workspace

import (
	"fmt"
	"sync"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// Key is a key of the configuration file with its description.
type Key struct{ Name, About string }

// Keys returns the keys of the configuration file.
func Keys() (keys []Key) {
	for _, k := range configForm().keys {
		keys = append(keys, Key{k.name, k.form.about})
	}
	return keys
}

// configForm returns the form of the configuration file.
var configForm = sync.OnceValue(func() *form {
	return &form{
		owner: "the configuration", nullable: true,
		keys: []key{
			{name: "extends", form: &form{
				about:   "path of another configuration of the repository, relative to this file, whose settings apply too; or none: this file applies alone",
				pattern: `^[^/\\][^\\]*$`, valid: extendsFault,
			}},
			{name: "api", form: apiForm("API version of files without an override: v2 or v1.0")},
			{name: "rules", form: rulesForm("severity of each rule: error, warning or off")},
			{name: "exclude", form: textsForm(
				"list of patterns, relative to the folder of the configuration: matching files are skipped, even if you name them")},
			{name: "overrides", form: &form{
				about: "list of mappings with paths (a list of patterns), and api, rules or schemas for the matching files; the last matching api and severity of a rule apply, and all matching schemas",
				items: overrideForm(), write: "begin each override with - paths:", atMost: maxOverrides,
			}},
			{name: "schemas", form: schemasForm(`list of mappings with types (a list, "*" for all), file (a JSON Schema below the folder of the configuration) and severity: error or warning`)},
			{name: "yaml", form: &form{about: "true or false: whether *.yaml and *.yml below folders are payloads too", boolean: true}},
			{name: "groupId", form: &form{
				about: "project ID for apply, diff, get and delete", pattern: "^[0-9a-f]{24}$",
				valid: func(text string) string {
					if atlas.IsID(text) {
						return ""
					}
					return fmt.Sprintf("%s is not a project ID; it has %s", redact.Value(text), atlas.IDForm)
				},
			}},
			{name: "baseURL", form: &form{about: "URL of Atlas for these commands: https at mongodb.com or mongodbgov.com, or this machine"}},
		},
	}
})

func overrideForm() *form {
	paths := textsForm("patterns of paths, relative to the folder of the configuration")
	paths.atLeast = 1
	return &form{
		owner: "an override", oneOf: []string{"api", "rules", "schemas"},
		keys: []key{
			{name: "paths", form: paths, required: `no paths; add the files that it is for, such as paths: ["old/**"]`},
			{name: "api", form: apiForm("API version of the matching files")},
			{name: "rules", form: rulesForm("severity of each rule for the matching files: error, warning or off")},
			{name: "schemas", form: schemasForm("JSON Schemas that payloads in the matching files must also meet")},
		},
	}
}

func schemasForm(about string) *form {
	types := textsForm(`integration types, by name or title, in any case; "*" is all types`)
	types.atLeast = 1
	return &form{
		about: about, write: "begin each schema with - file:", atMost: maxSchemas,
		items: &form{
			owner: "a schema",
			keys: []key{
				{name: "types", form: types, required: `no type; name integration types, or "*" for all`},
				{name: "file", form: &form{about: "path of the JSON Schema from the folder of the configuration, below it"},
					required: "no file; name a JSON Schema below the folder of the configuration"},
				{name: "severity", form: severityForm("severity of findings; error by default", validate.Error, validate.Warning)},
			},
		},
	}
}

func apiForm(about string) *form {
	return &form{about: about, noun: "API version", allowed: atlas.Versions()}
}

func textsForm(about string) *form { return &form{about: about, items: &form{}} }

func rulesForm(about string) *form {
	return &form{
		about: about, write: "write RULE: SEVERITY, such as url: warning", known: ruleForms,
		values: severityForm("", validate.Error, validate.Warning, validate.Off),
	}
}

func severityForm(about string, allowed ...validate.Severity) *form {
	f := &form{about: about, noun: "severity"}
	for _, s := range allowed {
		f.allowed = append(f.allowed, string(s))
	}
	return f
}

// ruleForms returns the form of the severity of each rule. A rule of fixed severity accepts only its own.
func ruleForms() map[string]*form {
	forms := map[string]*form{}
	for _, r := range validate.Rules() {
		forms[r.ID] = severityForm(r.Summary, validate.Error, validate.Warning, validate.Off)
		if r.FixedSeverity {
			forms[r.ID] = severityForm(r.Summary, r.Default)
		}
	}
	return forms
}
