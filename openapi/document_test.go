package openapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	v5 "github.com/santhosh-tekuri/jsonschema/v5"
	v6 "github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/openapi"
)

// document is one curated document as the JSON values that its YAML means.
type document struct {
	apiVersion string
	yaml       []byte
	root       map[string]any
}

func documents(t *testing.T) []document {
	t.Helper()
	docs := []document{{apiVersion: schemas.V1, yaml: openapi.V1().Document}, {apiVersion: schemas.V2, yaml: openapi.V2().Document}}
	for i, doc := range docs {
		var raw any
		if err := yaml.Unmarshal(doc.yaml, &raw); err != nil {
			t.Fatalf("%s: %v", doc.apiVersion, err)
		}
		docs[i].root = throughJSON(t, raw).(map[string]any)
	}
	return docs
}

// throughJSON returns value with the types that both validators expect of decoded JSON.
func throughJSON(t *testing.T, value any) any {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, data)
}

func decode(t *testing.T, data []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// at follows a JSON pointer such as /components/schemas/Link.
func (d document) at(pointer string) any {
	var node any = d.root
	for _, token := range strings.Split(pointer, "/")[1:] {
		object, ok := node.(map[string]any)
		if !ok {
			return nil
		}
		node = object[jsonpos.Unescape(token)]
	}
	return node
}

func (d document) object(t *testing.T, pointer string) map[string]any {
	t.Helper()
	object, ok := d.at(pointer).(map[string]any)
	if !ok {
		t.Fatalf("%s has no object at %s", d.apiVersion, pointer)
	}
	return object
}

// join adds one token to a JSON pointer.
func join(pointer, token string) string {
	return pointer + jsonpos.Pointer(token)
}

// target is what a reference points at, as a JSON pointer; empty if node is no reference.
func target(node any) string {
	object, _ := node.(map[string]any)
	ref, _ := object["$ref"].(string)
	return strings.TrimPrefix(ref, "#")
}

// validatorPair has the two validators for the schemas of one resource.
type validatorPair struct {
	base string
	v5   *v5.Compiler
	v6   *v6.Compiler
}

func newValidatorPair(t *testing.T, base string, schema any) validatorPair {
	t.Helper()
	data, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	j := validatorPair{base: base, v5: v5.NewCompiler(), v6: v6.NewCompiler()}
	j.v5.Draft = v5.Draft2020
	j.v6.DefaultDraft(v6.Draft2020)
	if err := j.v5.AddResource(base, bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	if err := j.v6.AddResource(base, decode(t, data)); err != nil {
		t.Fatal(err)
	}
	return j
}

// check validates value against the schema at pointer. Both validators must accept it.
func (p validatorPair) check(pointer string, value any) error {
	five, err := p.v5.Compile(p.base + "#" + pointer)
	if err != nil {
		return fmt.Errorf("v5 can't compile %s: %w", pointer, err)
	}
	six, err := p.v6.Compile(p.base + "#" + pointer)
	if err != nil {
		return fmt.Errorf("v6 can't compile %s: %w", pointer, err)
	}
	if err := five.Validate(value); err != nil {
		return fmt.Errorf("v5: %#v", err)
	}
	if err := six.Validate(value); err != nil {
		return fmt.Errorf("v6: %w", err)
	}
	return nil
}

// responses returns validators of responses, with the open schemas of the document's components.
func (d document) responses(t *testing.T) validatorPair {
	t.Helper()
	return newValidatorPair(t, "https://openapi.invalid/"+d.apiVersion+".json", throughJSON(t, d.root))
}

// checkRequest validates a request body against the closed schema of its type.
func checkRequest(t *testing.T, apiVersion string, body any) error {
	t.Helper()
	payload, _ := body.(map[string]any)
	name, _ := payload["type"].(string)
	schema, ok := schemas.Schema(apiVersion, name)
	if !ok {
		return fmt.Errorf("%s has no type %q", apiVersion, name)
	}
	return newValidatorPair(t, "https://schemas.invalid/"+name+".json", decode(t, schema)).check("", body)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
