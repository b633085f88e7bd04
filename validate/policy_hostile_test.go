package validate_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/validate"
)

// wrapped puts n openings and closings around an inner text.
func wrapped(opening, inner, closing string, n int) string {
	return strings.Repeat(opening, n) + inner + strings.Repeat(closing, n)
}

// doubling returns definitions each of which refers to the next one twice by a keyword.
func doubling(keyword string, n int) string {
	text := `{"$ref":"#/$defs/d0","$defs":{`
	for i := range n {
		next := fmt.Sprintf(`{"$ref":"#/$defs/d%d"}`, i+1)
		switch keyword {
		case "properties":
			text += fmt.Sprintf(`"d%d":{"properties":{"a":%s,"b":%s}},`, i, next, next)
		default:
			text += fmt.Sprintf(`"d%d":{%q:[%s,%s]},`, i, keyword, next, next)
		}
	}
	return text + fmt.Sprintf(`"d%d":{"type":"string"}}}`, n)
}

// Schemas that are made to exhaust a validator, to reach other files or to confuse a reader: each is refused, or has
// findings, or accepts the payload; none hangs or panics, and none shows a control character.
func TestHostileSchemas(t *testing.T) {
	const refused, reported, accepted = "refused", "reported", "accepted"
	nested := `{"type":"WEBHOOK","url":"https://a.example","a":` + wrapped(`{"a":`, `1`, `}`, 90) + `}`
	wide := `{"type":"WEBHOOK","url":"https://a.example","list":[` + strings.Repeat(`"x",`, 100_000) + `"x"]}`
	numbers := `{"type":"WEBHOOK","url":"https://a.example","list":[` + strings.Repeat(`1e300,`, 100_000) + `1e-300]}`
	members := `{"type":"WEBHOOK","url":"https://a.example"`
	for i := range 8000 {
		members += fmt.Sprintf(`,"n%d":"v"`, i)
	}
	members += `}`
	long := `{"type":"WEBHOOK","url":"https://a.example/` + strings.Repeat("ab", 400_000) + `"}`
	plain := `{"type":"WEBHOOK","url":"https://a.example"}`
	names := ""
	for i := range 1900 {
		names += fmt.Sprintf(`"n%d":{},`, i)
	}
	for _, tc := range []struct{ name, schema, payload, want string }{
		{"doubling allOf", doubling("allOf", 22), plain, refused},
		{"doubling anyOf", doubling("anyOf", 22), plain, refused},
		{"doubling oneOf", doubling("oneOf", 22), plain, refused},
		{"doubling properties", doubling("properties", 22), plain, refused},
		{"doubling items", strings.ReplaceAll(doubling("prefixItems", 40), `"x"`, ``), plain, refused},
		{"a circle", `{"$ref":"#"}`, plain, refused},
		{"a circle of not", `{"not":{"not":{"$ref":"#"}}}`, plain, refused},
		{"a circle of if", `{"if":{"$ref":"#"}}`, plain, refused},
		{"a circle of dependentSchemas", `{"dependentSchemas":{"url":{"$ref":"#"}}}`, plain, refused},
		{
			"a circle in draft-07",
			`{` + in7 + `,"definitions":{"a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/a"}},"$ref":"#/definitions/a"}`,
			plain, refused,
		},
		{"a dynamic circle", `{"$dynamicAnchor":"a","$dynamicRef":"#a"}`, plain, refused},
		{"a recursive circle", `{"$recursiveAnchor":true,"$recursiveRef":"#"}`, plain, refused},
		{"an own vocabulary", `{"$vocabulary":{"file:///etc/passwd":true}}`, plain, refused},
		{"a draft from a file", `{"$schema":"file:///etc/passwd"}`, plain, refused},
		{"a draft from a host", `{"$schema":"http://127.0.0.1:1/schema"}`, plain, refused},
		{"a file", `{"$ref":"file:///etc/passwd"}`, plain, refused},
		{"a host", `{"$ref":"http://127.0.0.1:1/schema"}`, plain, refused},
		{"a path", `{"$ref":"../../../../etc/passwd"}`, plain, refused},
		{"a Windows path", `{"$ref":"C:\\Windows\\win.ini"}`, plain, refused},
		{"a share", `{"$ref":"\\\\server\\share\\x.json"}`, plain, refused},
		{"an $id of a file, a $ref from it", `{"$id":"file:///etc/x","$ref":"passwd"}`, plain, refused},
		{"an $id of a file", `{"$id":"file:///etc/passwd","properties":{"url":{"$ref":"#/$defs/u"}},"$defs":{"u":{"maxLength":1}}}`, plain, reported},
		{"an $id inside", `{"allOf":[{"$id":"file:///etc/passwd","$ref":"#"}]}`, plain, refused},
		{"an $id that is no address", `{"$id":"::%%::","properties":{"url":{"maxLength":1}}}`, plain, reported},
		{"a hundred levels", wrapped(`{"not":`, `{}`, `}`, 99), plain, refused},
		{"too many levels", wrapped(`{"not":`, `{}`, `}`, 100_000/8), plain, refused},
		{"open brackets", strings.Repeat(`[`, 200_000), plain, refused},
		{"a large text", `{"description":"` + strings.Repeat("x", 300_000) + `"}`, plain, refused},
		{"many subschemas", `{"allOf":[` + strings.Repeat(`{},`, 50_000) + `{}]}`, plain, refused},
		{"many properties", `{"properties":{` + names + `"url":{"maxLength":1}}}`, members, reported},
		{"many values", `{"properties":{"url":{"enum":[` + strings.TrimSuffix(strings.ReplaceAll(names, ":{}", ""), ",") + `]}}}`, plain, reported},
		{"a lookahead", `{"properties":{"url":{"pattern":"^(?=a+)+$"}}}`, plain, refused},
		{"a large repetition", `{"properties":{"url":{"pattern":"(((a{100}){100}){100})"}}}`, plain, refused},
		{"a large program", `{"properties":{"url":{"pattern":"(` + strings.Repeat("a?", 300) + `){500}"}}}`, long, refused},
		{"a slow expression", `{"properties":{"url":{"pattern":"^https.(.?.?){300}$"}}}`, long, reported},
		{"nested repetitions", `{"properties":{"url":{"pattern":"^(((.+)+)+)+!$"}}}`, plain, reported},
		{"two recursions", `{"allOf":[{"properties":{"a":{"$ref":"#"}}},{"properties":{"a":{"$ref":"#"}}}]}`, nested, reported},
		{
			"recursions in anyOf",
			`{"anyOf":[{"properties":{"a":{"$ref":"#"}}},{"additionalProperties":{"$ref":"#"}},{"patternProperties":{".":{"$ref":"#"}}}]}`,
			nested, reported,
		},
		{"recursions in not", `{"not":{"properties":{"a":{"$ref":"#"}}},"additionalProperties":{"not":{"properties":{"a":{"$ref":"#"}}}}}`, nested, reported},
		{
			"unevaluated",
			`{"unevaluatedProperties":false,"allOf":[` + strings.Repeat(`{"additionalProperties":{"maxLength":0}},`, 500) + `{}]}`,
			members, reported,
		},
		{"contains in contains", `{"properties":{"list":{"contains":{"anyOf":[` + strings.Repeat(`{"const":"y"},`, 100) + `{"const":"z"}]}}}}`, wide, reported},
		{"unique", `{"properties":{"list":{"uniqueItems":true}}}`, wide, reported},
		{"unique numbers", `{"properties":{"list":{"uniqueItems":true,"items":{"multipleOf":1e-300}}}}`, numbers, reported},
		{"names", `{"propertyNames":{"allOf":[` + strings.Repeat(`{"pattern":"^(a|b|c)*$"},`, 50) + `{}]}}`, members, reported},
		{"many patterns", `{"patternProperties":{` + strings.ReplaceAll(names, `"n`, `"^n?`) + `"x":false}}`, members, refused},
		{"a failure for each member", `{"additionalProperties":{"maxLength":0}}`, members, reported},
		{
			"a terminal's commands",
			`{"title":"\u001b]0;x\u0007\u001b[2J","properties":{"url":{"maxLength":1,` +
				`"description":"\u001b[31m\u009b1m\u202eevil\u2028##[error]x\n::error::y\r##vso[task.setvariable]z"}}}`,
			plain, reported,
		},
		{"a long description", `{"properties":{"url":{"maxLength":1,"description":"` + strings.Repeat("word ", 40_000) + `"}}}`, plain, reported},
		{
			"names with commands",
			`{"properties":{"\u001b[31m":{},"url":{"$ref":"#/$defs/a~1\u001b[2J"}},"$defs":{"a/\u001b[2J":{"maxLength":1}}}`,
			plain, reported,
		},
		{"keys twice", `{"properties":{"url":{"maxLength":1}},"properties":{}}`, plain, refused},
		{"not UTF-8", "{\"title\":\"\xff\"}", plain, refused},
		{"false", `false`, plain, reported},
		{"true", `true`, plain, accepted},
		{"a huge bound", `{"properties":{"url":{"minLength":99999999999999999999}}}`, plain, refused},
		{"contents", `{"properties":{"url":{"contentEncoding":"base64","contentMediaType":"application/json","contentSchema":{}}}}`, plain, refused},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, err := validate.CompileSchema("p.json", []byte(tc.schema))
			var fault *validate.SchemaError
			if err != nil {
				if tc.want != refused {
					t.Errorf("got %v, want it to be %s", err, tc.want)
				}
				if !errors.As(err, &fault) {
					t.Fatalf("got %v, want a %T", err, fault)
				}
				if min(fault.Line, fault.Column) < 1 {
					t.Errorf("line %d and column %d of %v", fault.Line, fault.Column, err)
				}
				return
			}
			got := policyFindings(policyValidator(t, s, validate.Options{Severities: map[string]validate.Severity{"unknown-field": validate.Off}}), tc.payload)
			if is := map[bool]string{true: reported, false: accepted}[got != ""]; is != tc.want {
				t.Errorf("%s, want it to be %s: %.200s", is, tc.want, got)
			}
			if strings.ContainsAny(got, "\x1b\x07\u009b\u202e\u2028\r") {
				t.Errorf("a control character: %q", got)
			}
		})
	}
}
