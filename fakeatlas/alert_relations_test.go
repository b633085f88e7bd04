package fakeatlas

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
)

const inherits = `{"typeName":"WEBHOOK"}`

// A webhook that an alert configuration uses can't be deleted, on either API version and in Go. Any other integration
// can.
func TestUsedWebhooksStay(t *testing.T) {
	for name, s := range eachStore(t) {
		t.Run(name, func(t *testing.T) {
			a := newAPIClient(t, schemas.V2, WithStore(s)).has("OPS_GENIE")
			a.want(a.do("POST", "/WEBHOOK", hookPayload), 200, "")
			hook, _ := a.s.Integration(testProject, "WEBHOOK")
			genie, _ := a.s.Integration(testProject, "OPS_GENIE")
			stale := a.alert(testProject, alertOf(`{"typeName":"OPS_GENIE","integrationId":"`+genie.ID+`"}`))
			for _, n := range []string{inherits, `{"typeName":"WEBHOOK","integrationId":"` + hook.ID + `"}`} {
				id := a.alert(testProject, alertOf(mail, n))
				for _, apiVersion := range apiVersions {
					a.want(a.withVersion(apiVersion).do("DELETE", "/WEBHOOK", ""), 400, "WEBHOOK_NOTIFICATIONS_PRESENT")
				}
				if err := a.s.DeleteIntegration(testProject, "WEBHOOK"); !errors.Is(err, store.ErrInUse) {
					t.Errorf("DeleteIntegration: %v", err)
				}
				a.want(a.do("PUT", "/WEBHOOK", hookPayload), 200, "")
				a.want(a.do("PATCH", alertsPath(testProject)+"/"+id, `{"enabled":false}`, "Content-Type: application/json"), 200, "")
				a.want(a.do("DELETE", "/WEBHOOK", ""), 400, "WEBHOOK_NOTIFICATIONS_PRESENT")
				a.want(a.do("DELETE", alertsPath(testProject)+"/"+id, ""), 204, "")
			}
			own := a.alert(testProject, alertOf(`{"typeName":"WEBHOOK","webhookUrl":"https://h.example/x"}`))
			a.want(a.withVersion(schemas.V1).do("DELETE", "/WEBHOOK", ""), 204, "")
			a.want(a.do("PUT", alertsPath(testProject)+"/"+own, alertOf(inherits)), 400, "WEBHOOK_URL_NOT_SET")
			a.want(a.do("DELETE", "/OPS_GENIE", ""), 204, "")
			got := a.do("GET", alertsPath(testProject)+"/"+stale, "")
			if onlyNotification(t, got) != `{"delayMin":0,"integrationId":"`+genie.ID+`","typeName":"OPS_GENIE"}` {
				t.Error(got.body)
			}
			a.want(a.do("PATCH", alertsPath(testProject)+"/"+stale, `{"enabled":false}`, "Content-Type: application/json"), 200, "")
			a.want(a.do("PUT", alertsPath(testProject)+"/"+stale, alertOf(`{"typeName":"OPS_GENIE","integrationId":"`+genie.ID+`"}`)), 400, "INVALID_ATTRIBUTE")
		})
	}
}

// A notification to a webhook without a URL or a secret shows those of the integration, masked.
func TestInheritedWebhook(t *testing.T) {
	for name, s := range eachStore(t) {
		t.Run(name, func(t *testing.T) {
			a := newAPIClient(t, schemas.V2, WithStore(s))
			a.want(a.do("POST", "/WEBHOOK", hookPayload), 200, "")
			created := a.do("POST", alertsPath(testProject), alertOf(inherits))
			const want = `{"delayMin":0,"typeName":"WEBHOOK","webhookSecret":"**************","webhookUrl":"https://hooks.example.com/****"}`
			if got := onlyNotification(t, created); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			list := a.do("GET", alertsPath(testProject), "")
			if !strings.Contains(list.body, `"webhookUrl":"https://hooks.example.com/****"`) || strings.Contains(list.body, "secret-path") {
				t.Error(list.body)
			}
			path := alertsPath(testProject) + "/" + decodedAlert(t, created).ID
			before := storedAlert(t, s, decodedAlert(t, created).ID)
			a.want(a.do("PUT", path, created.body), 200, "") // the masks of the integration are not values of its own
			if after := storedAlert(t, s, decodedAlert(t, created).ID); after != before || strings.Contains(after, "webhookUrl") {
				t.Errorf("stored as %s, and after an update as %s", before, after)
			}
			a.want(a.do("PUT", "/WEBHOOK", `{"type":"WEBHOOK","url":"https://other.example/x"}`), 200, "")
			if got := onlyNotification(t, a.do("GET", path, "")); !strings.Contains(got, "https://other.example/****") {
				t.Error(got)
			}
		})
	}
}

// With its notifierId, a notification needs no credentials in an update, and only those of its own type.
func TestNotifierKeepsCredentials(t *testing.T) {
	for name, s := range eachStore(t) {
		t.Run(name, func(t *testing.T) {
			a := newAPIClient(t, schemas.V2, WithStore(s))
			created := a.do("POST", alertsPath(testProject), alertOf(`{"typeName":"PAGER_DUTY","serviceKey":"`+secretKey+`","region":"EU"}`))
			notifier := decodedAlert(t, created).Notifications[0]["notifierId"].(string)
			path := alertsPath(testProject) + "/" + decodedAlert(t, created).ID
			a.want(a.do("PUT", path, alertOf(`{"typeName":"OPS_GENIE","notifierId":"`+notifier+`"}`)), 400, "MISSING_ATTRIBUTE")
			a.want(a.do("PUT", path, alertOf(`{"typeName":"PAGER_DUTY","notifierId":"`+testTeam+`"}`)), 400, "MISSING_ATTRIBUTE")
			kept := a.do("PUT", path, alertOf(`{"typeName":"PAGER_DUTY","notifierId":"`+notifier+`","delayMin":9}`))
			got := decodedAlert(t, kept).Notifications[0]
			for name, want := range map[string]any{"notifierId": notifier, "serviceKey": maskedKey, "delayMin": 9.0, "region": "US"} {
				if got[name] != want {
					t.Errorf("%s is %v, want %v", name, got[name], want)
				}
			}
			a.want(a.do("PUT", path, alertOf(`{"typeName":"PAGER_DUTY","serviceKey":"`+strings.Repeat("*", 28)+`9999"}`)), 400, "INVALID_ATTRIBUTE")
		})
	}
}

// A created project has the default alert configurations, unless the client turns them off.
func TestDefaultAlerts(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	id := a.create("With")
	got := a.do("GET", alertsPath(id), "")
	var page struct{ Results []map[string]any }
	if err := json.Unmarshal([]byte(got.body), &page); err != nil || len(page.Results) != 11 {
		t.Fatal(got.body, err)
	}
	disabled := 0
	for _, alert := range page.Results {
		if alert["enabled"] == false {
			disabled++
		}
		body, _ := json.Marshal(alert)
		a.want(a.do("PUT", alertsPath(id)+"/"+alert["id"].(string), string(body)), 200, "") // a request can create it
	}
	if disabled != 1 {
		t.Errorf("%d are disabled, want 1", disabled)
	}
	wantBody(t, a.do("GET", alertsPath(id), ""), got.body)
	wantParts(t, "the list", got.body, `"threshold":80.0`, `"intervalMin":1440`)
	without := a.do("POST", prefix2+"groups", `{"name":"Without","orgId":"`+testOrg+`","withDefaultAlertsSettings":false}`)
	for _, id := range []string{decodedAlert(t, without).ID, testProject} {
		if got := a.do("GET", alertsPath(id), ""); !strings.Contains(got.body, `"results":[],"totalCount":0`) {
			t.Error(got.body)
		}
	}
}

// Alert configurations are deleted with their project, and are in snapshots, which are validated.
func TestAlertsAreState(t *testing.T) {
	for name, s := range eachStore(t) {
		t.Run(name, func(t *testing.T) {
			a := newAPIClient(t, schemas.V2, WithStore(s))
			a.want(a.do("POST", "/WEBHOOK", hookPayload), 200, "")
			id := a.alert(testProject, alertOf(inherits, shownNotifications[0].sent))
			list := a.do("GET", prefix2+"groups", "").body
			before := a.do("GET", alertsPath(testProject)+"/"+id, "").body
			state, err := a.s.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			data, err := json.Marshal(state)
			if err != nil {
				t.Fatal(err)
			}
			if text := fmt.Sprintf("%v %+v %#v", state, state, state); strings.Contains(text, secretKey[:8]) {
				t.Error("a printed state has a secret")
			}
			state[testProject].Alerts[0].Fields["enabled"] = "changed by the caller"
			wantBody(t, a.do("GET", alertsPath(testProject)+"/"+id, ""), before)
			a.want(a.do("DELETE", prefix2+"groups/"+testProject, ""), 202, "")
			for method, body := range map[string]string{"GET": "", "DELETE": "", "PUT": alertOf(mail), "PATCH": `{"enabled":true}`} {
				a.want(a.do(method, alertsPath(testProject)+"/"+id, body, "Content-Type: application/json"), 404, "GROUP_NOT_FOUND")
			}
			a.want(a.do("GET", alertsPath(testProject), ""), 404, "GROUP_NOT_FOUND")
			a.want(a.do("POST", alertsPath(testProject), alertOf(mail)), 404, "GROUP_NOT_FOUND")
			read := store.State{}
			if err := errors.Join(json.Unmarshal(data, &read), a.s.Restore(read)); err != nil {
				t.Fatal(err)
			}
			if after := a.do("GET", alertsPath(testProject)+"/"+id, "").body; after != before || a.do("GET", prefix2+"groups", "").body != list {
				t.Errorf("restored: %s\nwant %s", after, before)
			}
			a.want(a.do("DELETE", "/WEBHOOK", ""), 400, "WEBHOOK_NOTIFICATIONS_PRESENT")
			contents := read[testProject]
			contents.Integrations = nil
			if err := a.s.Restore(store.State{testProject: contents}); err == nil {
				t.Error("a snapshot with an alert configuration and without its webhook is restored")
			}
			contents = read[testProject]
			contents.Alerts = append(contents.Alerts, contents.Alerts[0])
			if err := a.s.Restore(store.State{testProject: contents}); err == nil || strings.Contains(err.Error(), secretKey[:8]) {
				t.Errorf("a snapshot with an alert configuration twice: %v", err)
			}
			if after := a.do("GET", alertsPath(testProject)+"/"+id, "").body; after != before {
				t.Errorf("a rejected snapshot has changed it to %s", after)
			}
		})
	}
}

// Of many clients that use and delete a webhook, none deletes one that is used.
func TestConcurrentWebhooks(t *testing.T) {
	for name, s := range eachStore(t) {
		t.Run(name, func(t *testing.T) {
			a := newAPIClient(t, schemas.V2, WithStore(s))
			a.want(a.do("POST", "/WEBHOOK", hookPayload), 200, "")
			var wg sync.WaitGroup
			for n := range loadClients {
				wg.Go(func() {
					switch {
					case n%2 == 1:
						got := a.do("POST", alertsPath(testProject), alertOf(inherits))
						if got.status != 201 && got.header.Get("X-Error-Code") != "WEBHOOK_URL_NOT_SET" {
							t.Errorf("POST: %d %s", got.status, got.body)
						}
					default:
						got := a.do("DELETE", "/WEBHOOK", "")
						isKept := got.header.Get("X-Error-Code") == "WEBHOOK_NOTIFICATIONS_PRESENT"
						if got.status != 204 && got.status != 404 && !isKept {
							t.Errorf("DELETE: %d %s", got.status, got.body)
						}
					}
				})
			}
			wg.Wait()
			_, isStored := a.s.Integration(testProject, "WEBHOOK")
			if list, err := s.Alerts(t.Context(), testProject); err != nil || isStored != (len(list) > 0) {
				t.Errorf("%d alert configurations use the webhook; it is stored: %t; error %v", len(list), isStored, err)
			}
		})
	}
}

// Neither the journal nor a log has a secret of an alert configuration, accepted or not.
func TestSecretsOfAlerts(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	for _, n := range shownNotifications {
		a.do("POST", alertsPath(testProject), alertOf(n.sent))
		a.do("POST", alertsPath(testProject), alertOf(strings.Replace(n.sent, `"typeName":"`, `"typeName":"`+secretKey, 1)))
		a.do("POST", alertsPath(testProject), strings.Replace(alertOf(n.sent), "NO_PRIMARY", secretKey, 1))
	}
	a.do("GET", alertsPath(testProject)+"/"+secretKey, "")
	for _, r := range a.s.Requests() {
		if data, _ := json.Marshal(r); strings.Contains(string(data), "0123456789") || strings.Contains(fmt.Sprintf("%+v", r), "0123456789") {
			t.Errorf("%s", data)
		}
	}
}
