package clients

import (
	"slices"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

// sdkNullable are the fields that SDK v20250312023 can send as null, through NullFields of its model.
var sdkNullable = []string{
	"accountId", "apiKey", "apiToken", "bodyTemplate", "channelName", "enabled", "headersTemplate", "id", "licenseKey",
	"microsoftTeamsWebhookUrl", "password", "readToken", "region", "routingKey", "secret", "sendCollectionLatencyMetrics",
	"sendDatabaseMetrics", "sendQueryStatsMetrics", "sendUserProvidedResourceTags", "sendUserProvidedResourceTagsEnabled",
	"serviceDiscovery", "serviceKey", "teamName", "url", "username", "writeToken",
}

// optionalOf returns the fields in types.yaml that an update of the type may send as null. Slack's channelName isn't
// among them: v2 requires it and allows null, so its null is a value.
func optionalOf(typ string) []string {
	optional := []string{"region", "routingKey", "secret", "sendDatabaseMetrics", "teamName"}
	if typ == "DATADOG" { // requires its region
		return optional[1:]
	}
	return optional
}

// withNulls returns the JSON object sent with null in the fields drop and in each nullable field that it lacks.
// SDK v20250312023 writes the same object if NullFields names these fields.
func withNulls(t *testing.T, sent string, drop ...string) string {
	t.Helper()
	body := *decoded[map[string]any](t, sent)
	for _, field := range sdkNullable {
		if slices.Contains(drop, field) || body[field] == nil {
			body[field] = nil
		}
	}
	return encoded(t, body)
}

// readBack compares an integration, as the SDK decodes it, with JSON texts.
func readBack(f fake, typ string, want ...string) {
	f.t.Helper()
	got := decoded[sdkIntegration](f.t, f.must("GET v2/"+typ).body)
	same(f.t, typ, decoded[sdkIntegration](f.t, want...), got, withoutIDs)
}

// A null counts as not sent: POST stores what it stores without the nulls, and PUT leaves the stored values.
func TestNullsCountAsNotSent(t *testing.T) {
	for _, c := range types(t, "v2") {
		t.Run(c.Type, func(t *testing.T) {
			f := start(t)
			path := "v2/" + c.Type + " "
			for _, line := range []string{
				"POST " + path + withNulls(t, c.Sent),
				"PUT " + path + withNulls(t, c.Sent),
				"PUT " + path + withNulls(t, c.Sent, optionalOf(c.Type)...),
			} {
				f.must(line)
				readBack(f, c.Type, c.Read)
				for field, value := range f.stored(c.Type) {
					if value == nil {
						t.Errorf("%s: %s is stored as null", line, field)
					}
				}
			}
		})
	}
}

// Slack's channelName is the one field that v2 requires and allows to be null: null removes the channel.
func TestNullRemovesTheSlackChannel(t *testing.T) {
	f := start(t)
	c := typeOf(t, "SLACK")
	f.must("POST v2/SLACK "+c.Sent, "PUT v2/SLACK "+withNulls(t, c.Sent, "channelName"))
	readBack(f, "SLACK", c.Read, `{"channelName":null}`)
}

func TestStrictFieldsRejectsNulls(t *testing.T) {
	for _, c := range types(t, "v2") {
		t.Run(c.Type, func(t *testing.T) {
			f := start(t, fakeatlas.WithChoices(fakeatlas.Choices{StrictFields: true}))
			path, nulls := " v2/"+c.Type+" ", withNulls(t, c.Sent)
			same(t, "POST", 400, f.send("POST"+path+nulls).status)
			same(t, "stored after the POST", 0, len(f.all()))
			f.must("POST" + path + c.Sent)
			before := f.all()
			same(t, "PUT", 400, f.send("PUT"+path+nulls).status)
			same(t, "stored after the PUT", before, f.all())
		})
	}
}

// A null is rejected in an optional field of the type itself, not only in the fields of other types.
func TestStrictFieldsRejectsNullOfOwnType(t *testing.T) {
	f := start(t, fakeatlas.WithChoices(fakeatlas.Choices{StrictFields: true}))
	for typ, field := range map[string]string{
		"DATADOG": "sendDatabaseMetrics", "OPS_GENIE": "region", "PAGER_DUTY": "region", "SLACK": "teamName",
		"VICTOR_OPS": "routingKey", "WEBHOOK": "secret",
	} {
		body := *decoded[map[string]any](t, typeOf(t, typ).Sent)
		body[field] = nil
		got := f.send("POST v2/" + typ + " " + encoded(t, body))
		same(t, typ, []any{400, "INVALID_JSON_ATTRIBUTE"}, []any{got.status, got.header.Get("X-Error-Code")})
	}
}

// Bodies with empty and null fields create an integration and update it; their empty fields are not stored.
func TestEmptyFields(t *testing.T) {
	for name, bodies := range table[map[string]map[string]string](t, "empty.yaml") {
		for typ, body := range bodies {
			t.Run(name+" "+typ, func(t *testing.T) {
				f := start(t)
				f.must("POST v2/"+typ+" "+body, "PUT v2/"+typ+" "+body)
				for _, field := range []string{"channelName", "routingKey", "secret"} {
					value, ok := f.stored(typ)[field]
					if value == "" || ok && value == nil && typ != "SLACK" {
						t.Errorf("%s is stored as %v", field, value)
					}
				}
			})
		}
	}
}

func TestStrictFieldsRejectsEmptyFields(t *testing.T) {
	f := start(t, fakeatlas.WithChoices(fakeatlas.Choices{StrictFields: true}))
	bodies := table[map[string]map[string]string](t, "empty.yaml")
	same(t, "WEBHOOK", 400, f.send("POST v2/WEBHOOK "+bodies["operator"]["WEBHOOK"]).status)
	same(t, "OPS_GENIE", 400, f.send("POST v2/OPS_GENIE "+bodies["nulls"]["OPS_GENIE"]).status)
}
