package cli_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The file of -o is none that the same run reads, by any path or link.
func TestOutputOverwritesNoInput(t *testing.T) {
	t.Setenv("MONGODB_ATLAS_PUBLIC_API_KEY", "")
	for command, says := range map[string]string{
		"validate a.json --schema s.json -o s.json":            "-o s.json would overwrite the file of --schema; name another file",
		"validate a.json --schema s.json -o to-s":              "-o to-s would overwrite the file of --schema",
		"validate a.json --schema to-s -o ./s.json":            "would overwrite the file of --schema",
		"validate a.json --config d/c.yaml -o d/own.json":      "-o d/own.json would overwrite a schema of the configuration; name another file",
		"validate a.json --config d/c.yaml -o d/override.json": "would overwrite a schema of the configuration",
		"validate a.json --config d/c.yaml -o d/c.yaml":        "would overwrite the configuration",
		"validate --files-from l.txt -o l.txt":                 "-o l.txt would overwrite the file of --files-from; name another file",
		"validate - --stdin-filename a.json -o ./a.json":       "would overwrite the file of --stdin-filename",
		"validate e.json -o s.json": "-o s.json would overwrite a file that a reference in e.json names; " +
			"name another file",
		"validate a.json e.json --expand -o to-s":                        "-o to-s would overwrite a file that a reference in e.json names",
		"diff a.json e.json --out plan.json":                             "--out plan.json would overwrite a file that a reference in e.json names",
		"validate a.json --write-baseline s.json":                        "s.json: it is not a baseline",
		"diff --files-from l.txt --out l.txt":                            "l.txt: it is not a plan",
		"diff a.json --schema plan.json --out plan.json":                 "--out plan.json would overwrite the file of --schema",
		"drift a.yaml -o a.yaml":                                         "-o a.yaml would overwrite a document that is compared; name another file",
		"drift - a.yaml --format json -o to-a":                           "would overwrite a document that is compared",
		"schema DATADOG -o a.json":                                       "-o a.json would overwrite a payload; name another file",
		"schema DATADOG -o new.json":                                     "-o new.json would overwrite a file that may be a payload; name another file",
		"get DATADOG --config d/c.yaml --as-payload --force -o d/c.yaml": "-o d/c.yaml would overwrite the configuration; name another file",
	} {
		t.Run(command, func(t *testing.T) {
			t.Chdir(t.TempDir())
			before := map[string]string{
				"a.json": opsGenie, "s.json": "{}", "l.txt": "a.json\n", "a.yaml": "openapi: 3.1.0\n", "d/own.json": "{}", "d/override.json": "{}",
				"e.json":    `{"type":"DATADOG","apiKey":"${file:s.json}","region":"${file:plan.json}"}`,
				"d/c.yaml":  "schemas:\n- {types: ['*'], file: own.json}\noverrides:\n- {paths: ['*.json'], schemas: [{types: ['*'], file: override.json}]}\n",
				"new.json":  `{"type":"CARRIER_PIGEON"}`,
				"plan.json": `{"description": "atlasint-plan", "title": "atlasint-plan", "default": {"format": "atlasint-plan"}}`,
			}
			for file, text := range before {
				writeFile(t, file, text)
			}
			link(t, "s.json", "to-s")
			link(t, "a.yaml", "to-a")
			before["to-s"], before["to-a"] = before["s.json"], before["a.yaml"]
			args := strings.Fields(command)
			if args[0] == "diff" || args[0] == "get" {
				args = append(args, "--base-url", "http://127.0.0.1:1", "--project", projectID)
				t.Setenv("MONGODB_ATLAS_PUBLIC_API_KEY", "a")
				t.Setenv("MONGODB_ATLAS_PRIVATE_API_KEY", "b")
			}
			if _, errOut := must(t, 2, args...); !strings.Contains(errOut, says) {
				t.Errorf("it says %s", errOut)
			}
			if diff := cmp.Diff(before, contents(t, ".")); diff != "" {
				t.Errorf("files changed (-before +after)\n%s", diff)
			}
			if info, err := os.Lstat("to-s"); err != nil || info.Mode().IsRegular() {
				t.Errorf("the link is replaced (%v)", err)
			}
		})
	}
}

// An empty name, such as that of an unset variable, is not that of standard output.
func TestOutputIsNotEmpty(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "a.json", opsGenie)
	for _, command := range []string{
		"validate a.json", "drift a.json", "spec", "schema DATADOG", "schema --configuration", "new DATADOG", "new --all",
		"get --as-payload", "generate --package p", "diff a.json",
	} {
		flag := "output"
		if strings.HasPrefix(command, "diff") {
			flag = "out"
		}
		for _, empty := range [][]string{{"-o", ""}, {"--" + flag + "="}} {
			out, errOut := must(t, 2, append(strings.Fields(command), empty...)...)
			if want := "atlasint: --" + flag + " is empty; give it a value, or leave it out\n"; out != "" || errOut != want {
				t.Errorf("%s %q: %q, %q", command, empty, out, errOut)
			}
		}
	}
	for _, none := range []string{"", "-"} {
		if _, errOut := must(t, 2, "schema", "--all", "-o", none); !strings.Contains(errOut, "--all needs a folder; add -o DIR") {
			t.Errorf("%q: %s", none, errOut)
		}
	}
	for _, args := range [][]string{{"spec", "-o", "-"}, {"schema", "DATADOG", "--output=-"}, {"new", "DATADOG", "-o", "-"}} {
		if out, _ := must(t, 0, args...); out == "" {
			t.Errorf("%q prints nothing", args)
		}
	}
}
