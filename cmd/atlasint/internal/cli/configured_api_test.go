package cli_test

import (
	"os"
	"strings"
	"testing"
)

// Commands that write payloads or print schemas of them use the API version of the configuration: that of the file they
// write, as validate does. --api takes precedence.
func TestConfiguredAPIVersion(t *testing.T) {
	const v2Only = "sendShardingMetrics"
	for name, tc := range map[string]struct {
		config, args string
		file         string // where the payload is; "" for standard output
		v1           bool
	}{
		"no configuration":         {args: "new DATADOG"},
		"new":                      {config: "api: v1.0", args: "new DATADOG", v1: true},
		"new to a file":            {config: "api: v1.0", args: "new DATADOG -o d/a.json", file: "d/a.json", v1: true},
		"new to YAML":              {config: "api: v1.0", args: "new DATADOG -o d/a.yaml", file: "d/a.yaml", v1: true},
		"new to another file":      {config: "overrides: [{paths: [old/**], api: v1.0}]", args: "new DATADOG -o d/a.json", file: "d/a.json"},
		"new to a file of v1.0":    {config: "overrides: [{paths: [old/**], api: v1.0}]", args: "new DATADOG -o old/a.json", file: "old/a.json", v1: true},
		"new with the flag":        {config: "api: v1.0", args: "new DATADOG --api v2"},
		"new --all":                {config: "api: v1.0", args: "new --all -o d", file: "d/datadog.json", v1: true},
		"new --all by overrides":   {config: "overrides: [{paths: [d/datadog.json], api: v1.0}]", args: "new --all -o d", file: "d/datadog.json", v1: true},
		"new --all, another file":  {config: "overrides: [{paths: [d/slack.json], api: v1.0}]", args: "new --all -o d", file: "d/datadog.json"},
		"init":                     {config: "api: v1.0", args: "init --yes", file: "integrations/atlas/datadog.json", v1: true},
		"init of v1.0":             {config: "api: v1.0", args: "init --yes FLOWDOCK datadog", file: "integrations/atlas/datadog.json", v1: true},
		"init with the flag":       {config: "api: v1.0", args: "init --yes --api v2", file: "integrations/atlas/datadog.json"},
		"init by overrides":        {config: "overrides: [{paths: ['**/datadog.json'], api: v1.0}]", args: "init --yes", file: "integrations/atlas/datadog.json", v1: true},
		"schema":                   {config: "api: v1.0", args: "schema DATADOG", v1: true},
		"schema to a file":         {config: "api: v1.0", args: "schema DATADOG -o s.json", file: "s.json", v1: true},
		"schema, no configuration": {args: "schema DATADOG"},
		"schema with the flag":     {config: "api: v1.0", args: "schema DATADOG --api v2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if tc.config != "" {
				writeFile(t, ".atlasint.yaml", tc.config)
			}
			out, _ := must(t, 0, strings.Fields(tc.args)...)
			if tc.file != "" {
				data, err := os.ReadFile(tc.file)
				if err != nil {
					t.Fatal(err)
				}
				out = string(data)
				if !strings.HasPrefix(tc.args, "schema") && !strings.Contains(tc.args, "--api") {
					must(t, 0, "validate", tc.file)
				}
			}
			if strings.Contains(out, v2Only) == tc.v1 {
				t.Errorf("it is %s", out)
			}
		})
	}
}

// A new configuration that extends another one keeps the API versions of that one, unless --api is set.
func TestInitBelowConfiguration(t *testing.T) {
	for args, own := range map[string]string{"init --yes": "", "init --yes --api v2": "api: v2\n", "init --yes --api v1.0": "api: v1.0\n"} {
		t.Chdir(t.TempDir())
		writeFile(t, ".atlasint.yaml", "api: v1.0\n")
		if err := os.MkdirAll("below", 0o755); err != nil {
			t.Fatal(err)
		}
		t.Chdir("below")
		must(t, 0, strings.Fields(args)...)
		data, err := os.ReadFile(".atlasint.yaml")
		if err != nil || !strings.Contains(string(data), "\nextends: ../.atlasint.yaml\n"+own+"rules:") {
			t.Errorf("%s: %v, %s", args, err, data)
		}
		must(t, 0, "validate", "integrations/atlas")
	}
}

// A configuration that can't be read is an error, since its API version is unknown.
func TestConfiguredAPIVersionUnknown(t *testing.T) {
	for _, command := range []string{"new DATADOG", "new --all", "init --yes", "schema DATADOG", "schema"} {
		t.Chdir(t.TempDir())
		writeFile(t, ".atlasint.yaml", "api: v3")
		if _, errOut := must(t, 2, strings.Fields(command)...); !strings.Contains(errOut, ".atlasint.yaml:1:6: api: ") {
			t.Errorf("%s: %s", command, errOut)
		}
		if command != "init --yes" {
			must(t, 0, append(strings.Fields(command), "--api", "v2")...)
		}
	}
}

// The command init prints a note about a configuration with a wrong name, which it does not use either.
func TestInitNotesMisnamedConfiguration(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, ".atlasint.yml", "api: v1.0")
	_, errOut := must(t, 0, "init", "--yes")
	if !strings.Contains(errOut, "atlasint: .atlasint.yml is not used, because of its name; rename it to .atlasint.yaml\n") {
		t.Errorf("it prints %s", errOut)
	}
}

// The command get writes a payload in the API version of its file, too.
func TestGetPayloadOfConfiguredVersion(t *testing.T) {
	atlas := startAtlas(t)
	writeFile(t, "a.json", datadogPayload)
	must(t, 0, "apply", "--yes", "a.json")
	writeFile(t, ".atlasint.yaml", "overrides: [{paths: [old/**], api: v1.0}]")
	must(t, 0, "get", "DATADOG", "--as-payload", "-o", "old/b.json")
	must(t, 0, "get", "DATADOG", "--as-payload", "-o", "c.json")
	must(t, 0, "validate", "old/b.json", "c.json")
	requests := atlas.Requests() // two for each get: the first has no credentials
	if last := requests[len(requests)-3:]; last[0].APIVersion != "v1.0" || last[2].APIVersion != "v2" {
		t.Errorf("the requests are %v", last)
	}
}

// The payloads of a folder that get writes are in the API version of all its files. If they differ, get asks for
// one.
func TestGetFolderOfConfiguredVersion(t *testing.T) {
	atlas := startAtlas(t)
	writeFile(t, "a.json", datadogPayload)
	must(t, 0, "apply", "--yes", "a.json")
	writeFile(t, ".atlasint.yaml", "overrides: [{paths: [old/**], api: v1.0}, {paths: [both/slack.json], api: v1.0}]")
	for folder, want := range map[string]string{"old": "v1.0", "new": "v2"} {
		must(t, 0, "get", "--as-payload", "-o", folder)
		must(t, 0, "validate", folder)
		if requests := atlas.Requests(); requests[len(requests)-1].APIVersion != want {
			t.Errorf("%s: the requests are %v", folder, requests)
		}
	}
	if _, errOut := must(t, 2, "get", "--as-payload", "-o", "both"); !strings.Contains(errOut, "v1.0 for some files in both and v2 for others; choose one with --api") {
		t.Error(errOut)
	}
	must(t, 0, "get", "--as-payload", "-o", "both", "--api", "v2")
}

// A configuration outside of the repository, which the new one can't extend, has no effect on init.
func TestInitOutsideOfConfiguration(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, ".atlasint.yaml", "api: v1.0\noverrides: [{paths: ['**/slack.json'], api: v2}]")
	if err := os.MkdirAll("project/.git", 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir("project")
	must(t, 0, "init", "--yes", "DATADOG", "SLACK")
	if data, err := os.ReadFile(".atlasint.yaml"); err != nil || !strings.Contains(string(data), "\napi: v2\n") {
		t.Errorf("%v, %s", err, data)
	}
	must(t, 0, "validate", "integrations/atlas")
}
