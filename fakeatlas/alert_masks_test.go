package fakeatlas

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/gen/schemas"
)

// maskedSecrets are secrets of each type of notification whose masks are equal.
var maskedSecrets = map[string]map[string][]string{
	"DATADOG":         {"datadogApiKey": keysEndingIn("1234")},
	"HIP_CHAT":        {"notificationToken": {"aaaa1234", "bbbb1234", "cccc1234"}},
	"MICROSOFT_TEAMS": {"microsoftTeamsWebhookUrl": {"https://h.example/a", "https://h.example/b", "https://h.example/c"}},
	"OPS_GENIE":       {"opsGenieApiKey": keysEndingIn("1234")},
	"PAGER_DUTY":      {"serviceKey": keysEndingIn("1234")},
	"SLACK":           {"apiToken": {"aaaa1234", "bbbb1234", "cccc1234"}},
	"VICTOR_OPS":      {"victorOpsApiKey": keysEndingIn("1234")},
	"WEBHOOK": {
		"webhookUrl": {"https://h.example/a", "https://h.example/b", "https://h.example/c"}, "webhookSecret": {"aaaa", "bbbb", "cccccc"},
		"webhookBodyTemplate": {"a ${x}1234", "b ${x}1234"}, "webhookHeadersTemplate": {"X: a1234", "X: b1234"},
	},
}

func keysEndingIn(end string) (keys []string) {
	for _, digit := range []string{"a", "b", "c"} {
		keys = append(keys, strings.Repeat(digit, 32-len(end))+end)
	}
	return keys
}

// plainNotifications are notifications without secrets of the API.
var plainNotifications = []string{
	mail, `{"typeName":"ORG","emailEnabled":true,"roles":["ORG_OWNER"]}`, `{"typeName":"SMS","mobileNumber":"2125550100"}`,
	`{"typeName":"TEAM","teamId":"5d791c84ff7a2522cc4f9aa2"}`, `{"typeName":"USER","username":"ada","emailEnabled":true}`,
}

// drawNotification draws a notification of any type. One to a webhook may lack its URL and its secret, and then has
// those of the integration.
func drawNotification(t *rapid.T) (n map[string]any) {
	typ := rapid.SampledFrom(append(slices.Sorted(maps.Keys(maskedSecrets)), "")).Draw(t, "type")
	if typ == "" {
		_ = json.Unmarshal([]byte(rapid.SampledFrom(plainNotifications).Draw(t, "notification")), &n)
		return n
	}
	n = map[string]any{"typeName": typ}
	for _, field := range slices.Sorted(maps.Keys(maskedSecrets[typ])) {
		if typ != "WEBHOOK" || rapid.Bool().Draw(t, "has "+field) {
			n[field] = rapid.SampledFrom(maskedSecrets[typ][field]).Draw(t, field)
		}
	}
	if typ == "SLACK" {
		n["channelName"] = rapid.SampledFrom([]string{"a", "b"}).Draw(t, "channel")
	}
	return n
}

// storedNotifications returns the stored notifications of the only alert configuration, without their IDs.
func (a *apiClient) storedNotifications(t failer) (list []string) {
	alerts, err := a.s.store.Alerts(context.Background(), testProject)
	if err != nil {
		t.Fatal(err)
	}
	for _, alert := range alerts {
		for _, n := range alert.Fields["notifications"].([]any) {
			fields := maps.Clone(n.(map[string]any))
			delete(fields, "notifierId")
			data, err := json.Marshal(fields)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, string(data))
		}
	}
	return list
}

// A PUT of a response keeps each secret, also without the IDs, and if notifications were moved, removed and added.
func TestMasksKeepTheirSecrets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := newAPIClient(t, schemas.V2)
		a.want(a.do("POST", "/WEBHOOK", `{"type":"WEBHOOK","url":"https://h.example/i","secret":"iiii"}`), 200, "")
		distinct := rapid.Bool().Draw(t, "distinct")
		var sent []map[string]any
		for i := range rapid.IntRange(1, 6).Draw(t, "number") {
			n := drawNotification(t)
			if distinct {
				n["delayMin"] = i
			}
			sent = append(sent, n)
		}
		id := a.alert(testProject, alertWith(t, sent))
		before, shown := a.storedNotifications(t), decodedAlert(t, a.do("GET", alertsPath(testProject)+"/"+id, "")).Notifications
		withIDs := rapid.Bool().Draw(t, "with IDs")
		order := make([]int, len(sent))
		for i := range order {
			order[i] = i
			if !withIDs {
				delete(shown[i], "notifierId")
			}
		}
		if distinct || withIDs { // else only the position identifies a notification
			order = rapid.Permutation(order).Draw(t, "order")[:rapid.IntRange(1, len(sent)).Draw(t, "kept")]
		}
		var body []map[string]any
		var want []string
		for _, i := range order {
			if (distinct || withIDs) && rapid.Bool().Draw(t, "add") {
				body, want = append(body, map[string]any{"typeName": "SLACK", "apiToken": "dddd1234", "channelName": "c"}),
					append(want, `{"apiToken":"dddd1234","channelName":"c","delayMin":0,"typeName":"SLACK"}`)
			}
			body, want = append(body, shown[i]), append(want, before[i])
		}
		a.want(a.do("PUT", alertsPath(testProject)+"/"+id, alertWith(t, body)), 200, "")
		if diff := cmp.Diff(want, a.storedNotifications(t)); diff != "" {
			t.Fatalf("the update of %v with %v stores (-want +got):\n%s", before, body, diff)
		}
	})
}

func alertWith(t failer, notifications []map[string]any) string {
	t.Helper()
	list := make([]string, len(notifications))
	for i, n := range notifications {
		data, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		list[i] = string(data)
	}
	return alertOf(list...)
}

// Masks without an ID select the stored notification with the fewest other values, then that at the same position.
func TestMasksSelectNotifications(t *testing.T) {
	slack := func(token, channel string) string {
		return fmt.Sprintf(`{"apiToken":%q,"channelName":%q,"delayMin":0,"typeName":"SLACK"}`, token, channel)
	}
	hook := func(url, secret string) string {
		return fmt.Sprintf(`{"delayMin":0,"typeName":"WEBHOOK","webhookSecret":%q,"webhookUrl":%q}`, secret, url)
	}
	const mask = "****1234"
	for name, tc := range map[string]struct{ stored, sent, want []string }{
		"other values at the same positions": {
			[]string{slack("aaaa1234", "a"), slack("bbbb1234", "b")}, []string{slack(mask, "c"), slack(mask, "d")},
			[]string{slack("aaaa1234", "c"), slack("bbbb1234", "d")},
		},
		"moved": {
			[]string{slack("aaaa1234", "a"), slack("bbbb1234", "b")}, []string{slack(mask, "b"), slack(mask, "a")},
			[]string{slack("bbbb1234", "b"), slack("aaaa1234", "a")},
		},
		"first removed, another value changed": {
			[]string{slack("aaaa1234", "a"), slack("bbbb1234", "b")}, []string{strings.Replace(slack(mask, "b"), "0", "5", 1)},
			[]string{strings.Replace(slack("bbbb1234", "b"), "0", "5", 1)},
		},
		"equal ones after an addition": {
			[]string{slack("aaaa1234", "a"), slack("bbbb1234", "a")}, []string{slack("cccc1234", "a"), slack(mask, "a"), slack(mask, "a")},
			[]string{slack("cccc1234", "a"), slack("aaaa1234", "a"), slack("bbbb1234", "a")},
		},
		"first of two equal ones replaced": {
			[]string{slack("aaaa1234", "a"), slack("bbbb1234", "a")}, []string{mail, slack(mask, "a")},
			[]string{`{"delayMin":0,"emailAddress":"ada@example.com","typeName":"EMAIL"}`, slack("bbbb1234", "a")},
		},
		"copied": {
			[]string{slack("aaaa1234", "a"), slack("bbbb1234", "b")}, []string{slack(mask, "b"), slack(mask, "b"), slack(mask, "a")},
			[]string{slack("bbbb1234", "b"), slack("bbbb1234", "b"), slack("aaaa1234", "a")},
		},
		"a new secret beside a mask": {
			[]string{slack("aaaa1234", "a"), slack("bbbb1234", "b")}, []string{slack("cccc1234", "a"), slack(mask, "b")},
			[]string{slack("cccc1234", "a"), slack("bbbb1234", "b")},
		},
		"all masks of one": {
			[]string{hook("https://h.example/a", "aaaa"), hook("https://h.example/b", "bbbbbb")},
			[]string{hook("https://h.example/****", "******"), hook("https://h.example/****", "****")},
			[]string{hook("https://h.example/b", "bbbbbb"), hook("https://h.example/a", "aaaa")},
		},
		"masks of two": {
			[]string{hook("https://g.example/a", "aaaa"), hook("https://h.example/b", "bbbbbb")},
			[]string{hook("https://g.example/****", "******")}, []string{hook("https://g.example/a", "bbbbbb")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAPIClient(t, schemas.V2)
			id := a.alert(testProject, alertOf(tc.stored...))
			a.want(a.do("PUT", alertsPath(testProject)+"/"+id, alertOf(tc.sent...)), 200, "")
			if diff := cmp.Diff(tc.want, a.storedNotifications(t)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
