package clients

import (
	"encoding/json"
	"net/http"
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

// optionalV2 are fields of typesV2 that Atlas does not require. Slack's channelName is not among them: v2 requires
// it and allows null, so its null is a value.
var optionalV2 = []string{"region", "routingKey", "secret", "sendDatabaseMetrics", "teamName"}

// optionalOf returns the fields that an update of the type may send as null.
func optionalOf(typ string) []string {
	if typ == "DATADOG" { // requires its region
		return optionalV2[1:]
	}
	return optionalV2
}

// withNulls returns the JSON object sent with a null in each of the fields drop and in each nullable field that
// it lacks. SDK v20250312023 writes the same object if NullFields names these fields.
func withNulls(t *testing.T, sent string, drop ...string) string {
	t.Helper()
	body := *decoded[map[string]any](t, sent)
	for _, field := range sdkNullable {
		if slices.Contains(drop, field) || body[field] == nil {
			body[field] = nil
		}
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A null counts as not sent: POST stores what it stores without the nulls, and PUT leaves the stored values.
func TestNullsCountAsNotSent(t *testing.T) {
	for _, c := range typesV2 {
		t.Run(c.typ, func(t *testing.T) {
			f := start(t)
			client := keyClient()
			want := decoded[sdkIntegration](t, c.read)
			for _, r := range []request{
				{method: "POST", body: withNulls(t, c.sent)},
				{method: "PUT", body: withNulls(t, c.sent)},
				{method: "PUT", body: withNulls(t, c.sent, optionalOf(c.typ)...)},
			} {
				r.path = "v2/" + c.typ
				must(t, client, f.URL, r)
				got := decoded[sdkIntegration](t, must(t, client, f.URL, request{method: "GET", path: r.path}).body)
				got.Id = nil
				same(t, r.method+" "+r.body, want, got)
				f.storesNoNull(t, c.typ)
			}
		})
	}
}

func (f fake) storesNoNull(t *testing.T, typ string) {
	t.Helper()
	in, err := f.kept.Get(t.Context(), project, typ)
	if err != nil {
		t.Fatal(err)
	}
	for field, value := range in.Fields {
		if value == nil {
			t.Errorf("%s is stored as null", field)
		}
	}
}

// Slack's channelName is the one field that v2 requires and lets be null: null removes the channel.
func TestNullRemovesTheSlackChannel(t *testing.T) {
	f := start(t)
	c := typesV2[1]
	must(t, keyClient(), f.URL, request{method: "POST", path: "v2/SLACK", body: c.sent})
	must(t, keyClient(), f.URL, request{method: "PUT", path: "v2/SLACK", body: withNulls(t, c.sent, "channelName")})
	want := decodedOver(t, *decoded[sdkIntegration](t, c.read), `{"channelName":null}`)
	got := decoded[sdkIntegration](t, must(t, keyClient(), f.URL, request{method: "GET", path: "v2/SLACK"}).body)
	got.Id = nil
	same(t, "SLACK", want, got)
}

func TestStrictFieldsRejectsNulls(t *testing.T) {
	for _, c := range typesV2 {
		t.Run(c.typ, func(t *testing.T) {
			f := start(t, fakeatlas.WithStrictFields())
			path := "v2/" + c.typ
			nulls := withNulls(t, c.sent)
			same(t, "POST", http.StatusBadRequest, send(t, keyClient(), f.URL, request{method: "POST", path: path, body: nulls}).status)
			same(t, "stored after the POST", 0, len(f.all(t)))
			must(t, keyClient(), f.URL, request{method: "POST", path: path, body: c.sent})
			before := f.all(t)
			same(t, "PUT", http.StatusBadRequest, send(t, keyClient(), f.URL, request{method: "PUT", path: path, body: nulls}).status)
			same(t, "stored after the PUT", before, f.all(t))
		})
	}
}

// A null is rejected in an optional field of the type itself, not only in the fields of other types.
func TestStrictFieldsRejectsNullOfOwnType(t *testing.T) {
	f := start(t, fakeatlas.WithStrictFields())
	for typ, field := range map[string]string{
		"DATADOG": "sendDatabaseMetrics", "OPS_GENIE": "region", "PAGER_DUTY": "region", "SLACK": "teamName",
		"VICTOR_OPS": "routingKey", "WEBHOOK": "secret",
	} {
		i := slices.IndexFunc(typesV2, func(c typeCase) bool { return c.typ == typ })
		body := *decoded[map[string]any](t, typesV2[i].sent)
		body[field] = nil
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		got := send(t, keyClient(), f.URL, request{method: "POST", path: "v2/" + typ, body: string(text)})
		same(t, typ, http.StatusBadRequest, got.status)
		same(t, typ+"'s error code", "INVALID_JSON_ATTRIBUTE", got.header.Get("X-Error-Code"))
	}
}
