package validate_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/payloadtest"
	"github.com/atlasint/atlasint/validate"
)

// A missing required field is an error for a creation and a warning for an update, of every type of both API
// versions: only the sources disagree on it. A secret that responses never show needs no warning.
func TestMissingFieldsOfUpdates(t *testing.T) {
	for i := range schemas.Types {
		typ := &schemas.Types[i]
		for _, f := range typ.Fields {
			if !f.Required || f.Name == "type" {
				continue
			}
			payload := requiredFields(typ)
			delete(payload, f.Name)
			if len(payload) == 1 {
				payload["id"] = "0"
			}
			doc, err := json.Marshal(payload)
			if err != nil {
				t.Fatal(err)
			}
			name := typ.APIVersion + " " + typ.Name + " without " + f.Name
			update := validate.Warning
			_, channel := payload["channelName"]
			if f.Secret == schemas.MaskOmitted || typ.Name == "SLACK" && channel && len(payload) == 2 {
				update = ""
			}
			got := map[string]validate.Severity{
				"create": severityOf(t, typ, validate.Create, doc), "update": severityOf(t, typ, validate.Update, doc),
			}
			if diff := cmp.Diff(map[string]validate.Severity{"create": validate.Error, "update": update}, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// requiredFields are values for the required fields of a type; other rules than required may find fault with them.
func requiredFields(typ *schemas.Type) map[string]any {
	fields := map[string]any{}
	for _, f := range typ.Fields {
		switch {
		case !f.Required:
		case f.Const != "":
			fields[f.Name] = f.Const
		case f.Kind == "boolean":
			fields[f.Name] = true
		case f.Enum != nil:
			fields[f.Name] = f.Enum[0]
		case f.Pattern != "":
			fields[f.Name] = strings.Repeat("0123abcd", 4)
		default:
			fields[f.Name] = "https://hooks.example.com/1"
		}
	}
	return fields
}

// severityOf is the severity of the finding of the rule required, "" if there is none.
func severityOf(t *testing.T, typ *schemas.Type, operation validate.Operation, doc []byte) validate.Severity {
	t.Helper()
	v, err := validate.New(validate.Options{APIVersion: typ.APIVersion, Operation: operation})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range v.Check("p", doc) {
		if f.Rule == "required" {
			return f.Severity
		}
		if f.Severity == validate.Error {
			t.Errorf("%s %s: %s", typ.APIVersion, typ.Name, f)
		}
	}
	return ""
}

func TestUpdates(t *testing.T) {
	const addIt = "add it, unless the update must keep the stored value: not all sources allow that [required]"
	const linked = "Atlas rejects an update that changes this field of a workspace linked by OAuth2; for such a workspace, send only " +
		"\"channelName\" [slack-oauth]"
	const missingType = `1:1: missing "type"; one of PAGER_DUTY, SLACK, DATADOG, NEW_RELIC, OPS_GENIE, VICTOR_OPS, WEBHOOK, PROMETHEUS ` +
		`or MICROSOFT_TEAMS; the fields here fit SLACK [type-missing]`
	for _, tc := range []struct {
		name, payload string
		opts          validate.Options
		want          []string
	}{
		{
			name:    "one field",
			payload: `{"type":"PAGER_DUTY","region":"EU"}`,
			want:    []string{`1:9: warning: PAGER_DUTY: missing required field "serviceKey" (PagerDuty service key, string); ` + addIt},
		},
		{name: "a misspelled field", payload: `{"type":"OPS_GENIE","apikey":"k"}`, want: []string{
			`1:9: warning: OPS_GENIE: missing required field "apiKey" (Opsgenie API key, string); rename the field at 1:21 [required]`,
			`1:21: OPS_GENIE: unknown field "apikey"; did you mean "apiKey"? (fields: id, type, apiKey, region) [unknown-field]`,
		}},
		{name: "no type", payload: `{"channelName":"alerts"}`, want: []string{missingType}},
		{name: "a channel", payload: `{"type":"SLACK","channelName":"alerts"}`},
		{name: "a channel on v1.0", payload: `{"type":"SLACK","channelName":"alerts"}`, opts: validate.Options{APIVersion: "v1.0"}},
		{name: "a channel and the id", payload: `{"id":"1","type":"SLACK","channelName":"alerts"}`},
		{name: "no field at all", payload: `{"type":"SLACK"}`, opts: validate.Options{APIVersion: "v1.0"}, want: []string{
			`1:9: warning: SLACK: missing required field "apiToken" (Slack API token, string); ` + addIt,
			`1:9: warning: SLACK: missing required field "teamName" (Slack team name, string); ` + addIt,
		}},
		{name: "a token", payload: `{"type":"SLACK","apiToken":"t","channelName":"alerts"}`, want: []string{`1:28: warning: SLACK.apiToken: ` + linked}},
		{
			name:    "a token by reference",
			payload: `{"type":"SLACK","apiToken":"${env:T}","channelName":"alerts"}`,
			want:    []string{`1:28: warning: SLACK.apiToken: ` + linked},
		},
		{name: "a team on v1.0", payload: `{"type":"SLACK","teamName":"t"}`, opts: validate.Options{APIVersion: "v1.0"}, want: []string{
			`1:9: warning: SLACK: missing required field "apiToken" (Slack API token, string); ` + addIt,
			`1:28: warning: SLACK.teamName: ` + linked,
		}},
		{
			name:    "an empty token",
			payload: `{"type":"SLACK","apiToken":"","channelName":"alerts"}`,
			want:    []string{`1:28: SLACK.apiToken is empty; set a value [empty-value]`},
		},
		{
			name:    "the severity that is configured",
			payload: `{"type":"PAGER_DUTY","region":"EU"}`,
			opts:    validate.Options{Severities: map[string]validate.Severity{"required": validate.Error}},
			want:    []string{`1:9: PAGER_DUTY: missing required field "serviceKey" (PagerDuty service key, string); ` + addIt},
		},
		{
			name:    "a secret in plain text",
			payload: `{"type":"OPS_GENIE","apiKey":"k-1"}`,
			opts:    validate.Options{Severities: map[string]validate.Severity{"plaintext-secret": validate.Error}},
			want: []string{
				`1:30: OPS_GENIE.apiKey contains a secret in plain text; replace it with "${env:NAME}" or "${file:PATH}" [plaintext-secret]`,
			},
		},
		{
			name:    "a channel, with a configured severity",
			payload: `{"type":"SLACK","channelName":"alerts"}`,
			opts:    validate.Options{Severities: map[string]validate.Severity{"required": validate.Error}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.opts.Operation = validate.Update
			got := check(t, tc.payload, tc.opts)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The findings for a creation, turned into those for an update, are the findings of a validator for updates: the same
// places, severities and texts, in the same order.
func TestForUpdates(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 9))
	rules := validate.Rules()
	unlike, inputs := 0, payloadtest.Sample(testing.Short())/20
	ignored := cmpopts.IgnoreFields(validate.Finding{}, "UpdateSeverity", "UpdateHint")
	equal := []cmp.Option{wholeResult, ignored, cmpopts.IgnoreFields(validate.Result{}, "Documents"), cmpopts.EquateEmpty()}
	same := func(a, b validate.Result) bool {
		a.Documents, b.Documents = nil, nil
		return reflect.DeepEqual(a, b) || cmp.Equal(a, b, equal...) // cmp takes most of the time
	}
	for range inputs {
		typ := &schemas.Types[random.IntN(len(schemas.Types))]
		input := updatesOf(random, typ)
		opts := validate.Options{APIVersion: typ.APIVersion, Documents: true}
		if random.IntN(3) == 0 {
			opts.Expand = true
		}
		if rule := rules[random.IntN(len(rules))]; !rule.FixedSeverity {
			opts.Severities = map[string]validate.Severity{rule.ID: []validate.Severity{validate.Error, validate.Warning, validate.Off}[random.IntN(3)]}
		}
		create := resultOf(t, input, opts)
		opts.Operation = validate.Update
		update := resultOf(t, input, opts)
		got := create.ForUpdates(func(validate.Document) bool { return true })
		if !same(update, got) {
			t.Fatalf("%s (-update +turned)\n%s\n%s", typ.APIVersion, input, cmp.Diff(update, got, equal...))
		}
		if !same(create, got) {
			unlike++
		}
		if unchanged := create.ForUpdates(func(validate.Document) bool { return false }); !same(create, unchanged) {
			t.Fatalf("%s %s\ncreations have other findings: %s", typ.APIVersion, input, cmp.Diff(create, unchanged, equal...))
		}
	}
	if unlike < inputs/10 {
		t.Errorf("updates differ in %d results only", unlike)
	}
}

// updatesOf returns some payloads of a type, one per line, with texts that rules beyond the schema reject.
func updatesOf(random *rand.Rand, typ *schemas.Type) []byte {
	texts := []string{`""`, `" "`, `"****abcd"`, `"${env:ATLASINT_TEST_NONE}"`, `"${env:PATH}"`, `"TODO"`, `null`}
	var lines []byte
	for range 1 + random.IntN(3) {
		payload := payloadtest.Mutated(random, typ)
		for random.IntN(3) == 0 {
			payload = bytes.Replace(payload, []byte(`"x"`), []byte(texts[random.IntN(len(texts))]), 1)
		}
		lines = append(append(lines, payload...), '\n')
	}
	return lines
}

func resultOf(t *testing.T, lines []byte, options validate.Options) validate.Result {
	t.Helper()
	r, err := newValidator(t, options).CheckReader("p", bytes.NewReader(lines), validate.Lines)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
