package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/schema"
	"github.com/atlasint/atlasint/internal/snippet"
	"github.com/atlasint/atlasint/validate/internal/failure"
	"github.com/atlasint/atlasint/validate/internal/policy"
	"github.com/atlasint/atlasint/validate/internal/types"
)

const secret = "5f1d3b7a9c2e4806"

// violations returns what a payload of DATADOG breaks, one line each: the text of its place, its path, its message and
// its hint.
func violations(t *testing.T, source, payload string) (lines []string) {
	t.Helper()
	compiled, err := schema.CompileBounded([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonpos.Parse([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	failures, err := compiled.Validate(&doc.Root)
	if err != nil {
		t.Fatal(err)
	}
	typ := types.Of(schemas.V2).ByName["DATADOG"].Type
	secrets := snippet.Secrets{Refers: func(text string) bool { return strings.Contains(text, "${env:") }}.Of(&doc.Root, typ.Payload)
	p := &policy.Payload{
		Root: &doc.Root, Type: typ,
		Hider: redact.NewHider(secrets, func(name string) bool { return typ.Payload.Lookup(name) != nil }),
		Shown: func(failure.Failure) string { return "SHOWN" },
	}
	for _, v := range p.Violations(failures) {
		missing := ""
		if v.Missing {
			missing = " missing"
		}
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s%s: %s %s", payload[v.Start:v.End], strings.Join(v.Path, "/"), missing, v.Message, v.Hint)))
	}
	return lines
}

func TestViolations(t *testing.T) {
	const payload = `{"type":"DATADOG","apiKey":"` + secret + `","region":"EU"}`
	for name, c := range map[string]struct {
		schema string
		want   []string
	}{
		"none":    {`{"required": ["type"]}`, nil},
		"missing": {`{"required": ["owner"]}`, []string{`"DATADOG" owner missing: DATADOG.owner: the field is missing`}},
		"enum":    {`{"properties": {"region": {"enum": ["US", "US3"]}}}`, []string{`"EU" region: DATADOG.region: want "US" or "US3"`}},
		"description": {
			`{"properties": {"region": {"const": "US", "description": "our accounts are in the US"}}}`,
			[]string{`"EU" region: DATADOG.region: our accounts are in the US`},
		},
		"title":       {`{"properties": {"region": {"const": "US", "title": "US only"}}}`, []string{`"EU" region: DATADOG.region: US only`}},
		"once":        {`{"properties": {"region": {"enum": ["US"], "minLength": 9, "description": "no"}}}`, []string{`"EU" region: DATADOG.region: no`}},
		"not allowed": {`{"propertyNames": {"enum": ["type", "apiKey"]}}`, []string{`"region" region: DATADOG.region: not allowed`}},
		"length":      {`{"properties": {"apiKey": {"minLength": 32}}}`, []string{`"` + secret + `" apiKey: DATADOG.apiKey: want at least 32 characters`}},
		"type":        {`{"properties": {"region": {"type": ["array", "null"]}}}`, []string{`"EU" region: DATADOG.region: want array, got a string`}},
		"no form": {
			`{"oneOf": [{"required": ["owner"]}, {"required": ["team", "cost"]}]}`,
			[]string{`"DATADOG"  missing: DATADOG: the value matches none of the forms in the schema the nearest form: DATADOG.owner: the field is missing`},
		},
		"several form": {`{"oneOf": [true, true]}`, []string{`"DATADOG" : DATADOG: the value matches more than one of the forms, and must match one`}},
	} {
		got := violations(t, c.schema, payload)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// A schema that contains a secret of the payload doesn't reveal it, nor does a name that may be one.
func TestViolationsHideSecrets(t *testing.T) {
	for _, source := range []string{
		`{"properties": {"apiKey": {"const": "other", "description": "not ` + secret + `"}}}`,
		`{"properties": {"apiKey": {"not": {"const": "` + secret + `"}}, "region": {"const": "` + secret + `"}}}`,
		`{"properties": {"region": {"enum": ["` + secret + `", "US"]}}}`,
		`{"properties": {"region": {"pattern": "^` + secret + `"}}}`,
		`{"properties": {"` + secret + `": false}}`,
		`{"additionalProperties": false}`,
	} {
		payload := `{"type":"DATADOG","apiKey":"` + secret + `","region":"EU","` + secret + `":1}`
		got := violations(t, source, payload)
		if len(got) == 0 {
			t.Errorf("%s: no violations", source)
		}
		for _, line := range got {
			_, shown, _ := strings.Cut(line, " ") // without the text of the place
			if strings.Contains(shown, secret) {
				t.Errorf("%s: the secret is in %q", source, shown)
			}
		}
	}
}
