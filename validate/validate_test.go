package validate_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/validate"
)

// check validates one payload and returns its findings as lines.
func check(t *testing.T, payload string, options validate.Options) []string {
	t.Helper()
	var lines []string
	for _, f := range newValidator(t, options).Check("p", []byte(payload)) {
		lines = append(lines, strings.TrimPrefix(f.String(), "p:"))
	}
	return lines
}

const (
	// hexDigits is a key that both Datadog and PagerDuty accept.
	hexDigits = "0123456789abcdef0123456789ABCDEF"
	// datadogFields are the fields of Datadog in the order of messages.
	datadogFields = "id, type, apiKey, region, sendCollectionLatencyMetrics, sendDatabaseMetrics, sendQueryStatsMetrics, " +
		"sendShardingMetrics, sendUserProvidedResourceTags"
)

// checkCase is a payload with its findings as lines.
type checkCase struct {
	name    string
	payload string
	opts    validate.Options
	want    []string
}

func runCheckCases(t *testing.T, cases []checkCase) {
	t.Helper()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, check(t, tc.payload, tc.opts)); diff != "" {
				t.Error("(-want +got)", diff)
			}
		})
	}
}

// Variables of other tools reach Atlas unchanged.
func TestPlaceholdersOfOtherTools(t *testing.T) {
	const reference, value = "only ${env:NAME} and ${file:PATH} are replaced", "put the real value"
	for text, want := range map[string]string{
		"${ENV:KEY}": reference, "${env.KEY}": reference, "${ env:KEY }": reference, "${env:KEY": reference, "k-${File:a}": reference,
		"${KEY_2}": reference, "${vault:a/b}": reference, "${{ secrets.KEY }}": reference, "$(KEY)": reference, "$KEY_2": reference,
		"{{ key }}": reference, "%KEY%": reference, "<key>": value, "TODO": value, "xxxx": value,
		"${env:KEY}": "", "k${x}": "", "$key": "", "a{b}": "", "environment": "", "$": "", "${": "",
	} {
		placeholder(t, "a text", text, `{"type":"OPS_GENIE","apiKey":`+quote(text)+`}`, want)
	}
	for text, want := range map[string]string{
		"https://a.example/<key>": value, "https://a.example/${KEY}/x": reference, "https://a.example/{{key}}": reference,
		"https://a.example/${env:KEY": reference, "https://a.example/${env:KEY}": "", "https://a.example/x?a=$KEY": "",
	} {
		placeholder(t, "a URL", text, `{"type":"WEBHOOK","url":`+quote(text)+`}`, want)
	}
	for text, want := range map[string]string{
		`"${eventType}"`: "", `{"a":"${env.KEY}","b":"${file!}"}`: "", `{"a":"${env:KEY}"}`: "", "<template>": value,
	} {
		placeholder(t, "a template", text, `{"type":"WEBHOOK","url":"https://a.example","bodyTemplate":`+quote(text)+`}`, want)
	}
}

// placeholder fails the test unless the payload's only finding is of a placeholder, with that hint, or
// there is none for no hint.
func placeholder(t *testing.T, what, text, payload, hint string) {
	t.Helper()
	got := check(t, payload, validate.Options{})
	if hint == "" {
		if len(got) > 0 {
			t.Errorf("%s %s: findings %q, want none", what, text, got)
		}
		return
	}
	if len(got) != 1 {
		t.Fatalf("%s %s: findings %q, want one", what, text, got)
	}
	if !strings.Contains(got[0], "; "+hint) {
		t.Errorf("%s %s: got %q, want the hint %q", what, text, got[0], hint)
	}
	if want := " [placeholder]"; !strings.HasSuffix(got[0], want) {
		t.Errorf("%s %s: got %q, want the rule%s", what, text, got[0], want)
	}
}

func TestTemplates(t *testing.T) {
	const legal, text, syntax = "", "[template-json]", "[template-syntax]"
	for _, tc := range []struct{ field, template, rule string }{
		{"bodyTemplate", `{"a":"${id}","n":${count},"list":[${x},"y ${z} y"]}`, legal},
		{"bodyTemplate", `"${id}"`, legal},
		{"bodyTemplate", `{"a":${id}`, text},
		{"bodyTemplate", `hello ${id}`, text},
		{"bodyTemplate", `"` + strings.Repeat("x", 16382) + `"`, legal},
		{"bodyTemplate", `"` + strings.Repeat("x", 16383) + `"`, text},
		{"bodyTemplate", `{"a":"<#if x??>${x}<#else>-</#if>"}`, legal},
		{"bodyTemplate", `[<#list xs as x>"${x}"<#sep>,</#list>]`, legal},
		{"bodyTemplate", `{"a":<#switch x><#case 1>1<#break><#default>2</#switch>}`, legal},
		{"bodyTemplate", `<#assign a = "b"><#-- c -->{"a":"${a}","n":#{n; m1M2}}`, legal},
		{"bodyTemplate", `{"a":"${x!"d"}","b":"${y?upper_case?json_string}","c":"${{"k":"}"}["k"]}"}`, legal},
		{"bodyTemplate", `{"a":"**** ${id} ****"}`, legal},
		{"bodyTemplate", `******`, "[masked-value]"},
		{"bodyTemplate", `********</@>`, "[masked-value]"},
		{"bodyTemplate", `<#-- c -->{"a":${id}`, text},
		{"bodyTemplate", `<#if x>` + strings.Repeat("x", 16384) + `</#if>`, legal},
		{"bodyTemplate", `<#-- ` + strings.Repeat("x", 16384) + ` -->"${id}"`, legal},
		{"bodyTemplate", `{"a":"<#if x>${x}"}`, syntax},
		{"bodyTemplate", `{"a":"${x}"}</#if>`, syntax},
		{"bodyTemplate", `{"a":"<#iff x>"}`, syntax},
		{"bodyTemplate", `{"a":"${}"}`, syntax},
		{"bodyTemplate", `{"a":"${x`, syntax},
		{"bodyTemplate", `{"a":"${x?nosuch}"}`, syntax},
		{"headersTemplate", `{"X-Id":"${id}","X-Count":${count}}`, legal},
		{"headersTemplate", `{"X-Id":"<#if a>b</#if>"}`, legal},
		{"headersTemplate", `{"X-Id":"<#else>"}`, syntax},
		{"headersTemplate", `{"X-Id":{"a":1}}`, text},
		{"headersTemplate", `{"X-Id":null}`, text},
		{"headersTemplate", `["X-Id"]`, text},
		{"headersTemplate", `null`, "[placeholder]"},
		{"headersTemplate", `{"X":"` + strings.Repeat("x", 4096) + `"}`, text},
	} {
		payload := `{"type":"WEBHOOK","url":"https://a.example","` + tc.field + `":` + quote(tc.template) + `}`
		got := check(t, payload, validate.Options{})
		if tc.rule == legal {
			if len(got) > 0 {
				t.Errorf("%s %.60s: findings %v, want none", tc.field, tc.template, got)
			}
			continue
		}
		if len(got) != 1 {
			t.Fatalf("%s %.60s: findings %v, want one", tc.field, tc.template, got)
		}
		if !strings.HasSuffix(got[0], tc.rule) {
			t.Errorf("%s %.60s: %s, want the rule %s", tc.field, tc.template, got[0], tc.rule)
		}
	}
}

// A fault of FreeMarker's syntax has a position in characters of the template, and a hint that fits it.
func TestTemplateSyntaxText(t *testing.T) {
	for template, want := range map[string]string{
		`{"é":"${}"}`: `1:60: WEBHOOK.bodyTemplate has a FreeMarker syntax error at character 7: an interpolation is empty; ` +
			`correct the template: Atlas rejects it before it saves the integration [template-syntax]`,
		`${ENV:KEY}`: `1:60: WEBHOOK.bodyTemplate has a FreeMarker syntax error at character 6: the expression of an interpolation is invalid; ` +
			`only ${env:NAME} and ${file:PATH} are replaced; write one of them, or the real value [template-syntax]`,
	} {
		got := check(t, `{"type":"WEBHOOK","url":"https://a.example","bodyTemplate":`+quote(template)+`}`, validate.Options{})
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", template, got, want)
		}
	}
}

// A required type is its name or title in any case, also for a payload that is returned.
func TestRequiredType(t *testing.T) {
	for _, typ := range []string{"DATADOG", "datadog", "Datadog"} {
		v := newValidator(t, validate.Options{Type: typ})
		datadog, findings := v.CheckPayload("p", []byte(`{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef","region":"EU"}`))
		if datadog == nil || len(findings) > 0 {
			t.Errorf("%s: %v", typ, findings)
		}
		const want = "the type is OPS_GENIE, want DATADOG"
		if findings := v.Check("p", []byte(`{"type":"OPS_GENIE","apiKey":"k"}`)); len(findings) != 1 || findings[0].Message != want {
			t.Errorf("%s: %v, want %s", typ, findings, want)
		}
	}
}

func TestOptionErrors(t *testing.T) {
	for _, tc := range []struct {
		options validate.Options
		option  string
		want    string
	}{
		{validate.Options{APIVersion: "v3"}, "APIVersion", `unknown API version "v3"; use v2 or v1.0`},
		{validate.Options{Type: "SPLUNK_ONCAL"}, "Type", `unknown type "SPLUNK_ONCAL"; did you mean "VICTOR_OPS"?`},
		{validate.Options{Type: "teams"}, "Type", `unknown type "teams"; did you mean "MICROSOFT_TEAMS"?`},
		{
			validate.Options{Type: "HipChat"}, "Type",
			`type "HipChat" can't be sent; Atlas's paths name it but no configuration of it exists; HipChat was for Ops Manager only`,
		},
		{validate.Options{Type: "SLAK"}, "Type", `unknown type "SLAK"; did you mean "SLACK"?`},
		{validate.Options{Type: "FLOWDOCK"}, "Type", `v2 has no type FLOWDOCK; it exists in v1.0 only`},
		{validate.Options{Operation: "delete"}, "Operation", `unknown operation "delete"; use create or update`},
		{validate.Options{MaxSize: -1}, "MaxSize", `the maximal size must be positive, not -1`},
		{validate.Options{MaxFindings: -1}, "MaxFindings", `the maximal number of findings must be positive, not -1`},
		{validate.Options{Jobs: -1}, "Jobs", `the number of jobs must be positive, not -1`},
		{validate.Options{Severities: map[string]validate.Severity{"enums": validate.Off}}, "Severities", `unknown rule "enums"; did you mean "enum"?`},
		{
			validate.Options{Severities: map[string]validate.Severity{"plain-text": validate.Off}}, "Severities",
			`unknown rule "plain-text"; did you mean "plaintext-secret"?`,
		},
		{validate.Options{Severities: map[string]validate.Severity{"enum": "fatal"}}, "Severities", `unknown severity "fatal"; use error, warning or off`},
		{
			validate.Options{Severities: map[string]validate.Severity{"syntax": validate.Off, "enums": validate.Off}},
			"Severities", `unknown rule "enums"; did you mean "enum"?`,
		},
		{
			validate.Options{Severities: map[string]validate.Severity{"syntax": validate.Off}}, "Severities",
			`rule syntax is always an error: its findings stop the validation`,
		},
	} {
		_, err := validate.New(tc.options)
		var wrong *validate.OptionError
		if !errors.As(err, &wrong) {
			t.Fatalf("got %v, want a %T", err, wrong)
		}
		if err.Error() != tc.want {
			t.Errorf("got %v, want %s", err, tc.want)
		}
		if wrong.Option != tc.option {
			t.Errorf("%v: the option is %s, want %s", err, wrong.Option, tc.option)
		}
	}
}
