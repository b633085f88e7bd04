package fakeatlas

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
)

// An update may omit each field that a creation requires, of every type and API version; a strict server rejects it,
// unless no response shows the field, or the field is no part of what OAuth2 leaves to the API.
func TestUpdatesOmitFields(t *testing.T) {
	for _, apiVersion := range apiVersions {
		for _, typ := range typeNames(apiVersion) {
			for _, f := range knownFields(apiVersion, typ) {
				if !f.Required || f.Name == "type" {
					continue
				}
				payload := examplePayload(t, apiVersion, typ)
				rest := map[string]any{}
				if err := json.Unmarshal([]byte(payload), &rest); err != nil {
					t.Fatal(err)
				}
				delete(rest, f.Name)
				for _, strict := range []bool{false, true} {
					var opts []Option
					if strict {
						opts = append(opts, WithChoices(Choices{StrictFields: true}))
					}
					a := newAPIClient(t, apiVersion, opts...)
					a.want(a.do("PUT", "/"+typ, string(wire.Encode(rest))), 400, "MISSING_ATTRIBUTE")
					a.want(a.do("POST", "/"+typ, payload), 200, "")
					before := a.fields(typ)
					got := a.do("PUT", "/"+typ, string(wire.Encode(rest)))
					if strict && f.Secret != schemas.MaskOmitted {
						a.want(got, 400, "MISSING_ATTRIBUTE")
					} else {
						a.want(got, 200, "")
					}
					if diff := cmp.Diff(before, a.fields(typ)); diff != "" {
						t.Errorf("%s %s without %s (-before +after):\n%s", apiVersion, typ, f.Name, diff)
					}
				}
			}
		}
	}
}

// A workspace that is linked by OAuth2 is managed by its channel alone.
func TestUpdateOfTheChannelAlone(t *testing.T) {
	for _, apiVersion := range apiVersions {
		a := newAPIClient(t, apiVersion, WithChoices(Choices{StrictFields: true}))
		a.want(a.do("POST", "/SLACK", examplePayload(t, apiVersion, "SLACK")), 200, "")
		a.want(a.do("PUT", "/SLACK", `{"type":"SLACK","channelName":"other"}`), 200, "")
		if got := a.fields("SLACK")["channelName"]; got != "other" {
			t.Errorf("%s: the channel is %v", apiVersion, got)
		}
	}
}

// An optional field that is empty or null is as if not sent.
func TestEmptyFields(t *testing.T) {
	const url, hook = `"url":"https://hooks.example.com/1"`, "https://hooks.example.com/1"
	for _, tc := range []struct {
		name, apiVersion, typ, body string
		want                        map[string]any // as stored
	}{
		{"a secret", schemas.V2, "WEBHOOK", `{"id":"","type":"WEBHOOK",` + url + `,"secret":""}`, map[string]any{"url": hook}},
		{"a secret of null", schemas.V1, "WEBHOOK", `{"type":"WEBHOOK",` + url + `,"secret":null}`, map[string]any{"url": hook}},
		{"a region", schemas.V2, "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-1","region":""}`, map[string]any{"apiKey": "k-1", "region": "US"}},
		{
			"a region on v1.0", schemas.V1, "PAGER_DUTY",
			`{"type":"PAGER_DUTY","serviceKey":"` + testKey + `","region":""}`,
			map[string]any{"serviceKey": testKey, "region": "US"},
		},
		{"a routing key", schemas.V2, "VICTOR_OPS", `{"type":"VICTOR_OPS","apiKey":"k-1","routingKey":""}`, map[string]any{"apiKey": "k-1"}},
		{"a toggle of null", schemas.V2, "PROMETHEUS",
			`{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"http","sendUserProvidedResourceTagsEnabled":null}`,
			map[string]any{"enabled": true, "username": "u", "serviceDiscovery": "http", "sendUserProvidedResourceTagsEnabled": false}},
		{
			"a field of another type", schemas.V2, "OPS_GENIE",
			`{"type":"OPS_GENIE","apiKey":"k-1","channelName":null}`, map[string]any{"apiKey": "k-1", "region": "US"},
		},
		{
			"a field of the other API version", schemas.V1, "WEBHOOK",
			`{"type":"WEBHOOK",` + url + `,"bodyTemplate":null,"flowName":""}`, map[string]any{"url": hook},
		},
		{"a field that left the API", schemas.V2, "PROMETHEUS", `{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"http","scheme":null}`,
			map[string]any{"enabled": true, "username": "u", "serviceDiscovery": "http", "sendUserProvidedResourceTagsEnabled": false}},
		{"a template", schemas.V2, "WEBHOOK", `{"type":"WEBHOOK",` + url + `,"bodyTemplate":null,"headersTemplate":""}`, map[string]any{"url": hook}},
		{
			"a channel on v1.0", schemas.V1, "SLACK",
			`{"type":"SLACK","apiToken":"t","teamName":"T","channelName":""}`,
			map[string]any{"apiToken": "t", "teamName": "T"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, method := range []string{"POST", "PUT"} {
				a := newAPIClient(t, tc.apiVersion)
				a.want(a.do(method, "/"+tc.typ, tc.body), 200, "")
				if diff := cmp.Diff(tc.want, a.fields(tc.typ)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", method, diff)
				}
				if tc.apiVersion == schemas.V1 { // seeds of types that v2 has are of v2
					continue
				}
				a = newAPIClient(t, tc.apiVersion)
				if err := a.s.Seed(testProject, tc.body); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tc.want, a.fields(tc.typ)); diff != "" {
					t.Errorf("seed (-want +got):\n%s", diff)
				}
			}
			if tc.typ == "VICTOR_OPS" { // any text is a routing key
				return
			}
			a := newAPIClient(t, tc.apiVersion, WithChoices(Choices{StrictFields: true}))
			if got := a.do("POST", "/"+tc.typ, tc.body); got.status != 400 {
				t.Errorf("strict: %d %s", got.status, got.body)
			}
		})
	}
}

// Required and unknown fields are not optional, and only null and an empty text are empty values.
func TestFieldsThatAreNotEmpty(t *testing.T) {
	for body, code := range map[string]string{
		`{"type":"OPS_GENIE","apiKey":""}`:                            "INVALID_INTEGRATION_SETTINGS",
		`{"type":"OPS_GENIE","apiKey":null}`:                          "INVALID_JSON_ATTRIBUTE",
		`{"type":"OPS_GENIE","apiKey":"k","region":" "}`:              "INVALID_ENUM_VALUE",
		`{"type":"OPS_GENIE","apiKey":"k","bogus":null}`:              "INVALID_ATTRIBUTE",
		`{"type":"OPS_GENIE","apiKey":"k","sendDatabaseMetrics":""}`:  "INVALID_ATTRIBUTE",
		`{"type":"OPS_GENIE","apiKey":"k","region":"","region":null}`: "MALFORMED_JSON",
		`{"type":"","apiKey":"k"}`:                                    "INVALID_ATTRIBUTE",
	} {
		a := newAPIClient(t, schemas.V2)
		a.want(a.do("POST", "/OPS_GENIE", body), 400, code)
	}
}

// In an update, an empty field leaves the stored value unchanged, unless responses show it so while the field has none.
func TestEmptyFieldsOfUpdates(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	a.want(a.do("POST", "/WEBHOOK", `{"type":"WEBHOOK","url":"https://hooks.example.com/1","secret":"s-12345678","bodyTemplate":"{}","headersTemplate":"{}"}`),
		200, "")
	a.want(a.do("PUT", "/WEBHOOK", `{"type":"WEBHOOK","secret":"","bodyTemplate":null,"headersTemplate":"","channelName":null}`), 200, "")
	want := map[string]any{"url": "https://hooks.example.com/1", "secret": "s-12345678", "headersTemplate": "{}"}
	if diff := cmp.Diff(want, a.fields("WEBHOOK")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Stored integrations have no fields that count as not sent, so that a snapshot with one is rejected.
func TestRestoreRejectsEmptyFields(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	state := store.State{testProject: {Integrations: []store.Integration{{
		Type: "WEBHOOK", Fields: map[string]any{"url": "https://hooks.example.com/1", "secret": ""},
	}}}}
	if err := a.s.Restore(state); err == nil {
		t.Error("an empty secret is restored")
	}
}

// masked hides that a store accepts secrets.
type masked struct{ store.Store }

func TestSlackOAuth(t *testing.T) {
	const linked = `{"type":"SLACK","apiToken":"xoxb-1234","channelName":"a","teamName":"T"}`
	for name, kept := range map[string]store.Store{"plain": new(store.Memory), "masked": masked{new(store.Memory)}} {
		for _, apiVersion := range apiVersions {
			t.Run(name+" "+apiVersion, func(t *testing.T) {
				a := newAPIClient(t, apiVersion, WithChoices(Choices{SlackOAuth: true}), WithStore(kept))
				if err := a.s.Reset(); err != nil {
					t.Fatal(err)
				}
				a.token = issue(t, a.s)
				for _, method := range []string{"POST", "PUT"} {
					a.want(a.do(method, "/SLACK", linked), 400, "LEGACY_SLACK_CONFIGURATION_UNSUPPORTED")
					a.want(a.do(method, "/SLACK", `{"type":"SLACK","channelName":"a"}`), 400, "SLACK_OAUTH2_NOT_CONFIGURED")
					a.want(a.do(method, "/SLACK", `{"type":"SLACK","channelName":1}`), 400, "INVALID_JSON_ATTRIBUTE")
				}
				if err := a.s.Seed(testProject, linked); err != nil {
					t.Fatal(err)
				}
				for body, code := range map[string]string{
					`"channelName":"b"`:                         "",
					`"channelName":"b","apiToken":"xoxb-1234"`:  "",
					`"channelName":"b","apiToken":"*****1234"`:  "",
					`"channelName":"b","teamName":"T"`:          "",
					`"channelName":"b","teamName":"U"`:          "MUST_RECONFIGURE_SLACK_OAUTH2",
					`"channelName":"b","apiToken":"xoxb-12345"`: "MUST_RECONFIGURE_SLACK_OAUTH2",
				} {
					status := 400
					if code == "" {
						status = 200
					}
					a.want(a.do("PUT", "/SLACK", `{"type":"SLACK",`+body+`}`), status, code)
				}
				a.want(a.do("POST", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-1"}`), 200, "")
			})
		}
	}
}
