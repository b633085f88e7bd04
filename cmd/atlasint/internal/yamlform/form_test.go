package yamlform_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/yamlform"
)

const canary = "c4n4ry7e57c4n4ry"

// form returns a form with every kind of value.
func form() *yamlform.Form {
	version := &yamlform.Form{Noun: "API version", Allowed: []string{"v1.0", "v2"}}
	severity := &yamlform.Form{Noun: "severity", Allowed: []string{"error", "warning", "off"}}
	short := func(text string) string {
		if len(text) > 4 {
			return "want at most 4 characters"
		}
		return ""
	}
	override := &yamlform.Form{
		Owner: "an override",
		Keys: []yamlform.Key{
			{Name: "files", Form: &yamlform.Form{Items: &yamlform.Form{}, AtLeast: 1}, Required: "no files; add a pattern"},
			{Name: "api", Form: version},
			{Name: "rules", Form: &yamlform.Form{Values: severity, Write: "write RULE: SEVERITY"}},
		},
		OneOf: []string{"api", "rules"},
	}
	return &yamlform.Form{
		File:  "a configuration",
		Owner: "a configuration",
		Keys: []yamlform.Key{
			{Name: "api", Form: version},
			{Name: "name", Form: &yamlform.Form{Valid: short}},
			{Name: "number", Form: &yamlform.Form{Lenient: true}},
			{Name: "yaml", Form: &yamlform.Form{Boolean: true}},
			{Name: "exclude", Form: &yamlform.Form{Items: &yamlform.Form{}}},
			{Name: "overrides", Form: &yamlform.Form{Items: override, Write: "write - before each override"}},
			{Name: "rules", Form: &yamlform.Form{Values: severity, Write: "write RULE: SEVERITY"}},
		},
	}
}

// secretForm returns the form of a file with credentials.
func secretForm() *yamlform.Form {
	user := &yamlform.Form{
		Secret: true,
		Owner:  "a user",
		Keys: []yamlform.Key{
			{Name: "name", Form: &yamlform.Form{}, Required: "no name; add it"},
			{Name: "password", Form: &yamlform.Form{}},
		},
		Nullable: true,
	}
	return &yamlform.Form{
		Secret: true,
		File:   "a file with credentials",
		Owner:  "a file with credentials",
		Keys:   []yamlform.Key{{Name: "users", Form: &yamlform.Form{Items: user, Write: "write - before each user"}}},
	}
}

func TestParseAccepts(t *testing.T) {
	for name, text := range map[string]string{
		"texts":                  "api: v2\nname: abcd\n",
		"a byte order mark":      "\ufeffapi: v2\n",
		"JSON":                   `{"api": "v2", "yaml": true}`,
		"an anchor":              "api: &version v2\noverrides:\n- files: [a]\n  api: *version\n",
		"an alias in a list":     "overrides:\n- &first {files: [a], api: v2}\n- *first\n",
		"a number for a text":    "number: 7\n",
		"a boolean for a text":   "number: true\n",
		"a boolean":              "yaml: false\n",
		"a list":                 "exclude: [a, b]\n",
		"an empty list":          "exclude: []\n",
		"a list of mappings":     "overrides:\n- files: [a]\n  rules: {enum: off}\n",
		"names and values":       "rules:\n  enum: error\n  url: warning\n",
		"off as YAML 1.1 has it": "rules: {enum: false}\n",
		"an empty mapping":       "{}\n",
		"the maximum of keys":    mapping(1000),
	} {
		t.Run(name, func(t *testing.T) {
			root, err := form().Parse([]byte(text))
			if err != nil || root == nil {
				t.Errorf("root %v, %v", root, err)
			}
		})
	}
	for name, text := range map[string]string{"an empty file": "", "a comment": "# no settings\n", "null": "null\n"} {
		t.Run(name, func(t *testing.T) {
			if root, err := form().Parse([]byte(text)); root != nil || err != nil {
				t.Errorf("root %v, %v", root, err)
			}
		})
	}
	t.Run("a key without a value", func(t *testing.T) {
		if _, err := secretForm().Parse([]byte("users:\n- name: u\n  password:\n")); err != nil {
			t.Error(err)
		}
	})
}

// mapping returns a configuration whose rules are a mapping with a number of keys.
func mapping(keys int) string {
	var text strings.Builder
	text.WriteString("rules:\n")
	for i := range keys {
		fmt.Fprintf(&text, "  r%d: error\n", i)
	}
	return text.String()
}

// Each text is not of the form. The error has its place, the path of the value, and a hint.
func TestParseRejects(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"no YAML": {
			text: "api: [v2\n",
			want: "1:1: missing comma or ] in a list; add it; put text with special characters in quotes, such as references",
		},
		"a tab": {
			text: "overrides:\n\t- files: [a]\n",
			want: "2:1: tab in the indentation; indent with spaces",
		},
		"another encoding": {
			text: "api: \xff\n",
			want: "1:6: byte that is not valid UTF-8; save the file as UTF-8",
		},
		"two documents": {
			text: "api: v2\n---\napi: v1.0\n",
			want: "2:1: a second YAML document; a configuration is one document",
		},
		"no YAML in a second document": {
			text: "api: v2\n---\napi: [\n",
			want: "3:1: missing value; write the value; put text with special characters in quotes",
		},
		"a key that occurs twice": {
			text: "api: v2\nyaml: true\napi: v1.0\n",
			want: `3:1: the key "api" occurs twice; keep one of them`,
		},
		"a nested key that occurs twice": {
			text: "overrides:\n- files: [a]\n  rules: {enum: off, enum: error}\n",
			want: `3:22: the key "enum" occurs twice; keep one of them`,
		},
		"too many keys": {
			text: mapping(1001),
			want: "2:3: a mapping with more than 1000 keys",
		},
		"a list for the file": {
			text: "- api: v2\n",
			want: "1:1: want a mapping, got a list; a configuration has the keys api, exclude, name, number, overrides, rules, yaml",
		},
		"an unknown key": {
			text: "zebra: 1\n",
			want: `1:1: unknown key "zebra"; the keys are api, exclude, name, number, overrides, rules, yaml`,
		},
		"a misspelled key": {
			text: "exclud: [a]\n",
			want: `1:1: unknown key "exclud"; did you mean exclude?`,
		},
		"a long unknown key": {
			text: "api: v2\n" + strings.Repeat(canary, 4) + ": 1\n",
			want: "2:1: unknown key of 64 characters; the keys are api, exclude, name, number, overrides, rules, yaml",
		},
		"an unknown value": {
			text: "api: v3\n",
			want: `1:6: api: unknown API version "v3"; use v1.0 or v2`,
		},
		"a long unknown value": {
			text: "api: " + strings.Repeat(canary, 4) + "\n",
			want: "1:6: api: unknown API version a text of 64 characters; use v1.0 or v2",
		},
		"a list for a value": {
			text: "api: [v2]\n",
			want: "1:6: api: want an API version, got a list; use v1.0 or v2",
		},
		"no value": {
			text: "api:\n",
			want: "1:5: api: want an API version, got no value; use v1.0 or v2",
		},
		"false without off": {
			text: "api: false\n",
			want: `1:6: api: unknown API version "false"; use v1.0 or v2`,
		},
		"a number for a text": {
			text: "name: 7\n",
			want: "1:7: name: want a text, got a number; write it in quotes",
		},
		"a date for a text": {
			text: "name: 2026-11-01\n",
			want: "1:7: name: want a text, got a date; write it in quotes",
		},
		"a tag for a text": {
			text: "name: !secret x\n",
			want: "1:7: name: want a text, got a value with a tag; write it in quotes",
		},
		"a tag for a value of a list of values": {
			text: "api: !secret v2\n",
			want: "1:6: api: want an API version, got a value with a tag; use v1.0 or v2",
		},
		"a tag for a list": {
			text: "overrides: !secret [{files: [a], api: v2}]\n",
			want: "1:12: overrides: tags are not supported; remove the tag",
		},
		"a tag for a mapping": {
			text: "rules: !secret {enum: off}\n",
			want: "1:8: rules: tags are not supported; remove the tag",
		},
		"a tag for the file": {
			text: "!secret {api: v2}\n",
			want: "1:1: tags are not supported; remove the tag",
		},
		"a tag for a key": {
			text: "!secret api: v2\n",
			want: "1:1: tags are not supported; remove the tag",
		},
		"a mapping for a text": {
			text: "name: {a: b}\n",
			want: "1:7: name: want a text, got a mapping",
		},
		"no text": {
			text: "number:\n",
			want: "1:8: number: want a text, got no value",
		},
		"a text that is not valid": {
			text: "name: abcde\n",
			want: "1:7: name: want at most 4 characters",
		},
		"a text for a boolean": {
			text: "yaml: \"true\"\n",
			want: "1:7: yaml: want true or false, got a text",
		},
		"a boolean of YAML 1.1": {
			text: "yaml: yes\n",
			want: "1:7: yaml: want true or false, got a text",
		},
		"a text for a list": {
			text: "exclude: a\n",
			want: "1:10: exclude: want a list of texts; write [TEXT, TEXT], or each TEXT on a line after -",
		},
		"a number in a list of texts": {
			text: "exclude: [a, 7]\n",
			want: "1:10: exclude: want a list of texts; write [TEXT, TEXT], or each TEXT on a line after -",
		},
		"a mapping for a list of mappings": {
			text: "overrides: {files: [a]}\n",
			want: "1:12: overrides: want a list, got a mapping; write - before each override",
		},
		"a text in a list of mappings": {
			text: "overrides: [a]\n",
			want: "1:13: overrides[0]: want a mapping, got a text; an override has the keys api, files, rules",
		},
		"a required key is missing": {
			text: "overrides:\n- files: [a]\n  api: v2\n- api: v2\n",
			want: "4:3: overrides[1]: no files; add a pattern",
		},
		"a required key without a value": {
			text: "overrides:\n- files:\n  api: v2\n",
			want: "2:3: overrides[0]: no files; add a pattern",
		},
		"a required list without an item": {
			text: "overrides:\n- files: []\n  api: v2\n",
			want: "2:3: overrides[0]: no files; add a pattern",
		},
		"none of the keys": {
			text: "overrides:\n- files: [a]\n",
			want: "2:3: overrides[0]: none of api, rules; add one of them",
		},
		"a list for names and values": {
			text: "rules: [enum]\n",
			want: "1:8: rules: want a mapping, got a list; write RULE: SEVERITY",
		},
		"an unknown value of a name": {
			text: "overrides:\n- files: [a]\n  rules:\n    enum: eror\n",
			want: `4:11: overrides[0].rules: unknown severity "eror"; use error, warning or off`,
		},
		"an alias of an unknown value": {
			text: "api: v2\nname: &a v3\noverrides:\n- files: [a]\n  api: *a\n",
			want: `2:7: overrides[0].api: unknown API version "v3"; use v1.0 or v2`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			checkRejected(t, form(), tc.text, tc.want)
		})
	}
}

// The errors of a form with Secret contain no text of the file, not even a key.
func TestParseRejectsSecrets(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"no YAML": {
			text: "users:\n- name: \"" + canary + "\n",
			want: "2:1: not valid YAML or JSON; check quotes, indentation and brackets",
		},
		"two documents": {
			text: "users: []\n---\n" + canary + ": 1\n",
			want: "2:1: a second YAML document; a file with credentials is one document",
		},
		"no YAML in a second document": {
			text: "users: []\n---\n" + canary + ": [\n",
			want: "3:1: not valid YAML or JSON; check quotes, indentation and brackets",
		},
		"an unknown key": {
			text: canary + ": 1\n",
			want: "1:1: unknown key; the keys are users",
		},
		"a misspelled key": {
			text: "users:\n- name: u\n  pasword: " + canary + "\n",
			want: "3:3: unknown key; did you mean password?",
		},
		"a key that occurs twice": {
			text: canary + ": 1\n" + canary + ": 2\n",
			want: "2:1: the key occurs twice; keep one of them",
		},
		"a text for the file": {
			text: canary + "\n",
			want: "1:1: want a mapping, got a text; a file with credentials has the keys users",
		},
		"a text for a list": {
			text: "users: " + canary + "\n",
			want: "1:8: users: want a list, got a text; write - before each user",
		},
		"a text for a mapping": {
			text: "users: [" + canary + "]\n",
			want: "1:9: users[0]: want a mapping, got a text; a user has the keys name, password",
		},
		"a list for a text": {
			text: "users:\n- name: u\n  password: [" + canary + "]\n",
			want: "3:13: users[0].password: want a text, got a list",
		},
		"a number for a text": {
			text: "users:\n- name: u\n  password: 123456789012\n",
			want: "3:13: users[0].password: want a text, got a number; write it in quotes",
		},
		"an unknown anchor": {
			text: "users: *" + canary + "\n",
			want: "1:1: not valid YAML or JSON; check quotes, indentation and brackets",
		},
		"a tag": {
			text: "users:\n- name: u\n  password: !" + canary + " x\n",
			want: "3:13: users[0].password: want a text, got a value with a tag; write it in quotes",
		},
	} {
		t.Run(name, func(t *testing.T) {
			checkRejected(t, secretForm(), tc.text, tc.want)
			if _, err := secretForm().Parse([]byte(tc.text)); err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("the error shows the secret: %v", err)
			}
		})
	}
}

// checkRejected fails the test unless a form rejects a text with an error.
func checkRejected(t *testing.T, f *yamlform.Form, text, want string) {
	t.Helper()
	_, err := f.Parse([]byte(text))
	if err == nil {
		t.Fatalf("accepted, want %s", want)
	}
	if err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
