package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	six "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// Random schemas and values: what the tree accepts, jsonschema/v5 accepts; there is a failure if and only if
// jsonschema/v5 refuses; v6 agrees.
func TestTreeAgreesWithLibraries(t *testing.T) {
	const schemas, values = 2500, 40
	random := rand.New(rand.NewPCG(12, 2020))
	sure, valid, invalid := 0, 0, 0
	for range schemas {
		text := schemaText(random, 3)
		s := mustCompile(t, text)
		v6 := compileSix(t, text)
		for range values {
			value := valueText(random, 3)
			v := parse(t, value)
			failures, err := s.Validate(v)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			ok := failures == nil
			compiled, _ := s.compile()
			if v5 := compiled.Validate(v.Any()) == nil; v5 != ok {
				t.Fatalf("v5 %v, failures %v\nschema %s\nvalue %s", v5, failures, text, value)
			}
			if accepted := s.Accepts(v); accepted && !ok {
				t.Fatalf("the tree accepts what fails %s\nschema %s\nvalue %s", describe(failures[0]), text, value)
			} else if accepted {
				sure++
			}
			if six := v6.Validate(v.Any()) == nil; six != ok {
				t.Fatalf("v6 %v, v5 %v\nschema %s\nvalue %s", six, ok, text, value)
			}
			if ok {
				valid++
			} else {
				invalid++
			}
			wellPlaced(t, v, failures)
		}
	}
	t.Logf("%d valid, of them %d by the tree, %d invalid", valid, sure, invalid)
	if least := 10_000; valid < least || invalid < least {
		t.Errorf("%d valid values and %d invalid ones, want at least %d of each", valid, invalid, least)
	}
	if fastPath && sure < valid/3 {
		t.Errorf("the tree accepts %d of %d valid values, want a third", sure, valid)
	}
}

// wellPlaced checks that the places of failures exist.
func wellPlaced(t *testing.T, v *jsonpos.Value, failures []Failure) {
	t.Helper()
	for _, f := range failures {
		at := v
		for _, token := range f.Instance {
			if at = child(at, token); at == nil {
				t.Fatalf("%s: no such place", describe(f))
			}
		}
	}
}

func compileSix(t testing.TB, text string) *six.Schema {
	t.Helper()
	doc, err := six.UnmarshalJSON(bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := six.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("schema.json")
}

var testProperties = []string{"a", "b", "c", "kind"}

func pick[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

// schemaText writes a random schema of the keywords that the tree decides, now and then with one that it does
// not.
func schemaText(random *rand.Rand, depth int) string {
	if random.IntN(30) == 0 {
		return pick(random, []string{"true", "false"})
	}
	var k []string
	add := func(format string, args ...any) { k = append(k, fmt.Sprintf(format, args...)) }
	kind := pick(random, []string{"string", "integer", "number", "object", "array", "object", "array", "boolean"})
	switch random.IntN(5) {
	case 0:
	case 1:
		add(`"type":[%q,"null"]`, kind)
	default:
		add(`"type":%q`, kind)
	}
	some := func(n int) bool { return random.IntN(n) == 0 }
	switch kind {
	case "string":
		if some(2) {
			add(`"minLength":%d`, random.IntN(3))
		}
		if some(3) {
			add(`"pattern":%q`, pick(random, []string{"^[0-9A-Fa-f]{2}$", "^([0-9a-f]){2}$", "a", "^.$"}))
		}
		if some(4) {
			add(`"enum":["a","aa",null]`)
		}
		if some(6) {
			add(`"const":"a"`)
		}
	case "integer", "number":
		if some(2) {
			add(`"minimum":%s`, pick(random, []string{"0", "-1", "0.5", "9007199254740993"}))
		}
		if some(2) {
			add(`"maximum":%d`, random.IntN(9))
		}
		if some(6) {
			add(`"enum":[1,2,3.5]`)
		}
	case "array":
		if depth > 0 && some(2) {
			add(`"items":%s`, schemaText(random, depth-1))
		}
		if some(3) {
			add(`"uniqueItems":true`)
		}
		if some(3) {
			add(`"minItems":%d,"maxItems":%d`, random.IntN(2), 1+random.IntN(3))
		}
	case "object":
		k = append(k, objectKeywords(random, depth)...)
	}
	if depth > 0 && some(6) {
		list := schemaText(random, depth-1) + "," + schemaText(random, depth-1)
		if some(2) {
			list = `{"type":"object","required":["kind"],"properties":{"kind":{"const":"a"}}},` +
				`{"type":"object","required":["kind","a"],"properties":{"kind":{"const":"b"}}}`
		}
		add(`%q:[%s]`, pick(random, []string{"allOf", "anyOf", "oneOf"}), list)
	}
	if some(12) {
		add(`%s`, pick(random, []string{`"not":{"type":"null"}`, `"contains":{"type":"string"}`, `"minProperties":1`, `"$ref":"#"`}))
	}
	return "{" + strings.Join(withoutCircles(k), ",") + "}"
}

// withoutCircles drops references to the root outside of objects and arrays, which may form a circle.
func withoutCircles(keywords []string) (result []string) {
	for _, k := range keywords {
		if k != `"$ref":"#"` {
			result = append(result, k)
		}
	}
	return result
}

func objectKeywords(random *rand.Rand, depth int) (k []string) {
	var properties, required []string
	for _, name := range testProperties {
		if random.IntN(2) == 0 && depth > 0 {
			properties = append(properties, fmt.Sprintf("%q:%s", name, schemaText(random, depth-1)))
		}
		if random.IntN(4) == 0 {
			required = append(required, fmt.Sprintf("%q", name))
		}
	}
	if properties != nil {
		k = append(k, `"properties":{`+strings.Join(properties, ",")+"}")
	}
	if required != nil {
		k = append(k, `"required":[`+strings.Join(required, ",")+"]")
	}
	switch random.IntN(4) {
	case 0:
		k = append(k, `"additionalProperties":false`)
	case 1:
		if depth > 0 {
			k = append(k, `"additionalProperties":`+schemaText(random, depth-1))
		}
	}
	return k
}

// valueText writes a random value, names that occur twice among them.
func valueText(random *rand.Rand, depth int) string {
	scalars := []string{
		"null", "true", "false", `"a"`, `"aa"`, `"b"`, `""`, `"é"`, `"0F"`, "0", "1", "2", "3.5", "1.0", "-1", "7", "1e2",
		"9007199254740993", "9007199254740992", "12345678901234567890",
	}
	if depth == 0 || random.IntN(4) == 0 {
		return pick(random, scalars)
	}
	var parts []string
	if random.IntN(2) == 0 {
		for range random.IntN(4) {
			parts = append(parts, valueText(random, depth-1))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	for range random.IntN(5) {
		parts = append(parts, fmt.Sprintf("%q:%s", pick(random, append(testProperties, "z")), valueText(random, depth-1)))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// FuzzValidate: no schema and no value make the two steps disagree, panic or place a failure nowhere.
func FuzzValidate(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 12))
	for range 200 {
		f.Add(schemaText(random, 2), valueText(random, 2))
	}
	f.Add(`{"propertyNames":{"maxLength":1},"unevaluatedProperties":false,"dependentRequired":{"a":["b"]}}`, `{"ab":1,"a":2}`)
	f.Add(`{"prefixItems":[{"const":1}],"items":false,"contains":{"enum":[2]},"if":{"not":{}},"else":{"maxItems":1}}`, `[1,2]`)
	f.Fuzz(func(t *testing.T, schema, value string) {
		if len(schema) > 2000 || len(value) > 2000 || !json.Valid([]byte(schema)) {
			return
		}
		if strings.Count(schema, "$ref") > 3 || strings.Contains(schema, "://") {
			return // users' schemas are limited by CompileBounded, not by Compile
		}
		s, err := Compile([]byte(schema))
		if err != nil || s.Compiles() != nil {
			return
		}
		doc, err := jsonpos.Parse([]byte(value))
		if err != nil {
			return
		}
		failures, err := s.Validate(&doc.Root)
		if err == nil && len(failures) > 0 && s.Accepts(&doc.Root) {
			t.Fatalf("the tree accepts what fails %s", describe(failures[0]))
		}
		wellPlaced(t, &doc.Root, failures)
	})
}
