package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestConfigErrors checks the place, the cause and the next step of each kind of error in a configuration file.
func TestConfigErrors(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"unknown key", "apis: v2\n", `1:1: unknown key "apis"; did you mean api?`},
		{
			"unknown key without a near one",
			"\nzzzzzz: v2\n",
			`2:1: unknown key "zzzzzz"; the keys are api, baseURL, exclude, extends, groupId, overrides, rules, schemas, yaml`,
		},
		{"project", "project: x\n", `1:1: unknown key "project"; did you mean groupId?`},
		{"project ID", "projectId: x\n", `1:1: unknown key "projectId"; did you mean groupId?`},
		{"project ID in snake case", "project_id: x\n", `1:1: unknown key "project_id"; did you mean groupId?`},
		{"project ID in other case", "groupID: x\n", `1:1: unknown key "groupID"; did you mean groupId?`},
		{"API version", "apiVersion: v2\n", `1:1: unknown key "apiVersion"; did you mean api?`},
		{"server", "server: x\n", `1:1: unknown key "server"; did you mean baseURL?`},
		{"ignored files", "ignore: [a]\n", `1:1: unknown key "ignore"; did you mean exclude?`},
		{"API version of an override", "overrides:\n  - files: [a]\n    apiVersion: v2\n", `2:5: unknown key "files"; did you mean paths?`},
		{"unknown key of an override", "overrides:\n  - path: [a]\n", `2:5: unknown key "path"; did you mean paths?`},
		{"repeated key", "api: v2\napi: v2\n", `2:1: the key "api" occurs twice; keep one of them`},
		{
			"no mapping",
			"- a\n",
			`1:1: want a mapping, got a list; the configuration has the keys api, baseURL, exclude, extends, groupId, overrides, rules, schemas, yaml`,
		},
		{"list for a text", "api: [v2]\n", `1:6: api: want an API version, got a list; use v2 or v1.0`},
		{"text for a list", "exclude: x\n", `1:10: exclude: want a list of texts; write [TEXT, TEXT], or each TEXT on a line after -`},
		{"number in a list", "exclude: [2026]\n", `1:10: exclude: want a list of texts; write [TEXT, TEXT], or each TEXT on a line after -`},
		{"number for a text", "baseURL: 8080\n", `1:10: baseURL: want a text, got a number; write it in quotes`},
		{"no value", "overrides:\n  - paths: [a]\n    api:\n", `3:9: overrides[0].api: want an API version, got no value; use v2 or v1.0`},
		{"severity", "rules:\n  url: fatal\n", `2:8: rules: unknown severity "fatal"; use error, warning or off`},
		{
			"rule of an override",
			"overrides:\n  - paths: [a]\n    rules:\n      urll: off\n",
			`4:7: overrides[0].rules: unknown rule "urll"; did you mean "url"?`,
		},
		{
			"severity of an override",
			"overrides:\n  - paths: [a]\n    rules: {url: [off]}\n",
			`3:18: overrides[0].rules: want a severity, got a list; use error, warning or off`,
		},
		{
			"list of rules",
			"overrides:\n  - paths: [a]\n    rules: [url]\n",
			`3:12: overrides[0].rules: want a mapping, got a list; write RULE: SEVERITY, such as url: warning`,
		},
		{
			"override that is no mapping",
			"overrides: [a]\n",
			`1:13: overrides[0]: want a mapping, got a text; an override has the keys api, paths, rules, schemas`,
		},
		{"schema without a file", "schemas: [{types: ['*']}]\n", `1:11: schemas[0]: no file; name a JSON Schema below the folder of the configuration`},
		{"schema without types", "schemas: [{file: a.json, types: []}]\n", `1:11: schemas[0]: no type; name integration types, or "*" for all`},
		{"list in a list", "exclude: [[x]]\n", `1:10: exclude: want a list of texts; write [TEXT, TEXT], or each TEXT on a line after -`},
		{"list for rules", "rules: [url]\n", `1:8: rules: want a mapping, got a list; write RULE: SEVERITY, such as url: warning`},
		{"list for a severity", "rules: {url: [off]}\n", `1:14: rules: want a severity, got a list; use error, warning or off`},
		{"text for overrides", "overrides: x\n", `1:12: overrides: want a list, got a text; begin each override with - paths:`},
		{"text for schemas", "schemas: x\n", `1:10: schemas: want a list, got a text; begin each schema with - file:`},
		{"boolean of YAML 1.1", "yaml: yes\n", `1:7: yaml: want true or false, got a text`},
		{"list for a boolean", "yaml: [true]\n", `1:7: yaml: want true or false, got a list`},
		{"API version", "api: v3\n", `1:6: api: unknown API version "v3"; use v2 or v1.0`},
		{"API version of an override", "overrides:\n  - paths: [a]\n    api: v9\n", `3:10: overrides[0].api: unknown API version "v9"; use v2 or v1.0`},
		{"paths missing", "overrides:\n  - api: v1.0\n", `2:5: overrides[0]: no paths; add the files that it is for, such as paths: ["old/**"]`},
		{"paths empty", "overrides:\n  - {api: v1.0, paths: []}\n", `2:5: overrides[0]: no paths; add the files that it is for, such as paths: ["old/**"]`},
		{"API version missing", "overrides:\n  - {paths: [a], api: v2}\n  - paths: [a]\n", `3:5: overrides[1]: none of api, rules, schemas; add one of them`},
		{"pattern", "overrides:\n  - paths: ['[a']\n    api: v2\n", `2:12: overrides[0].paths: the pattern [a is malformed; a bracket is not closed`},
		{"project ID", "groupId: abc\n", `1:10: groupId: "abc" is not a project ID; it has 24 hexadecimal digits in lower case`},
		{"rule", "rules:\n  url: off\n  urll: off\n", `3:3: rules: unknown rule "urll"; did you mean "url"?`},
		{"rule with its severity on the next line", "rules:\n  urll:\n    off\n", `2:3: rules: unknown rule "urll"; did you mean "url"?`},
		{
			"file of a schema",
			"schemas:\n  - types: ['*']\n    file: /x\n",
			`3:11: schemas[0].file: a path outside the folder of the configuration; name a file below it`,
		},
		{
			"type of a schema",
			"overrides:\n  - paths: [a]\n    schemas: [{file: x.json, types: [DATADOGG]}]\n",
			`3:37: overrides[0].schemas[0].types: unknown type "DATADOGG"; did you mean DATADOG?`,
		},
		{
			"severity of a schema",
			"schemas:\n  - {file: x.json, types: ['*'], severity: info}\n",
			`2:44: schemas[0].severity: unknown severity "info"; use error or warning`,
		},
		{
			"syntax",
			"api: v2\n api: v1.0\n",
			`2:2: a second colon, or a name that is indented too far; indent all members of a mapping equally; put text with a colon in quotes`,
		},
		{"tab", "\tapi: v2\n", `1:1: tab in the indentation; indent with spaces`},
		{"pattern without quotes", "exclude:\n  - x\n  - **/old/**\n", `3:3: * or & without a name; put text that begins with * or & in quotes`},
		{"pattern without quotes that is an alias", "exclude:\n  - *old\n", `2:3: the alias has no anchor before it; put text that begins with * in quotes`},
		{
			"many overrides",
			"api: v2\noverrides: [&o {paths: [a], api: v2}" + strings.Repeat(", *o", 1000) + "]\n",
			`2:12: overrides: more than 1000 overrides; write fewer, with more paths each`,
		},
		{"many schemas", "schemas: [&s {types: ['*'], file: a.json}" + strings.Repeat(", *s", 100) + "]\n", `1:10: schemas: more than 100 schemas; name fewer`},
		{"NUL byte", "api: v2\n#\u00e9 \x00\n", `2:4: NUL byte; remove the NUL byte`},
		{"not UTF-8", "# caf\xe9\n", `1:6: byte that is not valid UTF-8; save the file as UTF-8`},
		{"UTF-16", "\xff\xfea\x00", `1:1: the file is in UTF-16 (little-endian), not in UTF-8; save the file as UTF-8 without BOM`},
		{"byte order mark", "\ufeffapis: v2\n", `1:1: unknown key "apis"; did you mean api?`},
		{"directive for tags", "%TAG !a! x\n---\napi: v2\n", `1:1: tags are not supported; remove the directive`},
		{"control character", "api: \x1b\n", `1:6: control character; write it as an escape in double quotes, or remove it`},
		{"second document", "api: v2\n---\nrules: {url: off}\n", `2:1: a second YAML document; a configuration is one document`},
		{
			"syntax of a second document",
			"api: v2\n---\nx: y\n  z: 1\n",
			`4:3: a second colon, or a name that is indented too far; indent all members of a mapping equally; put text with a colon in quotes`,
		},
		{"tag", "api: !!int v2\n", ` a value of the wrong type; compare it with atlasint help configuration`},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "c.yaml")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := FindConfig(file)
			if err == nil {
				t.Fatal("no error")
			}
			if _, got, _ := strings.Cut(err.Error(), "c.yaml:"); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}
