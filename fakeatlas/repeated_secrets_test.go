package fakeatlas

import (
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
)

// records returns what the server has recorded about requests and stored objects, by its kind.
func (c *recordingClient) records() map[string]string {
	c.t.Helper()
	outputs := c.outputs()
	delete(outputs, "responses") // those of Atlas show plain fields
	for _, path := range []string{"requests", "state?masked=true"} {
		r := httptest.NewRequest("GET", "/_atlasint/"+path, nil)
		r.Host, r.RemoteAddr = "127.0.0.1", "127.0.0.1:1"
		w := httptest.NewRecorder()
		if c.s.ServeHTTP(w, r); w.Code != 200 {
			c.t.Fatal(w)
		}
		outputs[path] = w.Body.String()
	}
	return outputs
}

// A client may repeat a secret in a plain field of the same body. The journal, the recordings and the masked state hide
// both.
func TestRepeatedSecrets(t *testing.T) {
	const secret = "Summer2026!"
	alert := func(notification string) string {
		return `{"eventTypeName":"NO_PRIMARY","matchers":[{"fieldName":"HOSTNAME","operator":"EQUALS","value":"a ` + secret + `"}],` +
			`"metricThreshold":{"metricName":"` + secret + `","units":"` + secret + `"},"notifications":[` + notification + `]}`
	}
	for typ, body := range map[string]string{
		"VICTOR_OPS":  `{"type":"VICTOR_OPS","apiKey":"` + secret + `","routingKey":"` + secret + `"}`,
		"SLACK":       `{"type":"SLACK","apiToken":"` + secret + `","channelName":"#` + secret + `-x","teamName":"` + strings.ToUpper(secret) + `"}`,
		"PROMETHEUS":  `{"type":"PROMETHEUS","username":"` + secret + `","password":"` + secret + `","serviceDiscovery":"http","enabled":true}`,
		"alertConfig": alert(`{"typeName":"VICTOR_OPS","victorOpsApiKey":"` + secret + `","victorOpsRoutingKey":"` + secret + `"}`),
		"otherAlert": alert(`{"typeName":"SLACK","apiToken":"` + secret + `","channelName":"` + secret + `"},` +
			`{"typeName":"EMAIL","emailAddress":"` + secret + `@example.com"}`),
	} {
		for _, apiVersion := range apiVersions {
			c := newRecordingClient(t, apiVersion)
			path, isAlert := "/"+typ, strings.Contains(strings.ToLower(typ), "alert")
			switch {
			case isAlert && apiVersion == schemas.V1:
				continue
			case isAlert:
				path = alertsPath(testProject)
			}
			created := c.do("POST", path, body)
			if created.status > 201 {
				t.Fatal(created)
			}
			if isAlert {
				path += "/" + decodedAlert(t, created).ID
			}
			for _, request := range []string{
				"PUT " + body, `PUT {"more":1,` + body[1:], "GET ",
			} {
				method, body, _ := strings.Cut(request, " ")
				if method != "GET" || typ != "PROMETHEUS" { // whose responses have no mask of the password
					c.do(method, path, body)
				}
			}
			if !wantNoSecrets(t, c.records(), secret, strings.ToUpper(secret)) {
				t.Logf("%s %s", apiVersion, typ)
			}
		}
	}
}

// What a later request shows is compared with the masks in the same response.
func TestRepeatedSecretsOfEarlierRequests(t *testing.T) {
	c := newRecordingClient(t, schemas.V2)
	if err := c.s.Seed(testProject, `{"type":"VICTOR_OPS","apiKey":"Summer2026!","routingKey":"Summer2026!"}`); err != nil {
		t.Fatal(err)
	}
	c.do("GET", "/VICTOR_OPS", "")
	c.do("GET", "/VICTOR_OPS?envelope=true", "")
	c.do("GET", "", "")
	c.do("POST", "/SLACK", `{"type":"SLACK","apiToken":"xoxb-1","channelName":"alerts"}`)
	wantNoSecrets(t, c.records(), "Summer2026!")
	if list := c.s.Requests(); list[len(list)-1].Body["channelName"] != "alerts" {
		t.Errorf("a plain field is hidden: %v", list[len(list)-1].Body)
	}
}

// Snapshots may have any text in plain fields.
func TestRepeatedSecretsOfSnapshots(t *testing.T) {
	c := newRecordingClient(t, schemas.V2)
	err := c.s.Restore(store.State{testProject: {Integrations: []store.Integration{
		{Type: "VICTOR_OPS", Fields: map[string]any{"apiKey": "Summer2026!", "routingKey": "x-Summer2026!"}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	wantNoSecrets(t, c.records(), "Summer2026!")
}

// The address and the headers of a request don't show a secret of its body. IDs that are a part of one are shown.
func TestSecretsInAddresses(t *testing.T) {
	const version = "20250312023"
	headers := []string{"User-Agent: curl/" + version}
	c := newRecordingClient(t, schemas.V2)
	body := `{"type":"VICTOR_OPS","apiKey":"` + testProject + `","routingKey":"a"}`
	c.do("POST", "/VICTOR_OPS", body)
	c.do("POST", "/OPS_GENIE?itemsPerPage=10&pageNum=4321", `{"type":"OPS_GENIE","apiKey":"4321"}`)
	c.do("PUT", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"`+version+`"}`, headers...)
	records := c.records()
	if text := records["journal"]; strings.Contains(text, testProject+`/integrations/VICTOR_OPS`) || strings.Contains(text, "4321") ||
		strings.Contains(text, version) {
		t.Errorf("the journal shows a secret: %s", text)
	}
	if !strings.Contains(records["journal"], "/api/atlas/v2/groups/(hidden)/integrations/VICTOR_OPS") {
		t.Errorf("the journal hides the path: %s", records["journal"])
	}
	if log, _, _ := strings.Cut(records["log"], "\n"); strings.Contains(log, testProject) {
		t.Errorf("the log shows a secret: %s", log)
	}
	c.forget()
	c.do("POST", "/WEBHOOK", `{"type":"WEBHOOK","url":"https://hooks.example.com/`+testProject+`","secret":"key-of-`+testProject+`"}`, headers...)
	if text := c.records()["journal"]; !strings.Contains(text, testProject+"/integrations/WEBHOOK") || !strings.Contains(text, version) {
		t.Errorf("the journal hides the project: %s", text)
	}
}

// Ordinary bodies stay readable: words of the API, and texts that have nothing in common with a secret.
func TestPlainFieldsBesideSecrets(t *testing.T) {
	c := newRecordingClient(t, schemas.V2)
	c.do("POST", "/DATADOG", `{"type":"DATADOG","apiKey":"`+canaryHex+`","region":"US5","sendDatabaseMetrics":true}`)
	c.do("POST", "/VICTOR_OPS", `{"type":"VICTOR_OPS","apiKey":"`+canary+`","routingKey":"database"}`)
	c.do("POST", alertsPath(testProject), alertOf(`{"typeName":"OPS_GENIE","opsGenieApiKey":"`+canary+`","opsGenieRegion":"EU","delayMin":12}`))
	c.do("POST", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"US","region":"US"}`)
	c.do("POST", alertsPath(testProject), alertOf(`{"typeName":"SLACK","apiToken":"5","channelName":"c","delayMin":5}`))
	journal, err := json.Marshal(slices.Collect(func(yield func(any) bool) {
		for _, r := range c.s.Requests() {
			if !yield([]any{r.Body, r.Response, r.Path}) {
				return
			}
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	wantParts(t, "journal", string(journal), `"region":"US5"`, `"routingKey":"database"`, `"opsGenieRegion":"EU"`, `"delayMin":12`, `"region":"US"`, `"delayMin":5`, `"NO_PRIMARY"`, testProject)
	wantNoParts(t, "journal", string(journal), "(hidden)")
}
