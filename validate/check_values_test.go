package validate_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/validate"
)

// Values of another JSON type, and null.
func TestCheckTypesOfValues(t *testing.T) {
	runCheckCases(t, []checkCase{
		{
			name:    "kinds",
			payload: `{"type":"PROMETHEUS","enabled":1,"username":true,"password":{},"serviceDiscovery":["http"]}`,
			want: []string{
				`1:32: PROMETHEUS.enabled: want boolean, got number; write true or false [wrong-type]`,
				`1:45: PROMETHEUS.username: want string, got boolean; put it in quotes [wrong-type]`,
				`1:61: PROMETHEUS.password: want string, got object [wrong-type]`,
				`1:83: PROMETHEUS.serviceDiscovery: want string, got array [wrong-type]`,
			},
		},
		{
			name:    "kinds that no quotes make good",
			payload: `{"type":"DATADOG","apiKey":1,"region":3}`,
			want: []string{
				`1:28: DATADOG.apiKey: want string, got number; write 32 hexadecimal digits, in quotes [wrong-type]`,
				`1:39: DATADOG.region: want string, got number; use "US", "EU", "US3", "US5", "AP1" or "US1_FED" [wrong-type]`,
			},
		},
		{
			name:    "no URL",
			payload: `{"type":"WEBHOOK","url":true}`,
			want:    []string{`1:25: WEBHOOK.url: want string, got boolean; write the whole URL, in quotes [wrong-type]`},
		},
		{
			name:    "digits without quotes",
			payload: `{"type":"DATADOG","apiKey":` + strings.Repeat("12345678", 4) + `}`,
			want:    []string{`1:28: DATADOG.apiKey: want string, got number; put it in quotes [wrong-type]`},
		},
		{
			name:    "null in a required field",
			payload: `{"type":"OPS_GENIE","apiKey":null}`,
			want:    []string{`1:30: OPS_GENIE.apiKey: null is not allowed; the field is required: give it a string [null]`},
		},
		{
			name:    "null in a template",
			payload: `{"type":"WEBHOOK","url":"https://a.example","bodyTemplate":null}`,
			want:    []string{`1:60: WEBHOOK.bodyTemplate: null is not allowed; leave out the field [null]`},
		},
		{
			name:    "null is allowed",
			payload: `{"type":"SLACK","apiToken":"t","channelName":null}`,
			opts:    validate.Options{Operation: validate.Update, Severities: map[string]validate.Severity{"slack-oauth": validate.Off}},
		},
		{
			name:    "null for the password",
			payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","password":null,"serviceDiscovery":"http"}`,
			want:    []string{`1:63: PROMETHEUS.password: null is not allowed; give it a string [null]`},
		},
	})
}

// Values that an enum, a length or a format excludes.
func TestCheckValues(t *testing.T) {
	runCheckCases(t, []checkCase{
		{
			name:    "enum",
			payload: `{"type":"DATADOG","apiKey":"` + hexDigits + `","region":"AP2"}`,
			want: []string{`1:72: DATADOG.region: "AP2" is not allowed; the log integrations of the API offer AP2, this one does not; ` +
				`use "US", "EU", "US3", "US5", "AP1" or "US1_FED" [enum]`},
		},
		{
			name:    "enum in lower case",
			payload: `{"type":"DATADOG","apiKey":"` + hexDigits + `","region":"us1-fed"}`,
			want:    []string{`1:72: DATADOG.region: "us1-fed" is not allowed; Atlas calls it "US1_FED" [enum]`},
		},
		{
			name:    "a site for a region",
			payload: `{"type":"DATADOG","apiKey":"` + hexDigits + `","region":"datadoghq.eu"}`,
			want:    []string{`1:72: DATADOG.region: "datadoghq.eu" is not allowed; Atlas calls it "EU" [enum]`},
		},
		{
			name:    "a secret in an enum is not shown",
			payload: `{"type":"OPS_GENIE","apiKey":"k","region":"` + hexDigits + `"}`,
			want:    []string{`1:43: OPS_GENIE.region: a text of 32 characters is not allowed; use "US" or "EU" [enum]`},
		},
		{
			name:    "length counts characters",
			payload: `{"type":"SLACK","apiToken":"t","channelName":"` + strings.Repeat("é", 80) + `"}`,
			opts:    validate.Options{Operation: validate.Update, Severities: map[string]validate.Severity{"slack-oauth": validate.Off}},
		},
		{
			name:    "empty channel",
			payload: `{"type":"SLACK","apiToken":"t","teamName":"t","channelName":""}`,
			opts:    validate.Options{APIVersion: "v1.0", Operation: validate.Update, Severities: map[string]validate.Severity{"slack-oauth": validate.Off}},
			want:    []string{`1:61: SLACK.channelName: want at least 1 character, got 0 [length]`},
		},
		{
			name:    "blank",
			payload: `{"type":"PROMETHEUS","enabled":true,"username":" ","password":"","serviceDiscovery":"http"}`,
			want: []string{
				`1:48: PROMETHEUS.username is empty; set a value [empty-value]`,
				`1:63: PROMETHEUS.password is empty; set a value [empty-value]`,
			},
		},
		{
			name:    "blank password of an update",
			payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"","serviceDiscovery":"http"}`,
			opts:    validate.Options{Operation: validate.Update},
			want:    []string{`1:63: PROMETHEUS.password is empty; set a value, or leave out the field [empty-value]`},
		},
		{
			name:    "New Relic key in upper case",
			payload: `{"type":"NEW_RELIC","accountId":"1","licenseKey":"` + strings.ToUpper(hexDigits) + `01234567","readToken":"r","writeToken":"w"}`,
			opts:    validate.Options{Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want: []string{
				`1:33: warning: NEW_RELIC.accountId: the official pattern is 40 hexadecimal digits in lower case, got 1 character (value hidden); ` +
					`some accounts have another form and work; check the value [new-relic-format]`,
				`1:50: warning: NEW_RELIC.licenseKey: the official pattern is 40 hexadecimal digits in lower case, got 40 characters (value hidden); ` +
					`some accounts have another form and work; check the value [new-relic-format]`,
			},
		},
	})
}

// White space in names.
func TestCheckWhiteSpace(t *testing.T) {
	runCheckCases(t, []checkCase{
		{
			name:    "a flow name with white space",
			payload: `{"type":"FLOWDOCK","flowName":"main flow","apiToken":"t","orgName":"an org"}`,
			opts:    validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want:    []string{`1:31: FLOWDOCK.flowName contains white space; use the name in the URL of the flow, which has none [white-space]`},
		},
		{
			name:    "a flow name with a line end",
			payload: `{"type":"FLOWDOCK","flowName":"main\n","apiToken":"t","orgName":"an org"}`,
			opts:    validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want:    []string{`1:31: FLOWDOCK.flowName contains white space; remove the white space around it [white-space]`},
		},
		{
			name:    "a flow name with a vertical tab",
			payload: `{"type":"FLOWDOCK","flowName":"main\u000bflow","apiToken":"t","orgName":"an org"}`,
			opts:    validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want:    []string{`1:31: FLOWDOCK.flowName contains white space; use the name in the URL of the flow, which has none [white-space]`},
		},
		{
			name:    "a flow name with a no-break space",
			payload: `{"type":"FLOWDOCK","flowName":"main\u00a0flow","apiToken":"t","orgName":"an org"}`,
			opts:    validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want:    []string{`1:31: warning: FLOWDOCK.flowName contains a space that is not ASCII; remove it; copied text often contains one [white-space]`},
		},
		{
			name:    "a flow name with an ideographic space",
			payload: `{"type":"FLOWDOCK","flowName":"main\u3000","apiToken":"t","orgName":"an org"}`,
			opts:    validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want:    []string{`1:31: warning: FLOWDOCK.flowName contains a space that is not ASCII; remove it; copied text often contains one [white-space]`},
		},
		{
			name:    "a flow name of a no-break space",
			payload: `{"type":"FLOWDOCK","flowName":"\u00a0","apiToken":"t","orgName":"an org"}`,
			opts:    validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want:    []string{`1:31: FLOWDOCK.flowName is empty; set a value [empty-value]`},
		},
		{
			name:    "a blank flow name",
			payload: `{"type":"FLOWDOCK","flowName":" ","apiToken":"t","orgName":"an org"}`,
			opts:    validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
			want:    []string{`1:31: FLOWDOCK.flowName is empty; set a value [empty-value]`},
		},
		{
			name:    "a flow name",
			payload: `{"type":"FLOWDOCK","flowName":"main-flow","apiToken":"t","orgName":"an org"}`,
			opts:    validate.Options{APIVersion: "v1.0", Severities: map[string]validate.Severity{"retired-service": validate.Off}},
		},
	})
}

// Keys, masks, placeholders and references.
func TestCheckSecrets(t *testing.T) {
	runCheckCases(t, []checkCase{
		{
			name: "key of the right length", payload: `{"type":"PAGER_DUTY","serviceKey":"g123456789abcdef0123456789abcdef"}`,
			want: []string{`1:35: PAGER_DUTY.serviceKey: want 32 hexadecimal digits, got 32 characters (value hidden); ` +
				`the length is right, but not all of them are hexadecimal digits [key-format]`},
		},
		{
			name: "key with a line end", payload: `{"type":"PAGER_DUTY","serviceKey":"0123456789abcdef0123456789abcdef\n"}`,
			want: []string{`1:35: PAGER_DUTY.serviceKey: want 32 hexadecimal digits, got 33 characters (value hidden); ` +
				`remove the white space around it [key-format]`},
		},
		{
			name: "secret with a line end", payload: `{"type":"VICTOR_OPS","apiKey":"k-1\n","routingKey":" r "}`,
			want: []string{`1:31: warning: VICTOR_OPS.apiKey has white space around it (value hidden); remove it, unless it belongs to ` +
				`the secret [key-format]`},
		},
		{
			name: "copied with an invisible character", payload: `{"type":"VICTOR_OPS","apiKey":"k-1\u200b","routingKey":"r"}`,
			want: []string{`1:31: warning: VICTOR_OPS.apiKey has invisible characters around it (value hidden); ` +
				`remove it, unless it belongs to the secret [key-format]`},
		},
		{
			name: "key with an invisible character", payload: `{"type":"DATADOG","apiKey":"\ufeff` + hexDigits + `"}`,
			want: []string{`1:28: DATADOG.apiKey: want 32 hexadecimal digits, got 33 characters (value hidden); ` +
				`remove the invisible characters around it [key-format]`},
		},
		{
			name: "masked", payload: `{"type":"WEBHOOK","url":"https://a.example/****2101","secret":"****"}`,
			want: []string{
				`1:25: WEBHOOK.url: this is a mask that Atlas returned instead of the secret; replace it with the real value [masked-value]`,
				`1:63: WEBHOOK.secret: this is a mask that Atlas returned instead of the secret; replace it with the real value [masked-value]`,
			},
		},
		{
			name: "a short secret, masked", payload: `{"type":"OPS_GENIE","apiKey":"*2345"}`,
			want: []string{`1:30: OPS_GENIE.apiKey: this is a mask that Atlas returned instead of the secret; replace it with the real value [masked-value]`},
		},
		{
			name: "a rule that is off hides no other", payload: `{"type":"DATADOG","apiKey":"****************************cdef"}`,
			opts: validate.Options{Severities: map[string]validate.Severity{"masked-value": validate.Off}},
			want: []string{`1:28: DATADOG.apiKey: want 32 hexadecimal digits, got 32 characters (value hidden); ` +
				`the length is right, but not all of them are hexadecimal digits [key-format]`},
		},
		{
			name: "a star is no mask", payload: `{"type":"OPS_GENIE","apiKey":"*23456"}`,
		},
		{
			name: "a reference waits", payload: `{"type":"DATADOG","apiKey":"${env:KEY}","region":"${env:REGION}"}`,
		},
		{
			name: "a reference taken as it stands", payload: `{"type":"PAGER_DUTY","serviceKey":"${env:KEY}"}`, opts: validate.Options{Literals: true},
			want: []string{`1:35: PAGER_DUTY.serviceKey: want 32 hexadecimal digits, got 10 characters (value hidden); ` +
				`references are not replaced; put the real value in its place [key-format]`},
		},
		{
			name: "other references taken as they stand", opts: validate.Options{Literals: true},
			payload: `{"type":"WEBHOOK","url":"${env:URL}"}`,
			want: []string{`1:25: WEBHOOK.url is not an absolute URL (value hidden); ` +
				`references are not replaced; put the real value in its place [url]`},
		},
		{
			name: "a reference as a literal region", opts: validate.Options{Literals: true},
			payload: `{"type":"OPS_GENIE","apiKey":"k-1","region":"${env:REGION}"}`,
			want: []string{`1:45: OPS_GENIE.region: "${env:REGION}" is not allowed; ` +
				`references are not replaced; put the real value in its place [enum]`},
		},
		{
			name: "placeholder", payload: `{"type":"OPS_GENIE","apiKey":"<API-KEY>"}`,
			want: []string{`1:30: warning: OPS_GENIE.apiKey: the value is a placeholder; put the real value in its place [placeholder]`},
		},
	})
}

// URLs that Atlas posts to.
func TestCheckURL(t *testing.T) {
	runCheckCases(t, []checkCase{
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
	})
}

// Services that Atlas for Government does not offer.
func TestCheckGovernment(t *testing.T) {
	runCheckCases(t, []checkCase{
		{
			name: "Prometheus in Atlas for Government", payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"p","serviceDiscovery":"http"}`,
			opts: validate.Options{Government: true, Operation: validate.Update},
			want: []string{`1:9: warning: PROMETHEUS: Atlas for Government (cloud.mongodbgov.com) does not offer Prometheus [not-in-government]`},
		},
		{
			name:    "Prometheus of v1.0 in Atlas for Government",
			payload: `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"p","serviceDiscovery":"http"}`,
			opts:    validate.Options{Government: true, APIVersion: "v1.0"},
			want:    []string{`1:9: warning: PROMETHEUS: Atlas for Government (cloud.mongodbgov.com) does not offer Prometheus [not-in-government]`},
		},
		{name: "Datadog in Atlas for Government", payload: `{"type":"DATADOG","apiKey":"` + hexDigits + `"}`, opts: validate.Options{Government: true}},
	})
}
