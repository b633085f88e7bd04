package apply_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

const (
	key      = "5f1d3b7a9c2e4806b1d7f3a95c0e2846"
	otherKey = "5f1d3b7a9c2e4806b1d7f3a95c0e1111"
	keyMask  = "****************************2846"
	hook     = "https://hooks.example.com/services/T0001/B0001/2101"
	hookMask = "https://hooks.example.com/****2101"
)

func local(t *testing.T, apiVersion, doc string, expanded ...string) apply.Local {
	t.Helper()
	p, err := client.NewPayload(doc)
	if err != nil {
		t.Fatal(err)
	}
	v, err := validate.New(validate.Options{APIVersion: apiVersion})
	if err != nil {
		t.Fatal(err)
	}
	document, _ := v.CheckPayload("payload", p.JSON())
	return apply.Local{Type: p.Type(), Payload: p, APIVersion: apiVersion, Expanded: expanded, Document: document}
}

func remote(t *testing.T, apiVersion, doc string) apply.Remote {
	t.Helper()
	var head struct{ Type, ID string }
	if err := json.Unmarshal([]byte(doc), &head); err != nil {
		t.Fatal(err)
	}
	return apply.Remote{
		Integration: client.Integration{Type: head.Type, ID: head.ID, JSON: json.RawMessage(doc)}, APIVersion: apiVersion,
	}
}

// formatChange formats a change on one line.
func formatChange(c apply.Change) string {
	text := c.Field + " " + string(c.State)
	if c.Secret {
		text += " secret"
	}
	if c.From != nil || c.To != nil {
		text += fmt.Sprintf(" %s>%s", c.From, c.To)
	}
	return text
}

func TestCompareFindsChangedFields(t *testing.T) {
	const v1, v2 = schemas.V1, schemas.V2
	for name, tc := range map[string]struct {
		api, here, there string
		expanded         string
		want             []string // none: unchanged
	}{
		"the same": {
			api:  v2,
			here: `{"type":"DATADOG","apiKey":"` + key + `","region":"EU","sendDatabaseMetrics":true}`,
			there: `{"apiKey":"` + keyMask + `","customEndpoint":null,"id":"1","region":"EU",` +
				`"sendCollectionLatencyMetrics":false,"sendDatabaseMetrics":true,"type":"DATADOG"}`,
		},
		"another value": {
			api:   v2,
			here:  `{"type":"OPS_GENIE","apiKey":"` + key + `","region":"EU"}`,
			there: `{"type":"OPS_GENIE","apiKey":"` + keyMask + `","region":"US"}`,
			want:  []string{`region differs "US">"EU"`},
		},
		"another secret": {
			api:   v2,
			here:  `{"type":"OPS_GENIE","apiKey":"` + otherKey + `"}`,
			there: `{"type":"OPS_GENIE","apiKey":"` + keyMask + `","region":"US"}`,
			want:  []string{"apiKey differs secret"},
		},
		"another secret of the same end": {
			api:   v2,
			here:  `{"type":"OPS_GENIE","apiKey":"00000000000000000000000000002846"}`,
			there: `{"type":"OPS_GENIE","apiKey":"` + keyMask + `"}`,
		},
		"a secret in the clear": {
			api:   v1,
			here:  `{"type":"OPS_GENIE","apiKey":"` + key + `"}`,
			there: `{"type":"OPS_GENIE","apiKey":"` + key + `"}`,
		},
		"a longer secret": {
			api:   v2,
			here:  `{"type":"OPS_GENIE","apiKey":"x` + key + `"}`,
			there: `{"type":"OPS_GENIE","apiKey":"` + keyMask + `"}`,
			want:  []string{"apiKey differs secret"},
		},
		"a URL": {
			api:   v2,
			here:  `{"type":"WEBHOOK","url":"` + hook + `"}`,
			there: `{"type":"WEBHOOK","url":"` + hookMask + `","bodyTemplate":null}`,
		},
		"another host": {
			api:   v2,
			here:  `{"type":"WEBHOOK","url":"https://other.example.com/2101"}`,
			there: `{"type":"WEBHOOK","url":"` + hookMask + `"}`,
			want:  []string{"url differs secret"},
		},
		"a URL of which only the host is shown": {
			api:   v2,
			here:  `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"` + hook + `"}`,
			there: `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"https://hooks.example.com/****"}`,
			want:  []string{"microsoftTeamsWebhookUrl incomparable secret"},
		},
		"another host of which no more is shown": {
			api:   v2,
			here:  `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"` + hook + `"}`,
			there: `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"https://other.example.com/****"}`,
			want:  []string{"microsoftTeamsWebhookUrl differs secret"},
		},
		"a secret that is new": {
			api:   v2,
			here:  `{"type":"WEBHOOK","url":"` + hook + `","secret":"` + key + `"}`,
			there: `{"type":"WEBHOOK","url":"` + hookMask + `"}`,
			want:  []string{"secret differs secret"},
		},
		"a secret that the payload leaves out": {
			api:   v2,
			here:  `{"type":"WEBHOOK","url":"` + hook + `"}`,
			there: `{"type":"WEBHOOK","url":"` + hookMask + `","secret":"` + keyMask + `"}`,
			want:  []string{"secret kept secret"},
		},
		"a password, which Atlas never shows": {
			api:   v2,
			here:  `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"` + key + `","serviceDiscovery":"http"}`,
			there: `{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"http","sendUserProvidedResourceTagsEnabled":false}`,
			want:  []string{"password incomparable secret"},
		},
		"a default of Atlas": {
			api:   v2,
			here:  `{"type":"OPS_GENIE","apiKey":"` + key + `"}`,
			there: `{"type":"OPS_GENIE","apiKey":"` + keyMask + `","region":"US"}`,
		},
		"a default that is not shown": {
			api:   v2,
			here:  `{"type":"OPS_GENIE","apiKey":"` + key + `","region":"US"}`,
			there: `{"type":"OPS_GENIE","apiKey":"` + keyMask + `"}`,
		},
		"set in Atlas alone": {
			api:   v2,
			here:  `{"type":"OPS_GENIE","apiKey":"` + key + `"}`,
			there: `{"type":"OPS_GENIE","apiKey":"` + keyMask + `","region":"EU"}`,
			want:  []string{`region kept "EU">null`},
		},
		"a toggle by default": {
			api:   v2,
			here:  `{"type":"DATADOG","apiKey":"` + key + `","sendQueryStatsMetrics":false}`,
			there: `{"type":"DATADOG","apiKey":"` + keyMask + `"}`,
		},
		"a toggle": {
			api:   v2,
			here:  `{"type":"DATADOG","apiKey":"` + key + `","sendQueryStatsMetrics":false}`,
			there: `{"type":"DATADOG","apiKey":"` + keyMask + `","sendQueryStatsMetrics":true}`,
			want:  []string{`sendQueryStatsMetrics differs true>false`},
		},
		"null and an empty text": {
			api:   v1,
			here:  `{"type":"SLACK","apiToken":"` + key + `","teamName":"t","channelName":null}`,
			there: `{"type":"SLACK","apiToken":"` + keyMask + `","teamName":"t","channelName":""}`,
		},
		"null for a value": {
			api:   v2,
			here:  `{"type":"SLACK","apiToken":"` + key + `","channelName":null}`,
			there: `{"type":"SLACK","apiToken":"` + keyMask + `","channelName":"a"}`,
			want:  []string{`channelName differs "a">null`},
		},
		"a text from a reference": {
			api:      v2,
			here:     `{"type":"VICTOR_OPS","apiKey":"` + key + `","routingKey":"r1"}`,
			there:    `{"type":"VICTOR_OPS","apiKey":"` + keyMask + `","routingKey":"r2"}`,
			expanded: "routingKey",
			want:     []string{"routingKey differs"},
		},
		"a listed value of a reference": {
			api:      v2,
			here:     `{"type":"OPS_GENIE","apiKey":"` + key + `","region":"EU"}`,
			there:    `{"type":"OPS_GENIE","apiKey":"` + keyMask + `","region":"US"}`,
			expanded: "region",
			want:     []string{`region differs "US">"EU"`},
		},
		"another value of a reference": {
			api:      v2,
			here:     `{"type":"OPS_GENIE","apiKey":"` + key + `","region":"EV"}`,
			there:    `{"type":"OPS_GENIE","apiKey":"` + keyMask + `","region":"US"}`,
			expanded: "region",
			want:     []string{"region differs"},
		},
		"a text as long as a secret": {
			api:   v2,
			here:  `{"type":"VICTOR_OPS","apiKey":"` + key + `","routingKey":"` + key + `"}`,
			there: `{"type":"VICTOR_OPS","apiKey":"` + keyMask + `","routingKey":"r2"}`,
			want:  []string{"routingKey differs"},
		},
		"the same in Atlas": {
			api:   v2,
			here:  `{"type":"VICTOR_OPS","apiKey":"x","routingKey":"r1"}`,
			there: `{"type":"VICTOR_OPS","apiKey":"x","routingKey":"` + key + `"}`,
			want:  []string{"routingKey differs"},
		},
		"a secret repeated in another field": {
			api:   v2,
			here:  `{"type":"PROMETHEUS","enabled":true,"username":"Summer26!","password":"Summer26!","serviceDiscovery":"http"}`,
			there: `{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"http"}`,
			want:  []string{"username differs", "password incomparable secret"},
		},
		"the same where the integration has it": {
			api:   v2,
			here:  `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"Summer26!","serviceDiscovery":"http"}`,
			there: `{"type":"PROMETHEUS","enabled":true,"username":"xSummer26!","serviceDiscovery":"http"}`,
			want:  []string{"username differs", "password incomparable secret"},
		},
		"a secret that Atlas shows, repeated": {
			api:   v1,
			here:  `{"type":"VICTOR_OPS","apiKey":"` + key + `","routingKey":"r1"}`,
			there: `{"type":"VICTOR_OPS","apiKey":"Summer26!","routingKey":"Summer26!"}`,
			want:  []string{"apiKey differs secret", "routingKey differs"},
		},
		"a value of a reference, repeated": {
			api:      v1,
			here:     `{"type":"FLOWDOCK","flowName":"Summer26!","apiToken":"` + key + `","orgName":"Summer26!"}`,
			there:    `{"type":"FLOWDOCK","flowName":"b","apiToken":"` + keyMask + `","orgName":"o"}`,
			expanded: "orgName",
			want:     []string{"flowName differs", "orgName differs"},
		},
		"a secret as the name of a field": {
			api:   v2,
			here:  `{"type":"VICTOR_OPS","apiKey":"Summer26!","Summer26!":true}`,
			there: `{"type":"VICTOR_OPS","apiKey":"****26!"}`,
			want:  []string{"apiKey differs secret", "(hidden) incomparable"},
		},
		"a listed value that is also a secret": {
			api:   v2,
			here:  `{"type":"OPS_GENIE","apiKey":"EU","region":"EU"}`,
			there: `{"type":"OPS_GENIE","apiKey":"EU","region":"US"}`,
			want:  []string{`region differs "US">"EU"`},
		},
		"an unknown field in both": {
			api:   v2,
			here:  `{"type":"VICTOR_OPS","apiKey":"` + key + `","zebra":{"a":1}}`,
			there: `{"type":"VICTOR_OPS","apiKey":"` + keyMask + `","zebra":{"a":1}}`,
		},
		"an unknown field that differs": {
			api:   v2,
			here:  `{"type":"VICTOR_OPS","apiKey":"` + key + `","zebra":1}`,
			there: `{"type":"VICTOR_OPS","apiKey":"` + keyMask + `","zebra":2}`,
			want:  []string{"zebra differs"},
		},
		"an unknown field here": {
			api:   v2,
			here:  `{"type":"VICTOR_OPS","apiKey":"` + key + `","zebra":1}`,
			there: `{"type":"VICTOR_OPS","apiKey":"` + keyMask + `"}`,
			want:  []string{"zebra incomparable"},
		},
		"an unknown field there": {
			api:   v2,
			here:  `{"type":"VICTOR_OPS","apiKey":"` + key + `"}`,
			there: `{"type":"VICTOR_OPS","apiKey":"` + keyMask + `","zebra":"z","yak":null,"links":[]}`,
			want:  []string{"zebra kept"},
		},
		"ids of others": {
			api:   v2,
			here:  `{"type":"VICTOR_OPS","id":"2","apiKey":"` + key + `"}`,
			there: `{"type":"VICTOR_OPS","id":"1","apiKey":"` + keyMask + `"}`,
		},
		"a type of v1.0": {
			api:   v1,
			here:  `{"type":"FLOWDOCK","flowName":"a","apiToken":"` + key + `","orgName":"o"}`,
			there: `{"type":"FLOWDOCK","flowName":"b","apiToken":"` + keyMask + `","orgName":"o"}`,
			want:  []string{`flowName differs "b">"a"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := local(t, tc.api, tc.here, strings.Fields(tc.expanded)...)
			steps := apply.Steps([]apply.Local{l}, []apply.Remote{remote(t, tc.api, tc.there)}, apply.Options{})
			var got []string
			want := apply.Unchanged
			for _, c := range steps[0].Changes {
				got = append(got, formatChange(c))
				if c.State == apply.Differs {
					want = apply.Update
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if steps[0].Action != want {
				t.Errorf("the action is %s, want %s", steps[0].Action, want)
			}
			if text := fmt.Sprintf("%v %+v %#v", steps[0].Changes, steps, steps[0].Local); strings.Contains(text, key[:8]) {
				t.Errorf("it shows a secret: %s", text)
			}
		})
	}
}

func TestStepsOfPayloadsAndIntegrations(t *testing.T) {
	const v1, v2 = schemas.V1, schemas.V2
	here := []apply.Local{
		local(t, v1, `{"type":"FLOWDOCK","flowName":"a","apiToken":"abcd","orgName":"o"}`),
		local(t, v2, `{"type":"WEBHOOK","url":"`+hook+`"}`),
		local(t, v2, `{"type":"DATADOG","apiKey":"`+key+`"}`),
		local(t, v2, `{"type":"PAGER_DUTY","serviceKey":"`+key+`"}`),
	}
	there := []apply.Remote{
		remote(t, v2, `{"type":"NEW_AND_UNHEARD_OF","id":"1"}`),
		remote(t, v2, `{"type":"VICTOR_OPS","id":"2","apiKey":"****"}`),
		remote(t, v2, `{"type":"OPS_GENIE","id":"3","apiKey":"****"}`),
		remote(t, v2, `{"type":"DATADOG","id":"4","apiKey":"`+keyMask+`"}`),
		remote(t, v2, `{"type":"WEBHOOK","id":"5","url":"https://other.example.com/****2101"}`),
		remote(t, v1, `{"type":"OPS_GENIE","apiKey":"****"}`),
		remote(t, v1, `{"type":"DATADOG","apiKey":"****"}`),
		remote(t, v1, `{"type":"NEW_AND_UNHEARD_OF"}`),
	}
	const payloads = "create PAGER_DUTY v2, unchanged DATADOG v2 4, create FLOWDOCK v1.0, update WEBHOOK v2 5, "
	for name, tc := range map[string]struct {
		o    apply.Options
		want string
	}{
		"by default": {apply.Options{}, payloads + "extra OPS_GENIE v2 3, extra VICTOR_OPS v2 2, unknown NEW_AND_UNHEARD_OF v2 1"},
		"prune":      {apply.Options{Prune: true}, payloads + "delete OPS_GENIE v2 3, delete VICTOR_OPS v2 2, unknown NEW_AND_UNHEARD_OF v2 1"},
		"resend": {apply.Options{Resend: true}, strings.Replace(payloads, "unchanged", "update", 1) +
			"extra OPS_GENIE v2 3, extra VICTOR_OPS v2 2, unknown NEW_AND_UNHEARD_OF v2 1"},
	} {
		var got []string
		for _, s := range apply.Steps(here, there, tc.o) {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", s.Action, s.Type, s.APIVersion, s.ID)))
			if (s.Local != nil) != strings.Contains(payloads, s.Type) {
				t.Errorf("%s: %s has the payload %v", name, s.Type, s.Local)
			}
		}
		if diff := cmp.Diff(strings.Split(tc.want, ", "), got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// A blocked payload is never sent, with any options, and its integration counts as described.
func TestStepsBlocked(t *testing.T) {
	here := []apply.Local{{Type: "DATADOG", APIVersion: schemas.V2, Blocked: true}}
	for name, there := range map[string][]apply.Remote{
		"new":    nil,
		"stored": {remote(t, schemas.V2, `{"type":"DATADOG","id":"4","apiKey":"`+keyMask+`"}`)},
	} {
		steps := apply.Steps(here, there, apply.Options{Prune: true, Resend: true})
		if len(steps) != 1 || steps[0].Action != apply.Blocked {
			t.Errorf("%s: the steps are %+v, want a blocked one", name, steps)
			continue
		}
		if steps[0].Action.Changes() {
			t.Errorf("%s: a blocked step counts as a change", name)
		}
		if len(steps[0].Changes) > 0 {
			t.Errorf("%s: a blocked step has the changes %+v", name, steps[0].Changes)
		}
	}
}
