package fakeatlas_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
)

const org = "5f0000000000000000000001"

var newIDs = regexp.MustCompile(`[0-9a-f]{24}`)

// plainJSON returns a value as JSON with ID for the IDs that the server makes.
func plainJSON(t *testing.T, value any) string {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return newIDs.ReplaceAllStringFunc(strings.TrimSpace(out.String()), func(id string) string {
		if id == project || id == org {
			return id
		}
		return "ID"
	})
}

// The journal has the masked bodies of a request and of its response, as one line of JSON each.
func TestJournalShowsBodies(t *testing.T) {
	const (
		masked = `{"apiKey":"****************************c0de","customEndpoint":null,"id":"ID","region":"US","sendCollectionLatencyMetrics":false,` +
			`"sendDatabaseMetrics":false,"sendQueryStatsMetrics":false,"sendShardingMetrics":false,"sendUserProvidedResourceTags":false,"type":"DATADOG"}`
	)
	for _, tc := range []struct {
		name, method, path, body string
		request, response        string
	}{
		{"page", "GET", v2("?a=" + secret), "", `null`, `{"results":[` + masked + `],"totalCount":1}`},
		{"envelope", "GET", v2("/DATADOG?envelope=true&pretty=true"), "", `null`, `{"content":` + masked + `,"status":200}`},
		{"page in an envelope", "GET", v2("?envelope=true&a=" + secret), "", `null`,
			`{"results":[` + masked + `],"status":200,"totalCount":1}`},
		{"no response", "DELETE", v2("/DATADOG"), "", `null`, `null`},
		{"unknown path", "GET", "/api/atlas/v2/" + secret, "", `null`,
			`{"detail":"Cannot find resource /api/atlas/v2/(hidden). ` +
				`This fake of Atlas does not serve GET /api/atlas/v2/{name}. To respond to it, ` +
				`add a stub with this method and path: POST /_atlasint/stubs.","error":404,` +
				`"errorCode":"RESOURCE_NOT_FOUND","parameters":["/api/atlas/v2/(hidden)"],"reason":"Not Found"}`},
		{"body of an unknown path", "POST", "/api/atlas/v2/groups/" + project + "/databaseUsers", `{"password":"` + secret + `"}`, `null`,
			`{"detail":"Cannot find resource /api/atlas/v2/groups/` + project +
				`/databaseUsers. This fake of Atlas does not serve POST /api/atlas/v2/groups/{groupId}/databaseUsers` +
				`. To respond to it, add a stub with this method and path: POST /_atlasint/stubs.",` +
				`"error":404,"errorCode":"RESOURCE_NOT_FOUND","parameters":["/api/atlas/v2/groups/` + project + `/databaseUsers"],"reason":"Not Found"}`},
		{"wrong value", "PUT", v2("/DATADOG"), `{"type":"DATADOG","region":"hunter2"}`, `{"region":"(hidden)","type":"DATADOG"}`,
			`{"badRequestDetail":{"fields":[{"description":"(hidden)","field":"region"}]},` +
				`"detail":"An invalid enumeration value (hidden) was specified.","error":400,"errorCode":"INVALID_ENUM_VALUE",` +
				`"parameters":["(hidden)"],"reason":"Bad Request"}`},
		{"wrong name", "PUT", v2("/DATADOG"), `{"type":"DATADOG","` + secret + `":1}`, `{"(hidden)":"(hidden)","type":"DATADOG"}`,
			`{"badRequestDetail":{"fields":[{"description":"(hidden)","field":"(hidden)"}]},"detail":"Invalid attribute (hidden) specified.","error":400,` +
				`"errorCode":"INVALID_ATTRIBUTE","parameters":["(hidden)"],"reason":"Bad Request"}`},
		{"new project", "POST", "/api/atlas/v2/groups",
			`{"name":"Alerts","orgId":"` + org + `","tags":[{"key":"env","value":"e2e"}],"clusterCount":0,"links":null}`,
			`{"clusterCount":0,"links":null,"name":"(hidden)","orgId":"` + org + `","tags":[{"key":"env","value":"e2e"}]}`,
			`{"clusterCount":0,"created":"2026-01-02T12:00:00Z","id":"ID","name":"(hidden)","orgId":"` + org +
				`","tags":[{"key":"env","value":"e2e"}],"withDefaultAlertsSettings":true}`},
		{"rejected project", "POST", "/api/atlas/v2/groups", `{"name":7,"orgId":"` + secret + `","withDefaultAlertsSettings":true,"tags":["` + secret + `"]}`,
			`{"name":"(hidden)","orgId":"(hidden)","tags":"(hidden)","withDefaultAlertsSettings":true}`,
			`{"detail":"Received JSON for the name attribute does not match expected format.","error":400,` +
				`"errorCode":"INVALID_JSON_ATTRIBUTE","parameters":["name"],"reason":"Bad Request"}`},
		{"settings", "PATCH", "/api/atlas/v2/groups/" + project + "/settings",
			`{"isSchemaAdvisorEnabled":false,"password":"hunter2"}`,
			`{"isSchemaAdvisorEnabled":false,"password":"(hidden)"}`,
			`{"detail":"Invalid attribute password specified.","error":400,"errorCode":"INVALID_ATTRIBUTE","parameters":["password"],"reason":"Bad Request"}`},
		{"alert configuration", "POST", "/api/atlas/v2/groups/" + project + "/alertConfigs",
			`{"enabled":true,"eventTypeName":"NO_PRIMARY","notifications":[{"typeName":"SLACK","apiToken":"` + secret +
				`","channelName":"c","intervalMin":5},` +
				`{"typeName":"WEBHOOK","webhookUrl":"https://h.example/` + secret + `","webhookSecret":"` + secret + `","intervalMin":5}]}`,
			`{"enabled":true,"eventTypeName":"NO_PRIMARY",` +
				`"notifications":[{"apiToken":"****************************c0de","channelName":"c","intervalMin":5,"typeName":"SLACK"},` +
				`{"intervalMin":5,"typeName":"WEBHOOK","webhookSecret":"(hidden)","webhookUrl":"(hidden)"}]}`,
			`{"created":"2026-01-02T12:00:00Z","enabled":true,"eventTypeName":"NO_PRIMARY","groupId":"` + project + `","id":"ID","matchers":[],` +
				`"notifications":[{"apiToken":"****************************c0de","channelName":"c","delayMin":0,` +
				`"intervalMin":5,"notifierId":"ID","typeName":"SLACK"},` +
				`{"delayMin":0,"intervalMin":5,"notifierId":"ID","typeName":"WEBHOOK","webhookSecret":"(hidden)",` +
				`"webhookUrl":"(hidden)"}],"updated":"2026-01-02T12:00:00Z"}`},
		{"rejected alert configuration", "POST", "/api/atlas/v2/groups/" + project + "/alertConfigs",
			`{"eventTypeName":"` + secret + `","notifications":[{"typeName":"SLACK","apiToken":"hunter2"}],"enabled":true}`,
			`{"enabled":true,"eventTypeName":"(hidden)","notifications":"(hidden)"}`,
			`{"detail":"Event type (hidden) not supported for alerts.","error":400,` +
				`"errorCode":"INVALID_EVENT_TYPE_FOR_ALERT","parameters":["(hidden)"],"reason":"Bad Request"}`},
		{"one value", "GET", "/api/atlas/v2/groups/" + project + "/managedSlowMs", "", `null`, `true`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newServer(t)
			s.SetClock(testNoon)
			if err := s.Seed(project, datadog); err != nil {
				t.Fatal(err)
			}
			call(t, s, tc.method, tc.path, tc.body)
			requests := s.Requests()
			r := requests[len(requests)-1]
			text, err := json.Marshal(r)
			if err != nil || bytes.Contains(text, []byte(secret)) || bytes.Contains(text, []byte("hunter2")) {
				t.Errorf("the journal shows the secret: %s %v", text, err)
			}
			if diff := cmp.Diff(tc.request, plainJSON(t, r.Body)); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.response, plainJSON(t, r.Response)); diff != "" {
				t.Errorf("response (-want +got):\n%s", diff)
			}
		})
	}
}

// Only the server's own errors end with text that is not hidden: a stub or a fault may respond with any.
func TestJournalHidesTextsOfOtherResponses(t *testing.T) {
	const path = "/api/atlas/v2/groups/" + project + "/serverless"
	body := map[string]any{
		"errorCode": "RESOURCE_NOT_FOUND", "error": 404, "parameters": []any{path},
		"detail": "Cannot find resource " + path + ". This fake of Atlas does not serve " + secret,
	}
	s := newServer(t)
	if err := s.Stub(fakeatlas.Stub{Path: path, Status: 404, Body: body}); err != nil {
		t.Fatal(err)
	}
	if err := s.FailNext(fakeatlas.Fault{Status: 404, Body: body}); err != nil {
		t.Fatal(err)
	}
	if err := s.Stub(fakeatlas.Stub{Path: path + "/code", Header: map[string]string{"X-Error-Code": secret}}); err != nil {
		t.Fatal(err)
	}
	call(t, s, "GET", v2(""), "")
	call(t, s, "GET", path, "")
	call(t, s, "GET", path+"/code", "")
	for _, r := range s.Requests() {
		if text, err := json.Marshal(r); err != nil || bytes.Contains(text, []byte(secret)) {
			t.Errorf("%s %v", text, err)
		}
	}
}

// An accepted request may have any text in place of an ID that the server ignores.
func TestJournalHidesIgnoredIDs(t *testing.T) {
	s := newServer(t)
	wantStatus(t, call(t, s, "POST", "/api/atlas/v2/groups/"+project+"/alertConfigs",
		`{"enabled":true,"eventTypeName":"NO_PRIMARY","groupId":"`+secret+
			`","notifications":[{"typeName":"GROUP","emailEnabled":true,"intervalMin":5,"roles":["GROUP_OWNER"]}]}`),
		201, "")
	text, err := json.Marshal(s.Requests())
	if err != nil {
		t.Fatal(err)
	}
	wantParts(t, "the journal", string(text), `"groupId":"(hidden)"`)
	wantNoParts(t, "the journal", string(text), secret)
}
