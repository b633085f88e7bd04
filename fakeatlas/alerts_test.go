package fakeatlas

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
)

// secretKey is a key of which responses show the last four characters.
const (
	secretKey   = "0123456789abcdef0123456789ab4321"
	maskedKey   = "****************************4321"
	hookPayload = `{"type":"WEBHOOK","url":"https://hooks.example.com/secret-path","secret":"s3cret-of-hook"}`
)

// alertOf is an alert configuration with these notifications.
func alertOf(notifications ...string) string {
	return `{"enabled":true,"eventTypeName":"NO_PRIMARY","notifications":[` + strings.Join(notifications, ",") + `]}`
}

const mail = `{"typeName":"EMAIL","emailAddress":"ada@example.com"}`

func alertsPath(project string) string { return prefix2 + "groups/" + project + "/alertConfigs" }

// alert creates an alert configuration and returns its ID.
func (a *apiClient) alert(project, body string) string {
	a.t.Helper()
	got := a.do("POST", alertsPath(project), body)
	a.want(got, 201, "")
	return decodedAlert(a.t, got).ID
}

type alertResponse struct {
	ID, Created, Updated, EventTypeName string
	Enabled                             bool
	Notifications                       []map[string]any
}

func decodedAlert(t failer, got reply) (alert alertResponse) {
	t.Helper()
	if err := json.Unmarshal([]byte(got.body), &alert); err != nil {
		t.Fatal(got.body, err)
	}
	return alert
}

// onlyNotification returns the one notification of a response as JSON without its notifierId.
func onlyNotification(t *testing.T, got reply) string {
	t.Helper()
	list := decodedAlert(t, got).Notifications
	if len(list) != 1 || len(fmt.Sprint(list[0]["notifierId"])) != 24 {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	delete(list[0], "notifierId")
	data, _ := json.Marshal(list[0])
	return string(data)
}

func TestAlertResponses(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	got := a.do("POST", alertsPath(testProject),
		`{"created":"0001-01-01T00:00:00Z","enabled":true,"eventTypeName":"OUTSIDE_METRIC_THRESHOLD","groupId":"`+testProject+`","id":"`+testAlert+
			`","links":[],"matchers":[{"fieldName":"HOSTNAME","operator":"EQUALS","value":"<h>"}],`+
			`"metricThreshold":{"units":"RAW","threshold":80,"operator":"GREATER_THAN","mode":"AVERAGE","metricName":"CONNECTIONS_PERCENT"},`+
			`"notifications":[{"typeName":"GROUP","emailEnabled":true,"roles":["GROUP_OWNER"],"intervalMin":5}],"severityOverride":"WARNING"}`)
	a.want(got, 201, "")
	alert := decodedAlert(t, got)
	base := "http://atlas.example" + alertsPath(testProject)
	self := base + "/" + alert.ID
	if got.header.Get("Location") != self || alert.ID == testAlert {
		t.Errorf("Location %s of %s", got.header.Get("Location"), alert.ID)
	}
	moment := testTime.UTC().Format("2006-01-02T15:04:05Z")
	links := `{"href":"` + self + `","rel":"self"},{"href":"` + self + `/alerts","rel":"https://cloud.mongodb.com/alerts"}`
	whole := `{"created":"` + moment + `","enabled":true,"eventTypeName":"OUTSIDE_METRIC_THRESHOLD","groupId":"` +
		testProject + `","id":"` + alert.ID + `","links":[` + links +
		`],"matchers":[{"fieldName":"HOSTNAME","operator":"EQUALS","value":"<h>"}],` +
		`"metricThreshold":{"metricName":"CONNECTIONS_PERCENT","mode":"AVERAGE","operator":"GREATER_THAN","threshold":80.0,"units":"RAW"},` +
		`"notifications":[{"delayMin":0,"emailEnabled":true,"intervalMin":5,` +
		`"notifierId":"` + alert.Notifications[0]["notifierId"].(string) + `","roles":["GROUP_OWNER"],"smsEnabled":false,"typeName":"GROUP"}],` +
		`"severityOverride":"WARNING","updated":"` + moment + `"}`
	wantBody(t, got, whole)
	wantBody(t, a.do("GET", alertsPath(testProject)+"/"+alert.ID, ""), whole)
	inList := strings.Replace(whole, links, `{"href":"`+self+`","rel":"self"}`, 1)
	wantBody(t, a.do("GET", alertsPath(testProject)+"?includeCount=false&itemsPerPage=100&pageNum=0", ""),
		`{"links":[{"href":"`+base+`?includeCount=false&pageNum=1&itemsPerPage=100","rel":"self"}],"results":[`+inList+`]}`)

	a.s.Advance(90_000_000_000)
	got = a.do("PATCH", alertsPath(testProject)+"/"+alert.ID, `{"enabled":false}`)
	disabled := strings.Replace(whole, `"enabled":true,"event`, `"enabled":false,"event`, 1)
	later := testTime.UTC().Add(90_000_000_000).Format("2006-01-02T15:04:05Z")
	wantBody(t, got, strings.Replace(disabled, `"updated":"`+moment, `"updated":"`+later, 1))
	got = a.do("PUT", alertsPath(testProject)+"/"+alert.ID,
		`{"eventTypeName":"REPLICATION_OPLOG_WINDOW_RUNNING_OUT","threshold":{"operator":"LESS_THAN","threshold":1},"notifications":[`+mail+`]}`)
	a.want(got, 200, "")
	replaced := decodedAlert(t, got)
	if diff := cmp.Diff([]any{alert.ID, alert.Created, false}, []any{replaced.ID, replaced.Created, replaced.Enabled}); diff != "" {
		t.Errorf("ID, time of creation, enabled (-want +got):\n%s", diff)
	}
	if old := alert.Notifications[0]["notifierId"]; replaced.Notifications[0]["notifierId"] == old {
		t.Errorf("the new notification has the ID %v of the old one", old)
	}
	wantParts(t, "PUT", got.body, `"matchers":[],"notifications"`, `"threshold":{"operator":"LESS_THAN","threshold":1}`)
	wantNoParts(t, "PUT", got.body, "metricThreshold", "severityOverride")
	second := a.alert(testProject, alertOf(mail))
	list := a.do("GET", alertsPath(testProject), "").body
	if strings.Index(list, `"id":"`+alert.ID) > strings.Index(list, `"id":"`+second) || !strings.Contains(list, `"totalCount":2`) {
		t.Error(list)
	}
	a.want(a.do("DELETE", alertsPath(testProject)+"/"+alert.ID, ""), 204, "")
	for _, method := range []string{"GET", "DELETE"} {
		a.want(a.do(method, alertsPath(testProject)+"/"+alert.ID, ""), 404, "ALERT_CONFIG_NOT_FOUND")
	}
	wantBody(t, a.do("GET", prefix2+"alertConfigs/matchers/fieldNames", ""),
		`["ATLAS_NODE_TYPE","CLUSTER_NAME","HOSTNAME","PORT","HOSTNAME_AND_PORT","APPLICATION_ID","REPLICA_SET_NAME","TYPE_NAME","SHARD_NAME"]`)
}

// shownNotifications are notifications as requests send them, and as responses show them.
var shownNotifications = []struct{ sent, shown string }{
	{
		sent:  `{"typeName":"PAGER_DUTY","serviceKey":"` + secretKey + `","intervalMin":7}`,
		shown: `{"delayMin":0,"region":"US","serviceKey":"` + maskedKey + `","typeName":"PAGER_DUTY"}`,
	},
	{
		sent:  `{"typeName":"DATADOG","datadogApiKey":"` + secretKey + `","datadogRegion":"US5","intervalMin":7,"delayMin":3}`,
		shown: `{"datadogApiKey":"` + maskedKey + `","datadogRegion":"US5","delayMin":3,"intervalMin":7,"typeName":"DATADOG"}`,
	},
	{
		sent:  `{"typeName":"OPS_GENIE","opsGenieApiKey":"` + secretKey + `","opsGenieRegion":"","intervalMin":1}`,
		shown: `{"delayMin":0,"opsGenieApiKey":"` + maskedKey + `","opsGenieRegion":"US","typeName":"OPS_GENIE"}`,
	},
	{
		sent:  `{"typeName":"VICTOR_OPS","victorOpsApiKey":"` + secretKey + `","victorOpsRoutingKey":"plain"}`,
		shown: `{"delayMin":0,"typeName":"VICTOR_OPS","victorOpsApiKey":"` + maskedKey + `","victorOpsRoutingKey":"plain"}`,
	},
	{
		sent:  `{"typeName":"SLACK","apiToken":"` + secretKey + `","channelName":"c"}`,
		shown: `{"apiToken":"` + maskedKey + `","channelName":"c","delayMin":0,"typeName":"SLACK"}`,
	},
	{
		sent:  `{"typeName":"WEBHOOK","webhookUrl":"https://h.example:8/` + secretKey + `","webhookSecret":"s3cret","webhookBodyTemplate":"t-123456"}`,
		shown: `{"delayMin":0,"typeName":"WEBHOOK","webhookBodyTemplate":"****3456","webhookSecret":"******","webhookUrl":"https://h.example:8/****"}`,
	},
	{
		sent:  `{"typeName":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"https://u:p@h.example/` + secretKey + `"}`,
		shown: `{"delayMin":0,"microsoftTeamsWebhookUrl":"https://h.example/****","typeName":"MICROSOFT_TEAMS"}`,
	},
	{
		sent:  `{"typeName":"HIP_CHAT","notificationToken":"` + secretKey + `","roomName":"r"}`,
		shown: `{"delayMin":0,"notificationToken":"` + maskedKey + `","roomName":"r","typeName":"HIP_CHAT"}`,
	},
	{
		sent:  `{"typeName":"GROUP","emailEnabled":true,"roles":null,"serviceKey":"` + secretKey + `"}`,
		shown: `{"delayMin":0,"emailEnabled":true,"smsEnabled":false,"typeName":"GROUP"}`,
	},
	{
		sent:  `{"typeName":"ORG","smsEnabled":true,"roles":[]}`,
		shown: `{"delayMin":0,"emailEnabled":false,"smsEnabled":true,"typeName":"ORG"}`,
	},
	{
		sent:  `{"typeName":"TEAM","teamId":"` + testTeam + `","teamName":"T"}`,
		shown: `{"delayMin":0,"emailEnabled":false,"smsEnabled":false,"teamId":"` + testTeam + `","teamName":"T","typeName":"TEAM"}`,
	},
	{
		sent:  `{"typeName":"USER","username":"ada@example.com","emailEnabled":true}`,
		shown: `{"delayMin":0,"emailEnabled":true,"smsEnabled":false,"typeName":"USER","username":"ada@example.com"}`,
	},
	{sent: mail, shown: `{"delayMin":0,"emailAddress":"ada@example.com","typeName":"EMAIL"}`},
	{
		sent:  `{"typeName":"SMS","mobileNumber":"1","emailEnabled":false,"smsEnabled":false,"roles":null,"intervalMin":0,"integrationId":"","notifierId":""}`,
		shown: `{"delayMin":0,"mobileNumber":"1","typeName":"SMS"}`,
	},
}

// Responses and the data of stores that outlast the process have the masks of secrets. Every response conforms to the
// document, and a mask that is sent back leaves the secret unchanged.
func TestNotificationsAreMasked(t *testing.T) {
	o := newOracle(t)
	for name, s := range eachStore(t) {
		t.Run(name, func(t *testing.T) {
			c := companionClient{newAPIClient(t, schemas.V2, WithStore(s)), o}
			for _, n := range shownNotifications {
				created := c.do("POST", "groups/"+testProject+"/alertConfigs", alertOf(n.sent))
				if got := onlyNotification(t, created); got != n.shown {
					t.Errorf("%s is shown as %s, want %s", n.sent, got, n.shown)
				}
				path := "groups/" + testProject + "/alertConfigs/" + decodedAlert(t, created).ID
				before := storedAlert(t, s, decodedAlert(t, created).ID)
				got := c.do("PUT", path, c.do("GET", path, "").body) // as a client that reads, changes and writes
				c.want(got, 200, "")
				if after := storedAlert(t, s, decodedAlert(t, created).ID); after != before {
					t.Errorf("%s is stored as %s, and after an update as %s", n.sent, before, after)
				}
				hasSecret := strings.Contains(before, "0123456789") || strings.Contains(before, "s3cret")
				if keepsSecret := name == "memory" && strings.Contains(n.shown, "**"); hasSecret != keepsSecret {
					t.Errorf("%s is stored as %s", n.sent, before)
				}
			}
		})
	}
}

func storedAlert(t *testing.T, s store.Store, id string) string {
	t.Helper()
	list, err := s.Alerts(t.Context(), testProject)
	if err != nil {
		t.Fatal(err)
	}
	for _, alert := range list {
		if alert.ID == id {
			data, _ := json.Marshal(alert.Fields)
			return string(data)
		}
	}
	t.Fatal(id)
	return ""
}

func TestRejectedAlerts(t *testing.T) {
	a := newAPIClient(t, schemas.V2).has("PAGER_DUTY")
	in, _ := a.s.Integration(testProject, "PAGER_DUTY")
	id := a.alert(testProject, alertOf(mail))
	many := strings.Repeat(mail+",", 25) + mail
	group := `{"typeName":"GROUP","emailEnabled":true}`
	for _, tc := range []struct{ body, code string }{
		{body: ``, code: "MALFORMED_JSON"},
		{body: `[]`, code: "INVALID_JSON"},
		{body: `null`, code: "INVALID_JSON"},
		{body: `{"enabled":true}`, code: "MISSING_ATTRIBUTE"},
		{body: `{"eventTypeName":"NO_PRIMARY"}`, code: "MISSING_NOTIFICATIONS"},
		{body: alertOf(), code: "MISSING_NOTIFICATIONS"},
		{body: alertOf(many), code: "MAX_NOTIFICATIONS_PER_ALERT_EXCEEDED"},
		{body: `{"eventTypeName":"no_primary","notifications":[` + mail + `]}`, code: "INVALID_EVENT_TYPE_FOR_ALERT"},
		{body: `{"eventTypeName":1,"notifications":[]}`, code: "INVALID_JSON_ATTRIBUTE"},
		{body: `{"eventTypeName":"NO_PRIMARY","more":1}`, code: "INVALID_ATTRIBUTE"},
		{body: alertOf(`{"typeName":"EMAIL","more":1}`), code: "INVALID_ATTRIBUTE"},
		{body: alertOf(`{"TypeName":"EMAIL","emailAddress":"a"}`), code: "INVALID_ATTRIBUTE"},
		{body: alertOf(`{}`), code: "MISSING_ATTRIBUTE"},
		{body: alertOf(`null`), code: "MISSING_ATTRIBUTE"},
		{body: alertOf(`{"typeName":"NEW_RELIC"}`), code: "UNSUPPORTED_NOTIFICATION_TYPE"},
		{body: alertOf(`{"typeName":"EMAIL"}`), code: "MISSING_ATTRIBUTE"},
		{body: alertOf(`{"typeName":"PAGER_DUTY"}`), code: "MISSING_ATTRIBUTE"},
		{body: alertOf(`{"typeName":"PAGER_DUTY","serviceKey":""}`), code: "MISSING_ATTRIBUTE"},
		{
			body: alertOf(`{"typeName":"EMAIL","emailAddress":"a","intervalMin":4}`),
			code: "NOTIFICATION_INTERVAL_OUT_OF_RANGE",
		},
		{
			body: alertOf(`{"typeName":"EMAIL","emailAddress":"a","intervalMin":-1}`),
			code: "NOTIFICATION_INTERVAL_OUT_OF_RANGE",
		},
		{body: alertOf(`{"typeName":"EMAIL","emailAddress":"a","delayMin":-1}`), code: "INVALID_ATTRIBUTE"},
		{body: alertOf(`{"typeName":"EMAIL","emailAddress":"a","delayMin":0.5}`), code: "INVALID_JSON_ATTRIBUTE"},
		{body: alertOf(`{"typeName":"GROUP"}`), code: "EMAIL_OR_SMS_REQUIRED_FOR_GROUP_NOTIFICATION"},
		{body: alertOf(`{"typeName":"USER","username":"a"}`), code: "EMAIL_OR_SMS_REQUIRED_FOR_USER_NOTIFICATION"},
		{
			body: alertOf(`{"typeName":"GROUP","emailEnabled":true,"roles":[]}`),
			code: "MISSING_ROLES_FOR_GROUP_NOTIFICATION",
		},
		{body: alertOf(`{"typeName":"GROUP","emailEnabled":true,"roles":[""]}`), code: "INVALID_ATTRIBUTE"},
		{body: alertOf(group, group), code: "TOO_MANY_GROUP_NOTIFICATIONS"},
		{body: alertOf(`{"typeName":"PAGER_DUTY","integrationId":"x"}`), code: "INVALID_ATTRIBUTE"},
		{body: alertOf(`{"typeName":"PAGER_DUTY","integrationId":"` + testTeam + `"}`), code: "INVALID_ATTRIBUTE"},
		{body: alertOf(`{"typeName":"SLACK","integrationId":"` + in.ID + `"}`), code: "INVALID_ATTRIBUTE"},
		{
			body: alertOf(`{"typeName":"GROUP","emailEnabled":true,"integrationId":"` + in.ID + `"}`),
			code: "INVALID_ATTRIBUTE",
		},
		{body: alertOf(`{"typeName":"EMAIL","emailAddress":"a","notifierId":"x"}`), code: "INVALID_ATTRIBUTE"},
		{
			body: alertOf(`{"typeName":"EMAIL","emailAddress":"a","notifierId":"` + testTeam + `"},{"typeName":"SMS","mobileNumber":"1","notifierId":"` + testTeam + `"}`),
			code: "INVALID_ATTRIBUTE",
		},
		{body: alertOf(`{"typeName":"WEBHOOK"}`), code: "WEBHOOK_URL_NOT_SET"},
		{body: alertOf(`{"typeName":"WEBHOOK","webhookUrl":"ftp://h"}`), code: "INVALID_URL"},
		{body: alertOf(`{"typeName":"PAGER_DUTY","serviceKey":"` + maskedKey + `"}`), code: "INVALID_ATTRIBUTE"},
		{body: alertOf(`{"typeName":"WEBHOOK","webhookUrl":"https://h/****"}`), code: "INVALID_ATTRIBUTE"},
		{body: alertOf(`{"typeName":"DATADOG","datadogApiKey":"` + secretKey[1:] + `"}`), code: "INVALID_DATADOG_API_KEY"},
		{body: alertOf(`{"typeName":"DATADOG","datadogApiKey":"` + secretKey + ` "}`), code: "INVALID_DATADOG_API_KEY"},
		{body: alertOf(`{"typeName":"DATADOG","integrationId":"` + in.ID + `","datadogApiKey":"g"}`), code: "INVALID_DATADOG_API_KEY"},
		{body: alertOf(`{"typeName":"PAGER_DUTY","serviceKey":"` + secretKey + `0"}`), code: "INVALID_PAGER_DUTY_SERVICE_KEY"},
		{body: alertOf(`{"typeName":"PAGER_DUTY","serviceKey":"g` + secretKey[1:] + `"}`), code: "INVALID_PAGER_DUTY_SERVICE_KEY"},
		{body: alertOf(`{"typeName":"ORG","emailEnabled":true,"roles":["ORG_OWNER","GROUP_OWNER"]}`), code: "INVALID_ENUM_VALUE"},
		{
			body: `{"eventTypeName":"NO_PRIMARY","matchers":[{"fieldName":"port","operator":"EQUALS"}],"notifications":[` + mail + `]}`,
			code: "INVALID_ENUM_VALUE",
		},
		{body: alertOf(`{"typeName":"DATADOG","datadogApiKey":"k","datadogRegion":"MARS"}`), code: "INVALID_ENUM_VALUE"},
		{
			body: `{"eventTypeName":"NO_PRIMARY","severityOverride":"HIGH","notifications":[` + mail + `]}`,
			code: "INVALID_ENUM_VALUE",
		},
		{
			body: `{"eventTypeName":"NO_PRIMARY","matchers":[{"fieldName":"PORT","operator":"LIKE"}],"notifications":[` + mail + `]}`,
			code: "INVALID_ENUM_VALUE",
		},
		{
			body: `{"eventTypeName":"NO_PRIMARY","matchers":[{"operator":"EQUALS"}],"notifications":[` + mail + `]}`,
			code: "MISSING_ATTRIBUTE",
		},
		{
			body: `{"eventTypeName":"NO_PRIMARY","matchers":[{"fieldName":"PORT"}],"notifications":[` + mail + `]}`,
			code: "MISSING_ATTRIBUTE",
		},
		{
			body: `{"eventTypeName":"NO_PRIMARY","metricThreshold":{"threshold":1},"notifications":[` + mail + `]}`,
			code: "MISSING_ATTRIBUTE",
		},
		{
			body: `{"eventTypeName":"NO_PRIMARY","threshold":{"operator":"IS"},"notifications":[` + mail + `]}`,
			code: "INVALID_ENUM_VALUE",
		},
	} {
		for method, path := range map[string]string{"POST": alertsPath(testProject), "PUT": alertsPath(testProject) + "/" + id} {
			got := a.do(method, path, tc.body)
			wantNoParts(t, tc.body, got.body, secretKey)
			if got.status != 400 || got.header.Get("X-Error-Code") != tc.code {
				t.Errorf("%s %s: %d %s, want 400 %s", method, tc.body, got.status, got.body, tc.code)
			}
		}
	}
	const nested = "Received JSON for the notifications.intervalMin attribute does not match expected format."
	if got := a.do("POST", alertsPath(testProject), alertOf(`{"typeName":"EMAIL","intervalMin":"x"}`)); !strings.Contains(got.body, nested) {
		t.Errorf("the name of a nested attribute is hidden: %s", got.body)
	}
	for _, body := range []string{`{}`, `{"enabled":null}`, `{"enabled":"x"}`, `{"enabled":true,"more":1}`, `[]`} {
		if got := a.do("PATCH", alertsPath(testProject)+"/"+id, body, "Content-Type: application/json"); got.status != 400 {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		body := map[string]string{"PUT": alertOf(mail), "PATCH": `{"enabled":true}`}[method]
		a.want(a.do(method, alertsPath(testProject)+"/x", body, "Content-Type: application/json"), 404, "INVALID_ALERT_CONFIG_ID")
		a.want(a.do(method, alertsPath(testProject)+"/"+testTeam, body, "Content-Type: application/json"), 404, "ALERT_CONFIG_NOT_FOUND")
	}
	if got := a.do("GET", alertsPath(testProject), ""); !strings.Contains(got.body, `"totalCount":1`) {
		t.Errorf("a rejected request has created an alert configuration: %s", got.body)
	}
}

// Names that are not known are not checked, and neither are keys of the wrong form in fields of other types.
func TestAcceptedAlerts(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	for _, body := range []string{
		alertOf(`{"typeName":"DATADOG","datadogApiKey":"` + strings.ToUpper(secretKey) + `"}`),
		alertOf(`{"typeName":"PAGER_DUTY","serviceKey":"` + secretKey + `","datadogApiKey":"g"}`),
		alertOf(`{"typeName":"ORG","emailEnabled":true,"roles":["ORG_OWNER","ORG_MEMBER","ORG_GROUP_CREATOR","ORG_BILLING_ADMIN",` +
			`"ORG_BILLING_READ_ONLY","ORG_READ_ONLY"]}`),
		alertOf(`{"typeName":"GROUP","emailEnabled":true,"roles":["GROUP_OBSERVABILITY_VIEWER"]}`),
		`{"eventTypeName":"STREAM_PROCESSOR_STATE_IS_FAILED","matchers":[{"fieldName":"INSTANCE_NAME","operator":"EQUALS","value":"a"}],` +
			`"notifications":[` + mail + `]}`,
	} {
		a.want(a.do("POST", alertsPath(testProject), body), 201, "")
	}
	var names []string
	if err := json.Unmarshal([]byte(a.do("GET", "/api/atlas/v2/alertConfigs/matchers/fieldNames", "").body), &names); err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		a.want(a.do("POST", alertsPath(testProject),
			`{"eventTypeName":"NO_PRIMARY","matchers":[{"fieldName":"`+name+`","operator":"EQUALS","value":"a"}],"notifications":[`+mail+`]}`), 201, "")
	}
}

// A project has at most the maximum number of alert configurations.
func TestAlertsAreBounded(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	fields := map[string]any{}
	if err := json.Unmarshal([]byte(alertOf(mail)), &fields); err != nil {
		t.Fatal(err)
	}
	list := make([]store.Alert, 500)
	for i := range list {
		list[i].Fields = fields
	}
	if err := a.s.Restore(store.State{testProject: {Alerts: list[1:]}}); err != nil {
		t.Fatal(err)
	}
	a.alert(testProject, alertOf(mail))
	a.want(a.do("POST", alertsPath(testProject), alertOf(mail)), 400, "MAX_ALERT_CONFIGS_PER_GROUP_EXCEEDED")
	if err := a.s.Restore(store.State{testProject: {Alerts: append(list, list[0])}}); err == nil {
		t.Error("a snapshot has more")
	}
}
