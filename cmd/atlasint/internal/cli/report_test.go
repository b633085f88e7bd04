package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	five "github.com/santhosh-tekuri/jsonschema/v5"
	six "github.com/santhosh-tekuri/jsonschema/v6"
)

// reportSchema reads docs/report.schema.json, and adds additionalProperties: false to every object. Readers must ignore
// unknown members, but this test must find members that the schema lacks.
func reportSchema(t *testing.T) map[string]any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("docs", "report.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	if closed := closeObjects(schema); closed < 4 {
		t.Fatalf("only %d objects in the schema", closed)
	}
	return schema
}

func closeObjects(value any) (closed int) {
	switch value := value.(type) {
	case map[string]any:
		if _, ok := value["properties"].(map[string]any); ok {
			value["additionalProperties"] = false
			closed++
		}
		for _, member := range value {
			closed += closeObjects(member)
		}
	case []any:
		for _, element := range value {
			closed += closeObjects(element)
		}
	}
	return closed
}

// schemaValidators compiles the schema of JSON reports with two versions of the jsonschema library.
func schemaValidators(t *testing.T) map[string]func(any) error {
	t.Helper()
	schema := reportSchema(t)
	text, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	old, err := five.CompileString("report.json", string(text))
	if err != nil {
		t.Fatal(err)
	}
	c := six.NewCompiler()
	if err := c.AddResource("report.json", schema); err != nil {
		t.Fatal(err)
	}
	fresh, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]func(any) error{"v5": old.Validate, "v6": func(v any) error { return fresh.Validate(v) }}
}

func TestJSONReportsFitTheirSchema(t *testing.T) {
	inRoot(t)
	for name, check := range schemaValidators(t) {
		for _, args := range []string{
			"examples/payloads", "examples/failing", "examples", "--quiet examples/failing", "--strict --max-findings 1 examples/failing",
			"--array examples/failing/not-a-payload.json",
			"--baseline examples/baseline/known.json examples/baseline/payloads",
			"--baseline examples/baseline/known.json examples/payloads examples/baseline/payloads/ops-genie.json", "-",
			"missing.json", "missing.json examples/failing",
		} {
			_, out, _ := run(append([]string{"validate", "--format", "json"}, strings.Fields(args)...)...)
			var report any
			if err := json.Unmarshal([]byte(out), &report); err != nil {
				t.Fatalf("%s: %v", args, err)
			}
			if err := check(report); err != nil {
				t.Errorf("%s: %s: %v", name, args, err)
			}
		}
	}
}

// The schema rejects a report with any of these faults.
func TestReportSchemaSeesFaults(t *testing.T) {
	inRoot(t)
	_, good, _ := run("validate", "--format", "json", "missing.json", "examples/failing/many.ndjson")
	for name, check := range schemaValidators(t) {
		for _, fault := range [][2]string{
			{`"version": 1`, `"version": 2`},
			{`"version": 1`, `"version": 1, "extra": 1`},
			{`"omitted": 0`, `"omitted": -1`},
			{`"omitted": 0`, `"skipped": 0`},
			{`"line": 2`, `"line": 0`},
			{`"column"`, `"col"`},
			{`"pointer": "/region"`, `"pointer": "region"`},
			{`"pointer": "/region"`, `"pointer": "/~2"`},
			{`"severity": "error"`, `"severity": "fatal"`},
			{`"rule": "enum"`, `"rule": "Enum"`},
			{`"payload": 2`, `"payload": 0`},
			{`"failures"`, `"unread"`},
			{`"findings": [`, `"findings": [ {},`},
		} {
			bad := strings.Replace(good, fault[0], fault[1], 1)
			var report any
			if err := json.Unmarshal([]byte(bad), &report); err != nil || bad == good {
				t.Errorf("nothing spoilt by %s: %v", fault[1], err)
			} else if check(report) == nil {
				t.Errorf("%s: %s passes", name, fault[1])
			}
		}
	}
}
