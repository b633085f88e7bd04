package validate_test

import (
	"testing"

	"github.com/atlasint/atlasint/validate"
)

// The input as a whole, and where its findings are.
func TestCheckInput(t *testing.T) {
	runCheckCases(t, []checkCase{
		{name: "valid", payload: `{"type":"DATADOG","apiKey":"` + hexDigits + `"}`},
		{
			name: "empty input", payload: "",
			want: []string{`1:1: the input is empty; put one JSON value in it [syntax]`},
		},
		{
			name: "not an object", payload: `"DATADOG"`,
			want: []string{`1:1: want one payload object, got a string; a payload is one object, such as {"type": "WEBHOOK", …} [not-an-object]`},
		},
		{
			name: "null", payload: ` null`,
			want: []string{`1:2: want one payload object, got null; a payload is one object, such as {"type": "WEBHOOK", …} [not-an-object]`},
		},
		{
			name: "an array", payload: `[{}]`,
			want: []string{`1:1: want one payload object, got an array; validate each element as a payload [not-an-object]`},
		},
		{
			name: "YAML", payload: "type: DATADOG\napiKey: k\n",
			want: []string{`1:1: this looks like YAML, not JSON; give the file a name that ends in .yaml, or convert it to JSON, ` +
				`for example with yq -o json [syntax]`},
		},
		{
			name: "columns count characters", payload: `{"type":"VICTOR_OPS","routingKey":"é𝄞","apiKey":7}`,
			want: []string{`1:49: VICTOR_OPS.apiKey: want string, got number; put it in quotes [wrong-type]`},
		},
		{
			name: "the last of two types counts", payload: "{\"type\":\"SLACK\",\n\"\\u0074ype\":\"OPS_GENIE\",\"apiKey\":\"k\"}",
			want: []string{`2:1: the name "type" occurs twice in one object; keep one; the first is at 1:2 [duplicate-key]`},
		},
		{
			name: "too large", payload: `{"type":"OPS_GENIE","apiKey":"k"}`, opts: validate.Options{MaxSize: 32},
			want: []string{`1:1: larger than 32 bytes; payloads of Atlas are smaller than 32 KiB; for NDJSON, the limit applies to each line [too-large]`},
		},
	})
}

// The type of a payload.
func TestCheckType(t *testing.T) {
	runCheckCases(t, []checkCase{
		{
			name: "no type", payload: `{"flowName":"f"}`, opts: validate.Options{APIVersion: "v1.0"},
			want: []string{`1:1: missing "type"; one of PAGER_DUTY, SLACK, DATADOG, NEW_RELIC, OPS_GENIE, VICTOR_OPS, FLOWDOCK, WEBHOOK, ` +
				`PROMETHEUS or MICROSOFT_TEAMS; the fields here fit FLOWDOCK [type-missing]`},
		},
		{
			name: "no type but one asked for", payload: `{}`, opts: validate.Options{Type: "SLACK"},
			want: []string{`1:1: missing "type"; add "type": "SLACK" [type-missing]`},
		},
		{
			name: "type in another case", payload: "{\n \"Type\":\"SLACK\"}",
			want: []string{`1:1: missing "type"; rename the field at 2:2 [type-missing]`},
		},
		{
			name: "a page", payload: `{"links":[],"results":[{"type":"SLACK"}],"totalCount":1}`,
			want: []string{`1:1: missing "type"; this is a response of Atlas, not a payload [type-missing]`},
		},
		{
			name: "an envelope", payload: `{"content":{"type":"SLACK"},"status":200}`,
			want: []string{`1:1: missing "type"; this is a response of Atlas, not a payload [type-missing]`},
		},
		{
			name: "a reference as type", payload: `{"type":"${env:TYPE}"}`,
			want: []string{`1:9: unknown type "${env:TYPE}"; the type can't be a reference: write one of PAGER_DUTY, SLACK, DATADOG, ` +
				`NEW_RELIC, OPS_GENIE, VICTOR_OPS, WEBHOOK, PROMETHEUS or MICROSOFT_TEAMS [type-unknown]`},
		},
		{
			name: "type of another kind", payload: `{"type":1}`,
			want: []string{`1:9: type: want string, got number; write one of PAGER_DUTY, SLACK, DATADOG, NEW_RELIC, OPS_GENIE, ` +
				`VICTOR_OPS, WEBHOOK, PROMETHEUS or MICROSOFT_TEAMS [type-unknown]`},
		},
		{
			name: "type in lower case", payload: `{"type":"pager-duty"}`,
			want: []string{`1:9: unknown type "pager-duty"; did you mean "PAGER_DUTY"? [type-unknown]`},
		},
		{
			name: "type like no other", payload: `{"type":"GRAFANA"}`,
			want: []string{`1:9: unknown type "GRAFANA"; it is one of PAGER_DUTY, SLACK, DATADOG, NEW_RELIC, OPS_GENIE, VICTOR_OPS, ` +
				`WEBHOOK, PROMETHEUS or MICROSOFT_TEAMS [type-unknown]`},
		},
		{
			name: "a type of the other API version, from memory", payload: `{"type":"Flowdock"}`,
			want: []string{`1:9: unknown type "Flowdock"; did you mean "FLOWDOCK"? it exists in v1.0 only [type-unknown]`},
		},
		{
			name: "a log integration, from memory", payload: `{"type":"s3_log_export"}`,
			want: []string{`1:9: type "s3_log_export" can't be sent; log export belongs to the log integrations of the API, ` +
				`under /groups/{groupId}/logIntegrations [type-unknown]`},
		},
		{
			name: "HipChat", payload: `{"type":"HIP_CHAT"}`,
			want: []string{`1:9: type "HIP_CHAT" can't be sent; Atlas's paths name it but no configuration of it exists; ` +
				`HipChat was for Ops Manager only [type-unknown]`},
		},
		{
			name: "type differs", payload: `{"type":"OPS_GENIE","apiKey":"k"}`, opts: validate.Options{Type: "VICTOR_OPS"},
			want: []string{`1:9: the type is OPS_GENIE, want VICTOR_OPS; Atlas rejects a payload if its type differs from the type in ` +
				`the path [type-mismatch]`},
		},
		{
			name:    "type in another case, in a file like one of another tool",
			payload: `{"Type":"ops_genie","apiKey":"k","$schema":"https://json-schema.org/x"}`,
			want:    []string{`1:1: missing "type"; rename the field at 1:2 [type-missing]`},
		},
		{
			name: "a field like the type in a file of another tool", payload: `{"Type":"object","$schema":"https://json-schema.org/x"}`,
			want: []string{`1:1: missing "type"; this is a JSON Schema; keep it outside of the folder with the payloads [type-missing]`},
		},
		{
			name: "a Kubernetes resource", payload: `{"apiVersion":"atlas.mongodb.com/v1","kind":"AtlasProject"}`,
			want: []string{`1:1: missing "type"; this is a Kubernetes resource; a payload is a request body of the Atlas API, ` +
				`with "type" at the top level [type-missing]`},
		},
	})
}

// Missing, unknown, foreign and removed fields.
func TestCheckFields(t *testing.T) {
	runCheckCases(t, []checkCase{
		{name: "id is accepted", payload: `{"id":null,"type":"OPS_GENIE","apiKey":"k"}`},
		{
			name:    "all required are missing",
			payload: "{\n  \"type\": \"NEW_RELIC\"\n}",
			opts:    validate.Options{Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want: []string{
				`2:11: NEW_RELIC: missing required field "accountId" (New Relic account id, string) [required]`,
				`2:11: NEW_RELIC: missing required field "licenseKey" (New Relic license key, string) [required]`,
				`2:11: NEW_RELIC: missing required field "readToken" (New Relic Insights query key, string) [required]`,
				`2:11: NEW_RELIC: missing required field "writeToken" (New Relic Insights insert key, string) [required]`,
			},
		},
		{
			name: "read-only field", payload: `{"type":"DATADOG","apiKey":"` + hexDigits + `","customEndpoint":null}`,
			want: []string{`1:63: DATADOG: field "customEndpoint" is set by Atlas only; remove it [unknown-field]`},
		},
		{
			name: "a schema for editors", payload: `{"$schema":"x.json","type":"OPS_GENIE","apiKey":"k"}`,
			want: []string{`1:2: OPS_GENIE: Atlas rejects the field "$schema"; remove it, and name the schema in the editor's settings [unknown-field]`},
		},
		{
			name: "fields of the alerts API", payload: `{"type":"DATADOG","datadogApiKey":"` + hexDigits + `","datadogRegion":"US","key":1}`,
			want: []string{
				`1:9: DATADOG: missing required field "apiKey" (Datadog API key, string); rename the field at 1:19 [required]`,
				`1:19: DATADOG: unknown field "datadogApiKey"; did you mean "apiKey"? (fields: ` + datadogFields + `) [unknown-field]`,
				`1:70: DATADOG: unknown field "datadogRegion"; did you mean "region"? (fields: ` + datadogFields + `) [unknown-field]`,
				`1:91: DATADOG: unknown field "key"; did you mean "apiKey"? (fields: ` + datadogFields + `) [unknown-field]`,
			},
		},
		{
			name: "names of Terraform", payload: `{"type":"DATADOG","api_key":"` + hexDigits + `","region":"US","project_id":"p"}`,
			want: []string{
				`1:9: DATADOG: missing required field "apiKey" (Datadog API key, string); rename the field at 1:19 [required]`,
				`1:19: DATADOG: unknown field "api_key"; did you mean "apiKey"? only Terraform writes it in snake ` +
					`case (fields: ` + datadogFields + `) [unknown-field]`,
				`1:78: DATADOG: unknown field "project_id"; remove it: the project is part of the URL, not of the payload [unknown-field]`,
			},
		},
		{
			name:    "part of two names",
			payload: `{"type":"SLACK","apiToken":"t","channelName":"c","name":"n"}`,
			opts:    validate.Options{Operation: validate.Update, Severities: map[string]validate.Severity{"slack-oauth": validate.Off}},
			want:    []string{`1:50: SLACK: unknown field "name"; the fields are id, type, apiToken, channelName and teamName [unknown-field]`},
		},
		{
			name:    "the name of another type's field for the same",
			payload: `{"type":"DATADOG","apiKey":"` + hexDigits + `","sendUserProvidedResourceTagsEnabled":true}`,
			want: []string{`1:63: DATADOG: field "sendUserProvidedResourceTagsEnabled" belongs to PROMETHEUS; ` +
				`DATADOG calls it "sendUserProvidedResourceTags": rename it, since Atlas rejects the fields of other types [foreign-field]`},
		},
		{
			name: "removed field with a successor", payload: `{"type":"WEBHOOK","url":"https://a.example","webhookBodyTemplate":"{}"}`,
			want: []string{`1:45: WEBHOOK: field "webhookBodyTemplate" was removed from the API on 2026-07-03; use "bodyTemplate" [removed-field]`},
		},
		{
			name: "a field twice, by another name", payload: `{"type":"DATADOG","apiKey":"` + hexDigits + `","apikey":"k"}`,
			want: []string{`1:63: DATADOG: unknown field "apikey"; remove it: the payload already has ` +
				`"apiKey" (fields: ` + datadogFields + `) [unknown-field]`},
		},
		{
			name:    "a field twice, by the name of another type's",
			payload: `{"type":"WEBHOOK","url":"https://a.example","microsoftTeamsWebhookUrl":"https://b.example"}`,
			want: []string{`1:45: WEBHOOK: field "microsoftTeamsWebhookUrl" belongs to MICROSOFT_TEAMS; ` +
				`remove it: Atlas rejects the fields of other types, even with the value false [foreign-field]`},
		},
		{
			name: "removed field beside its successor", payload: `{"type":"WEBHOOK","url":"https://a.example","bodyTemplate":"{}","webhookBodyTemplate":"{}"}`,
			want: []string{`1:65: WEBHOOK: field "webhookBodyTemplate" was removed from the API on 2026-07-03; ` +
				`remove it: the payload already has "bodyTemplate" [removed-field]`},
		},
		{
			name: "scheme is still of v1.0", opts: validate.Options{APIVersion: "v1.0"},
			payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"p","serviceDiscovery":"file","scheme":"https"}`,
		},
		{
			name: "no password", payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"http"}`,
			want: []string{`1:9: warning: PROMETHEUS: missing "password", which new integrations need; add it; ` +
				`only an update may leave it out, and keeps the stored value [prometheus-password]`},
		},
		{
			name:    "no password in v1.0",
			payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"http"}`,
			opts:    validate.Options{APIVersion: "v1.0"},
			want:    []string{`1:9: PROMETHEUS: missing required field "password" (Prometheus password, string) [required]`},
		},
		{
			name:    "no password on update in v1.0",
			payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"http"}`,
			opts:    validate.Options{APIVersion: "v1.0", Operation: validate.Update},
		},
		{
			name:    "no password on update",
			payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"http"}`,
			opts:    validate.Options{Operation: validate.Update},
		},
	})
}
