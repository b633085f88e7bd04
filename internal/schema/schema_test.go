package schema

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

func mustCompile(t testing.TB, source string) *Schema {
	t.Helper()
	s, err := Compile([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parse(t testing.TB, text string) *jsonpos.Value {
	t.Helper()
	doc, err := jsonpos.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return &doc.Root
}

func describe(f Failure) string {
	text := fmt.Sprintf("%s @%s #%s", f.Keyword, strings.Join(f.Instance, "/"), f.Pointer)
	if f.Names != nil {
		text += fmt.Sprint(" ", f.Names)
	}
	for _, n := range f.Nearest {
		text += " (" + describe(n) + ")"
	}
	return text
}

// Each keyword, with a value that fails it and one that passes, and whether the tree decides it.
func TestKeywords(t *testing.T) {
	const tagged = `{"oneOf":[{"type":"object","required":["kind"],"properties":{"kind":{"const":"a"},"n":{"type":"integer"}},"additionalProperties":false},
		{"$ref":"#/$defs/b"}],"$defs":{"b":{"type":"object","required":["kind","m"],"properties":{"kind":{"const":"b"},"m":{"type":"string"}}}}}`
	for _, tc := range []struct {
		name, schema string
		fails, want  string // failures, one on a line
		passes       string
		sure         bool // the tree accepts what passes
	}{
		{
			name:   "false",
			schema: `{"properties":{"a":false}}`,
			fails:  `{"a":1}`,
			want:   " @a #/properties/a",
			passes: `{"b":1}`,
			sure:   true,
		},
		{name: "type", schema: `{"type":"string"}`, fails: `1`, want: "type @ #/type", passes: `"x"`, sure: true},
		{
			name:   "types",
			schema: `{"type":["string","null"]}`,
			fails:  `1`,
			want:   "type @ #/type",
			passes: `null`,
			sure:   true,
		},
		{name: "integer", schema: `{"type":"integer"}`, fails: `1.5`, want: "type @ #/type", passes: `7`, sure: true},
		{
			name:   "integer with a fraction of zero",
			schema: `{"type":"integer"}`,
			fails:  `"1"`,
			want:   "type @ #/type",
			passes: `7.0`,
		},
		{
			name:   "integer beyond 64 bits",
			schema: `{"type":"integer","maximum":9007199254740993}`,
			fails:  `9007199254740994`,
			want:   "maximum @ #/maximum",
			passes: `9007199254740993`,
			sure:   true,
		},
		{name: "number", schema: `{"type":"number"}`, fails: `"1"`, want: "type @ #/type", passes: `1.5`, sure: true},
		{name: "null", schema: `{"type":"null"}`, fails: `0`, want: "type @ #/type", passes: `null`, sure: true},
		{
			name:   "boolean",
			schema: `{"type":"boolean"}`,
			fails:  `"true"`,
			want:   "type @ #/type",
			passes: `false`,
			sure:   true,
		},
		{name: "const", schema: `{"const":"a"}`, fails: `"b"`, want: "const @ #/const", passes: `"a"`, sure: true},
		{
			name:   "const object",
			schema: `{"const":{"a":1}}`,
			fails:  `{"a":2}`,
			want:   "const @ #/const",
			passes: `{"a":1}`,
		},
		{name: "const number", schema: `{"const":1}`, fails: `2`, want: "const @ #/const", passes: `1.0`},
		{name: "enum", schema: `{"enum":["a",null,7]}`, fails: `"b"`, want: "enum @ #/enum", passes: `7`, sure: true},
		{
			name:   "pattern",
			schema: `{"pattern":"^[0-9A-Fa-f]{4}$"}`,
			fails:  `"12"`,
			want:   "pattern @ #/pattern",
			passes: `"12aF"`,
			sure:   true,
		},
		{
			name:   "minLength",
			schema: `{"minLength":2}`,
			fails:  `"é"`,
			want:   "minLength @ #/minLength",
			passes: `"éé"`,
			sure:   true,
		},
		{
			name:   "maxLength",
			schema: `{"maxLength":1}`,
			fails:  `"éé"`,
			want:   "maxLength @ #/maxLength",
			passes: `"é"`,
			sure:   true,
		},
		{name: "minimum", schema: `{"minimum":3}`, fails: `2`, want: "minimum @ #/minimum", passes: `3`, sure: true},
		{
			name:   "minimum, exact",
			schema: `{"minimum":9007199254740993}`,
			fails:  `9007199254740992`,
			want:   "minimum @ #/minimum",
			passes: `9007199254740993.0`,
		},
		{name: "maximum", schema: `{"maximum":3}`, fails: `4`, want: "maximum @ #/maximum", passes: `3`, sure: true},
		{
			name:   "exclusiveMinimum",
			schema: `{"exclusiveMinimum":3}`,
			fails:  `3`,
			want:   "exclusiveMinimum @ #/exclusiveMinimum",
			passes: `4`,
		},
		{
			name:   "exclusiveMaximum",
			schema: `{"exclusiveMaximum":3}`,
			fails:  `3`,
			want:   "exclusiveMaximum @ #/exclusiveMaximum",
			passes: `2`,
		},
		{
			name:   "multipleOf",
			schema: `{"multipleOf":0.5}`,
			fails:  `0.7`,
			want:   "multipleOf @ #/multipleOf",
			passes: `1.5`,
		},
		{
			name:   "required",
			schema: `{"required":["a","b","c"]}`,
			fails:  `{"b":1}`,
			want:   "required @ #/required [a c]",
			passes: `{"c":1,"a":1,"b":1}`,
			sure:   true,
		},
		{
			name:   "additionalProperties false",
			schema: `{"properties":{"a":{}},"additionalProperties":false}`,
			fails:  `{"z":1,"a":1,"b":2}`,
			want:   "additionalProperties @ #/additionalProperties [z b]",
			passes: `{"a":1}`,
			sure:   true,
		},
		{
			name:   "additionalProperties schema",
			schema: `{"additionalProperties":{"type":"string"}}`,
			fails:  `{"z":1}`,
			want:   "type @z #/additionalProperties/type",
			passes: `{"a":"x"}`,
			sure:   true,
		},
		{
			name:   "patternProperties",
			schema: `{"patternProperties":{"^x":{"type":"string"}},"additionalProperties":false}`,
			fails:  `{"x1":1,"y":2}`,
			want:   "type @x1 #/patternProperties/^x/type\nadditionalProperties @ #/additionalProperties [y]",
			passes: `{"x":"x"}`,
		},
		{
			name:   "nested properties",
			schema: `{"properties":{"a~b/c":{"properties":{"d":{"enum":["x"]}}}}}`,
			fails:  `{"a~b/c":{"d":"y"}}`,
			want:   "enum @a~b/c/d #/properties/a~0b~1c/properties/d/enum",
			passes: `{"a~b/c":{"d":"x"}}`,
			sure:   true,
		},
		{
			name:   "minProperties",
			schema: `{"minProperties":1}`,
			fails:  `{}`,
			want:   "minProperties @ #/minProperties",
			passes: `{"a":1}`,
		},
		{
			name:   "maxProperties",
			schema: `{"maxProperties":1}`,
			fails:  `{"a":1,"b":1}`,
			want:   "maxProperties @ #/maxProperties",
			passes: `{"a":1}`,
		},
		{
			name:   "propertyNames",
			schema: `{"propertyNames":{"pattern":"^a","maxLength":2}}`,
			fails:  `{"abc":1,"b":1}`,
			want:   "propertyNames @ #/propertyNames [abc]\npropertyNames @ #/propertyNames [b]",
			passes: `{"a":1}`,
		},
		{
			name:   "propertyNames, two faults of a name",
			schema: `{"propertyNames":{"pattern":"^a","maxLength":2}}`,
			fails:  `{"bcd":1}`,
			want:   "propertyNames @ #/propertyNames [bcd]",
			passes: `{"a":1}`,
		},
		{
			name:   "dependentRequired",
			schema: `{"dependentRequired":{"a":["b","c"]}}`,
			fails:  `{"a":1}`,
			want:   "dependentRequired @ #/dependentRequired/a [b c]",
			passes: `{"b":1}`,
		},
		{
			name:   "dependentSchemas",
			schema: `{"dependentSchemas":{"a":{"required":["b"]}}}`,
			fails:  `{"a":1}`,
			want:   "required @ #/dependentSchemas/a/required [b]",
			passes: `{"b":1}`,
		},
		{
			name:   "unevaluatedProperties",
			schema: `{"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false}`,
			fails:  `{"a":1,"b":1}`,
			want:   "unevaluatedProperties @ #/unevaluatedProperties [b]",
			passes: `{"a":1}`,
		},
		{
			name:   "items",
			schema: `{"items":{"type":"string"}}`,
			fails:  `["a",1,2]`,
			want:   "type @1 #/items/type\ntype @2 #/items/type",
			passes: `["a"]`,
			sure:   true,
		},
		{
			name:   "items false",
			schema: `{"items":false}`,
			fails:  `[1]`,
			want:   "items @0 #/items",
			passes: `[]`,
			sure:   true,
		},
		{
			name:   "prefixItems",
			schema: `{"prefixItems":[{"type":"string"}],"items":false}`,
			fails:  `[1,2]`,
			want:   "type @0 #/prefixItems/0/type\nitems @1 #/items",
			passes: `["a"]`,
		},
		{
			name:   "minItems",
			schema: `{"minItems":1}`,
			fails:  `[]`,
			want:   "minItems @ #/minItems",
			passes: `[1]`,
			sure:   true,
		},
		{
			name:   "maxItems",
			schema: `{"maxItems":1}`,
			fails:  `[1,2]`,
			want:   "maxItems @ #/maxItems",
			passes: `[1]`,
			sure:   true,
		},
		{
			name:   "uniqueItems",
			schema: `{"uniqueItems":true}`,
			fails:  `["a","a"]`,
			want:   "uniqueItems @ #/uniqueItems",
			passes: `["a","b"]`,
			sure:   true,
		},
		{
			name:   "uniqueItems of numbers",
			schema: `{"uniqueItems":true}`,
			fails:  `[1,1.0]`,
			want:   "uniqueItems @ #/uniqueItems",
			passes: `[1,2]`,
		},
		{
			name:   "contains",
			schema: `{"contains":{"const":1}}`,
			fails:  `[2,3]`,
			want:   "minContains @ #/minContains",
			passes: `[2,1]`,
		},
		{
			name:   "maxContains",
			schema: `{"contains":{"const":1},"maxContains":1}`,
			fails:  `[1,1]`,
			want:   "maxContains @ #/maxContains",
			passes: `[1]`,
		},
		{
			name:   "unevaluatedItems",
			schema: `{"prefixItems":[{}],"unevaluatedItems":false}`,
			fails:  `[1,2]`,
			want:   "unevaluatedItems @1 #/unevaluatedItems",
			passes: `[1]`,
		},
		{name: "not", schema: `{"not":{"type":"string"}}`, fails: `"a"`, want: "not @ #/not", passes: `1`},
		{
			name:   "if then",
			schema: `{"if":{"type":"string"},"then":{"minLength":2},"else":{"minimum":5}}`,
			fails:  `"a"`,
			want:   "minLength @ #/then/minLength",
			passes: `7`,
		},
		{
			name:   "if else",
			schema: `{"if":{"type":"string"},"then":{"minLength":2},"else":{"minimum":5}}`,
			fails:  `3`,
			want:   "minimum @ #/else/minimum",
			passes: `"ab"`,
		},
		{
			name:   "allOf",
			schema: `{"allOf":[{"type":"string"},{"minLength":2}]}`,
			fails:  `"a"`,
			want:   "minLength @ #/allOf/1/minLength",
			passes: `"ab"`,
			sure:   true,
		},
		{
			name:   "anyOf",
			schema: `{"anyOf":[{"type":"object","required":["a","b"]},{"type":"object","required":["c"]}]}`,
			fails:  `{"a":1}`,
			want:   "anyOf @ #/anyOf (required @ #/anyOf/0/required [b])",
			passes: `{"c":1}`,
			sure:   true,
		},
		{
			name:   "oneOf without a tag",
			schema: `{"oneOf":[{"required":["a"]},{"required":["b"]}]}`,
			fails:  `{"a":1,"b":1}`,
			want:   "oneOf @ #/oneOf",
			passes: `{"a":1}`,
		},
		{
			name:   "oneOf of kinds",
			schema: `{"oneOf":[{"type":"null"},{"type":"string","minLength":2}]}`,
			fails:  `"a"`,
			want:   "oneOf @ #/oneOf (minLength @ #/oneOf/1/minLength)",
			passes: `null`,
			sure:   true,
		},
		{
			name:   "oneOf with a tag",
			schema: tagged,
			fails:  `{"kind":"a","n":"x","z":1}`,
			want:   "type @n #/oneOf/0/properties/n/type\nadditionalProperties @ #/oneOf/0/additionalProperties [z]",
			passes: `{"kind":"b","m":"x"}`,
			sure:   true,
		},
		{
			name:   "oneOf with a tag, by reference",
			schema: tagged,
			fails:  `{"kind":"b","m":1}`,
			want:   "type @m #/$defs/b/properties/m/type",
			passes: `{"kind":"a"}`,
			sure:   true,
		},
		{
			name:   "oneOf with an unknown tag",
			schema: tagged,
			fails:  `{"kind":"c","m":"x"}`,
			want:   "oneOf @ #/oneOf (const @kind #/$defs/b/properties/kind/const)",
			passes: `{"kind":"a"}`,
			sure:   true,
		},
		{
			name:   "$ref",
			schema: `{"properties":{"a":{"$ref":"#/$defs/s"}},"$defs":{"s":{"type":"string","maxLength":3}}}`,
			fails:  `{"a":"long"}`,
			want:   "maxLength @a #/$defs/s/maxLength",
			passes: `{"a":"x"}`,
			sure:   true,
		},
		{
			name:   "$ref to itself",
			schema: `{"type":"object","properties":{"next":{"$ref":"#"}},"additionalProperties":false}`,
			fails:  `{"next":{"next":{"x":1}}}`,
			want:   "additionalProperties @next/next #/additionalProperties [x]",
			passes: `{"next":{"next":{}}}`,
			sure:   true,
		},
		{
			name:   "format of draft-07",
			schema: `{"$schema":"http://json-schema.org/draft-07/schema#","format":"ipv4"}`,
			fails:  `"x"`,
			want:   "format @ #/format",
			passes: `"127.0.0.1"`,
		},
		{
			name:   "dependencies of draft-07",
			schema: `{"$schema":"http://json-schema.org/draft-07/schema#","dependencies":{"a":["b"],"c":{"required":["d"]}}}`,
			fails:  `{"a":1,"c":1}`,
			want:   "dependencies @ #/dependencies/a [b]\nrequired @ #/dependencies/c/required [d]",
			passes: `{"b":1}`,
		},
		{
			name:   "items of draft-07",
			schema: `{"$schema":"http://json-schema.org/draft-07/schema#","items":[{"type":"string"}],"additionalItems":false}`,
			fails:  `[1,2]`,
			want:   "additionalItems @ #/additionalItems\ntype @0 #/items/0/type",
			passes: `["a"]`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := mustCompile(t, tc.schema)
			bad, good := parse(t, tc.fails), parse(t, tc.passes)
			failures, err := s.Validate(bad)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range failures {
				got = append(got, describe(f))
			}
			if diff := cmp.Diff(strings.Split(tc.want, "\n"), got); diff != "" {
				t.Errorf("failures of %s (-want +got):\n%s", tc.fails, diff)
			}
			if s.Accepts(bad) {
				t.Errorf("the tree accepts %s", tc.fails)
			}
			if failures, err := s.Validate(good); err != nil || failures != nil {
				t.Errorf("%s fails: %v %v", tc.passes, failures, err)
			}
			if got := s.Accepts(good); got != (tc.sure && fastPath) {
				t.Errorf("the tree accepts %s: %v, want %v", tc.passes, got, tc.sure)
			}
		})
	}
}

func TestInvalidSchemas(t *testing.T) {
	for _, tc := range []struct{ name, schema, want string }{
		{"no JSON", `{`, "read schema: the input ends before the object"},
		{"a number", `7`, "read schema: want an object or a boolean, got number"},
		{"an unknown type", `{"properties":{"a":{"type":"strng"}}}`, "not a valid JSON Schema at /properties/a/type"},
		{"a reference to nothing", `{"$ref":"#/$defs/secret-name"}`, "not a valid JSON Schema: a reference has no target"},
		{"a reference to a file", `{"$ref":"file:///etc/passwd"}`, "a $ref refers to another document"},
		{"a reference to a host", `{"$ref":"https://example.com/schema.json"}`, "a $ref refers to another document"},
		{"a pattern that Go does not have", `{"pattern":"(?=secret)"}`, "not a valid JSON Schema"},
		{"a circle", `{"$ref":"#"}`, "its references form a loop"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, err := Compile([]byte(tc.schema))
			if err == nil {
				_, err = s.Validate(parse(t, `"value"`))
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error quotes the schema: %v", err)
			}
		})
	}
}

// References in a circle end in the tree, too.
func TestAcceptsEndsForCircularReferences(t *testing.T) {
	s := mustCompile(t, `{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"allOf":[{"$ref":"#/$defs/a"}]}},"$ref":"#/$defs/a"}`)
	if s.Accepts(parse(t, `1`)) {
		t.Error("a circle of references accepts a value")
	}
}

// Sizes that made validators slow or made them panic.
func TestLargeValues(t *testing.T) {
	var names, objects []string
	for i := range 10_000 {
		names = append(names, fmt.Sprintf(`"n%d"`, i))
		objects = append(objects, fmt.Sprintf(`{"id":%d,"tags":["a"]}`, i))
	}
	unique := mustCompile(t, `{"uniqueItems":true}`)
	for name, list := range map[string][]string{"strings": names, "objects": objects} {
		good := parse(t, "["+strings.Join(list, ",")+"]")
		bad := parse(t, "["+strings.Join(append(list, list[7]), ",")+"]")
		if f, err := unique.Validate(good); err != nil || f != nil {
			t.Errorf("%s: %v %v", name, f, err)
		}
		if f, err := unique.Validate(bad); err != nil || len(f) != 1 {
			t.Errorf("%s: %v %v, want one failure", name, f, err)
		}
	}
	numbers := mustCompile(t, `{"type":["integer","string"],"minimum":1,"multipleOf":3,"enum":[3,6,"x"],"uniqueItems":true}`)
	for _, text := range []string{"1e308", "-1e308", "1e-307", "0e99999", strings.Repeat("9", 400) + "e-200", "123456789012345678901234567890"} {
		if _, err := numbers.Validate(parse(t, text)); err != nil {
			t.Errorf("%.20s: %v", text, err)
		}
		if numbers.Accepts(parse(t, text)) {
			t.Errorf("the tree accepts %.20s", text)
		}
	}
	deep := mustCompile(t, `{"items":{"$ref":"#"}}`)
	if v := parse(t, strings.Repeat("[", 100)+strings.Repeat("]", 100)); deep.Accepts(v) != fastPath {
		t.Error("the tree does not accept 100 levels")
	}
}

// Run it with -race: all share one compilation, and the nodes of the branches.
func TestCompilesOnceForAll(t *testing.T) {
	s := mustCompile(t, `{"not":{"anyOf":[{"type":"null"}]},"oneOf":[{"type":"object","properties":{"a":{"const":"x"},"b":{"type":"string"}},"required":["a"]},
		{"type":"object","properties":{"a":{"const":"y"}},"required":["a"]}]}`)
	v := parse(t, `{"a":"x","b":1}`)
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			f, err := s.Validate(v)
			if err != nil || len(f) != 1 {
				t.Errorf("%v %v, want one failure", f, err)
			} else if want := "/oneOf/0/properties/b/type"; f[0].Pointer != want {
				t.Errorf("fails at %s, want %s", f[0].Pointer, want)
			}
		})
	}
	wg.Wait()
}

// A reference into a part that the tree has no nodes for gives it some of the branches. Validation adds no others: the
// nodes are shared.
func TestBranchesAreNotAdded(t *testing.T) {
	s := mustCompile(t, `{"patternProperties":{"a":{"anyOf":[{"type":"null"},{"type":"boolean"}]}},`+
		`"properties":{"x":{"$ref":"#/patternProperties/a/anyOf/0"}}}`)
	before := len(s.nodes)
	if f, err := s.Validate(parse(t, `{"a":1}`)); err != nil || len(f) != 1 {
		t.Errorf("%v %v", f, err)
	}
	if len(s.nodes) != before {
		t.Errorf("%d nodes after validation, %d before", len(s.nodes), before)
	}
}

func TestGaps(t *testing.T) {
	s := mustCompile(t, `{"properties":{"a":{"not":{}},"b":{"items":[{}]},"c":{"$ref":"other.json"},"d":{"type":"string","x-note":1}}}`)
	want := []Gap{
		{"/properties/a/not", "not"}, {"/properties/b/items", "items"}, {"/properties/c/$ref", "$ref"}, {"/properties/d/x-note", "x-note"},
	}
	if diff := cmp.Diff(want, s.Gaps()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
