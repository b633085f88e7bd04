package validate_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/atlasint/atlasint/validate"
)

// schemasWith returns schemas that have a text as a value, as a name and in a sentence of each keyword, and that a
// payload of DATADOG fails. For a number, they have it as a bound, too.
func schemasWith(text string) []string {
	quoted, _ := json.Marshal(text) // a string can't fail
	list := []string{
		`{"properties":{"region":{"const":Q}}}`, `{"properties":{"region":{"enum":[Q,"x"]}}}`, `{"properties":{"region":{"enum":[Q]}}}`,
		`{"properties":{"region":{"anyOf":[{"const":Q},{"enum":[Q,"y"]}]}}}`, `{"properties":{"region":{"oneOf":[{"const":Q,"title":Q},{"type":"null"}]}}}`,
		`{"x-atlasint-expand":false,"properties":{"region":{"const":Q}}}`, `{"properties":{"region":{"pattern":Q}}}`,
		`{"required":[Q]}`, `{"dependentRequired":{"type":[Q]}}`, `{` + in7 + `,"dependencies":{"type":[Q]}}`,
		`{"anyOf":[{"required":[Q,"x"]},{"required":["x",Q]}]}`,
		`{"properties":{"nested":{"required":[Q]}}}`, `{"properties":{"nested":{"additionalProperties":false}}}`,
		`{"properties":{"nested":{"propertyNames":{"const":Q}}}}`,
		`{"properties":{"nested":{"properties":{Q:false}}}}`,
		`{"properties":{"nested":{"patternProperties":{Q:false}}}}`,
		`{"properties":{"nested":{"additionalProperties":{"type":"null"}}}}`,
		`{"dependentSchemas":{"type":{"$ref":"#/$defs/D"}},"$defs":{"D":{"required":[Q],"description":Q,"title":Q}}}`,
		`{"title":Q,"description":Q,"maxProperties":1}`, `{"$ref":"#/$defs/` + text + `","$defs":{Q:{"maxProperties":1}}}`,
	}
	if !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) }) {
		list = append(list,
			`{"properties":{"region":{"const":N}}}`, `{"properties":{"region":{"const":N.0}}}`, `{"properties":{"region":{"const":NeE}}}`,
			`{"properties":{"region":{"enum":[1,N]}}}`, `{"properties":{"region":{"minLength":N}}}`, `{"minProperties":N}`,
			`{"properties":{"count":{"minimum":N}}}`, `{"properties":{"count":{"multipleOf":N}}}`, `{"properties":{"list":{"minItems":N}}}`,
		)
	}
	digits := text[:1] + "." + text[1:]
	for i := range list {
		list[i] = strings.NewReplacer("NeE", fmt.Sprintf("%se%d", digits, len(text)-1), "Q", string(quoted), "N", text).Replace(list[i])
	}
	return list
}

// No finding shows a secret that a schema has, too, of any length, nor a name that is long enough for a key.
func TestPolicyHidesWhatSchemasShare(t *testing.T) {
	const keyLike = "zq001x0f3b9c77d2e"
	t.Setenv("ATLASINT_HUNTER", "hunter2")
	nested := func(apiKey, name string) string {
		return fmt.Sprintf(`{"type":"DATADOG","apiKey":%s,"region":"US","count":3,"list":[],"nested":{%q:1}}`, apiKey, name)
	}
	for _, tc := range []struct{ secret, payload string }{
		{"hunter2", nested(`"hunter2"`, "hunter2")},
		{"hunter2", nested(`"${env:ATLASINT_HUNTER}"`, "other")},
		{"hunter2", nested(`"https://user:hunter2@h.example/x"`, "hunter2")},
		{"hunter2", nested(`"https://h.example/hooks/hunter2"`, "hunter2")},
		{"correct horse", nested(`"correct\nhorse"`, "x")},
		{"12345678", nested(`12345678`, "12345678")},
		{"12345678", nested(`"12345678"`, "12345678")},
		{"12345678", nested(`"x","unknown":12345678`, "12345678")},
		{keyLike, nested(`"x"`, keyLike)},
	} {
		found := 0
		for _, source := range schemasWith(tc.secret) {
			s := compileSchema(t, source)
			for _, op := range []validate.Operation{validate.Create, validate.Update} {
				v := policyValidator(t, s, validate.Options{Snippets: true, Operation: op, Expand: strings.Contains(tc.payload, "${")})
				for _, f := range v.Check("p", []byte(tc.payload)) {
					if f.Policy == nil {
						continue
					}
					found++
					text, _ := json.Marshal(f) // a finding can't fail
					all := fmt.Sprintf("%s\n%s\n%s\n%+v", text, f, f.Snippet.Text, f.Policy)
					for _, secret := range []string{tc.secret, "1.2345678"} {
						if strings.Contains(strings.ToLower(all), secret) {
							t.Errorf("%s for %s\nshows the secret: %s", source, tc.payload, all)
						}
					}
				}
			}
		}
		if found < 20 {
			t.Errorf("%s: %d findings", tc.payload, found)
		}
	}
}

// Names of the payload and of the schema have no control characters in any text of a finding of any rule.
func TestNamesAreEscaped(t *testing.T) {
	for _, name := range []string{"a\x1b]0;b", "a\nb", "a\u009bb", "a\u202eb", "a\x00b", "a\u2028b"} {
		q, _ := json.Marshal(name)
		const form = `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef","region":"US",Q:{Q:1,Q:2},"nested":{Q:null}}`
		payload := strings.ReplaceAll(form, "Q", string(q))
		for _, source := range []string{
			`{"required":[Q]}`, `{"properties":{"nested":{"required":["x",Q],"properties":{Q:false}}}}`, `{"dependentRequired":{"type":[Q,"x"]}}`,
			`{"additionalProperties":false}`, `{"properties":{Q:{"additionalProperties":{"type":"null"}}}}`,
			`{"anyOf":[{"properties":{Q:{"properties":{Q:false}}}},{"type":"null"}]}`,
			`{"properties":{"region":{"const":Q}}}`, `{"properties":{"region":{"pattern":Q}}}`, `{"properties":{"region":{"enum":[Q,"x"],"title":Q}}}`,
		} {
			v := policyValidator(t, compileSchema(t, strings.ReplaceAll(source, "Q", string(q))), validate.Options{Snippets: true})
			for _, f := range v.Check("p", []byte(payload)) {
				all := f.Message + f.Hint + f.Pointer + f.String() + f.Snippet.Text
				if f.Policy != nil {
					all += f.Policy.Pointer + f.Policy.Title + f.Policy.Description
				}
				if strings.ContainsFunc(all, func(r rune) bool { return !unicode.IsPrint(r) }) {
					t.Errorf("%s: %s has a control character: %q", source, f.Rule, all)
				}
			}
		}
	}
}

// Each name is a failure of its own for the limit.
func TestPolicyCountsNames(t *testing.T) {
	for _, n := range []int{200, 201, 25_000} {
		var names []string
		for i := range n {
			names = append(names, fmt.Sprintf(`"n%d"`, i))
		}
		list := strings.Join(names, ",")
		for _, source := range []string{`{"required":[` + list + `]}`, `{"dependentRequired":{"type":[` + list + `]}}`} {
			v := policyValidator(t, compileSchema(t, source), validate.Options{MaxFindings: 100_000})
			got, want, message := v.Check("p", []byte(datadogUS)), n, ""
			if n > 200 {
				want, message = 1, "too complex"
			}
			if len(got) != want {
				t.Fatalf("%d names: %d findings, want %d: %.200s", n, len(got), want, got[0].Message)
			}
			if !strings.Contains(got[0].Message, message) {
				t.Errorf("%d names: %.200s, want %q in it", n, got[0].Message, message)
			}
		}
	}
}

// An object or an array of a schema is not written out, and its kind alone would not explain the fault.
func TestPolicyObjectValues(t *testing.T) {
	s, err := validate.CompileSchema("p.json", []byte(`{"const": {"type": "DATADOG"}}`))
	if err != nil {
		t.Fatal(err)
	}
	v := policyValidator(t, s, validate.Options{})
	findings := v.Check("p", []byte(`{"type":"OPS_GENIE","apiKey":"k-1"}`))
	if len(findings) != 1 || !strings.HasSuffix(findings[0].Message, "want the value in the schema") {
		t.Errorf("got %v", findings)
	}
}
