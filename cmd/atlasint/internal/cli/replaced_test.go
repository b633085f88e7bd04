package cli_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The output of a command never replaces a payload or a configuration.
func TestOutputReplacesNoPayload(t *testing.T) {
	root := rootDir(t)
	official := root + "/examples/drift/atlas-v2-ahead.yaml"
	for name, text := range map[string]string{
		"b.json":         datadogPayload,
		"spaces.json":    "\n\t{ \"region\": \"US\",\n \"type\" : \"DATADOG\" }\n",
		"mark.json":      "\ufeff" + datadogPayload,
		"title.json":     `{"type":"Datadog"}`,
		"unknown.json":   `{"type":"DATADGO","apiKey":"x"}`,
		"flowdock.json":  `{"type":"FLOWDOCK","flowName":"a","apiToken":"b","orgName":"o"}`,
		"list.json":      `[` + opsPayload + `]`,
		"lines.ndjson":   `{"kind":"x"}` + "\n" + opsPayload + "\n",
		"lines.jsonl":    opsPayload + "\n\n" + datadogPayload,
		"broken.json":    `{"type":"DATADOG","apiKey":"x",}`,
		"comment.json":   "{ // of the team\n\"type\": \"DATADOG\"}",
		"remark.json":    "// of the team\n" + datadogPayload,
		"utf16.json":     "\xff\xfe" + strings.Join(strings.Split(datadogPayload, ""), "\x00") + "\x00",
		"cut.json":       `{"apiKey":"x","type":"DATADOG"`,
		"c.yml":          "apiKey: x\ntype: DATADOG\n",
		"d.yaml":         "---\ntype: OPS_GENIE\napiKey: x\n---\ntype: DATADOG\n",
		"list.yaml":      "- type: OPS_GENIE\n  apiKey: x\n",
		"broken.yaml":    "type: DATADOG\napiKey: [x\n",
		"payload.txt":    datadogPayload,
		"untyped.json":   `{"apiKey":"x","region":"US"}`,
		"other.json":     `{"apiKey":"x","region":"US","comment":"of the team"}`,
		"untyped.ndjson": `{"kind":"x"}` + "\n" + `{"serviceKey":"x"}`,
		"untyped.yaml":   "apiKey: x\nregion: US\n",
		"comma.json":     `{"apiKey":"x","region":"US",}`,
		"datadog":        "# of the team\ntype: DATADOG\napiKey: x\n",
		"datadog.conf":   "- apiKey: x\n  region: US\n",
		"base.yaml":      "# of all teams\nrules:\n  key-format: off\nexclude: [old]\n",
		"base.conf":      "api: v2\n",
		".atlasint.yaml": "api: v2\n",
		".atlasint.yml":  "api: v2\n",
	} {
		for _, command := range []string{
			"validate a.json -o", "validate --format json a.json -o", "validate --fix a.json -o", "schema DATADOG -o", "schema -o",
			"schema --configuration -o", "spec -o", "drift " + official + " -o", "drift --format json " + official + " -o",
			"generate --package atlas -o", "validate a.json --write-baseline", "diff a.json --out",
		} {
			t.Run(command+" "+name, func(t *testing.T) {
				if strings.HasPrefix(command, "generate") && name != "b.json" && name != "c.yml" {
					t.Skip("it takes a second")
				}
				t.Chdir(t.TempDir())
				callAt(t, "http://127.0.0.1:1")
				writeFile(t, "a.json", datadogPayload)
				writeFile(t, name, text)
				_, errOut := must(t, 2, append(strings.Fields(command), name)...)
				if !strings.Contains(errOut, name) || !strings.Contains(errOut, "name another file") {
					t.Errorf("it prints %s", errOut)
				}
				if after, err := os.ReadFile(name); err != nil || string(after) != text {
					t.Errorf("%v: the file is %.80q", err, after)
				}
			})
		}
	}
}

// The output of a command replaces that of an earlier run without a flag, and other files that are not payloads.
func TestOutputReplacesItsOwn(t *testing.T) {
	root := rootDir(t)
	commands := map[string][]string{
		"drift -o report.json " + root + "/examples/drift/atlas-v2-ahead.yaml": nil,
		"schema DATADOG -o": {"s.json", "s.yaml", "s.yml", "s"}, "schema -o": {"s.json", "s.yaml"}, "schema --configuration -o": {"s.json", "s.yaml", "s"},
		"spec -o": {"s.json", "s.yaml", "s"},
	}
	const yamlPayload = "type: DATADOG\napiKey: x\nregion: EU\n"
	for _, format := range []string{"text", "json", "sarif", "junit", "markdown", "github", "gitlab"} {
		commands["validate a.json --rule plaintext-secret=error --format "+format+" -o"] = []string{"r.json", "r.txt", "r.yaml", "r"}
		commands["validate b.yaml --rule plaintext-secret=error --format "+format+" -o"] = []string{"r.json", "r.txt", "r.yaml", "r"}
	}
	for command, files := range commands {
		if files == nil {
			files = []string{""}
		}
		for _, file := range files {
			t.Chdir(t.TempDir())
			writeFile(t, "a.json", datadogPayload+"\n")
			writeFile(t, "b.yaml", yamlPayload)
			for range 2 {
				if code, _, errOut := run(strings.Fields(command + " " + file)...); code > 1 {
					t.Errorf("%s %s: exit code %d: %s", command, file, code, errOut)
				}
			}
		}
	}
}

// Other data with a name that some type has, too, is replaced.
func TestOutputReplacesOtherData(t *testing.T) {
	for _, text := range []string{
		`{"url":"x","title":"y"}`, `[{"name":"a","url":"b"}]`, "url: x\n", `{"enabled":true}`, `{"region":"US"}`, `{"type":"object","id":"x"}`, `{}`,
	} {
		t.Chdir(t.TempDir())
		writeFile(t, "a.json", datadogPayload)
		writeFile(t, "out", text)
		must(t, 0, "validate", "a.json", "--rule", "plaintext-secret=off", "-o", "out")
	}
}

// A file that the configuration extends is one, with any name and contents.
func TestOutputReplacesNoExtendedFile(t *testing.T) {
	for command, want := range map[string]string{
		"schema DATADOG -o base.conf":              "-o base.conf would overwrite a configuration; name another file",
		"spec -o base.conf":                        "-o base.conf would overwrite a configuration",
		"validate a.json -o base.conf":             "-o base.conf would overwrite the configuration",
		"new DATADOG --force -o rules.yaml":        "rules.yaml is a configuration; name another file",
		"schema DATADOG -o rules.yaml":             "-o rules.yaml would overwrite a configuration",
		"validate a.json --config e -o rules.yaml": "-o rules.yaml would overwrite a configuration",
	} {
		t.Chdir(t.TempDir())
		before := map[string]string{
			"a.json": datadogPayload, ".atlasint.yaml": "extends: base.conf\n", "base.conf": "# nothing yet\n", "e": "yaml: true\n",
			"rules.yaml": "# of another folder\nrules: {key-format: off}\n",
		}
		for file, text := range before {
			writeFile(t, file, text)
		}
		if _, errOut := must(t, 2, strings.Fields(command)...); !strings.Contains(errOut, want) {
			t.Errorf("%s: it prints %s", command, errOut)
		}
		if diff := cmp.Diff(before, contents(t, ".")); diff != "" {
			t.Errorf("%s: files changed (-before +after)\n%s", command, diff)
		}
	}
}
