package schema

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

func mustBound(t testing.TB, source string) *Schema {
	t.Helper()
	s, err := CompileBounded([]byte(source))
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return s
}

const (
	draft7Line    = `"$schema":"http://json-schema.org/draft-07/schema#"`
	draft2020Line = `"$schema":"https://json-schema.org/draft/2020-12/schema"`
)

// Each fault has its place, and its reason quotes nothing of the schema.
func TestBoundedFaults(t *testing.T) {
	doubling := `{"$ref":"#/$defs/d0","$defs":{`
	for i := range 22 {
		doubling += fmt.Sprintf(`"d%d":{"allOf":[{"$ref":"#/$defs/d%d"},{"$ref":"#/$defs/d%d"}]},`, i, i+1, i+1)
	}
	doubling += `"d22":{}}}`
	longChain := `{"$ref":"#/$defs/c0","$defs":{`
	for i := range 70 {
		longChain += fmt.Sprintf(`"c%d":{"$ref":"#/$defs/c%d"},`, i, i+1)
	}
	longChain += `"c70":{}}}`
	wide := `{"properties":{"a":{"$ref":"#/$defs/w"},"b":{"$ref":"#/$defs/v"}},` +
		`"$defs":{"w":{"allOf":[` + strings.Repeat(`{},`, 999) + `{}]},"v":{"$ref":"#/$defs/w"}}}`
	for _, tc := range []struct{ name, schema, want, at string }{
		{"no JSON", `{"a":secret}`, "text without double quotes", "secret"},
		{"a number", ` 7`, "a JSON Schema is an object", "7"},
		{"a key twice", `{"type":"string","type":"secret"}`, "the key occurs twice", `"type":"secret"`},
		{"too deep", strings.Repeat(`{"not":`, 101) + `{}` + strings.Repeat(`}`, 101), "", `{`},
		{"another draft", `{"$schema":"http://json-schema.org/draft-04/schema#secret"}`, "unsupported draft", `"http`},
		{"no draft", `{"$schema":7}`, "unsupported draft", `7`},
		{"doubling references", doubling, "more than 2000 subschemas once each $ref is expanded", `"$ref":"#/$defs/d22"`},
		{"references to many", wide, "more than 2000 subschemas once each $ref is expanded", `"$ref":"#/$defs/w"}}}`},
		{"too many subschemas", `{"allOf":[` + strings.Repeat(`{},`, 2000) + `{}]}`, "more than 2000 subschemas", `{}`},
		{"a file", `{"$ref":"file:///etc/secret"}`, "$ref refers to another document", `"$ref"`},
		{"a host", `{"properties":{"a":{"$ref":"https://secret.example/x.json"}}}`, "$ref refers to another document", `"$ref"`},
		{"another file", `{"$ref":"secret.json#/$defs/a"}`, "$ref refers to another document", `"$ref"`},
		{"nowhere", `{"$ref":"#/$defs/secret"}`, "$ref has no target", `"$ref"`},
		{"no subschema", `{"const":{"type":"secret"},"properties":{"a":{"$ref":"#/const"}}}`, "$ref has no target", `"$ref"`},
		{"no anchor", `{"$ref":"#secret"}`, "$ref has no target", `"$ref"`},
		{"a circle", `{"$ref":"#"}`, "references form a loop", `"$ref"`},
		{"a circle of three", `{"$defs":{"a":{"anyOf":[{"not":{"$ref":"#/$defs/a"}}]}}}`, "references form a loop", `"$ref":"#/$defs/a"`},
		{
			name:   "a circle from its middle",
			schema: `{"allOf":[{"$ref":"#/$defs/p/not"}],"$defs":{"p":{"not":{"anyOf":[{"$ref":"#/$defs/p"}]}}}}`,
			want:   "references form a loop",
			at:     `"$ref":"#/$defs/p"}`,
		},
		{"a long chain", strings.Repeat(`{"not":`, 66) + `{}` + strings.Repeat(`}`, 66), "more than 64 nested subschemas", `{"not":{"not":{}}}`},
		{"a long chain of references", longChain, "more than 64 nested subschemas", `"$ref":"#/$defs/c63"`},
		{"a long number", `{"enum":[1,0.` + strings.Repeat("7", 1000) + `]}`, "a number of more than 1000 digits", "0.7"},
		{"a long exponent", `{"items":{"minimum":0e99999}}`, "a number of more than 1000 digits", "0e9"},
		{
			name:   "an anchor twice",
			schema: `{"$ref":"#secret","$defs":{"a":{"$anchor":"secret"},"b":{"type":"null","$anchor":"secret"}}}`,
			want:   "the value of $anchor occurs twice",
			at:     `"$anchor":"secret"}}}`,
		},
		{
			name:   "an anchor twice in draft-07",
			schema: `{` + draft7Line + `,"definitions":{"a":{"$id":"#secret"},"b":{"type":"null","$id":"#secret"}}}`,
			want:   "the value of $id occurs twice",
			at:     `"$id":"#secret"}}}`,
		},
		{"a second address", `{"properties":{"a":{"$id":"https://secret.example/a"}}}`, "$id is only supported in the root", `"$id"`},
		{"a dynamic reference", `{"$dynamicRef":"#secret"}`, "$dynamicRef is not supported", `"$dynamicRef"`},
		{"a vocabulary", `{"$vocabulary":{"https://secret.example/":true}}`, "$vocabulary is not supported", `"$vocabulary"`},
		{"content", `{` + draft7Line + `,"contentSchema":{}}`, "contentSchema is not supported", `"contentSchema"`},
		{"a lookahead", `{"properties":{"a":{"pattern":"^(?!secret)"}}}`, "lookahead or lookbehind", `"pattern"`},
		{"a lookbehind", `{"patternProperties":{"(?<=secret)x":{}}}`, "lookahead or lookbehind", `"(?<=`},
		{"a backreference", `{"pattern":"(secret)\\1"}`, "backreference", `"pattern"`},
		{"an open group", `{"pattern":"(secret"}`, "not valid (RE2 syntax): missing closing )", `"pattern"`},
		{"a long expression", `{"pattern":"` + strings.Repeat("secret", 200) + `"}`, "more than 1000 bytes", `"pattern"`},
		{"a large expression", `{"pattern":"(` + strings.Repeat("a?b*", 100) + `){900}"}`, "", `"pattern"`},
		{"an unknown format", `{"format":"secret"}`, "unknown format; the formats are date, date-time, duration, email", `"format"`},
		{"an unknown type", `{"properties":{"secret":{"type":"strng"}}}`, "the value of type is not allowed", `"strng"`},
		{"an enum of text", `{"enum":"secret"}`, "the value of enum is not allowed", `"secret"`},
		{"two faults", `{"properties":{"b":{"minLength":-1},"a":{"enum":7}}}`, "the value of minLength is not allowed", `-1`},
		{"properties as a list", `{"properties":["secret"]}`, "the value of properties is not allowed", `["secret"]`},
		{"a field as a list", `{"properties":{"type":["secret"]}}`, "a value in properties is not allowed; write a subschema", `["secret"]`},
		{"a name that is a number", `{"required":["a",7]}`, "a value in required is not allowed; write a list", `7`},
		{"a reference of a number", `{"$ref":7}`, "the value of $ref is not allowed", `7`},
		{"the keyword for references", `{"x-atlasint-expand":"secret"}`, "the value of x-atlasint-expand is not allowed", `"x-atlasint-expand"`},
		{"the keyword for references inside", `{"items":{"x-atlasint-expand":false}}`, "only supported in the root", `"x-atlasint-expand"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := CompileBounded([]byte(tc.schema))
			var fault *Error
			if !errors.As(err, &fault) || !strings.Contains(fault.Reason, tc.want) {
				t.Fatalf("got %v, want %s", err, tc.want)
			}
			if strings.Contains(fault.Reason, "secret") {
				t.Errorf("the error quotes the schema: %v", fault.Reason)
			}
			if !strings.Contains(fault.Reason, "; ") {
				t.Errorf("the error has no next step: %s", fault.Reason)
			}
			if at := tc.schema[fault.Start:]; !strings.HasPrefix(at, tc.at) {
				t.Errorf("the place is %.20s, want %s", at, tc.at)
			}
		})
	}
	_, err := CompileBounded([]byte(`{"const":"` + strings.Repeat("x", maxSize) + `"}`))
	if want := "larger than 256 KiB"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a large schema: %v, want %s", err, want)
	}
}

// The differences between the drafts, and results that must be the same.
func TestBoundedDrafts(t *testing.T) {
	for _, tc := range []struct {
		name, schema, value string
		want2020, want7     string // failures, separated by spaces; the same if want7 is "="
	}{
		{"format", `"format":"ipv4"`, `"1.2.3"`, "format @ #/format", "="},
		{"format in a property", `"properties":{"a":{"format":"uri"}}`, `{"a":"x y"}`, "format @a #/properties/a/format", "="},
		{
			name:     "keywords next to $ref",
			schema:   `"properties":{"a":{"$ref":"#/definitions/s","maxLength":1}},"definitions":{"s":{"type":"string"}}`,
			value:    `{"a":"xx"}`,
			want2020: "maxLength @a #/properties/a/maxLength",
		},
		{"prefixItems", `"prefixItems":[{"type":"string"}]`, `[1]`, "type @0 #/prefixItems/0/type", ""},
		{"items as a list", `"items":{"type":"string"}`, `["a",1]`, "type @1 #/items/type", "="},
		{"dependencies", `"dependencies":{"a":["b"]}`, `{"a":1}`, "dependencies @ #/dependencies/a [b]", "="},
		{"contents", `"contentMediaType":"application/json","contentEncoding":"base64"`, `"{"`, "", "="},
		{
			name:     "$id",
			schema:   `"$id":"file:///etc/passwd","properties":{"a":{"$ref":"#/definitions/s"}},"definitions":{"s":{"type":"string"}}`,
			value:    `{"a":1}`,
			want2020: "type @a #/definitions/s/type",
			want7:    "=",
		},
		{"recursion", `"properties":{"a":{"$ref":"#"}},"maxProperties":1`, `{"a":{"b":1,"c":2}}`, "maxProperties @a #/maxProperties", "="},
	} {
		if tc.want7 == "=" {
			tc.want7 = tc.want2020
		}
		for draft, want := range map[string]string{draft2020Line: tc.want2020, draft7Line: tc.want7} {
			s, v := mustBound(t, `{`+draft+`,`+tc.schema+`}`), parse(t, tc.value)
			failures, err := s.Validate(v)
			if err != nil {
				t.Fatalf("%s: %v", tc.name, err)
			}
			var got []string
			for _, f := range failures {
				got = append(got, describe(f))
			}
			if diff := cmp.Diff(want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", tc.name, draft, diff)
			}
			if len(failures) > 0 && s.Accepts(v) {
				t.Errorf("%s %s: the tree accepts it", tc.name, draft)
			}
		}
	}
	for _, anchor := range []string{
		`{` + draft7Line + `,"$ref":"#n","definitions":{"a":{"$id":"#n","type":"string"}}}`,
		`{"$ref":"#n","$defs":{"a":{"$anchor":"n","type":"string"}}}`,
		`{` + draft7Line + `,"$ref":"#n","definitions":{"a":{"$id":"#n","type":"string"},"b":{"$id":"#n","$ref":"#/definitions/a"}}}`,
	} {
		f, err := mustBound(t, anchor).Validate(parse(t, `1`))
		if err != nil || len(f) != 1 {
			t.Errorf("%s: %v %v, want one failure", anchor, f, err)
		} else if !strings.HasSuffix(f[0].Pointer, "/a/type") {
			t.Errorf("%s: fails at %s, want …/a/type", anchor, f[0].Pointer)
		}
	}
}

// The tree decides the keywords that most policies have, in both drafts.
func TestBoundedTreeDecides(t *testing.T) {
	if !fastPath {
		t.Skip("the tree is off")
	}
	for _, draft := range []string{draft2020Line, draft7Line} {
		s := mustBound(t, `{`+draft+`,"$id":"https://example.com/p","title":"t",`+
			`"properties":{"a":{"$ref":"#/definitions/u"},"b":{"enum":["EU"]}},`+
			`"definitions":{"u":{"format":"uri","pattern":"^https:"}}}`)
		if v := parse(t, `{"a":"https://a.example","b":"EU","c":1}`); !s.Accepts(v) {
			t.Errorf("%s: gaps %v", draft, s.Gaps())
		}
	}
}

// counter counts the subschemas that jsonschema/v5 applies, except those of another type and booleans.
type counter struct{ n *int }

func (c counter) Compile(jsonschema.CompilerContext, map[string]any) (jsonschema.ExtSchema, error) {
	return c, nil
}

func (c counter) Validate(jsonschema.ValidationContext, any) error {
	*c.n++
	return nil
}

// A value takes jsonschema/v5 no more steps than the walker counts before. The tree accepts nothing that fails.
func TestStepsAreCountedBefore(t *testing.T) {
	random := rand.New(rand.NewPCG(17, 7))
	most := 0
	for range 1500 {
		text := schemaText(random, 3)
		if draft := random.IntN(3); draft > 0 && text[0] == '{' && text != "{}" {
			text = `{` + []string{"", draft2020Line, draft7Line}[draft] + `,` + text[1:]
		}
		s := mustBound(t, text)
		steps := 0
		compiler := newCompiler()
		if s.draft7 {
			compiler.Draft = jsonschema.Draft7
		}
		compiler.RegisterExtension("counter", nil, counter{&steps})
		compiled, err := compileWith(compiler, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			v := parse(t, valueText(random, 3))
			steps = 0
			_ = compiled.Validate(v.Any())
			w := walker{schema: s, steps: MaxSteps}
			w.apply(s.root, v, 0)
			if counted := MaxSteps - w.steps; counted < steps {
				t.Fatalf("%d steps, counted %d\n%s", steps, counted, text)
			}
			most = max(most, steps)
			f, err := s.Validate(v)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if len(f) > 0 && s.Accepts(v) {
				t.Fatalf("%s: the tree accepts what fails: %v", text, f)
			}
		}
	}
	if most < 10 {
		t.Errorf("at most %d steps: the schemas are too simple", most)
	}
}

// Values that would take too long are refused before jsonschema/v5 sees them.
func TestStepsAreLimited(t *testing.T) {
	nested := strings.Repeat(`{"a":`, 90) + `1` + strings.Repeat(`}`, 90)
	wide := "[" + strings.Repeat(`"x",`, 100_000) + `"x"]`
	long := `"` + strings.Repeat("ab", 500_000) + `"`
	objects := "[" + strings.Repeat(`{"a":{"b":[1,2,3]}},`, 20) + `1]`
	for _, tc := range []struct {
		name, schema, value string
		want                error
	}{
		{"two recursions", `{"allOf":[{"properties":{"a":{"$ref":"#"}}},{"properties":{"a":{"$ref":"#"}}}]}`, nested, ErrLimit},
		{"one recursion", `{"properties":{"a":{"$ref":"#"}}}`, nested, nil},
		{"anyOf over many", `{"items":{"anyOf":[` + strings.Repeat(`{"const":1},`, 20) + `{}]}}`, wide, ErrLimit},
		{"contains over many", `{"contains":{"allOf":[{"minLength":1},{"maxLength":0}]}}`, wide, ErrLimit},
		{"unique over many", `{"uniqueItems":true}`, wide, nil},
		{"unique objects", `{"items":{"uniqueItems":true}}`, objects, nil},
		{"a large expression over a long text", `{"pattern":"^(a?b?){300}$"}`, long, ErrLimit},
		{"a small one", `{"pattern":"^[ab]*$"}`, long, nil},
		{"many failures", `{"items":{"maxLength":0}}`, "[" + strings.Repeat(`"x",`, 2000) + `"x"]`, ErrLimit},
	} {
		s, v := mustBound(t, tc.schema), parse(t, tc.value)
		if _, err := s.Validate(v); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
	}
}

// Failures that depend on the text "?" are known as such.
func TestDependsOn(t *testing.T) {
	isUnknown := func(v *jsonpos.Value) bool { return v.Text == "?" }
	for _, tc := range []struct {
		name, schema, value string
		want                bool
	}{
		{"its pattern", `{"properties":{"a":{"pattern":"x"}}}`, `{"a":"?"}`, true},
		{"its type", `{"properties":{"a":{"type":"integer"}}}`, `{"a":"?"}`, false},
		{"another field", `{"properties":{"b":{"pattern":"x"}}}`, `{"a":"?","b":"y"}`, false},
		{"its absence", `{"required":["b"]}`, `{"a":"?"}`, false},
		{"not", `{"not":{"properties":{"a":{"pattern":"."}}}}`, `{"a":"?"}`, true},
		{"not of another field", `{"not":{"properties":{"b":{"pattern":"."}}}}`, `{"a":"?","b":"y"}`, false},
		{"anyOf", `{"anyOf":[{"properties":{"a":{"const":"x"}}},{"required":["b"]}]}`, `{"a":"?"}`, true},
		{"oneOf of another field", `{"oneOf":[{"required":["c"]},{"required":["b"]}]}`, `{"a":"?"}`, false},
		{"then", `{"if":{"properties":{"a":{"const":"?"}}},"then":{"required":["b"]}}`, `{"a":"?"}`, true},
		{"then of another field", `{"if":{"properties":{"t":{"const":1}}},"then":{"required":["b"]}}`, `{"a":"?","t":1}`, false},
		{
			name:   "else inside",
			schema: `{"properties":{"o":{"if":{"properties":{"a":{"const":"x"}}},"else":{"properties":{"b":{"const":2}}}}}}`,
			value:  `{"o":{"a":"?","b":1}}`,
			want:   true,
		},
		{
			name:   "else inside, of another",
			schema: `{"properties":{"o":{"if":{"properties":{"c":{"const":"x"}}},"else":{"properties":{"b":{"const":2}}}}}}`,
			value:  `{"o":{"a":"?","b":1,"c":"y"}}`,
		},
		{"contains", `{"contains":{"const":"x"}}`, `["?"]`, true},
		{"a constant object", `{"const":{"a":1}}`, `{"a":"?"}`, true},
		{"a name", `{"propertyNames":{"pattern":"x"}}`, `{"?":"a"}`, false},
		{"a reference", `{"properties":{"a":{"$ref":"#/$defs/s"}},"$defs":{"s":{"enum":["x"]}}}`, `{"a":"?"}`, true},
	} {
		s, v := mustBound(t, tc.schema), parse(t, tc.value)
		failures, err := s.Validate(v)
		if err != nil || len(failures) != 1 {
			t.Fatalf("%s: %v %v", tc.name, failures, err)
		}
		if got := s.DependsOn(failures[0], v, isUnknown); got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}
