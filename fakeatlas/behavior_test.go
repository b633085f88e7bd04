package fakeatlas

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
)

const (
	testProject = "32b6e34b3d91647abb20e7b8"
	testKey     = "0123456789abcdef0123456789abcdef"
	datedMedia  = "application/vnd.atlas.2023-01-01+json"
)

var testTime = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

var apiVersions = []string{schemas.V1, schemas.V2}

// failer has the methods of a test that the helpers need; the test of a property has them too.
type failer interface {
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// apiClient sends requests to a server. By default they have the media type and the access token that a client of the
// API version sends.
type apiClient struct {
	t          failer
	s          *Server
	apiVersion string
	project    string
	token      string
}

// newAPIClient returns a client of a new server. The clock of the server is stopped at testTime, and it numbers IDs
// from 1.
func newAPIClient(t failer, apiVersion string, opts ...Option) *apiClient {
	t.Helper()
	s, err := New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Set(testTime)
	s.ids.Store(0)
	return &apiClient{t, s, apiVersion, testProject, issue(t, s)}
}

// issue makes an access token.
func issue(t failer, s *Server) string {
	t.Helper()
	return s.auth.OwnToken(context.Background(), "")
}

// nth returns the nth ID of the server that newAPIClient starts.
func nth(n int) string { return fmt.Sprintf("%08x%016x", testTime.Unix(), n) }

// withVersion returns the same client for an API version.
func (a *apiClient) withVersion(apiVersion string) *apiClient {
	other := *a
	other.apiVersion = apiVersion
	return &other
}

func (a *apiClient) path(rest string) string {
	return "/api/atlas/" + a.apiVersion + "/groups/" + a.project + "/integrations" + rest
}

type reply struct {
	status int
	header http.Header
	body   string
}

// exact returns a header under this exact name, since net/http spells some of Atlas's names differently.
func (r reply) exact(name string) string { return strings.Join(r.header[name], "|") }

// do sends a request; a target that begins with "/api" is a whole path, any other is a part of the project's
// integrations. Headers are "Name: value", where no value means none of that name.
func (a *apiClient) do(method, target, body string, headers ...string) reply {
	a.t.Helper()
	return a.send(a.request(method, target, strings.NewReader(body), headers...))
}

func (a *apiClient) request(method, target string, body io.Reader, headers ...string) *http.Request {
	if !strings.HasPrefix(target, "/api") {
		target = a.path(target)
	}
	r := httptest.NewRequest(method, target, body)
	r.Host = "atlas.example"
	r.Header.Set("Authorization", "Bearer "+a.token)
	if a.apiVersion == schemas.V2 {
		r.Header.Set("Accept", datedMedia)
	}
	if method == http.MethodPost || method == http.MethodPut {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ":")
		r.Header.Del(name)
		if value = strings.TrimSpace(value); value != "" {
			r.Header.Set(name, value)
		}
	}
	return r
}

func (a *apiClient) send(r *http.Request) reply {
	w := httptest.NewRecorder()
	a.s.ServeHTTP(w, r)
	return reply{w.Code, w.Header(), w.Body.String()}
}

// has creates integrations of the types from the examples of the descriptions, by v2 where it has the type.
func (a *apiClient) has(types ...string) *apiClient {
	a.t.Helper()
	for _, typ := range types {
		owner := a.withVersion(schemas.V2)
		if typ == "FLOWDOCK" {
			owner = a.withVersion(schemas.V1)
		}
		a.want(owner.do("POST", "/"+typ, examplePayload(a.t, owner.apiVersion, typ)), 200, "")
	}
	return a
}

// want compares a response with the expected one: the status, and on errors the code in body and header.
func (a *apiClient) want(got reply, status int, code string) {
	a.t.Helper()
	var e struct {
		Error   int
		Code    string `json:"errorCode"`
		Content *struct {
			Error int
			Code  string `json:"errorCode"`
		}
	}
	if code != "" {
		if err := json.Unmarshal([]byte(got.body), &e); err != nil {
			a.t.Errorf("no JSON: %v: %s", err, got.body)
		}
		if e.Content != nil {
			e.Error, e.Code = e.Content.Error, e.Content.Code
		}
	}
	header := code
	if status == http.StatusUnauthorized && code == "UNEXPECTED_ERROR" { // of the authentication layer, which sends no X-Error-Code
		header = ""
	}
	type outcome struct {
		Status       int
		Code, Header string
		StatusInBody int
	}
	want := outcome{Status: status, Code: code, Header: header}
	if code != "" {
		want.StatusInBody = status
	}
	if diff := cmp.Diff(want, outcome{got.status, e.Code, got.header.Get("X-Error-Code"), e.Error}); diff != "" {
		a.t.Errorf("(-want +got):\n%s%s", diff, got.body)
	}
}

func wantBody(t failer, got reply, want string) {
	t.Helper()
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

// wantParts checks that a text contains each of the parts.
func wantParts(t failer, where, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: %q is missing in %s", where, part, text)
		}
	}
}

// wantNoParts checks that a text contains none of the parts.
func wantNoParts(t failer, where, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%s: %q is in %s", where, part, text)
		}
	}
}

func wantHeader(t failer, got reply, want map[string]string) {
	t.Helper()
	flat := map[string]string{}
	for name, values := range got.header {
		flat[name] = strings.Join(values, "|")
	}
	if diff := cmp.Diff(want, flat); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

// examplePayload is the example in the request schema of a type.
func examplePayload(t failer, apiVersion, typ string) string {
	t.Helper()
	data, ok := schemas.Schema(apiVersion, typ)
	var schema struct{ Examples []json.RawMessage }
	if err := json.Unmarshal(data, &schema); !ok || err != nil || len(schema.Examples) == 0 {
		t.Fatalf("no example of %s %s: %v", apiVersion, typ, err)
	}
	return string(schema.Examples[0])
}

// typeNames returns the types of an API version, in the order of the API.
func typeNames(apiVersion string) (names []string) {
	for i := range schemas.Types {
		if schemas.Types[i].APIVersion == apiVersion {
			names = append(names, schemas.Types[i].Name)
		}
	}
	return names
}

var listed = regexp.MustCompile(`"type":"([A-Z_]+)"`)

// listedTypes are the types of a response in their order.
func listedTypes(body string) []string {
	types := []string{}
	for _, m := range listed.FindAllStringSubmatch(body, -1) {
		types = append(types, m[1])
	}
	return types
}

// shownAs lists payloads, and the integration that each API version returns for them. ID is replaced with the ID, "-"
// is a type that the API version does not have, and "=" is the same text as for v2.
var shownAs = []struct{ name, typ, sent, v2, v1 string }{
	{"region is US by default", "PAGER_DUTY", `"serviceKey":"` + testKey + `"`,
		`{"id":"ID","region":"US","serviceKey":"****************************cdef","type":"PAGER_DUTY"}`,
		"="},
	{"all of it", "SLACK", `"teamName":"T","channelName":"alerts","apiToken":"xoxb-example-not-a-token"`,
		`{"apiToken":"********************oken","channelName":"alerts","id":"ID","teamName":"T","type":"SLACK"}`, "="},
	{"channel of null", "SLACK", `"teamName":"T","channelName":null,"apiToken":"xoxb-example-not-a-token"`,
		`{"apiToken":"********************oken","channelName":null,"id":"ID","teamName":"T","type":"SLACK"}`,
		`{"apiToken":"********************oken","channelName":"","id":"ID","teamName":"T","type":"SLACK"}`},
	{"toggles are off by default", "DATADOG", `"apiKey":"` + testKey + `"`,
		`{"apiKey":"****************************cdef","customEndpoint":null,"id":"ID","sendCollectionLatencyMetrics":false,"sendDatabaseMetrics":false,` +
			`"sendQueryStatsMetrics":false,"sendShardingMetrics":false,"sendUserProvidedResourceTags":false,"type":"DATADOG"}`,
		`{"apiKey":"****************************cdef","id":"ID","region":"US","sendCollectionLatencyMetrics":false,"sendDatabaseMetrics":false,` +
			`"sendQueryStatsMetrics":false,"sendUserProvidedResourceTags":false,"type":"DATADOG"}`},
	{"toggles and region as sent", "DATADOG", `"region":"US1_FED","sendQueryStatsMetrics":true,"sendDatabaseMetrics":false,"apiKey":"` + testKey + `"`,
		`{"apiKey":"****************************cdef","customEndpoint":null,"id":"ID","region":"US1_FED",` +
			`"sendCollectionLatencyMetrics":false,"sendDatabaseMetrics":false,` +
			`"sendQueryStatsMetrics":true,"sendShardingMetrics":false,"sendUserProvidedResourceTags":false,"type":"DATADOG"}`,
		`{"apiKey":"****************************cdef","id":"ID","region":"US1_FED","sendCollectionLatencyMetrics":false,"sendDatabaseMetrics":false,` +
			`"sendQueryStatsMetrics":true,"sendUserProvidedResourceTags":false,"type":"DATADOG"}`},
	{"account in the clear", "NEW_RELIC", `"accountId":"2857404","licenseKey":"eu01xx-example","readToken":"r-123456","writeToken":"w-123456"`,
		`{"accountId":"2857404","id":"ID","licenseKey":"**********mple","readToken":"****3456","writeToken":"****3456","type":"NEW_RELIC"}`, "="},
	{"region is US by default", "OPS_GENIE", `"apiKey":"01234567-89ab-cdef-0123-456789abcdef"`,
		`{"apiKey":"********************************cdef","id":"ID","region":"US","type":"OPS_GENIE"}`, "="},
	{"no routing key", "VICTOR_OPS", `"apiKey":"01234567-89ab-cdef-0123-456789abcdef"`,
		`{"apiKey":"********************************cdef","id":"ID","type":"VICTOR_OPS"}`, "="},
	{"routing key in the clear", "VICTOR_OPS", `"apiKey":"01234567-89ab-cdef-0123-456789abcdef","routingKey":"a&b<c>"`,
		`{"apiKey":"********************************cdef","id":"ID","routingKey":"a&b<c>","type":"VICTOR_OPS"}`, "="},
	{"five characters", "VICTOR_OPS", `"apiKey":"abcde"`, `{"apiKey":"*bcde","id":"ID","type":"VICTOR_OPS"}`, "="},
	{"four characters", "VICTOR_OPS", `"apiKey":"abcd"`, `{"apiKey":"****","id":"ID","type":"VICTOR_OPS"}`, "="},
	{"one character", "VICTOR_OPS", `"apiKey":"a"`, `{"apiKey":"*","id":"ID","type":"VICTOR_OPS"}`, "="},
	{"characters of several bytes", "VICTOR_OPS", `"apiKey":"schlüßel€😀"`, `{"apiKey":"******el€😀","id":"ID","type":"VICTOR_OPS"}`, "="},
	{"a reference is a text", "VICTOR_OPS", `"apiKey":"${env:HOME}"`, `{"apiKey":"*******OME}","id":"ID","type":"VICTOR_OPS"}`, "="},
	{"unset optional secrets", "WEBHOOK", `"url":"https://example.com/hook?x=2101"`,
		`{"bodyTemplate":null,"headersTemplate":null,"id":"ID","url":"https://example.com/****2101","type":"WEBHOOK"}`,
		`{"id":"ID","url":"https://example.com/****2101","type":"WEBHOOK"}`},
	{"secret of 30", "WEBHOOK", `"secret":"abcdefghijklmnopqrstuvwxyz2101","url":"HTTPS://user:pass@example.com:8443/a/b"`,
		`{"bodyTemplate":null,"headersTemplate":null,"id":"ID","secret":"**************************2101",` +
			`"url":"https://example.com:8443/****/a/b","type":"WEBHOOK"}`,
		`{"id":"ID","secret":"**************************2101","url":"https://example.com:8443/****/a/b","type":"WEBHOOK"}`},
	{"password is never shown", "PROMETHEUS", `"enabled":true,"username":"u","password":"p-123456","serviceDiscovery":"file"`,
		`{"enabled":true,"id":"ID","sendUserProvidedResourceTagsEnabled":false,"serviceDiscovery":"file","username":"u","type":"PROMETHEUS"}`, "="},
	{"a whole URL", "MICROSOFT_TEAMS", `"microsoftTeamsWebhookUrl":"https://example.webhook.office.com/webhookb2/0123456789"`,
		`{"id":"ID","microsoftTeamsWebhookUrl":"https://example.webhook.office.com/****6789","type":"MICROSOFT_TEAMS"}`, "="},
	{"v1.0 only", "FLOWDOCK", `"flowName":"f","apiToken":"t-123456","orgName":"o"`,
		"-", `{"apiToken":"****3456","flowName":"f","id":"ID","orgName":"o","type":"FLOWDOCK"}`},
}

// Every operation shows an integration in the same bytes.
func TestResponsesOfEachType(t *testing.T) {
	for _, c := range shownAs {
		for _, apiVersion := range apiVersions {
			want := c.v2
			if apiVersion == schemas.V1 && c.v1 != "=" {
				want = c.v1
			}
			if want == "-" {
				continue
			}
			t.Run(apiVersion+" "+c.typ+" "+c.name, func(t *testing.T) {
				a := newAPIClient(t, apiVersion)
				want := strings.Replace(want, "ID", nth(1), 1)
				body := `{"type":"` + c.typ + `",` + c.sent + `}`
				page := func(rest string) string {
					return `{"links":[{"href":"http://atlas.example` + a.path(rest) + `?pageNum=1&itemsPerPage=100","rel":"self"}],"results":[` +
						want + `],"totalCount":1}`
				}
				wantBody(t, a.do("POST", "/"+c.typ, body), page("/"+c.typ))
				wantBody(t, a.do("PUT", "/"+c.typ, body), page("/"+c.typ))
				wantBody(t, a.do("GET", "/"+c.typ, ""), want)
				wantBody(t, a.do("GET", "", ""), page(""))
				wantBody(t, a.do("DELETE", "/"+c.typ, ""), "")
			})
		}
	}
}

// The tests above would pass without a missing type.
func TestResponsesOfEachTypeAreComplete(t *testing.T) {
	covered := map[string]bool{}
	for _, c := range shownAs {
		covered[c.typ] = true
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(typeNames(schemas.V1))), slices.Sorted(maps.Keys(covered))); diff != "" {
		t.Error(diff)
	}
}

func TestHeadersOfResponses(t *testing.T) {
	media := map[string]string{schemas.V2: datedMedia + ";charset=utf-8", schemas.V1: "application/json"}
	for _, apiVersion := range apiVersions {
		a := newAPIClient(t, apiVersion)
		payload := examplePayload(t, apiVersion, "OPS_GENIE")
		for i, c := range []struct {
			method, target string
			status         int
			code           string
		}{
			{"POST", "/OPS_GENIE", 200, ""},
			{"POST", "/OPS_GENIE", 409, "INTEGRATION_ALREADY_CONFIGURED"},
			{"PUT", "/OPS_GENIE", 200, ""},
			{"GET", "/OPS_GENIE", 200, ""},
			{"GET", "", 200, ""},
			{"GET", "?pageNum=0", 400, "INVALID_QUERY_PARAMETER"},
			{"DELETE", "/OPS_GENIE", 204, ""},
			{"DELETE", "/OPS_GENIE", 404, "INTEGRATION_NOT_CONFIGURED"},
		} {
			body := ""
			if c.method == "POST" || c.method == "PUT" {
				body = payload
			}
			got := a.do(c.method, c.target, body)
			a.want(got, c.status, c.code)
			want := map[string]string{"Content-Type": media[apiVersion]}
			if apiVersion == schemas.V2 {
				want[wire.RateLimitHeader], want[wire.RateRemainingHeader] = "1200", fmt.Sprint(1199-i)
			}
			if c.code != "" {
				want["Content-Type"], want["X-Error-Code"] = "application/json", c.code
			}
			wantHeader(t, got, want)
		}
	}
}

func TestOrderIsThatOfTheTypes(t *testing.T) {
	for _, apiVersion := range apiVersions {
		a := newAPIClient(t, apiVersion)
		types := typeNames(apiVersion)
		backwards := slices.Clone(types)
		slices.Reverse(backwards)
		if diff := cmp.Diff(types, listedTypes(a.has(backwards...).do("GET", "", "").body)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", apiVersion, diff)
		}
	}
	captured := []string{"PAGER_DUTY", "DATADOG", "OPS_GENIE", "VICTOR_OPS", "WEBHOOK"}
	a := newAPIClient(t, schemas.V2).has("DATADOG", "OPS_GENIE", "PAGER_DUTY", "VICTOR_OPS", "WEBHOOK")
	if diff := cmp.Diff(captured, listedTypes(a.do("GET", "", "").body)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPaging(t *testing.T) {
	const (
		one   = `{"apiKey":"********************************cdef","id":"ID1","region":"EU","type":"OPS_GENIE"}`
		two   = `{"apiKey":"********************************cdef","id":"ID2","routingKey":"databases","type":"VICTOR_OPS"}`
		three = `{"enabled":true,"id":"ID3","sendUserProvidedResourceTagsEnabled":false,"serviceDiscovery":"http","username":"prom_user","type":"PROMETHEUS"}`
	)
	for _, c := range []struct{ query, links, results, rest string }{
		{"", `self:?pageNum=1&itemsPerPage=100`, one + "," + two + "," + three, `,"totalCount":3`},
		{"?", `self:?pageNum=1&itemsPerPage=100`, one + "," + two + "," + three, `,"totalCount":3`},
		{"?includeCount=true", `self:?includeCount=true&pageNum=1&itemsPerPage=100`, one + "," + two + "," + three, `,"totalCount":3`},
		{"?includeCount=false", `self:?includeCount=false&pageNum=1&itemsPerPage=100`, one + "," + two + "," + three, ``},
		{"?itemsPerPage=500", `self:?pageNum=1&itemsPerPage=500`, one + "," + two + "," + three, `,"totalCount":3`},
		{"?itemsPerPage=3", `self:?pageNum=1&itemsPerPage=3`, one + "," + two + "," + three, `,"totalCount":3`},
		{"?itemsPerPage=2&includeCount=true", `self:?includeCount=true&pageNum=1&itemsPerPage=2 next:?includeCount=true&itemsPerPage=2&pageNum=2`,
			one + "," + two, `,"totalCount":3`},
		{"?pageNum=2&itemsPerPage=2", `self:?pageNum=2&itemsPerPage=2 previous:?itemsPerPage=2&pageNum=1`, three, `,"totalCount":3`},
		{"?pageNum=2&itemsPerPage=1&includeCount=false",
			`self:?includeCount=false&pageNum=2&itemsPerPage=1 previous:?includeCount=false&itemsPerPage=1&pageNum=1 ` +
				`next:?includeCount=false&itemsPerPage=1&pageNum=3`,
			two, ``},
		{"?pageNum=3&itemsPerPage=2", `self:?pageNum=3&itemsPerPage=2 previous:?itemsPerPage=2&pageNum=2`, "", `,"totalCount":3`},
		{"?pageNum=9", `self:?pageNum=9&itemsPerPage=100 previous:?itemsPerPage=100&pageNum=8`, "", `,"totalCount":3`},
		// The first index of this page overflows an int.
		{"?pageNum=9223372036854775807&itemsPerPage=500",
			`self:?pageNum=9223372036854775807&itemsPerPage=500 previous:?itemsPerPage=500&pageNum=9223372036854775806`, "", `,"totalCount":3`},
		{"?pageNum=4611686018427387905&itemsPerPage=2",
			`self:?pageNum=4611686018427387905&itemsPerPage=2 previous:?itemsPerPage=2&pageNum=4611686018427387904`, "", `,"totalCount":3`},
		{"?x=a%20b&y=%3C&itemsPerPage=100&z", `self:?x=a%20b&y=%3C&z&pageNum=1&itemsPerPage=100`, one + "," + two + "," + three, `,"totalCount":3`},
		{"?envelope=true", `self:?envelope=true&pageNum=1&itemsPerPage=100`, one + "," + two + "," + three, `,"status":200,"totalCount":3`},
		{"?envelope=false&pretty=false", `self:?envelope=false&pretty=false&pageNum=1&itemsPerPage=100`, one + "," + two + "," + three, `,"totalCount":3`},
	} {
		for _, apiVersion := range apiVersions {
			a := newAPIClient(t, apiVersion).has("OPS_GENIE", "VICTOR_OPS", "PROMETHEUS")
			want := a.page("", c.links, c.results, c.rest)
			t.Run(apiVersion+" "+c.query, func(t *testing.T) {
				got := a.do("GET", c.query, "")
				wantBody(t, got, want)
				// Paging applies to the responses of writes as well.
				got = a.do("PUT", "/OPS_GENIE"+c.query, examplePayload(t, schemas.V2, "OPS_GENIE"))
				wantBody(t, got, strings.ReplaceAll(want, a.path(""), a.path("/OPS_GENIE")))
			})
		}
	}
}

// page writes a page by hand; links are "rel:query", and IDn is the nth ID.
func (a *apiClient) page(rest, links, results, end string) string {
	var list []string
	for link := range strings.FieldsSeq(links) {
		rel, query, _ := strings.Cut(link, ":")
		list = append(list, `{"href":"http://atlas.example`+a.path(rest)+query+`","rel":"`+rel+`"}`)
	}
	page := `{"links":[` + strings.Join(list, ",") + `],"results":[` + results + `]` + end + `}`
	for i := range 9 {
		page = strings.ReplaceAll(page, fmt.Sprintf("ID%d", i), nth(i))
	}
	return page
}

func TestEmptyProject(t *testing.T) {
	for _, apiVersion := range apiVersions {
		a := newAPIClient(t, apiVersion)
		wantBody(t, a.do("GET", "", ""), a.page("", "self:?pageNum=1&itemsPerPage=100", "", `,"totalCount":0`))
		wantBody(t, a.do("GET", "?pageNum=3", ""),
			a.page("", "self:?pageNum=3&itemsPerPage=100 previous:?itemsPerPage=100&pageNum=2", "", `,"totalCount":0`))
	}
}

func TestBaseOfLinks(t *testing.T) {
	for base, opts := range map[string][]Option{
		"http://atlas.example": nil,
		"https://proxy:8443":   {WithBaseURL("https://proxy:8443/")},
		"https://proxy/x":      {WithBaseURL("https://proxy/x")},
	} {
		a := newAPIClient(t, schemas.V2, opts...)
		if got := a.do("GET", "", ""); !strings.Contains(got.body, `"href":"`+base+`/api/atlas/v2/groups/`) {
			t.Errorf("%s: %s", base, got.body)
		}
	}
}

func TestEnvelopeAndPretty(t *testing.T) {
	one := `{"apiKey":"********************************cdef","id":"` + nth(1) + `","region":"EU","type":"OPS_GENIE"}`
	missing := `{"detail":"The integration of type 'WEBHOOK' is not configured for this group.","error":404,` +
		`"errorCode":"INTEGRATION_NOT_CONFIGURED","parameters":["WEBHOOK"],"reason":"Not Found"}`
	badPage := `{"detail":"Invalid query parameter pageNum specified.","error":400,` +
		`"errorCode":"INVALID_QUERY_PARAMETER","parameters":["pageNum"],"reason":"Bad Request"}`
	indented := "{\n  \"apiKey\": \"********************************cdef\",\n  \"id\": \"" + nth(1) +
		"\",\n  \"region\": \"EU\",\n  \"type\": \"OPS_GENIE\"\n}\n"
	for _, c := range []struct {
		target string
		status int
		code   string
		want   string
	}{
		{"/OPS_GENIE?envelope=true", 200, "", `{"status":200,"content":` + one + `}`},
		{"/OPS_GENIE?envelope=false", 200, "", one},
		{"/OPS_GENIE?pretty=true", 200, "", indented},
		{"/WEBHOOK", 404, "INTEGRATION_NOT_CONFIGURED", missing},
		{"/WEBHOOK?envelope=true", 404, "INTEGRATION_NOT_CONFIGURED", `{"status":404,"content":` + missing + `}`},
		{"/WEBHOOK?envelope=1", 404, "INTEGRATION_NOT_CONFIGURED", `{"status":404,"content":` + missing + `}`},
		{"?envelope=true&pageNum=0", 400, "INVALID_QUERY_PARAMETER", `{"status":400,"content":` + badPage + `}`},
		{"?envelope=true&pageNum=x", 400, "INVALID_QUERY_PARAMETER", `{"status":400,"content":` + badPage + `}`},
		{"?pretty=true&pageNum=0", 400, "INVALID_QUERY_PARAMETER",
			"{\n  \"detail\": \"Invalid query parameter pageNum specified.\",\n  \"error\": 400,\n  \"errorCode\": \"INVALID_QUERY_PARAMETER\",\n" +
				"  \"parameters\": [\n    \"pageNum\"\n  ],\n  \"reason\": \"Bad Request\"\n}\n"},
	} {
		for _, apiVersion := range apiVersions {
			t.Run(apiVersion+c.target, func(t *testing.T) {
				a := newAPIClient(t, apiVersion).has("OPS_GENIE")
				got := a.do("GET", c.target, "")
				a.want(got, c.status, c.code)
				wantBody(t, got, c.want)
			})
		}
	}
}

// FLOWDOCK is in the store, but v2 neither shows nor counts it.
func TestFlowdock(t *testing.T) {
	v1 := newAPIClient(t, schemas.V1).has("FLOWDOCK", "OPS_GENIE")
	v2 := v1.withVersion(schemas.V2)
	if got := listedTypes(v1.do("GET", "", "").body); !slices.Equal(got, []string{"OPS_GENIE", "FLOWDOCK"}) {
		t.Errorf("v1.0 lists %v", got)
	}
	got := v2.do("GET", "?itemsPerPage=1", "")
	wantBody(t, got,
		v2.page("", "self:?pageNum=1&itemsPerPage=1",
			`{"apiKey":"********************************cdef","id":"ID2","region":"EU","type":"OPS_GENIE"}`,
			`,"totalCount":1`))
	for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
		v2.want(v2.do(method, "/FLOWDOCK", examplePayload(t, schemas.V1, "FLOWDOCK")), 400, "INVALID_PATH_PARAMETER")
	}
	v1.want(v1.do("GET", "/FLOWDOCK", ""), 200, "")
}

// An integration that one API version stores can be read, updated and deleted by the other, each in its own form.
func TestAPIVersionsShareTheStore(t *testing.T) {
	v2 := newAPIClient(t, schemas.V2).has("PAGER_DUTY", "WEBHOOK")
	v1 := v2.withVersion(schemas.V1)
	wantBody(t, v1.do("GET", "/PAGER_DUTY", ""), `{"id":"`+nth(1)+`","region":"EU","serviceKey":"****************************cdef","type":"PAGER_DUTY"}`)
	v1.want(v1.do("PUT", "/WEBHOOK", `{"type":"WEBHOOK","url":"https://new.example.com/abcd"}`), 200, "")
	wantBody(t, v2.do("GET", "/WEBHOOK", ""),
		`{"bodyTemplate":"**************************************y}\"}","headersTemplate":"***************************e}\"}","id":"`+nth(2)+
			`","secret":"******************cret","url":"https://new.example.com/****abcd","type":"WEBHOOK"}`)
	v1.want(v1.do("DELETE", "/PAGER_DUTY", ""), 204, "")
	v2.want(v2.do("GET", "/PAGER_DUTY", ""), 404, "INTEGRATION_NOT_CONFIGURED")
	v1.want(v1.do("PUT", "/VICTOR_OPS", examplePayload(t, schemas.V1, "VICTOR_OPS")), 200, "")
	v2.want(v2.do("POST", "/VICTOR_OPS", examplePayload(t, schemas.V2, "VICTOR_OPS")), 409, "INTEGRATION_ALREADY_CONFIGURED")
}
