package schema

import (
	"fmt"
	"strings"
	"testing"
)

// Schemas in which a name or a place has more than one reading have one outcome, however often they are compiled:
// jsonschema/v5 goes through them in random order. The tree and jsonschema/v5 choose the same subschemas.
func TestOutcomesAreStable(t *testing.T) {
	const runs = 50
	for _, schema := range ambiguous() {
		outcomes := map[string]bool{}
		for range runs {
			outcomes[outcome(t, schema)] = true
		}
		if len(outcomes) > 1 {
			t.Errorf("%s: %d outcomes: %v", schema, len(outcomes), outcomes)
		}
	}
}

// outcome returns the error of a schema, or the failures of some values.
func outcome(t *testing.T, source string) string {
	s, err := CompileBounded([]byte(source))
	if err != nil {
		return err.Error()
	}
	var list []string
	for _, value := range []string{`1`, `"x"`, `[1,"x",1]`, `{"a":1,"b":"x","c":{"a":"x"}}`, `{"a":"x","b":1,"ab":[]}`, `{}`} {
		v := parse(t, value)
		failures, err := s.Validate(v)
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		if len(failures) > 0 && s.Accepts(v) {
			t.Errorf("%s: the tree accepts %s", source, value)
		}
		for _, f := range failures {
			list = append(list, describe(f))
			for _, near := range f.Nearest {
				list = append(list, "nearest "+describe(near))
			}
		}
		list = append(list, ";")
	}
	return strings.Join(list, " ")
}

func ambiguous() (schemas []string) {
	const x, y = `"type":"string"`, `"type":"integer"`
	// Two subschemas with one name, in every two of these places.
	places := []string{`"$defs":{"d":{%s}}`, `"definitions":{"e":{%s}}`, `"properties":{"a":{%s}}`, `"not":{"not":{%s}}`, `"allOf":[{},{%s}]`, `"items":{%s}`}
	for i, one := range places {
		for _, other := range places[i+1:] {
			for draft, name := range map[string]string{draft2020Line: `"$anchor":"n",`, draft7Line: `"$id":"#n",`} {
				schemas = append(schemas, fmt.Sprintf(`{%s,`+one+`,`+other+`,"anyOf":[{"$ref":"#n"}]}`, draft, name+x, name+y))
			}
		}
	}
	return append(schemas,
		`{"$anchor":"n",`+x+`,"properties":{"a":{"$ref":"#n"}},"$defs":{"d":{"$anchor":"n",`+y+`}}}`,
		`{"properties":{"a":{"$ref":"#n"}},"const":{"$anchor":"n",`+x+`},"$defs":{"d":{"$anchor":"n",`+y+`}}}`,
		`{"properties":{"a":{"$ref":"#n"},"b":{"$ref":"#/$defs/%64"}},"$defs":{"d":{"$anchor":"n",`+y+`}}}`,
		`{"properties":{"a":{"$ref":"#n"},"b":{"$ref":"#/%24defs/d"}},"$defs":{"d":{"properties":{"a":{"$anchor":"n",`+y+`}}}}}`,
		`{"properties":{"a":{"$ref":"#N"}},"$defs":{"d":{"$anchor":"n",`+y+`},"e":{"$anchor":"N",`+x+`}}}`,
		`{`+draft7Line+`,"properties":{"a":{"$ref":"#n"}},"definitions":{"d":{"$id":"#n","$ref":"#/definitions/e"},"e":{"$id":"#n",`+x+`}}}`,
		`{`+draft7Line+`,"$id":"#n","properties":{"a":{"$ref":"#n"}},"definitions":{"e":{"$id":"#n",`+x+`}}}`,
		`{`+draft7Line+`,"properties":{"a":{"$ref":"#n"}},"$defs":{"d":{"$id":"#n",`+y+`}},"definitions":{"e":{"$id":"#n",`+x+`}}}`,
		`{`+draft7Line+`,"properties":{"a":{"$ref":"#n"}},"$defs":{"d":{"$id":"#n",`+y+`}}}`,
		`{`+draft7Line+`,"properties":{"a":{"$ref":"#n"}},"dependentSchemas":{"d":{"$id":"#n",`+y+`}}}`,
		`{`+draft7Line+`,"properties":{"a":{"$ref":"#"}},"definitions":{"d":{"$id":"#",`+y+`},"e":{"$id":"#",`+x+`}}}`,
		`{`+draft7Line+`,"properties":{"a":{"$ref":"#/definitions/e"}},"definitions":{"d":{"$id":"#/definitions/e",`+y+`},"e":{`+x+`}}}`,
		`{`+draft7Line+`,"properties":{"a":{"$ref":"#n"}},"definitions":{"d":{"$anchor":"n",`+y+`},"e":{"$id":"#n",`+x+`}}}`,
		`{"properties":{"a":{"$ref":"#n"}},"$defs":{"d":{"$anchor":"n",`+y+`},"e":{"$comment":"$id n"}}}`,
		`{"$id":"#n","properties":{"a":{"$ref":"#n"}},"$defs":{"d":{"$anchor":"n",`+y+`}}}`,
		`{"$id":"https://schemas.invalid/schema.json","properties":{"a":{"$ref":"#n"}},"$defs":{"d":{"$anchor":"n",`+y+`}}}`,
		`{"properties":{"a":{"$ref":"#/$defs/"},"b":{"$ref":"#/"}},"$defs":{"":{`+x+`}}}`,
		`{"properties":{"a":{"$ref":"#/allOf/0"},"b":{"$ref":"#/allOf/00"}},"allOf":[{}]}`,
		`{"properties":{"a":{"$ref":"#/$defs/a~1b"}},"$defs":{"a/b":{`+x+`},"a~1b":{`+y+`},"a":{"b":{}}}}`,
		`{"properties":{"a":{"$ref":"#/$defs/a%2Fb"}},"$defs":{"a/b":{`+x+`},"a":{"b":{`+y+`}},"a%2Fb":{`+y+`}}}`,
		`{"patternProperties":{"a":{`+x+`},"^a":{`+y+`},"b$":{"maxLength":0}},"additionalProperties":false}`,
		`{"properties":{"a":{`+x+`}},"patternProperties":{"a":{`+y+`}},"additionalProperties":{"type":"null"},"propertyNames":{"maxLength":1}}`,
		`{"dependentSchemas":{"a":{"properties":{"b":{`+y+`}}},"b":{"properties":{"c":true}}},"unevaluatedProperties":false}`,
		`{"dependentRequired":{"a":["z","y"],"b":["y","z","x"]},"dependencies":{"a":["w","v"],"b":{"required":["v"]}}}`,
		`{"anyOf":[{"properties":{"a":{`+x+`},"b":{`+y+`}}},{"properties":{"b":{`+y+`},"c":{`+x+`}}}],"unevaluatedProperties":{`+y+`}}`,
		`{"oneOf":[{"required":["x","a"]},{"required":["y","b"]},{"required":["z"]}]}`,
		`{"oneOf":[{"minProperties":1},{"maxProperties":9},{"type":"object"}]}`,
		`{"contains":{`+x+`},"unevaluatedItems":{"type":"null"},"uniqueItems":true}`,
		`{"type":"strng","enum":7,"minLength":-1,"$defs":{"a":{"type":7},"b":{"type":8}}}`,
		`{"properties":{"a":{"pattern":7},"b":{"pattern":8}},"required":"a"}`,
		`{"properties":{"a":{"$ref":"#/$defs/x"},"b":{"$ref":"#/$defs/y"}},"$defs":{}}`,
		`{"properties":{"a":{"$ref":"#/properties/b"},"b":{"$ref":"#/properties/c"},"c":{"$ref":"#/properties/a"}}}`,
		`{"properties":{"a":{"then":{`+x+`},"else":{`+y+`}}},"if":{"required":["a"]},"then":{"$ref":"#/properties/a/then"}}`,
	)
}
