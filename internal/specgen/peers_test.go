package specgen_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	v5 "github.com/santhosh-tekuri/jsonschema/v5"
	v6 "github.com/santhosh-tekuri/jsonschema/v6"
)

// peerCase is one line of the table that three validators must agree with: v5 and v6 here, ajv in the folder of the
// table.
type peerCase struct {
	APIVersion string `json:"apiVersion"`
	Type, Why  string
	Valid      bool
	Payload    any
}

func peerCases(t *testing.T) []peerCase {
	t.Helper()
	data, err := os.ReadFile("../../.ci/peers/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	dec.DisallowUnknownFields()
	var cases []peerCase
	if err := dec.Decode(&cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// verdict returns the error of one validator for a value.
type verdict func(value any) error

func TestValidatorsAgreeOnThePeerCases(t *testing.T) {
	fives, sixes := map[string]verdict{}, map[string]verdict{}
	for path, data := range requestSchemas(t) {
		fives[path], sixes[path] = compileV5(t, path, data), compileV6(t, path, data)
	}
	for _, c := range peerCases(t) {
		path := c.APIVersion + "/" + c.Type + ".json"
		if fives[path] == nil {
			t.Errorf("%s has no type %s", c.APIVersion, c.Type)
			continue
		}
		for name, validate := range map[string]verdict{"v5": fives[path], "v6": sixes[path]} {
			if got := validate(c.Payload) == nil; got != c.Valid {
				t.Errorf("%s %s, %s: %s says valid is %t, the table says %t", c.APIVersion, c.Type, c.Why, name, got, c.Valid)
			}
		}
	}
}

func requestSchemas(t *testing.T) map[string][]byte {
	t.Helper()
	files := generate(t, curated())
	delete(files, "schemas.gen.go")
	return files
}

func compileV5(t *testing.T, path string, data []byte) verdict {
	t.Helper()
	schema, err := v5.CompileString("https://schemas.invalid/"+path, string(data))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate
}

func compileV6(t *testing.T, path string, data []byte) verdict {
	t.Helper()
	value, err := v6.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := v6.NewCompiler()
	if err := c.AddResource("https://schemas.invalid/"+path, value); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("https://schemas.invalid/" + path)
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate
}

// The table is only worth something while it has, for every type: each field in a valid payload, that
// payload without each of its required fields, and a field that the type does not have.
func TestPeerCasesAreComplete(t *testing.T) {
	cases := map[string][]peerCase{}
	for _, c := range peerCases(t) {
		path := c.APIVersion + "/" + c.Type + ".json"
		cases[path] = append(cases[path], c)
	}
	for path, data := range requestSchemas(t) {
		var schema struct {
			Required   []string
			Properties map[string]any
		}
		unmarshal(t, data, &schema)
		for field := range schema.Properties {
			if !slices.ContainsFunc(cases[path], func(c peerCase) bool { return c.Valid && has(c, field) }) {
				t.Errorf(".ci/peers/cases.json, %s: no valid payload has %s", path, field)
			}
		}
		for _, field := range schema.Required {
			if !leftOut(cases[path], field) {
				t.Errorf(".ci/peers/cases.json, %s: no payload lacks %s and is valid but for that", path, field)
			}
		}
		if !slices.ContainsFunc(cases[path], func(c peerCase) bool { return !c.Valid && hasOther(c, schema.Properties) }) {
			t.Errorf(".ci/peers/cases.json, %s: no payload has an unknown field", path)
		}
	}
}

func has(c peerCase, field string) bool {
	payload, _ := c.Payload.(map[string]any)
	_, ok := payload[field]
	return ok
}

func hasOther(c peerCase, known map[string]any) bool {
	payload, _ := c.Payload.(map[string]any)
	for field := range payload {
		if known[field] == nil {
			return true
		}
	}
	return false
}

// leftOut reports whether one of the cases is a valid one without field.
func leftOut(cases []peerCase, field string) bool {
	for _, valid := range cases {
		if !valid.Valid {
			continue
		}
		less := maps.Clone(valid.Payload.(map[string]any))
		delete(less, field)
		if slices.ContainsFunc(cases, func(c peerCase) bool { return !c.Valid && cmp.Equal(c.Payload, any(less)) }) {
			return true
		}
	}
	return false
}
