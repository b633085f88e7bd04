package editor

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/ordered"
)

func transformed(t testing.TB, schema string) (string, error) {
	t.Helper()
	parsed, err := ordered.Parse([]byte(schema))
	if err != nil {
		t.Fatal(err)
	}
	result, err := transformer{definitions: "#/definitions/"}.schema(parsed)
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	return string(data), nil
}

func TestTransformAllowsReferences(t *testing.T) {
	pattern, err := json.Marshal(expand.Pattern)
	if err != nil {
		t.Fatal(err)
	}
	reference := `{"type":"string","pattern":` + string(pattern) + `}`
	for _, tt := range []struct{ published, want string }{
		{`true`, `true`},
		{`{"type":"integer","minimum":1,"exclusiveMaximum":9,"multipleOf":2}`, `{"type":"integer","minimum":1,"exclusiveMaximum":9,"multipleOf":2}`},
		{`{"type":"string","format":"uri","writeOnly":true,"x-secret":"last4"}`, `{"type":"string"}`},
		{`{"type":"string","const":"A"}`, `{"type":"string","const":"A"}`},
		{`{"type":"string","const":"AB","minLength":2}`, `{"type":"string","const":"AB","minLength":2}`},
		{`{"default":"a","type":"string","enum":["a","b"],"title":"T"}`, `{"title":"T","anyOf":[{"enum":["a","b"]},` + reference + `],"default":"a"}`},
		{`{"type":["string","null"],"enum":["a",null]}`, `{"anyOf":[{"type":["string","null"],"enum":["a",null]},` + reference + `]}`},
		{`{"type":"integer","enum":[1,2]}`, `{"type":"integer","enum":[1,2]}`},
		{`{"type":"string","minLength":1,"pattern":"^a"}`, `{"anyOf":[{"type":"string","minLength":1,"pattern":"^a"},` + reference + `]}`},
		{`{"type":"array","items":{"type":"string","maxLength":2},"minItems":1,"uniqueItems":true}`,
			`{"type":"array","items":{"anyOf":[{"type":"string","maxLength":2},` + reference + `]},"minItems":1,"uniqueItems":true}`},
		{`{"prefixItems":[{"type":"integer"}],"items":false}`, `{"items":[{"type":"integer"}],"additionalItems":false}`},
		{`{"not":{"type":"string","maxLength":2}}`, `{"not":{"type":"string","maxLength":2}}`},
		{`{"if":{"properties":{"a":{"enum":["b"]}}},"then":{"required":["c"]}}`, `{"if":{"properties":{"a":{"enum":["b"]}}},"then":{"required":["c"]}}`},
		{`{"dependentRequired":{"a":["b"]}}`, `{"dependencies":{"a":["b"]}}`},
		{`{"dependentSchemas":{"a":{"required":["b"]}}}`, `{"dependencies":{"a":{"required":["b"]}}}`},
		{`{"$ref":"#/$defs/a","$defs":{"a":{"type":"null"}},"description":"D"}`,
			`{"description":"D","allOf":[{"$ref":"#/definitions/a"}],"definitions":{"a":{"type":"null"}}}`},
		{`{"properties":{"a":{"$ref":"#/$defs/a"}}}`, `{"properties":{"a":{"$ref":"#/definitions/a"}}}`},
	} {
		got, err := transformed(t, tt.published)
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", tt.published, err, diff)
		}
	}
}

// What draft-07 can't express is an error instead of a schema that accepts more.
func TestTransformRefuses(t *testing.T) {
	for _, published := range []string{
		`{"unevaluatedProperties":false}`, `{"properties":{"a":{"minContains":2}}}`, `{"$dynamicRef":"#a"}`, `{"$ref":"other.json"}`,
		`{"$ref":"#"}`, `{"$ref":"#/$defs/a/items"}`, `{"allOf":[{"type":"null"}],"$ref":"#/$defs/a"}`, `{"items":{"unknown":1}}`,
		`{"dependentRequired":{"a":["b"]},"dependentSchemas":{"a":true}}`, `{"anyOf":[{"unknown":1}]}`,
	} {
		if got, err := transformed(t, published); err == nil || !strings.Contains(err.Error(), "has no form in draft-07") {
			t.Errorf("%s: %s, %v", published, got, err)
		}
	}
}

const nested = `{
  "type": "object", "required": ["type", "list"], "additionalProperties": false,
  "$defs": {"limit": {"type": ["integer", "null"], "minimum": 1, "exclusiveMaximum": 5}},
  "dependentRequired": {"code": ["limit"]},
  "properties": {
    "type": {"type": "string", "const": "T"},
    "code": {"type": "string", "pattern": "^[a-c]{1,2}$"},
    "limit": {"$ref": "#/$defs/limit"},
    "list": {"type": "array", "minItems": 1, "maxItems": 3, "uniqueItems": true, "items": {"type": "string", "enum": ["a", "b", "c"]}},
    "pair": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string", "minLength": 2}], "items": false},
    "union": {"oneOf": [
      {"type": "object", "required": ["kind"], "additionalProperties": false,
        "properties": {"kind": {"const": "x"}, "code": {"type": "string", "maxLength": 1}}},
      {"type": "object", "required": ["kind"], "additionalProperties": false,
        "properties": {"kind": {"const": "y"}, "code": {"type": "integer"}}}
    ]}
  }
}`

func compiled(t *testing.T, name, schema string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, strings.NewReader(schema)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Both schemas give the same result, and with a reference in place of a text that is free to be one the
// payload stays good.
func TestTransformKeepsResults(t *testing.T) {
	draft7, err := transformed(t, nested)
	if err != nil {
		t.Fatal(err)
	}
	published := compiled(t, "published.json", `{"$schema":"https://json-schema.org/draft/2020-12/schema",`+nested[1:])
	ours := compiled(t, "editor.json", `{"$schema":"`+dialect+`",`+draft7[1:])
	counts := map[bool]int{}
	text := rapid.SampledFrom([]any{"a", "b", "ab", "abc", "x", "y", "T", "", nil, 1.0, 2.0, 7.0, true})
	list := rapid.SliceOfN(text, 0, 4)
	rapid.Check(t, func(rt *rapid.T) {
		payload := map[string]any{"type": "T", "list": []any{"a"}}
		for name, draw := range map[string]func() any{
			"type": func() any { return rapid.SampledFrom([]any{"T", "T", "T", "U"}).Draw(rt, "type") },
			"code": func() any { return text.Draw(rt, "code") }, "limit": func() any { return text.Draw(rt, "limit") },
			"list": func() any { return list.Draw(rt, "list") }, "pair": func() any { return list.Draw(rt, "pair") },
			"union": func() any { return map[string]any{"kind": text.Draw(rt, "kind"), "code": text.Draw(rt, "value")} },
		} {
			if rapid.IntRange(0, 3).Draw(rt, "with "+name) == 0 {
				payload[name] = draw()
			}
		}
		good := published.Validate(payload) == nil
		counts[good]++
		if err := ours.Validate(payload); (err == nil) != good {
			rt.Fatalf("published: %v, editor: %v, payload %v", good, err, payload)
		}
		if _, isText := payload["code"].(string); good && isText {
			payload["code"] = "${env:CODE}"
			payload["list"] = []any{"${env:ITEM}"}
			if err := ours.Validate(payload); err != nil {
				rt.Fatalf("references in %v: %v", payload, err)
			}
		}
	})
	if counts[true] == 0 || counts[false] == 0 {
		t.Errorf("one result only: %v", fmt.Sprint(counts))
	}
}
