package fakeatlas

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
)

// projectModel is the model of the projects of a server. Every well-formed ID is a project until it is deleted.
type projectModel struct {
	a       *apiClient
	names   map[string]string            // of projects with a record
	types   map[string]map[string]bool   // integrations by project
	alerts  map[string]map[string]string // what they use by project and ID: WEBHOOK, or nothing
	deleted map[string]bool
	ids     []string
}

var modelTypes = []string{"OPS_GENIE", "VICTOR_OPS", "WEBHOOK"}

// modelPayload is a payload of a type.
func modelPayload(typ string) string {
	if typ == "WEBHOOK" {
		return `{"type":"WEBHOOK","url":"https://h.example/x"}`
	}
	return `{"type":"` + typ + `","apiKey":"k-123456"}`
}

func (m *projectModel) id(t *rapid.T) string { return rapid.SampledFrom(m.ids).Draw(t, "project") }

func drawName(t *rapid.T) string {
	return rapid.SampledFrom([]string{"a", "b", "A name (1)"}).Draw(t, "name")
}

// owner returns the project that has a name.
func (m *projectModel) owner(name string) string {
	for id, n := range m.names {
		if n == name {
			return id
		}
	}
	return ""
}

func (m *projectModel) create(t *rapid.T) {
	name := drawName(t)
	got := m.a.do("POST", prefix2+"groups", `{"name":"`+name+`","orgId":"5f0000000000000000000001","withDefaultAlertsSettings":false}`)
	if m.owner(name) != "" {
		m.a.want(got, 409, "GROUP_ALREADY_EXISTS")
		return
	}
	m.a.want(got, 201, "")
	var project struct{ ID string }
	if err := json.Unmarshal([]byte(got.body), &project); err != nil {
		t.Fatal(err)
	}
	m.ids = append(m.ids, project.ID)
	m.names[project.ID] = name
}

func (m *projectModel) rename(t *rapid.T) {
	id, name := m.id(t), drawName(t)
	got := m.a.do("PATCH", prefix2+"groups/"+id, `{"name":"`+name+`"}`)
	switch owner := m.owner(name); {
	case m.deleted[id]:
		m.a.want(got, 404, "GROUP_NOT_FOUND")
	case owner != "" && owner != id:
		m.a.want(got, 409, "GROUP_ALREADY_EXISTS")
	default:
		m.a.want(got, 200, "")
		m.names[id] = name
	}
}

func (m *projectModel) remove(t *rapid.T) {
	id := m.id(t)
	got := m.a.do("DELETE", prefix2+"groups/"+id, "")
	if m.deleted[id] {
		m.a.want(got, 404, "GROUP_NOT_FOUND")
		return
	}
	m.a.want(got, 202, "")
	m.deleted[id] = true
	delete(m.names, id)
	delete(m.types, id)
	delete(m.alerts, id)
}

// usesWebhook reports whether an alert configuration of a project keeps its webhook.
func (m *projectModel) usesWebhook(id string) bool {
	return slices.Contains(slices.Collect(maps.Values(m.alerts[id])), "WEBHOOK")
}

// alert creates an alert configuration, or changes or deletes one.
func (m *projectModel) alert(t *rapid.T) {
	id := m.id(t)
	known := append(slices.Sorted(maps.Keys(m.alerts[id])), testAlert)
	alert := rapid.SampledFrom(known).Draw(t, "alert configuration")
	uses := rapid.SampledFrom([]string{"", "WEBHOOK"}).Draw(t, "uses")
	method := rapid.SampledFrom([]string{"POST", "PUT", "PATCH", "DELETE"}).Draw(t, "method")
	body := map[string]string{"PATCH": `{"enabled":false}`, "DELETE": ""}
	body["POST"] = alertOf(map[string]string{"": mail, "WEBHOOK": inherits}[uses])
	body["PUT"] = body["POST"]
	path := alertsPath(id)
	if method != "POST" {
		path += "/" + alert
	}
	got := m.a.do(method, path, body[method], "Content-Type: application/json")
	switch writes := method == "POST" || method == "PUT"; {
	case m.deleted[id]:
		m.a.want(got, 404, "GROUP_NOT_FOUND")
	case method != "POST" && alert == testAlert:
		m.a.want(got, 404, "ALERT_CONFIG_NOT_FOUND")
	case writes && uses != "" && !m.types[id][uses]:
		m.a.want(got, 400, "WEBHOOK_URL_NOT_SET")
	case method == "DELETE":
		m.a.want(got, 204, "")
		delete(m.alerts[id], alert)
	case method == "PATCH":
		m.a.want(got, 200, "")
	default:
		m.a.want(got, map[string]int{"POST": 201, "PUT": 200}[method], "")
		if m.alerts[id] == nil {
			m.alerts[id] = map[string]string{}
		}
		m.alerts[id][decodedAlert(t, got).ID] = uses
	}
}

func (m *projectModel) integrate(t *rapid.T) {
	id, typ := m.id(t), rapid.SampledFrom(modelTypes).Draw(t, "type")
	a := m.a.in(id).withVersion(rapid.SampledFrom(apiVersions).Draw(t, "version"))
	if rapid.Bool().Draw(t, "put") {
		got := a.do("PUT", "/"+typ, modelPayload(typ))
		if m.deleted[id] {
			a.want(got, 404, "GROUP_NOT_FOUND")
			return
		}
		a.want(got, 200, "")
		if m.types[id] == nil {
			m.types[id] = map[string]bool{}
		}
		m.types[id][typ] = true
		return
	}
	got := a.do("DELETE", "/"+typ, "")
	switch {
	case m.deleted[id]:
		a.want(got, 404, "GROUP_NOT_FOUND")
	case !m.types[id][typ]:
		a.want(got, 404, "INTEGRATION_NOT_CONFIGURED")
	case typ == "WEBHOOK" && m.usesWebhook(id):
		a.want(got, 400, "WEBHOOK_NOTIFICATIONS_PRESENT")
	default:
		a.want(got, 204, "")
		delete(m.types[id], typ)
	}
}

// same compares the lists of the server with the model.
func (m *projectModel) same(t *rapid.T) {
	var shown struct{ Results []struct{ ID, Name string } }
	if err := json.Unmarshal([]byte(m.a.do("GET", prefix2+"groups?itemsPerPage=500", "").body), &shown); err != nil {
		t.Fatal(err)
	}
	got, want := map[string]string{}, maps.Clone(m.names)
	for _, project := range shown.Results {
		got[project.ID] = project.Name
	}
	for _, id := range m.ids {
		if _, recorded := want[id]; !recorded && len(m.types[id])+len(m.alerts[id]) > 0 {
			want[id] = "Project " + id
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(shown.Results) != len(want) {
		t.Errorf("projects (-want +got):\n%s", diff)
	}
	for _, id := range m.ids {
		types := []string{}
		for _, in := range m.a.s.Integrations(id) {
			types = append(types, in.Type)
		}
		slices.Sort(types)
		wanted := []string{}
		for typ, stored := range m.types[id] {
			if stored {
				wanted = append(wanted, typ)
			}
		}
		slices.Sort(wanted)
		if diff := cmp.Diff(wanted, types); diff != "" {
			t.Errorf("integrations of %s (-want +got):\n%s", id, diff)
		}
		m.sameAlerts(t, id)
	}
}

// sameAlerts compares the alert configurations of a project with the model.
func (m *projectModel) sameAlerts(t *rapid.T, id string) {
	var shown struct {
		TotalCount int
		Results    []alertResponse
	}
	got := m.a.do("GET", alertsPath(id)+"?itemsPerPage=500", "")
	if m.deleted[id] {
		m.a.want(got, 404, "GROUP_NOT_FOUND")
		return
	}
	if err := json.Unmarshal([]byte(got.body), &shown); err != nil {
		t.Fatal(err)
	}
	uses, ids := map[string]string{}, []string{}
	for _, alert := range shown.Results {
		typ := ""
		if alert.Notifications[0]["typeName"] == "WEBHOOK" {
			typ = "WEBHOOK"
		}
		uses[alert.ID] = typ
		ids = append(ids, alert.ID)
	}
	wanted := map[string]string{}
	maps.Copy(wanted, m.alerts[id])
	if diff := cmp.Diff(wanted, uses); diff != "" || shown.TotalCount != len(wanted) || !slices.IsSorted(ids) {
		t.Errorf("alert configurations of %s (-want +got):\n%s\n%v of %d", id, diff, ids, shown.TotalCount)
	}
}

// With each store, random requests for projects, their integrations and their alert configurations have the responses
// of the model.
func TestProjectsAgainstAModel(t *testing.T) {
	for name, s := range eachStore(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				if err := s.Restore(context.Background(), store.State{}); err != nil {
					t.Fatal(err)
				}
				m := &projectModel{
					a: newAPIClient(t, schemas.V2, WithStore(s), WithJournal(0)), names: map[string]string{},
					types: map[string]map[string]bool{}, deleted: map[string]bool{},
					alerts: map[string]map[string]string{},
					ids:    []string{testProject, fmt.Sprintf("%024x", 1), fmt.Sprintf("%024x", 2)},
				}
				actions := map[string]func(*rapid.T){
					"create": m.create, "rename": m.rename, "remove": m.remove, "integrate": m.integrate,
					"alert": m.alert, "alert again": m.alert,
				}
				if name == "memory" { // the others take longer
					actions[""] = m.same
				}
				t.Repeat(actions)
				m.same(t)
			})
		})
	}
}

// Of 64 clients with random requests for the same webhook and its alert configurations, each finds a state in which
// every alert configuration that uses the webhook has it.
func TestManyClientsOfAWebhook(t *testing.T) {
	for name, s := range eachStore(t) {
		t.Run(name, func(t *testing.T) {
			a := newAPIClient(t, schemas.V2, WithStore(s), WithJournal(0))
			a.want(a.do("PUT", "/WEBHOOK", modelPayload("WEBHOOK")), 200, "")
			var wg sync.WaitGroup
			for n := range loadClients {
				random := rand.New(rand.NewPCG(uint64(n), 1))
				wg.Go(func() {
					own := ""
					for range 3 {
						own = a.webhookStep(t, random, own)
					}
				})
			}
			wg.Wait()
			_, isThere := a.s.Integration(testProject, "WEBHOOK")
			list, err := s.Alerts(t.Context(), testProject)
			if err != nil || !isThere && slices.ContainsFunc(list, func(alert store.Alert) bool { return alert.Requires("WEBHOOK") }) {
				t.Errorf("%v use a webhook that is deleted, %v", list, err)
			}
		})
	}
}

// webhookStep sends a random request, and returns the alert configuration of the client afterwards.
func (a *apiClient) webhookStep(t *testing.T, random *rand.Rand, own string) string {
	var got reply
	switch kind := random.IntN(6); {
	case kind == 0:
		got = a.do("PUT", "/WEBHOOK", modelPayload("WEBHOOK"))
	case kind == 1:
		got = a.do("DELETE", "/WEBHOOK", "")
	case own == "":
		got = a.do("POST", alertsPath(testProject), alertOf(inherits))
		if got.status == 201 {
			own = decodedAlert(t, got).ID
			a.checkWebhook(t, own)
		}
	case kind == 2:
		got = a.do("PUT", alertsPath(testProject)+"/"+own, alertOf(mail))
	case kind == 3:
		got = a.do("PUT", alertsPath(testProject)+"/"+own, alertOf(inherits))
		if got.status == 200 {
			a.checkWebhook(t, own)
		}
	default:
		got = a.do("DELETE", alertsPath(testProject)+"/"+own, "")
		a.wantIn(t, got, 204)
		return ""
	}
	a.wantIn(t, got, 200, 201, 204, 400, 404)
	return own
}

// wantIn fails unless a response has one of the statuses.
func (a *apiClient) wantIn(t *testing.T, got reply, statuses ...int) {
	if !slices.Contains(statuses, got.status) {
		t.Errorf("%d %s, want one of %v", got.status, got.body, statuses)
	}
}

// checkWebhook checks that the webhook exists while an alert configuration of the client uses it.
func (a *apiClient) checkWebhook(t *testing.T, own string) {
	if got := a.do("GET", "/WEBHOOK", ""); got.status != 200 {
		t.Errorf("%s uses a webhook that does not exist: %s", own, got.body)
	}
	if got := a.do("DELETE", "/WEBHOOK", ""); got.status != 400 {
		t.Errorf("%s uses a webhook, and it is deleted: %d %s", own, got.status, got.body)
	}
}
