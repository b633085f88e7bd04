package report_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/validate"
)

// sarifSchema returns the schema that OASIS publishes for SARIF 2.1.0. We found no module that exports it. The module
// go-sarif has it in an unexported constant, so the test parses the source file. The check of go-sarif itself does not
// help: it validates the decoded values, not the bytes.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	at := reflect.ValueOf(sarif.NewReport).Pointer()
	file, _ := runtime.FuncForPC(at).FileLine(at)
	source, err := parser.ParseFile(token.NewFileSet(), filepath.Join(filepath.Dir(file), "schema.go"), nil, 0)
	if err != nil {
		t.Fatalf("the source of go-sarif is not where the compiler found it (run without -trimpath): %v", err)
	}
	var text string
	ast.Inspect(source, func(n ast.Node) bool { // the file is one constant
		if literal, ok := n.(*ast.BasicLit); ok {
			text, err = strconv.Unquote(literal.Value)
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return compile(t, text)
}

func compile(t *testing.T, text string) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validateSARIF(schema *jsonschema.Schema, data []byte) error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return schema.Validate(document)
}

func TestSARIFMatchesItsSchema(t *testing.T) {
	schema := sarifSchema(t)
	for name, r := range map[string]*report.Report{
		"nasty": hostileText(), "quiet": hostileText(quiet), "strict": hostileText(strict), "empty": {},
	} {
		if err := validateSARIF(schema, write(t, "sarif", r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The version is one of semver.org, also of a development build.
func TestSARIFVersions(t *testing.T) {
	for version, want := range map[string]string{
		"v1.2.3": "1.2.3", "1.2.3": "1.2.3", "v1.2.3-rc.1+build.5": "1.2.3-rc.1+build.5",
		"v0.0.0-20261129004445-5643e88aaaaa+dirty": "0.0.0-20261129004445-5643e88aaaaa+dirty",
		"": "0.0.0-devel", "(devel)": "0.0.0-devel", "v1.2": "0.0.0-devel", "v01.2.3": "0.0.0-devel",
		"v1.2.3-01": "0.0.0-devel", "v1.2.3+": "0.0.0-devel", "nightly": "0.0.0-devel",
	} {
		log, err := sarif.FromBytes(write(t, "sarif", &report.Report{Version: version}))
		if err != nil {
			t.Fatal(err)
		}
		driver := log.Runs[0].Tool.Driver
		got := []*string{driver.Version, driver.SemanticVersion}
		if diff := cmp.Diff([]*string{&want, &want}, got); diff != "" {
			t.Errorf("%q: version, semantic version (-want +got):\n%s", version, diff)
		}
	}
}

// The guard above sees a log that is not SARIF.
func TestSARIFGuardSeesFaults(t *testing.T) {
	schema := sarifSchema(t)
	good := string(write(t, "sarif", hostileText()))
	for _, fault := range [][2]string{
		{`"level": "error"`, `"level": "fatal"`},
		{`"startLine": 4`, `"startLine": 0`},
		{`"endColumn": 18`, `"endColumn": "18"`},
		{`"columnKind": "unicodeCodePoints"`, `"columnKind": "characters"`},
		{`"executionSuccessful": false`, `"successful": false`},
		{`"ruleIndex"`, `"rule_index"`},
		{`"uri": "odd/`, `"uri": "od d%zz/`},
		{`"name": "atlasint"`, `"fullName": "atlasint"`},
		{`"version": "2.1.0"`, `"version": "2.0.0"`},
		{`"physicalLocation"`, `"place"`},
		{`"informationUri": "https`, `"informationUri": "%zz`},
	} {
		bad := strings.Replace(good, fault[0], fault[1], 1)
		if bad == good {
			t.Errorf("nothing to spoil: %s", fault[0])
		} else if validateSARIF(schema, []byte(bad)) == nil {
			t.Errorf("%s passes", fault[1])
		}
	}
}

// The schema can't express these properties: rules are found by their index, places are those of the findings, and an
// input without a path has none.
func TestSARIFHasTheFindings(t *testing.T) {
	r := hostileText()
	log, err := sarif.FromBytes(write(t, "sarif", r))
	if err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Tool.Driver.Rules) != len(validate.Rules()) {
		t.Errorf("%d rules, want %d", len(run.Tool.Driver.Rules), len(validate.Rules()))
	}
	var findings []validate.Finding
	for _, f := range r.Files {
		findings = append(findings, f.Findings...)
	}
	if len(run.Results) != len(findings) {
		t.Fatalf("%d results for %d findings", len(run.Results), len(findings))
	}
	for i, result := range run.Results {
		want := findings[i]
		if id := *run.Tool.Driver.Rules[result.RuleIndex].ID; id != want.Rule || *result.RuleID != id {
			t.Errorf("%s: the index leads to %s", want.Rule, id)
		}
		place := result.Locations[0].PhysicalLocation
		if want.File == report.Stdin {
			if place != nil {
				t.Errorf("standard input has the place %+v", place)
			}
			continue
		}
		region := place.Region
		got := [4]int{*region.StartLine, *region.StartColumn, *region.EndLine, *region.EndColumn}
		if got != [4]int{want.Line, want.Column, want.EndLine, want.EndColumn} {
			t.Errorf("%s: region %v", want.String(), got)
		}
	}
	in := run.Invocations[0]
	if *in.ExecutionSuccessful || len(in.ToolExecutionNotifications) != 3 {
		t.Errorf("successful %v, %d notifications; want false and 3", *in.ExecutionSuccessful, len(in.ToolExecutionNotifications))
	}
}

// Paths are URIs. If possible, they are relative to the directory that readers use as the root of the sources.
func TestSARIFLocations(t *testing.T) {
	tests := map[string]string{
		"a.json": "a.json", "./dir//a b.json": "dir/a%20b.json", "dir/../a.json": "dir/../a.json",
		"../a.json": "../a.json", "a:b.json": "./a:b.json", "a%20b?#.json": "a%2520b%3F%23.json",
		"é.json": "%C3%A9.json", "\xff.json": "%FF.json", "a\nb\x1b.json": "a%0Ab%1B.json",
	}
	if runtime.GOOS != "windows" {
		tests["/tmp/a b.json"] = "file:///tmp/a%20b.json"
	}
	for name, want := range tests {
		r := &report.Report{}
		r.Add(name, validate.Result{
			Errors:   1,
			Findings: []validate.Finding{{File: name, Line: 1, Column: 1, EndLine: 1, EndColumn: 1, Severity: validate.Error}},
		})
		log, err := sarif.FromBytes(write(t, "sarif", r))
		if err != nil {
			t.Fatal(err)
		}
		place := log.Runs[0].Results[0].Locations[0].PhysicalLocation.ArtifactLocation
		if *place.URI != want || (place.URIBaseID == nil) != strings.HasPrefix(want, "file:") {
			t.Errorf("%q: %s, relative to %v; want %s", name, *place.URI, place.URIBaseID, want)
		}
	}
}
