package schema

import (
	"fmt"
	"strings"
	"testing"
)

func manyProperties(n int, required bool, more string) string {
	var p, r []string
	for i := range n {
		p = append(p, fmt.Sprintf(`"p%d":{"type":"integer"}`, i))
		r = append(r, fmt.Sprintf(`"p%d"`, i))
	}
	s := `{"type":"object","properties":{` + strings.Join(p, ",") + `}`
	if required {
		s += `,"required":[` + strings.Join(r, ",") + `]`
	}
	return s + more + `}`
}

func manyMembers(n, without int) string {
	var p []string
	for i := range n {
		if i != without {
			p = append(p, fmt.Sprintf(`"p%d":1`, i))
		}
	}
	return `{` + strings.Join(p, ",") + `}`
}

// Schemas and values at which the tree and jsonschema/v5 could differ: what the tree accepts, v5 accepts.
func TestTreeAcceptsNoMore(t *testing.T) {
	const d7 = `"$schema":"http://json-schema.org/draft-07/schema#",`
	const d4 = `"$schema":"http://json-schema.org/draft-04/schema#",`
	for _, tc := range []struct{ name, schema, value string }{
		{"const before enum", `{"const":"a","enum":["a","b"]}`, `"b"`},
		{"enum before const", `{"enum":["b"],"const":"a"}`, `"a"`},
		{"type twice", `{"type":"string","type":"number"}`, `"a"`},
		{
			name: "draft7 ref siblings in oneOf",
			schema: `{` + d7 + `"definitions":{"any":{"type":"object","properties":{"kind":{}}}},` +
				`"oneOf":[{"$ref":"#/definitions/any","type":"object","required":["kind"],` +
				`"properties":{"kind":{"const":"a"}}},{"$ref":"#/definitions/any","type":"object","required":["kind"],` +
				`"properties":{"kind":{"const":"b"}}}]}`,
			value: `{"kind":"a"}`,
		},
		{
			name: "draft4 const in oneOf",
			schema: `{` + d4 + `"oneOf":[{"type":"object","required":["kind"],"properties":{"kind":{"const":"a"}}},` +
				`{"type":"object","required":["kind"],"properties":{"kind":{"const":"b"}}}]}`,
			value: `{"kind":"a"}`,
		},
		{
			name: "draft7 kinds",
			schema: `{` + d7 + `"definitions":{"any":{}},"oneOf":[{"$ref":"#/definitions/any","type":"string",` +
				`"properties":{"a":true}},{"$ref":"#/definitions/any","type":"null","properties":{"a":true}}]}`,
			value: `"a"`,
		},
		{"anchor", `{"properties":{"a":{"$ref":"#items"}},"items":{},"$defs":{"q":{"$anchor":"items","type":"string"}}}`, `{"a":1}`},
		{
			name:   "id of draft7 fragment",
			schema: `{` + d7 + `"properties":{"a":{"$ref":"#items"}},"items":{},"definitions":{"q":{"$id":"#items","type":"string"}}}`,
			value:  `{"a":1}`,
		},
		{
			name: "inner id",
			schema: `{"properties":{"a":{"$ref":"#/$defs/x/$defs/inner"}},"$defs":{"x":{"$id":"http://x.invalid/y",` +
				`"$defs":{"inner":{"$ref":"#/$defs/z"},"z":{"type":"string"}}},"z":{}}}`,
			value: `{"a":1}`,
		},
		{
			name: "inner id, required",
			schema: `{"properties":{"a":{"$ref":"#/$defs/x/$defs/inner"}},"$defs":{"x":{"$id":"http://x.invalid/y",` +
				`"$defs":{"inner":{"$ref":"#/$defs/z"},"z":{"required":["b"]}}},"z":{}}}`,
			value: `{"a":{}}`,
		},
		{
			name: "inner id, oneOf",
			schema: `{"properties":{"a":{"$ref":"#/$defs/x/$defs/inner"}},"$defs":{"x":{"$id":"http://x.invalid/y",` +
				`"$defs":{"inner":{"$ref":"#/$defs/z"},"z":{"oneOf":[false,false]}}},"z":{}}}`,
			value: `{"a":{}}`,
		},
		{
			name: "inner id of draft-04",
			schema: `{` + d4 + `"properties":{"a":{"$ref":"#/definitions/x/definitions/inner"}},` +
				`"definitions":{"x":{"id":"http://x.invalid/y","definitions":{"inner":{"$ref":"#/definitions/z"},` +
				`"z":{"required":["b"]}}},"z":{}}}`,
			value: `{"a":{}}`,
		},
		{"dynamicRef, required", `{"$dynamicAnchor":"n","properties":{"a":{"$dynamicRef":"#n"}},"required":["a","b"]}`, `{"a":{},"b":1}`},
		{
			name:   "recursiveRef, required",
			schema: `{"$schema":"https://json-schema.org/draft/2019-09/schema","properties":{"a":{"$recursiveRef":"#"}},"required":["b"]}`,
			value:  `{"a":{},"b":1}`,
		},
		{"anchor, required", `{"properties":{"a":{"$ref":"#q"}},"$defs":{"q":{"$anchor":"q","required":["b"]}},"q":{}}`, `{"a":{}}`},
		{"ref to pointer /$defs//", `{"properties":{"a":{"$ref":"#/$defs/"}},"$defs":{"":{"type":"string"}}}`, `{"a":1}`},
		{"ref percent", `{"properties":{"a":{"$ref":"#/$defs/a%25b"}},"$defs":{"a%b":{"type":"string"},"a%25b":{}}}`, `{"a":1}`},
		{"ref tilde", `{"properties":{"a":{"$ref":"#/$defs/a~01b"}},"$defs":{"a~1b":{"type":"string"},"a/b":{}}}`, `{"a":1}`},
		{"ref plus", `{"properties":{"a":{"$ref":"#/$defs/a+b"}},"$defs":{"a+b":{"type":"string"},"a b":{}}}`, `{"a":1}`},
		{"duplicate properties in the schema", `{"properties":{"a":{"type":"string"}},"properties":{"b":{}}}`, `{"a":1}`},
		{"duplicate names within properties", `{"properties":{"a":{},"a":{"type":"string"}}}`, `{"a":1}`},
		{"duplicate oneOf", `{"oneOf":[{"type":"string"}],"oneOf":[{"type":"null"},{"type":"number"}]}`, `"a"`},
		{"duplicate ref", `{"$defs":{"a":{},"b":{"type":"string"}},"$ref":"#/$defs/b","$ref":"#/$defs/a"}`, `1`},
		{"duplicates in the value", `{"properties":{"a":{"type":"string"}}}`, `{"a":"x","a":1}`},
		{"duplicates at depth", `{"properties":{"o":{"properties":{"a":{"type":"string"}}}}}`, `{"o":{"a":1},"o":{"a":"x","a":1}}`},
		{"duplicates of additional", `{"additionalProperties":{"type":"string"}}`, `{"z":"a","z":1}`},
		{
			name:   "duplicates in anyOf",
			schema: `{"anyOf":[{"properties":{"a":{"type":"string"}}},{"properties":{"b":{"type":"null"}},"required":["b"]}]}`,
			value:  `{"a":1,"b":null,"b":2}`,
		},
		{
			name: "duplicate tag",
			schema: `{"oneOf":[{"type":"object","required":["k"],"properties":{"k":{"const":"a"}}},{"type":"object",` +
				`"required":["k","m"],"properties":{"k":{"const":"b"}}}]}`,
			value: `{"k":"a","k":"b"}`,
		},
		{"minus zero", `{"type":"integer","minimum":0,"enum":[0]}`, `-0`},
		{"1E2", `{"type":"integer","maximum":99}`, `1E2`},
		{"1e-5", `{"type":"integer"}`, `1e-5`},
		{"1.0 const", `{"const":1}`, `1.0`},
		{"minimum 2^63", `{"minimum":9223372036854775807}`, `9223372036854775806`},
		{"minimum 2^63+1", `{"minimum":9223372036854775808}`, `9223372036854775807`},
		{"huge", `{"maximum":9223372036854775807}`, strings.Repeat("9", 300)},
		{"300 properties, closed", manyProperties(300, false, `,"additionalProperties":false`), `{"p299":"x"}`},
		{"300 properties", manyProperties(300, false, ``), `{"p299":"x"}`},
		{"required 70", manyProperties(70, true, ``), manyMembers(70, 66)},
		{"required 300", manyProperties(300, true, ``), manyMembers(300, 299)},
		{"required 256", manyProperties(256, true, ``), manyMembers(256, 255)},
		{"required 257", manyProperties(257, true, ``), manyMembers(257, 256)},
		{"required 129", manyProperties(129, true, ``), manyMembers(129, 128)},
		{"enum mixed", `{"enum":[1,"1",null,false,"null"]}`, `"false"`},
		{"enum mixed 2", `{"enum":[[],{},1]}`, `[1]`},
		{"enum null text", `{"enum":["null"]}`, `null`},
		{"nested unions", `{"oneOf":[{"oneOf":[{"type":"string"},{"type":"null"}]},{"oneOf":[{"type":"string","minLength":1},{"type":"number"}]}]}`, `"a"`},
		{"kinds of type lists", `{"oneOf":[{"type":["string","null"]},{"type":["number","null"]}]}`, `null`},
		{"integer and number", `{"oneOf":[{"type":"integer"},{"type":"number"}]}`, `1`},
		{
			name: "union under construction",
			schema: `{"type":"object","properties":{"k":{"const":"a"},"n":{"oneOf":[{"$ref":"#"},{"type":"object",` +
				`"required":["k"],"properties":{"k":{"const":"b"}}}]}},"required":["k"]}`,
			value: `{"k":"a","n":{"k":"b","n":1}}`,
		},
		{"direct hides kinds", `{"oneOf":[{"allOf":[{"type":"string"}]},{"allOf":[{"type":"null"}],"type":["string","null"]}]}`, `"a"`},
		{"leading zero count", `{"pattern":"^[0-9A-Fa-f]{04}$"}`, `"abcd"`},
		{"plus count", `{"pattern":"^[0-9A-Fa-f]{+4}$"}`, `"abcd"`},
		{"newline at end", `{"pattern":"^[0-9A-Fa-f]{4}$"}`, `"abc\n"`},
		{"surrogates", `{"maxLength":1}`, `"😀"`},
		{"draft4 boolean exclusive", `{` + d4 + `"minimum":3,"exclusiveMinimum":true}`, `3`},
		{"ref into enum", `{"properties":{"a":{"$ref":"#/properties/b/const"},"b":{"const":{"type":"string"}}}}`, `{"a":1}`},
		{"dynamicRef", `{"$dynamicAnchor":"n","properties":{"a":{"$dynamicRef":"#n"}},"type":"object"}`, `{"a":1}`},
		{"additionalProperties with patternProperties", `{"patternProperties":{"^a":{"type":"string"}},"additionalProperties":true}`, `{"a":1}`},
		{"closed in allOf", `{"allOf":[{"properties":{"a":{}},"additionalProperties":false},{"properties":{"b":{}}}]}`, `{"b":1}`},
		{"cycle through anyOf", `{"type":["array","string"],"items":{"anyOf":[{"$ref":"#"},{"type":"null"}]}}`, `[[null,[1]]]`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, v := mustCompile(t, tc.schema), parse(t, tc.value)
			failures, err := s.Validate(v)
			if err != nil {
				t.Fatal(err)
			}
			if len(failures) > 0 && s.Accepts(v) {
				t.Errorf("the tree accepts what fails %s", describe(failures[0]))
			}
			if six := compileSix(t, tc.schema).Validate(v.Any()) == nil; six != (failures == nil) {
				t.Errorf("v6 %v, v5 %v", six, failures == nil)
			}
			wellPlaced(t, v, failures)
		})
	}
}
