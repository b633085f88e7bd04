package workspace_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

// Every form of YAML that may be a payload stops apply --prune, which would delete its integration. The forms that name
// an integration type cause a note that they are skipped.
func TestUnreadYAML(t *testing.T) {
	for name, c := range map[string]struct {
		text         string
		found, named bool
	}{
		"block style":           {"type: OPS_GENIE\napiKey: k\n", true, true},
		"in lower case":         {"type: datadog\n", true, true},
		"quoted value":          {"type: \"OPS_GENIE\"\n", true, true},
		"single quotes":         {"'type': 'OPS_GENIE'\n", true, true},
		"JSON":                  {`{"type": "OPS_GENIE", "apiKey": "k"}`, true, true},
		"JSON after a mark":     {"---\n{\"type\":\"OPS_GENIE\"}\n", true, true},
		"flow style":            {"{apiKey: k, type: OPS_GENIE}\n", true, true},
		"indented":              {"  apiKey: k\n  type: OPS_GENIE\n", true, true},
		"value on its own line": {"type:\n  OPS_GENIE\n", true, true},
		"complex key":           {"? type\n: OPS_GENIE\n", true, true},
		"anchor":                {"&a type: &b OPS_GENIE\n", true, true},
		"escaped key":           {"\"\\u0074ype\": OPS_GENIE\n", true, true},
		"tag":                   {"!!str type: !!str OPS_GENIE\n", true, true},
		"list":                  {"- apiKey: k\n  type: OPS_GENIE\n", true, true},
		"second document":       {"a: 1\n---\ntype: OPS_GENIE\n", true, true},
		"merged":                {"- &a {type: OPS_GENIE}\n- {<<: *a, apiKey: k}\n", true, true},
		"UTF-16":                {"\xff\xfet\x00y\x00p\x00e\x00:\x00 \x00O\x00P\x00S\x00_\x00G\x00E\x00N\x00I\x00E\x00", true, true},
		"byte order mark":       {"\ufefftype: OPS_GENIE\n", true, true},
		"template":              {"type: OPS_GENIE\n{{ if .a }}\napiKey: k\n{{ end }}\n", true, true},
		"after 64 KiB":          {"# " + strings.Repeat("x", 70<<10) + "\ntype: OPS_GENIE\n", true, true},
		"other type":            {"type: Opaque\n", true, false},
		"type of no text":       {"type: [OPS_GENIE]\n", true, false},
		"alias of itself":       {"&a [*a, {b: *a}]\n", false, false},
		"below the top level":   {"spec:\n  type: OPS_GENIE\n", false, false},
		"other members":         {"kind: Secret\nsubtype: OPS_GENIE\n", false, false},
		"comment":               {"# type: OPS_GENIE\na: 1\n", false, false},
		"empty":                 {"", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "a.yaml")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			sources := workspace.Sources([]string{dir}, false)
			if found := sources[0].YAML != ""; found != c.found {
				t.Errorf("it may be a payload: %t, want %t", found, c.found)
			}
			if named := workspace.NamesType(file); named != c.named {
				t.Errorf("it names a type: %t, want %t", named, c.named)
			}
		})
	}
}
