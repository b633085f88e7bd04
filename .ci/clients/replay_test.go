package clients

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
)

// check is one thing that is known of Atlas. Its name begins with the evidence: C captured on the wire,
// S the official specification or documentation, I the text of a real answer in a public issue, M measured
// with real clients. What nobody knows, and the fake had to decide, has D.
type check struct {
	name   string
	opts   []fakeatlas.Option
	before []request // each has to succeed
	ask    request
	want   expected
}

// expected is what an answer must have; what is empty may be anything.
type expected struct {
	status int
	code   string            // errorCode, in the body and in X-Error-Code
	body   string            // all of it; the host, the project and ids as plain writes them
	parts  []string          // what is in the body
	absent []string          // what is not in the body
	header map[string]string // "-" for none
}

const (
	key32       = "5f1d3b7a9c2e4806b1d7f3a95c0e2846"
	masked32    = "****************************2846"
	datadog     = `{"type":"DATADOG","apiKey":"` + key32 + `","region":"US"}`
	datadogRead = `{"apiKey":"` + masked32 + `","customEndpoint":null,"id":"ID1","region":"US","sendCollectionLatencyMetrics":false,` +
		`"sendDatabaseMetrics":false,"sendQueryStatsMetrics":false,"sendShardingMetrics":false,"sendUserProvidedResourceTags":false,"type":"DATADOG"}`
	pager       = `{"type":"PAGER_DUTY","serviceKey":"` + key32 + `"}`
	opsGenie    = `{"type":"OPS_GENIE","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64"}`
	victorOps   = `{"type":"VICTOR_OPS","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64","routingKey":"test"}`
	webhook     = `{"type":"WEBHOOK","url":"https://example.com/hook/2101","secret":"abcdefghijklmnopqrstuvwxyz2101"}`
	webhookRead = `{"bodyTemplate":null,"headersTemplate":null,"id":"ID1","secret":"**************************2101","url":"https://example.com/****2101","type":"WEBHOOK"}`
	prometheus  = `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"secret-word","serviceDiscovery":"http"}`
	slack       = `{"type":"SLACK","apiToken":"xoxb-1234567890","channelName":"alerts"}`
	teams       = `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"https://webhook.com/path/9a1e"}`
	flowdock    = `{"type":"FLOWDOCK","flowName":"f","apiToken":"not-a-token","orgName":"o"}`
	base        = "https://host/api/atlas/v2/groups/PROJECT/integrations"
	vnd         = "application/vnd.atlas.2023-01-01+json"
)

// post creates an integration on v2; its type is in the body.
func post(body string) request { return with("POST", body) }
func put(body string) request  { return with("PUT", body) }

func with(method, body string) request {
	_, rest, _ := strings.Cut(body, `"type":"`)
	typ, _, _ := strings.Cut(rest, `"`)
	return request{method: method, path: "v2/" + typ, body: body}
}

func get(path string) request { return request{method: "GET", path: path} }
func del(path string) request { return request{method: "DELETE", path: path} }

// at moves a request to another path.
func (r request) at(path string) request {
	r.path = path
	return r
}

// having gives a request a header; an empty value takes the header away.
func (r request) having(name, value string) request {
	r.header = r.header.Clone()
	if r.header == nil {
		r.header = http.Header{}
	}
	r.header[name] = slices.DeleteFunc([]string{value}, func(v string) bool { return v == "" })
	return r
}

func self(path, query string) string {
	return `{"href":"` + base + path + "?" + query + `","rel":"self"}`
}

func page(links string, total string, results ...string) string {
	return `{"links":[` + links + `],"results":[` + strings.Join(results, ",") + `],"totalCount":` + total + `}`
}

func (c check) run(t *testing.T) {
	f := start(t, c.opts...)
	client := keyClient()
	for _, r := range c.before {
		must(t, client, f.URL, r)
	}
	got := send(t, client, f.URL, c.ask)
	for _, fault := range c.want.faults(got, plain(got.body, f.URL)) {
		t.Error(fault)
	}
}

// faults are what is wrong with an answer.
func (w expected) faults(got answer, body string) []string {
	var found []string
	note := func(what string, want, got any) {
		if diff := cmp.Diff(want, got); diff != "" {
			found = append(found, what+" (-want +got):\n"+diff+"\nof "+body)
		}
	}
	note("status", w.status, got.status)
	if w.code != "" {
		note("X-Error-Code", w.code, got.header.Get("X-Error-Code"))
		w.parts = append(slices.Clone(w.parts), `"errorCode":"`+w.code+`"`)
	}
	if w.body != "" {
		note("body", w.body, body)
	}
	for _, part := range w.parts {
		note("has "+part, true, strings.Contains(body, part))
	}
	for _, part := range w.absent {
		note("has "+part, false, strings.Contains(body, part))
	}
	for name, value := range w.header {
		note(name, strings.TrimPrefix(value, "-"), strings.Join(got.header.Values(name), ", "))
	}
	return found
}

func TestReplay(t *testing.T) {
	for _, group := range [][]check{operations, masks, defaults, paging, envelopes, media, refusals, doors} {
		for _, c := range group {
			t.Run(c.name, c.run)
		}
	}
}
