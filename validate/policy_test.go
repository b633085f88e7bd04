package validate_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/validate"
)

func compileSchema(t testing.TB, source string) *validate.Schema {
	t.Helper()
	s, err := validate.CompileSchema("p.json", []byte(source))
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return s
}

const (
	in2020 = `"$schema":"https://json-schema.org/draft/2020-12/schema"`
	in7    = `"$schema":"http://json-schema.org/draft-07/schema#"`

	datadogUS = `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef","region":"US"}`
)

// policyValidator returns a validator with one schema for all types.
func policyValidator(t *testing.T, s *validate.Schema, options validate.Options) *validate.Validator {
	t.Helper()
	v, err := newValidator(t, options).WithSchema(s, "")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// nextStep is the hint of findings whose message is not in the schema, without the title of the schema.
const nextStep = "; your policy requires this: correct the payload, or change the policy"

// policyFindings are the findings of the rule policy, one on a line, without nextStep.
func policyFindings(v *validate.Validator, payload string) string {
	var lines []string
	for _, f := range v.Check("p", []byte(payload)) {
		if f.Rule == "policy" {
			lines = append(lines, fmt.Sprintf("%d %s %s %s", f.Column, f.Severity, f.Pointer, strings.TrimSuffix(f.Text(), nextStep)))
		}
	}
	return strings.Join(lines, "\n")
}

// The findings of each keyword, in both drafts.
func TestPolicyFindings(t *testing.T) {
	for _, tc := range []struct{ name, schema, payload, want string }{
		{"description", `"properties":{"region":{"enum":["EU"],"title":"EU","description":"Data stays in the EU"}}`, datadogUS,
			"72 error /region DATADOG.region: Data stays in the EU (p.json#/properties/region)"},
		{"title", `"properties":{"region":{"enum":["EU"],"title":"EU only"}}`, datadogUS,
			"72 error /region DATADOG.region: EU only (p.json#/properties/region)"},
		{"enum", `"properties":{"region":{"enum":["EU","AP1"]}}`, datadogUS,
			`72 error /region DATADOG.region: want "EU" or "AP1" (p.json#/properties/region)`},
		{"const", `"properties":{"region":{"const":"EU"}}`, datadogUS,
			`72 error /region DATADOG.region: want "EU" (p.json#/properties/region)`},
		{"long values", `"properties":{"region":{"enum":["0123456789abcdef0123456789abcdef"]}}`, datadogUS,
			"72 error /region DATADOG.region: want the value in the schema (p.json#/properties/region)"},
		{"type", `"properties":{"region":{"type":["integer","null"]}}`, datadogUS,
			"72 error /region DATADOG.region: want integer, got a string (p.json#/properties/region)"},
		{"lengths", `"properties":{"region":{"minLength":3,"pattern":"^E"}}`, datadogUS,
			"72 error /region DATADOG.region: want at least 3 characters (p.json#/properties/region)\n72 error /region DATADOG.region: " +
				"want text of the form ^E (p.json#/properties/region)"},
		{"two keywords, one description", `"properties":{"region":{"minLength":3,"pattern":"^E","description":"Like this"}}`, datadogUS,
			"72 error /region DATADOG.region: Like this (p.json#/properties/region)"},
		{"format", `"properties":{"region":{"format":"ipv4"}}`, datadogUS,
			"72 error /region DATADOG.region: want a value of the format ipv4 (p.json#/properties/region)"},
		{"required", `"required":["region","owner","team"]`, datadogUS,
			"9 error /owner DATADOG.owner: the field is missing (p.json#)\n9 error /team DATADOG.team: the field is missing (p.json#)"},
		{"required, with a description", `"required":["owner"],"description":"Say who owns it"`, datadogUS,
			"9 error /owner DATADOG.owner: Say who owns it (p.json#)"},
		{"additionalProperties", `"properties":{"type":true,"apiKey":true},"additionalProperties":false`, datadogUS,
			"63 error /region DATADOG.region: not allowed (p.json#)"},
		{"false", `"properties":{"region":false}`, datadogUS,
			"72 error /region DATADOG.region: not allowed (p.json#/properties/region)"},
		{"propertyNames", `"propertyNames":{"maxLength":5}`, `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef"}`,
			"19 error /apiKey DATADOG.apiKey: not allowed (p.json#)"},
		{"not", `"not":{"properties":{"region":{"const":"US"}}},"title":"No US"`, datadogUS,
			"9 error  DATADOG: No US (p.json#)"},
		{"anyOf", `"properties":{"region":{"description":"A good one","anyOf":[{"type":"integer"},{"pattern":"^E"}]}}`, datadogUS,
			"72 error /region DATADOG.region: A good one (p.json#/properties/region); the nearest form: DATADOG.region: want text of the form ^E"},
		{"oneOf with two", `"oneOf":[{"required":["type"]},{"required":["apiKey"]}]`, datadogUS,
			"9 error  DATADOG: the value matches more than one of the forms, and must match one (p.json#)"},
		{"then", `"if":{"properties":{"type":{"const":"DATADOG"}}},"then":{"properties":{"region":{"const":"EU","description":"EU"}}}`, datadogUS,
			"72 error /region DATADOG.region: EU (p.json#/then/properties/region)"},
		{"definitions", `"properties":{"region":{"$ref":"#/definitions/eu"}},"definitions":{"eu":{"const":"EU","description":"EU"}}`, datadogUS,
			"72 error /region DATADOG.region: EU (p.json#/definitions/eu)"},
		{"maxProperties", `"maxProperties":2`, datadogUS, "9 error  DATADOG: want at most 2 fields, got 3 (p.json#)"},
		{"dependencies", `"dependencies":{"region":["owner"]}`, datadogUS, "9 error /owner DATADOG.owner: the field is missing (p.json#)"},
		{"nothing", `"properties":{"region":{"const":"US"}}`, datadogUS, ""},
		{"texts of a stranger", `"properties":{"region":{"const":"EU","description":"a\u001b[31m\n::error::b\u202e"}}`, datadogUS,
			"72 error /region DATADOG.region: a�[31m ::error::b� (p.json#/properties/region)"},
	} {
		for _, draft := range []string{in2020, in7} {
			s := compileSchema(t, `{`+draft+`,`+tc.schema+`}`)
			if diff := cmp.Diff(tc.want, policyFindings(policyValidator(t, s, validate.Options{}), tc.payload)); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", tc.name, draft, diff)
			}
		}
	}
}

// The types and the severities that the options select.
// A message in the words of a keyword has the title of the schema and a next step. A text in the schema stays as it is.
func TestPolicyNextStep(t *testing.T) {
	const ofTitle = `DATADOG.region: want "EU" (p.json#/properties/region); ` +
		`your policy "Data stays in the EU" requires this: correct the payload, or change the policy`
	for schema, want := range map[string]string{
		`"title":"Data stays in the EU","properties":{"region":{"const":"EU"}}`:               ofTitle,
		`"properties":{"region":{"const":"EU"}}`:                                              `DATADOG.region: want "EU" (p.json#/properties/region)` + nextStep,
		`"title":"x","properties":{"region":{"const":"EU","title":"Use the EU"}}`:             "DATADOG.region: Use the EU (p.json#/properties/region)",
		`"title":"x","properties":{"region":{"const":"EU","description":"Set region to EU"}}`: "DATADOG.region: Set region to EU (p.json#/properties/region)",
	} {
		findings := policyValidator(t, compileSchema(t, "{"+schema+"}"), validate.Options{}).Check("p", []byte(datadogUS))
		if len(findings) != 1 || findings[0].Text() != want {
			t.Errorf("%s: %v, want %s", schema, findings, want)
		}
	}
}

func TestPolicyOptions(t *testing.T) {
	s := compileSchema(t, `{"properties":{"region":{"const":"EU","title":"EU"}}}`)
	const place = "/region DATADOG.region: EU (p.json#/properties/region)"
	for _, tc := range []struct {
		name              string
		severity, ofRules validate.Severity
		types             []string
		want              string
	}{
		{name: "no types", severity: validate.Error, want: "72 error " + place},
		{name: "the type", severity: validate.Warning, types: []string{"SLACK", "DATADOG"}, want: "72 warning " + place},
		{name: "another case", types: []string{"datadog"}, want: "72 error " + place},
		{name: "all types", types: []string{"SLACK", "*"}, want: "72 error " + place},
		{name: "another type", severity: validate.Error, types: []string{"SLACK"}},
		{name: "a type of v1.0", severity: validate.Error, types: []string{"FLOWDOCK"}},
		{name: "off", severity: validate.Error, ofRules: validate.Off},
		{name: "all warnings", severity: validate.Error, ofRules: validate.Warning, want: "72 warning " + place},
	} {
		var options validate.Options
		if tc.ofRules != "" {
			options.Severities = map[string]validate.Severity{"policy": tc.ofRules}
		}
		v, err := newValidator(t, options).WithSchema(s, tc.severity, tc.types...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tc.want, policyFindings(v, datadogUS)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

// A validator with a schema leaves its original unchanged, and both can be used.
func TestWithSchemaReturnsAnotherValidator(t *testing.T) {
	s := compileSchema(t, `{"properties":{"region":{"const":"EU","title":"EU"}}}`)
	one := policyValidator(t, s, validate.Options{})
	two, err := one.WithSchema(s, validate.Warning)
	if err != nil {
		t.Fatal(err)
	}
	other, err := one.WithSchema(s, validate.Error)
	if err != nil {
		t.Fatal(err)
	}
	zero, err := new(validate.Validator).WithSchema(s, "")
	if err != nil {
		t.Fatal(err)
	}
	const finding = "72 error /region DATADOG.region: EU (p.json#/properties/region)"
	warning := strings.Replace(finding, "error", "warning", 1)
	for v, want := range map[*validate.Validator]string{
		one: finding, two: finding + "\n" + warning, other: finding + "\n" + finding, zero: finding,
	} {
		if diff := cmp.Diff(want, policyFindings(v, datadogUS)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestWithSchemaErrors(t *testing.T) {
	s := compileSchema(t, `{}`)
	v := newValidator(t, validate.Options{})
	for _, tc := range []struct {
		schema   *validate.Schema
		severity validate.Severity
		types    []string
		want     string
	}{
		{s, validate.Off, nil, `unknown severity "off" of a schema; use error or warning`},
		{s, "", []string{"DATADG"}, `unknown type "DATADG" of a schema; did you mean "DATADOG"?`},
		{s, "", []string{"*", "datadg"}, `unknown type "datadg" of a schema; did you mean "DATADOG"?`},
		{nil, "", nil, "no schema; create one with CompileSchema"},
		{&validate.Schema{}, "", nil, "no schema; create one with CompileSchema"},
	} {
		_, err := v.WithSchema(tc.schema, tc.severity, tc.types...)
		var wrong *validate.OptionError
		if !errors.As(err, &wrong) {
			t.Fatalf("got %v, want a %T", err, wrong)
		}
		if err.Error() != tc.want {
			t.Errorf("got %v, want %s", err, tc.want)
		}
		if wrong.Option != "WithSchema" {
			t.Errorf("the option is %q, want WithSchema", wrong.Option)
		}
	}
	if _, err := v.WithSchema(s, "", "none of them"); err == nil || strings.Count(err.Error(), "DATADOG") != 1 {
		t.Errorf("got %v, want each type once", err)
	}
	for i := range 101 {
		next, err := v.WithSchema(s, "")
		want := "<nil>"
		if i == 100 {
			want = "more than 100 schemas; combine several in one with allOf"
		}
		if got := fmt.Sprint(err); got != want {
			t.Fatalf("schema %d: the error is %s, want %s", i+1, got, want)
		}
		v = next
	}
}

// The contents of references are unknown without expansion; a schema may request the original text.
func TestPolicyReferences(t *testing.T) {
	t.Setenv("POLICY_URL", "https://evil.example/0123")
	t.Setenv("POLICY_GOOD", "https://hooks.example.com/0123")
	hosts := compileSchema(t, `{"properties":{"url":{"pattern":"^https://hooks\\.example\\.com/","description":"Own hosts only"}}}`)
	written := compileSchema(t, `{"x-atlasint-expand":false,"properties":{"url":{"pattern":"^\\$\\{(env|file):","description":"Use a reference"}}}`)
	webhook := func(url string) string { return `{"type":"WEBHOOK","url":"` + url + `"}` }
	const own = "25 error /url WEBHOOK.url: Own hosts only (p.json#/properties/url)"
	const reference = "25 error /url WEBHOOK.url: Use a reference (p.json#/properties/url)"
	for _, tc := range []struct {
		name, payload string
		schema        *validate.Schema
		want, expands string
	}{
		{"a good literal", webhook("https://hooks.example.com/1"), hosts, "", ""},
		{"a bad literal", webhook("https://evil.example/1"), hosts, own, own},
		{"a good reference", webhook("${env:POLICY_GOOD}"), hosts, "", ""},
		{"a bad reference", webhook("${env:POLICY_URL}"), hosts, "", own},
		{"a reference in a text", webhook("https://evil.example/${env:POLICY_URL}"), hosts, "", own},
		{"a literal as written", webhook("https://hooks.example.com/1"), written, reference, reference},
		{"a reference as written", webhook("${env:POLICY_URL}"), written, "", ""},
	} {
		if diff := cmp.Diff(tc.want, policyFindings(policyValidator(t, tc.schema, validate.Options{}), tc.payload)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
		if diff := cmp.Diff(tc.expands, policyFindings(policyValidator(t, tc.schema, validate.Options{Expand: true}), tc.payload)); diff != "" {
			t.Errorf("%s, expanded (-want +got):\n%s", tc.name, diff)
		}
	}
}

// An update is validated by the fields that it has.
func TestPolicyUpdates(t *testing.T) {
	s := compileSchema(t, `{"required":["region"],"minProperties":5,"dependentRequired":{"apiKey":["team"]},
		"anyOf":[{"required":["team"]},{"required":["owner"]}],
		"properties":{"region":{"const":"EU"}}}`)
	update := policyValidator(t, s, validate.Options{Operation: validate.Update})
	if got := policyFindings(update, `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef"}`); got != "" {
		t.Errorf("missing fields of an update:\n%s", got)
	}
	if got := policyFindings(update, datadogUS); !strings.HasPrefix(got, "72 error /region") || strings.Contains(got, "\n") {
		t.Errorf("a field of an update:\n%s", got)
	}
	// not, if and the number of forms of oneOf see the payload that is sent: docs/policies.md.
	for source, reports := range map[string]bool{
		`{"allOf":[{"required":["team"]}],"if":true,"then":{"required":["team"]}}`:                                 false,
		`{"if":{"required":["team"]},"else":{"required":["owner"]}}`:                                               false,
		`{"if":{"required":["team"]},"else":{"properties":{"region":{"const":"EU"}}}}`:                             true,
		`{"not":{"not":{"required":["team"]}}}`:                                                                    true,
		`{"oneOf":[{"not":{"required":["team"]}},{"not":{"required":["owner"]}}]}`:                                 true,
		`{"anyOf":[{"required":["team"]},{"required":["owner"],"properties":{"region":{"const":"EU"}}}]}`:          false,
		`{"anyOf":[{"required":["team"],"properties":{"region":{"const":"EU"}}},{"properties":{"apiKey":false}}]}`: true,
	} {
		got := policyFindings(policyValidator(t, compileSchema(t, source), validate.Options{Operation: validate.Update}), datadogUS)
		if (got != "") != reports {
			t.Errorf("%s for an update: %s", source, got)
		}
	}
	v := policyValidator(t, s, validate.Options{})
	kept := 0
	for _, f := range v.Check("p", []byte(datadogUS)) {
		if _, ok := f.ForUpdate(); ok && f.Rule == "policy" {
			kept++
		}
	}
	if kept != 1 {
		t.Errorf("%d findings are left for an update, want 1", kept)
	}
}

// The file of a schema is no payload, so that the hint is not about payloads.
func TestCompileSchemaRejectsTwoSchemas(t *testing.T) {
	const want = "p.json:1:4: a second value after the first: the input contains two values; keep one value"
	if _, err := validate.CompileSchema("p.json", []byte(`{} {}`)); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// The error of a schema has the place of the fault.
func TestSchemaError(t *testing.T) {
	_, err := validate.CompileSchema("a\x1b/p.json", []byte("{\n  \"pattern\": \"(?=secret)\"\n}"))
	var fault *validate.SchemaError
	if !errors.As(err, &fault) {
		t.Fatalf("got %v, want a %T", err, fault)
	}
	if got := [2]int{fault.Line, fault.Column}; got != [2]int{2, 3} {
		t.Errorf("line and column are %v, want [2 3]", got)
	}
	if got := err.Error(); !strings.HasPrefix(got, `"a\x1b/p.json":2:3: the regular expression has a lookahead`) {
		t.Errorf("got %s", got)
	}
}

// Payloads and schemas in which every string is a secret: no finding shows one.
func TestPolicySecrets(t *testing.T) {
	long := canary + canary
	t.Setenv("ATLASINT_CANARY", canary)
	texts := fmt.Sprintf(`"title":%q,"description":%q,"$comment":%q`, canary, "a "+canary+" b https://x.example/"+canary, canary)
	subschemas := []string{
		`{"enum":[%q],%s}`, `{"const":%q,%s}`, `{"pattern":%q,%s}`, `{"minLength":9999,"examples":[%q],%s}`,
		`{"type":"integer","default":%q,%s}`, `{"anyOf":[{"const":%q,%[2]s},{"type":"null"}]}`, `{"anyOf":[{"const":%q},{"type":"null"}],%s}`,
		`{"oneOf":[{},{"enum":["x",%q]},{}],%s}`, `{"not":{"minLength":0,"description":%q},%s}`, `{"format":"ipv6","x-note":%q,%s}`, `{"const":{%q:1},%s}`,
	}
	var schemas []string
	for _, sub := range subschemas {
		text := fmt.Sprintf(sub, canary, texts)
		plain := fmt.Sprintf(sub, canary, `"x":1`)
		schemas = append(schemas,
			`{"additionalProperties":`+text+`}`,
			`{"additionalProperties":`+plain+`}`,
			`{"$ref":"#/$defs/`+long+`","$defs":{"`+long+`":{"additionalProperties":`+text+`}}}`,
		)
	}
	schemas = append(schemas,
		`{"required":["`+long+`"]}`,
		`{"required":["`+long+`"],`+texts+`}`,
		`{"additionalProperties":false}`,
		`{"propertyNames":{"const":"`+canary+`"}}`,
		`{"dependentRequired":{"type":["`+long+`"]}}`,
		`{"properties":{"`+long+`":false},"patternProperties":{"`+canary+`":false}}`,
		`{`+texts+`,"maxProperties":1}`,
	)
	payloads := []string{
		`{"type":"DATADOG","apiKey":"` + canary + `","region":"` + canary + `","` + long + `":"` + canary + `"}`,
		`{"type":"WEBHOOK","url":"https://` + canary + `:x@a.example/` + canary + `","secret":"` + canary + `"}`,
		`{"type":"WEBHOOK","url":"${env:ATLASINT_CANARY}","secret":"${env:ATLASINT_CANARY}"}`,
	}
	found := 0
	for _, source := range schemas {
		s := compileSchema(t, source)
		for _, payload := range payloads {
			for _, expand := range []bool{false, true} {
				v := policyValidator(t, s, validate.Options{Expand: expand, Snippets: true})
				for _, f := range v.Check("p", []byte(payload)) {
					text, err := json.Marshal(f)
					if err != nil {
						t.Fatal(err)
					}
					all := string(text) + f.String() + f.Snippet.Text
					if f.Policy != nil {
						all += f.Policy.Title + f.Policy.Description
						found++
					}
					if leaks(all) {
						t.Errorf("%s\nshows the secret of %s: %s", source, payload, all)
					}
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("%d findings, want at least 100", found)
	}
	// A secret that is short or looks like a word is hidden, too.
	word := `{"type":"OPS_GENIE","apiKey":"swordfish"}`
	s := compileSchema(t, `{"title":"not swordfish","properties":{"apiKey":{"not":{"const":"swordfish"},"description":"The key is not swordfish"}}}`)
	if got := policyFindings(policyValidator(t, s, validate.Options{}), word); !strings.Contains(got, "The key is not (hidden)") {
		t.Errorf("got %s", got)
	}
}
