package validate_test

import (
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

func TestCheck(t *testing.T) {
	const hex = "0123456789abcdef0123456789ABCDEF"
	const datadog = "id, type, apiKey, region, sendCollectionLatencyMetrics, sendDatabaseMetrics, sendQueryStatsMetrics, sendShardingMetrics, sendUserProvidedResourceTags"
	for _, tc := range []struct {
		name    string
		payload string
		opts    validate.Options
		want    []string
	}{
		{name: "valid", payload: `{"type":"DATADOG","apiKey":"` + hex + `"}`},
		{name: "id is accepted", payload: `{"id":null,"type":"OPS_GENIE","apiKey":"k"}`},
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
			name: "no type", payload: `{"flowName":"f"}`, opts: validate.Options{APIVersion: "v1.0"},
			want: []string{`1:1: missing "type"; one of PAGER_DUTY, SLACK, DATADOG, NEW_RELIC, OPS_GENIE, VICTOR_OPS, FLOWDOCK, WEBHOOK, PROMETHEUS or MICROSOFT_TEAMS; the fields here fit FLOWDOCK [type-missing]`},
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
			want: []string{`1:9: unknown type "${env:TYPE}"; the type can't be a reference: write one of PAGER_DUTY, SLACK, DATADOG, NEW_RELIC, OPS_GENIE, VICTOR_OPS, WEBHOOK, PROMETHEUS or MICROSOFT_TEAMS [type-unknown]`},
		},
		{
			name: "type of another kind", payload: `{"type":1}`,
			want: []string{`1:9: type: want string, got number; write one of PAGER_DUTY, SLACK, DATADOG, NEW_RELIC, OPS_GENIE, VICTOR_OPS, WEBHOOK, PROMETHEUS or MICROSOFT_TEAMS [wrong-type]`},
		},
		{
			name: "type in lower case", payload: `{"type":"pager-duty"}`,
			want: []string{`1:9: unknown type "pager-duty"; did you mean "PAGER_DUTY"? [type-unknown]`},
		},
		{
			name: "type like no other", payload: `{"type":"GRAFANA"}`,
			want: []string{`1:9: unknown type "GRAFANA"; it is one of PAGER_DUTY, SLACK, DATADOG, NEW_RELIC, OPS_GENIE, VICTOR_OPS, WEBHOOK, PROMETHEUS or MICROSOFT_TEAMS [type-unknown]`},
		},
		{
			name: "a type of the other API version, from memory", payload: `{"type":"Flowdock"}`,
			want: []string{`1:9: unknown type "Flowdock"; did you mean "FLOWDOCK"? it exists in v1.0 only [type-unknown]`},
		},
		{
			name: "a log integration, from memory", payload: `{"type":"s3_log_export"}`,
			want: []string{`1:9: type "s3_log_export" can't be sent; log export belongs to the log integrations of the API, under /groups/{groupId}/logIntegrations [type-unknown]`},
		},
		{
			name: "HipChat", payload: `{"type":"HIP_CHAT"}`,
			want: []string{`1:9: type "HIP_CHAT" can't be sent; Atlas's paths name it but no configuration of it exists; HipChat was for Ops Manager only [type-unknown]`},
		},
		{
			name: "type differs", payload: `{"type":"OPS_GENIE","apiKey":"k"}`, opts: validate.Options{Type: "VICTOR_OPS"},
			want: []string{`1:9: the type is OPS_GENIE, want VICTOR_OPS; Atlas rejects a payload if its type differs from the type in the path [type-mismatch]`},
		},
		{
			name: "all required are missing", payload: "{\n  \"type\": \"NEW_RELIC\"\n}", opts: validate.Options{Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want: []string{
				`2:11: NEW_RELIC: missing required field "accountId" (New Relic account id, string) [required]`,
				`2:11: NEW_RELIC: missing required field "licenseKey" (New Relic license key, string) [required]`,
				`2:11: NEW_RELIC: missing required field "readToken" (New Relic Insights query key, string) [required]`,
				`2:11: NEW_RELIC: missing required field "writeToken" (New Relic Insights insert key, string) [required]`,
			},
		},
		{
			name: "read-only field", payload: `{"type":"DATADOG","apiKey":"` + hex + `","customEndpoint":null}`,
			want: []string{`1:63: DATADOG: field "customEndpoint" is set by Atlas only; remove it [unknown-field]`},
		},
		{
			name: "a schema for editors", payload: `{"$schema":"x.json","type":"OPS_GENIE","apiKey":"k"}`,
			want: []string{`1:2: OPS_GENIE: Atlas rejects the field "$schema"; remove it, and name the schema in the editor's settings [unknown-field]`},
		},
		{
			name: "fields of the alerts API", payload: `{"type":"DATADOG","datadogApiKey":"` + hex + `","datadogRegion":"US","key":1}`,
			want: []string{
				`1:9: DATADOG: missing required field "apiKey" (Datadog API key, string); rename the field at 1:19 [required]`,
				`1:19: DATADOG: unknown field "datadogApiKey"; did you mean "apiKey"? (fields: ` + datadog + `) [unknown-field]`,
				`1:70: DATADOG: unknown field "datadogRegion"; did you mean "region"? (fields: ` + datadog + `) [unknown-field]`,
				`1:91: DATADOG: unknown field "key"; did you mean "apiKey"? (fields: ` + datadog + `) [unknown-field]`,
			},
		},
		{
			name: "names of Terraform", payload: `{"type":"DATADOG","api_key":"` + hex + `","region":"US","project_id":"p"}`,
			want: []string{
				`1:9: DATADOG: missing required field "apiKey" (Datadog API key, string); rename the field at 1:19 [required]`,
				`1:19: DATADOG: unknown field "api_key"; did you mean "apiKey"? only Terraform writes it in snake case (fields: ` + datadog + `) [unknown-field]`,
				`1:78: DATADOG: unknown field "project_id"; remove it: the project is part of the URL, not of the payload [unknown-field]`,
			},
		},
		{
			name: "YAML", payload: "type: DATADOG\napiKey: k\n",
			want: []string{`1:1: this looks like YAML, not JSON; give the file a name that ends in .yaml, or convert it to JSON, for example with yq -o json [syntax]`},
		},
		{
			name: "a Kubernetes resource", payload: `{"apiVersion":"atlas.mongodb.com/v1","kind":"AtlasProject"}`,
			want: []string{`1:1: missing "type"; this is a Kubernetes resource; a payload is a request body of the Atlas API, with "type" at the top level; atlasint new TYPE writes one [type-missing]`},
		},
		{
			name: "part of two names", payload: `{"type":"SLACK","apiToken":"t","channelName":"c","name":"n"}`, opts: validate.Options{Operation: validate.Update, Severities: map[string]validate.Severity{"slack-oauth": validate.Off}},
			want: []string{`1:50: SLACK: unknown field "name"; the fields are id, type, apiToken, channelName and teamName [unknown-field]`},
		},
		{
			name: "the name of another type's field for the same", payload: `{"type":"DATADOG","apiKey":"` + hex + `","sendUserProvidedResourceTagsEnabled":true}`,
			want: []string{`1:63: DATADOG: field "sendUserProvidedResourceTagsEnabled" belongs to PROMETHEUS; DATADOG calls it "sendUserProvidedResourceTags": rename it, since Atlas rejects the fields of other types [foreign-field]`},
		},
		{
			name: "removed field with a successor", payload: `{"type":"WEBHOOK","url":"https://a.example","webhookBodyTemplate":"{}"}`,
			want: []string{`1:45: WEBHOOK: field "webhookBodyTemplate" was removed from the API on 2026-07-03; use "bodyTemplate" [removed-field]`},
		},
		{
			name: "a field twice, by another name", payload: `{"type":"DATADOG","apiKey":"` + hex + `","apikey":"k"}`,
			want: []string{`1:63: DATADOG: unknown field "apikey"; remove it: the payload already has "apiKey" (fields: ` + datadog + `) [unknown-field]`},
		},
		{
			name: "a field twice, by the name of another type's", payload: `{"type":"WEBHOOK","url":"https://a.example","microsoftTeamsWebhookUrl":"https://b.example"}`,
			want: []string{`1:45: WEBHOOK: field "microsoftTeamsWebhookUrl" belongs to MICROSOFT_TEAMS; remove it: Atlas rejects the fields of other types, even with the value false [foreign-field]`},
		},
		{
			name: "removed field beside its successor", payload: `{"type":"WEBHOOK","url":"https://a.example","bodyTemplate":"{}","webhookBodyTemplate":"{}"}`,
			want: []string{`1:65: WEBHOOK: field "webhookBodyTemplate" was removed from the API on 2026-07-03; remove it: the payload already has "bodyTemplate" [removed-field]`},
		},
		{
			name: "scheme is still of v1.0", opts: validate.Options{APIVersion: "v1.0"},
			payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"p","serviceDiscovery":"file","scheme":"https"}`,
		},
		{
			name: "kinds", payload: `{"type":"PROMETHEUS","enabled":1,"username":true,"password":{},"serviceDiscovery":["http"]}`,
			want: []string{
				`1:32: PROMETHEUS.enabled: want boolean, got number; write true or false [wrong-type]`,
				`1:45: PROMETHEUS.username: want string, got boolean; put it in quotes [wrong-type]`,
				`1:61: PROMETHEUS.password: want string, got object [wrong-type]`,
				`1:83: PROMETHEUS.serviceDiscovery: want string, got array [wrong-type]`,
			},
		},
		{
			name: "kinds that no quotes make good", payload: `{"type":"DATADOG","apiKey":1,"region":3}`,
			want: []string{
				`1:28: DATADOG.apiKey: want string, got number; write 32 hexadecimal digits, in quotes [wrong-type]`,
				`1:39: DATADOG.region: want string, got number; use "US", "EU", "US3", "US5", "AP1" or "US1_FED" [wrong-type]`,
			},
		},
		{
			name: "no URL", payload: `{"type":"WEBHOOK","url":true}`,
			want: []string{`1:25: WEBHOOK.url: want string, got boolean; write the whole URL, in quotes [wrong-type]`},
		},
		{
			name: "digits without quotes", payload: `{"type":"DATADOG","apiKey":` + strings.Repeat("12345678", 4) + `}`,
			want: []string{`1:28: DATADOG.apiKey: want string, got number; put it in quotes [wrong-type]`},
		},
		{
			name: "null in a required field", payload: `{"type":"OPS_GENIE","apiKey":null}`,
			want: []string{`1:30: OPS_GENIE.apiKey: null is not allowed; the field is required: give it a string [null]`},
		},
		{
			name: "null in a template", payload: `{"type":"WEBHOOK","url":"https://a.example","bodyTemplate":null}`,
			want: []string{`1:60: WEBHOOK.bodyTemplate: null is not allowed; leave out the field [null]`},
		},
		{
			name: "null is allowed", payload: `{"type":"SLACK","apiToken":"t","channelName":null}`, opts: validate.Options{Operation: validate.Update, Severities: map[string]validate.Severity{"slack-oauth": validate.Off}},
		},
		{
			name: "enum", payload: `{"type":"DATADOG","apiKey":"` + hex + `","region":"AP2"}`,
			want: []string{`1:72: DATADOG.region: "AP2" is not allowed; the log integrations of the API offer AP2, this one does not; use "US", "EU", "US3", "US5", "AP1" or "US1_FED" [enum]`},
		},
		{
			name: "enum in lower case", payload: `{"type":"DATADOG","apiKey":"` + hex + `","region":"us1-fed"}`,
			want: []string{`1:72: DATADOG.region: "us1-fed" is not allowed; Atlas calls it "US1_FED" [enum]`},
		},
		{
			name: "a site for a region", payload: `{"type":"DATADOG","apiKey":"` + hex + `","region":"datadoghq.eu"}`,
			want: []string{`1:72: DATADOG.region: "datadoghq.eu" is not allowed; Atlas calls it "EU" [enum]`},
		},
		{
			name: "a flow name with white space", payload: `{"type":"FLOWDOCK","flowName":"main flow","apiToken":"t","orgName":"an org"}`, opts: validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want: []string{`1:31: FLOWDOCK.flowName contains white space; use the name in the URL of the flow, which has none [white-space]`},
		},
		{
			name: "a flow name with a line end", payload: `{"type":"FLOWDOCK","flowName":"main\n","apiToken":"t","orgName":"an org"}`, opts: validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want: []string{`1:31: FLOWDOCK.flowName contains white space; remove the white space around it [white-space]`},
		},
		{
			name: "a flow name with a vertical tab", payload: `{"type":"FLOWDOCK","flowName":"main\u000bflow","apiToken":"t","orgName":"an org"}`, opts: validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want: []string{`1:31: FLOWDOCK.flowName contains white space; use the name in the URL of the flow, which has none [white-space]`},
		},
		{
			name: "a flow name with a no-break space", payload: `{"type":"FLOWDOCK","flowName":"main\u00a0flow","apiToken":"t","orgName":"an org"}`, opts: validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want: []string{`1:31: warning: FLOWDOCK.flowName contains a space that is not ASCII; remove it; copied text often contains one [white-space]`},
		},
		{
			name: "a flow name with an ideographic space", payload: `{"type":"FLOWDOCK","flowName":"main\u3000","apiToken":"t","orgName":"an org"}`, opts: validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want: []string{`1:31: warning: FLOWDOCK.flowName contains a space that is not ASCII; remove it; copied text often contains one [white-space]`},
		},
		{
			name: "a flow name of a no-break space", payload: `{"type":"FLOWDOCK","flowName":"\u00a0","apiToken":"t","orgName":"an org"}`, opts: validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want: []string{`1:31: FLOWDOCK.flowName is empty; set a value [empty-value]`},
		},
		{
			name: "a blank flow name", payload: `{"type":"FLOWDOCK","flowName":" ","apiToken":"t","orgName":"an org"}`, opts: validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want: []string{`1:31: FLOWDOCK.flowName is empty; set a value [empty-value]`},
		},
		{name: "a flow name", payload: `{"type":"FLOWDOCK","flowName":"main-flow","apiToken":"t","orgName":"an org"}`, opts: validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}}},
		{
			name: "Prometheus in Atlas for Government", payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"p","serviceDiscovery":"http"}`,
			opts: validate.Options{Government: true, Operation: validate.Update},
			want: []string{`1:9: warning: PROMETHEUS: Atlas for Government (cloud.mongodbgov.com) does not offer Prometheus [not-in-government]`},
		},
		{
			name: "Prometheus of v1.0 in Atlas for Government", payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"p","serviceDiscovery":"http"}`,
			opts: validate.Options{Government: true, APIVersion: "v1.0"},
			want: []string{`1:9: warning: PROMETHEUS: Atlas for Government (cloud.mongodbgov.com) does not offer Prometheus [not-in-government]`},
		},
		{name: "Datadog in Atlas for Government", payload: `{"type":"DATADOG","apiKey":"` + hex + `"}`, opts: validate.Options{Government: true}},
		{
			name: "a secret in an enum is not shown", payload: `{"type":"OPS_GENIE","apiKey":"k","region":"` + hex + `"}`,
			want: []string{`1:43: OPS_GENIE.region: a text of 32 characters is not allowed; use "US" or "EU" [enum]`},
		},
		{
			name: "length counts characters", payload: `{"type":"SLACK","apiToken":"t","channelName":"` + strings.Repeat("é", 80) + `"}`, opts: validate.Options{Operation: validate.Update, Severities: map[string]validate.Severity{"slack-oauth": validate.Off}},
		},
		{
			name: "empty channel", payload: `{"type":"SLACK","apiToken":"t","teamName":"t","channelName":""}`, opts: validate.Options{APIVersion: "v1.0", Operation: validate.Update, Severities: map[string]validate.Severity{"slack-oauth": validate.Off}},
			want: []string{`1:61: SLACK.channelName: want at least 1 character, got 0 [length]`},
		},
		{
			name: "key of the right length", payload: `{"type":"PAGER_DUTY","serviceKey":"g123456789abcdef0123456789abcdef"}`,
			want: []string{`1:35: PAGER_DUTY.serviceKey: want 32 hexadecimal digits, got 32 characters (value hidden); the length is right, but not all of them are hexadecimal digits [key-format]`},
		},
		{
			name: "key with a line end", payload: `{"type":"PAGER_DUTY","serviceKey":"0123456789abcdef0123456789abcdef\n"}`,
			want: []string{`1:35: PAGER_DUTY.serviceKey: want 32 hexadecimal digits, got 33 characters (value hidden); remove the white space around it [key-format]`},
		},
		{
			name: "secret with a line end", payload: `{"type":"VICTOR_OPS","apiKey":"k-1\n","routingKey":" r "}`,
			want: []string{`1:31: warning: VICTOR_OPS.apiKey has white space around it (value hidden); remove it, unless it belongs to the secret [key-format]`},
		},
		{
			name: "copied with an invisible character", payload: `{"type":"VICTOR_OPS","apiKey":"k-1\u200b","routingKey":"r"}`,
			want: []string{`1:31: warning: VICTOR_OPS.apiKey has invisible characters around it (value hidden); remove it, unless it belongs to the secret [key-format]`},
		},
		{
			name: "key with an invisible character", payload: `{"type":"DATADOG","apiKey":"\ufeff` + hex + `"}`,
			want: []string{`1:28: DATADOG.apiKey: want 32 hexadecimal digits, got 33 characters (value hidden); remove the invisible characters around it [key-format]`},
		},
		{
			name: "URL with an invisible character in its host", payload: `{"type":"WEBHOOK","url":"https://a.example\u200b/x"}`,
			want: []string{`1:25: WEBHOOK.url contains an invisible character (value hidden); remove it; copied text often contains one [url]`},
		},
		{
			name: "URL with an invisible character at its end", payload: `{"type":"WEBHOOK","url":"https://a.example/x\u200e"}`,
			want: []string{`1:25: WEBHOOK.url contains an invisible character (value hidden); remove it; copied text often contains one [url]`},
		},
		{name: "URL with a joined emoji", payload: `{"type":"WEBHOOK","url":"https://a.example/👩\u200d🚒/x"}`},
		{
			name: "host with nothing before its dot", payload: `{"type":"WEBHOOK","url":"https://.example.com/x"}`,
			want: []string{`1:25: WEBHOOK.url is malformed (value hidden); check its host, its port, and that two hexadecimal digits follow each % [url]`},
		},
		{name: "host with a dot at its end", payload: `{"type":"WEBHOOK","url":"https://a.example./x"}`},
		{
			name: "masked", payload: `{"type":"WEBHOOK","url":"https://a.example/****2101","secret":"****"}`,
			want: []string{
				`1:25: WEBHOOK.url: this is a mask that Atlas returned instead of the secret; replace it by the real value [masked-value]`,
				`1:63: WEBHOOK.secret: this is a mask that Atlas returned instead of the secret; replace it by the real value [masked-value]`,
			},
		},
		{
			name: "a short secret, masked", payload: `{"type":"OPS_GENIE","apiKey":"*2345"}`,
			want: []string{`1:30: OPS_GENIE.apiKey: this is a mask that Atlas returned instead of the secret; replace it by the real value [masked-value]`},
		},
		{
			name: "a rule that is off hides no other", payload: `{"type":"DATADOG","apiKey":"****************************cdef"}`,
			opts: validate.Options{Severities: map[string]validate.Severity{"masked-value": validate.Off}},
			want: []string{`1:28: DATADOG.apiKey: want 32 hexadecimal digits, got 32 characters (value hidden); the length is right, but not all of them are hexadecimal digits [key-format]`},
		},
		{
			name: "a star is no mask", payload: `{"type":"OPS_GENIE","apiKey":"*23456"}`,
		},
		{
			name: "blank", payload: `{"type":"PROMETHEUS","enabled":true,"username":" ","password":"","serviceDiscovery":"http"}`,
			want: []string{
				`1:48: PROMETHEUS.username is empty; set a value [empty-value]`,
				`1:63: PROMETHEUS.password is empty; set a value [empty-value]`,
			},
		},
		{
			name: "blank password of an update", payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"","serviceDiscovery":"http"}`,
			opts: validate.Options{Operation: validate.Update},
			want: []string{`1:63: PROMETHEUS.password is empty; set a value, or leave out the field [empty-value]`},
		},
		{
			name: "null for the password", payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","password":null,"serviceDiscovery":"http"}`,
			want: []string{`1:63: PROMETHEUS.password: null is not allowed; give it a string [null]`},
		},
		{
			name: "a reference waits", payload: `{"type":"DATADOG","apiKey":"${env:KEY}","region":"${env:REGION}"}`,
		},
		{
			name: "a reference taken as it stands", payload: `{"type":"PAGER_DUTY","serviceKey":"${env:KEY}"}`, opts: validate.Options{Literals: true},
			want: []string{`1:35: PAGER_DUTY.serviceKey: want 32 hexadecimal digits, got 10 characters (value hidden) [key-format]`},
		},
		{
			name: "relative URL", payload: `{"type":"WEBHOOK","url":"/hooks"}`,
			want: []string{`1:25: WEBHOOK.url is not an absolute URL (value hidden); write the whole URL, beginning with https:// [url]`},
		},
		{
			name: "another scheme", payload: `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"ftp://a.example"}`,
			want: []string{`1:54: MICROSOFT_TEAMS.microsoftTeamsWebhookUrl is neither an http nor an https URL (value hidden); Atlas posts by https [url]`},
		},
		{
			name: "plain http", payload: `{"type":"WEBHOOK","url":"http://a.example"}`,
			want: []string{`1:25: warning: WEBHOOK.url is plain http: others on the network can read the posts and their secret; use https [url]`},
		},
		{
			name: "malformed URL", payload: `{"type":"WEBHOOK","url":"https://a.example/%zz"}`,
			want: []string{`1:25: WEBHOOK.url is malformed (value hidden); check its host, its port, and that two hexadecimal digits follow each % [url]`},
		},
		{
			name: "address of a provider's inside", payload: `{"type":"WEBHOOK","url":"https://100.64.0.7/x"}`,
			want: []string{`1:25: warning: WEBHOOK.url has a host that Atlas can't reach: loopback, private, reserved or unqualified; use a public host [url]`},
		},
		{
			name: "private host", payload: `{"type":"WEBHOOK","url":"https://10.0.0.7/x"}`,
			want: []string{`1:25: warning: WEBHOOK.url has a host that Atlas can't reach: loopback, private, reserved or unqualified; use a public host [url]`},
		},
		{
			name: "placeholder", payload: `{"type":"OPS_GENIE","apiKey":"<API-KEY>"}`,
			want: []string{`1:30: warning: OPS_GENIE.apiKey: the value is a placeholder; put the real value in its place [placeholder]`},
		},
		{
			name: "URL with white space around it", payload: `{"type":"WEBHOOK","url":" https://a.example/x\n"}`,
			want: []string{`1:25: WEBHOOK.url contains white space (value hidden); remove the white space around it [url]`},
		},
		{
			name: "URL with white space in it", payload: `{"type":"WEBHOOK","url":"https://a.example/x y"}`,
			want: []string{`1:25: WEBHOOK.url contains white space (value hidden); write %20 for a space that belongs there [url]`},
		},
		{
			name: "port out of range", payload: `{"type":"WEBHOOK","url":"https://a.example:65536/x"}`,
			want: []string{`1:25: WEBHOOK.url has an invalid port (value hidden); ports go from 1 to 65535 [url]`},
		},
		{name: "port", payload: `{"type":"WEBHOOK","url":"https://a.example:65535/x"}`},
		{
			name: "no password", payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"http"}`,
			want: []string{`1:9: warning: PROMETHEUS: missing "password", which new integrations need; add it; only an update may leave it out, and keeps the stored value [prometheus-password]`},
		},
		{
			name: "no password in v1.0", payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"http"}`, opts: validate.Options{APIVersion: "v1.0"},
			want: []string{`1:9: PROMETHEUS: missing required field "password" (Prometheus password, string) [required]`},
		},
		{
			name: "no password on update in v1.0", payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"http"}`, opts: validate.Options{APIVersion: "v1.0", Operation: validate.Update},
		},
		{
			name: "New Relic key in upper case", payload: `{"type":"NEW_RELIC","accountId":"1","licenseKey":"` + strings.ToUpper(hex) + `01234567","readToken":"r","writeToken":"w"}`,
			opts: validate.Options{Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want: []string{
				`1:33: warning: NEW_RELIC.accountId: the official pattern is 40 hexadecimal digits in lower case, got 1 character (value hidden); some accounts have another form and work; check the value [new-relic-format]`,
				`1:50: warning: NEW_RELIC.licenseKey: the official pattern is 40 hexadecimal digits in lower case, got 40 characters (value hidden); some accounts have another form and work; check the value [new-relic-format]`,
			},
		},
		{
			name: "no password on update", payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"http"}`, opts: validate.Options{Operation: validate.Update},
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
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, check(t, tc.payload, tc.opts)); diff != "" {
				t.Error("(-want +got)", diff)
			}
		})
	}
}

// Variables of other tools reach Atlas unchanged.
func TestPlaceholders(t *testing.T) {
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
	got := strings.Join(check(t, payload, validate.Options{}), "\n")
	if hint == "" && got != "" || hint != "" && (strings.Count(got, "[") != 1 || !strings.Contains(got, "; "+hint) || !strings.Contains(got, "[placeholder]")) {
		t.Errorf("%s %s: got %q, want %q", what, text, got, hint)
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
		if tc.rule == legal && len(got) > 0 || tc.rule != legal && (len(got) != 1 || !strings.HasSuffix(got[0], tc.rule)) {
			t.Errorf("%s %.60s: findings %v, want %q", tc.field, tc.template, got, tc.rule)
		}
	}
}

// A fault of FreeMarker's syntax has a position in characters of the template, and a hint that fits it.
func TestTemplateSyntaxText(t *testing.T) {
	for template, want := range map[string]string{
		`{"é":"${}"}`: `1:60: WEBHOOK.bodyTemplate has a FreeMarker syntax error at character 7: an interpolation is empty; correct the template: Atlas rejects it before it saves the integration [template-syntax]`,
		`${ENV:KEY}`: `1:60: WEBHOOK.bodyTemplate has a FreeMarker syntax error at character 6: the expression of an interpolation is invalid; ` +
			`only ${env:NAME} and ${file:PATH} are replaced; write one of them, or the real value [template-syntax]`,
	} {
		got := check(t, `{"type":"WEBHOOK","url":"https://a.example","bodyTemplate":`+quote(template)+`}`, validate.Options{})
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", template, got, want)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, tc := range []struct {
		options validate.Options
		want    string
	}{
		{validate.Options{APIVersion: "v3"}, `unknown API version "v3": use v2 or v1.0`},
		{validate.Options{Type: "SPLUNK_ONCAL"}, `unknown type "SPLUNK_ONCAL"; did you mean "VICTOR_OPS"?`},
		{validate.Options{Type: "teams"}, `unknown type "teams"; did you mean "MICROSOFT_TEAMS"?`},
		{validate.Options{Type: "HipChat"}, `type "HipChat" can't be sent; Atlas's paths name it but no configuration of it exists; HipChat was for Ops Manager only`},
		{validate.Options{Type: "SLAK"}, `unknown type "SLAK"; did you mean "SLACK"?`},
		{validate.Options{Type: "FLOWDOCK"}, `v2 has no type FLOWDOCK; it exists in v1.0 only`},
		{validate.Options{Operation: "delete"}, `unknown operation "delete": use create or update`},
		{validate.Options{MaxSize: -1}, `the maximal size must be positive, not -1`},
		{validate.Options{MaxFindings: -1}, `the maximal number of findings must be positive, not -1`},
		{validate.Options{Jobs: -1}, `the number of jobs must be positive, not -1`},
		{validate.Options{Severities: map[string]validate.Severity{"enums": validate.Off}}, `unknown rule "enums"; did you mean "enum"?`},
		{validate.Options{Severities: map[string]validate.Severity{"plain-text": validate.Off}}, `unknown rule "plain-text"; did you mean "plaintext-secret"?`},
		{validate.Options{Severities: map[string]validate.Severity{"enum": "fatal"}}, `unknown severity "fatal": use error, warning or off`},
		{validate.Options{Severities: map[string]validate.Severity{"syntax": validate.Off, "enums": validate.Off}}, `unknown rule "enums"; did you mean "enum"?`},
		{validate.Options{Severities: map[string]validate.Severity{"syntax": validate.Off}}, `rule syntax is always an error: its findings stop the validation`},
	} {
		_, err := validate.New(tc.options)
		if err == nil || err.Error() != tc.want {
			t.Errorf("got %v, want %s", err, tc.want)
		}
	}
}
