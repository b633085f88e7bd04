package clients

import (
	"net/http"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

// operatorBodies are requests of the Kubernetes operator: it sends an empty id always, and an empty secret for a
// webhook without one.
var operatorBodies = map[string]string{
	"DATADOG":         `{"id":"","type":"DATADOG","apiKey":"a3c9e17b5d204f68b0e2d4c6a8f13579","region":"US","sendCollectionLatencyMetrics":false,"sendDatabaseMetrics":false}`,
	"MICROSOFT_TEAMS": `{"id":"","type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"https://example.webhook.office.com/webhookb2/9a1e"}`,
	"NEW_RELIC":       `{"id":"","type":"NEW_RELIC","accountId":"myaccountid","licenseKey":"not-a-real-key","readToken":"not-a-real-read-token","writeToken":"not-a-real-write-token"}`,
	"OPS_GENIE":       `{"id":"","type":"OPS_GENIE","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64","region":"US"}`,
	"PAGER_DUTY":      `{"id":"","type":"PAGER_DUTY","region":"US","serviceKey":"5f1d3b7a9c2e4806b1d7f3a95c0e2846"}`,
	"PROMETHEUS":      `{"id":"","type":"PROMETHEUS","enabled":true,"password":"not-a-real-password","serviceDiscovery":"http","username":"prom"}`,
	"SLACK":           `{"id":"","type":"SLACK","apiToken":"xoxb-not-a-real-token","channelName":"alerts","teamName":"databases"}`,
	"VICTOR_OPS":      `{"id":"","type":"VICTOR_OPS","apiKey":"1c8e4a6f-0b2d-4957-a3e1-6d9f7b5c2048","routingKey":""}`,
	"WEBHOOK":         `{"id":"","type":"WEBHOOK","secret":"","url":"https://hooks.example.com/9a1e"}`,
}

// nullBodies are requests as SDK v20230201001 writes them: channelName of null in every type.
var nullBodies = map[string]string{
	"DATADOG":    `{"apiKey":"a3c9e17b5d204f68b0e2d4c6a8f13579","channelName":null,"region":"US","type":"DATADOG"}`,
	"OPS_GENIE":  `{"apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64","channelName":null,"region":"US","type":"OPS_GENIE"}`,
	"PAGER_DUTY": `{"channelName":null,"region":"US","serviceKey":"5f1d3b7a9c2e4806b1d7f3a95c0e2846","type":"PAGER_DUTY"}`,
	"PROMETHEUS": `{"channelName":null,"enabled":true,"password":"not-a-real-password","serviceDiscovery":"http","type":"PROMETHEUS","username":"prom"}`,
	"SLACK":      `{"apiToken":"xoxb-not-a-real-token","channelName":null,"teamName":"databases","type":"SLACK"}`,
	"WEBHOOK":    `{"channelName":null,"type":"WEBHOOK","url":"https://hooks.example.com/9a1e"}`,
}

// Bodies with empty and null fields create an integration and update it, and what they leave empty is not stored.
func TestEmptyFields(t *testing.T) {
	for name, bodies := range map[string]map[string]string{"operator": operatorBodies, "nulls": nullBodies} {
		for typ, body := range bodies {
			t.Run(name+" "+typ, func(t *testing.T) {
				f := start(t)
				client := keyClient()
				must(t, client, f.URL, request{method: "POST", path: "v2/" + typ, body: body})
				must(t, client, f.URL, request{method: "PUT", path: "v2/" + typ, body: body})
				for _, field := range []string{"channelName", "routingKey", "secret"} {
					if value := f.stored(t, typ, field); value == "" || value == nil && typ != "SLACK" && f.has(t, typ, field) {
						t.Errorf("%s is stored as %v", field, value)
					}
				}
			})
		}
	}
}

func (f fake) has(t *testing.T, typ, field string) bool {
	t.Helper()
	in, err := f.kept.Get(t.Context(), project, typ)
	if err != nil {
		t.Fatal(err)
	}
	_, ok := in.Fields[field]
	return ok
}

func TestStrictFieldsRejectsEmptyFields(t *testing.T) {
	f := start(t, fakeatlas.WithStrictFields())
	for typ, body := range map[string]string{"WEBHOOK": operatorBodies["WEBHOOK"], "OPS_GENIE": nullBodies["OPS_GENIE"]} {
		got := send(t, keyClient(), f.URL, request{method: "POST", path: "v2/" + typ, body: body})
		same(t, typ, http.StatusBadRequest, got.status)
	}
}
