package fakeatlas_test

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
)

const API = "/_atlasint"

// controlCall sends a request to the control API from the same machine.
func controlCall(t testing.TB, s *fakeatlas.Server, method, path, body string, headers ...string) Request {
	t.Helper()
	return do(t, &http.Client{Transport: s.Transport()}, newRequest(t, method, "http://localhost"+API+path, body, headers...))
}

func controlRouter(t *testing.T) (*openapi3.T, routers.Router) {
	t.Helper()
	text := controlCall(t, newServer(t), "GET", "/openapi.yaml", "").body
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaPatternValidation()); err != nil {
		t.Fatal(err)
	}
	// The router compares whole addresses.
	doc.Servers = openapi3.Servers{{URL: "http://localhost" + API}}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return doc, router
}

// controlCases reach every operation, most of them in more than one way; each runs on a server of its own that has an
// integration, a request in its journal, two faults and a stub.
var controlCases = []struct {
	method, path, body string
	status             int
	invalid            bool // by the description too, as far as a schema can express it
}{
	{"GET", "/health", "", 200, false},
	{"GET", "/state", "", 200, false},
	{"PUT", "/state", `{"format":3,"projects":{}}`, 204, false},
	{"PUT", "/state", `{"format":3,"projects":{"` + project + `":{"integrations":[{"type":"OPS_GENIE","fields":{"apiKey":"k-1111"}}]}}}`, 204, false},
	{"PUT", "/state", `{"format":3,"projects":{"` + project + `":{"integrations":[{"type":"OPS_GENIE","fields":{"apiKey":"**** 1111"}}]}}}`, 400, false},
	{"PUT", "/state", `{"format":3,"projects":{"` + project + `":{"integrations":[{"type":"OPS_GENIE","fields":{"apiKey":"k-1111","id":"1"}}]}}}`, 400, true},
	{"PUT", "/state", `{"format":3,"projects":{"` + project + `":{"integrations":[{"type":"OPS_GENIE","field":{}}]}}}`, 400, true},
	{"PUT", "/state", `{"format":3,"projects":{"p":{}}}`, 400, true},
	{"PUT", "/state", `{"project":{}}`, 400, true},
	{"PUT", "/state", `{}`, 400, true},
	{"PUT", "/state", `{"format":3,"projects":{}} {}`, 400, false},
	{"PUT", "/state", `{`, 400, true},
	{"GET", "/state?masked=true&project=" + project, "", 200, false},
	{"GET", "/state?masked=yes", "", 400, true},
	{"GET", "/state?project=x", "", 400, true},
	{"GET", "/state?mask=true", "", 400, false},
	{"POST", "/reset", "", 204, false},
	{"POST", "/reset?project=" + project, "", 204, false},
	{"POST", "/reset?project=x", "", 400, true},
	{"POST", "/reset?group=x", "", 400, false},
	{"GET", "/requests", "", 200, false},
	{"GET", "/requests?limit=1&path=*/DATADOG&project=" + project, "", 200, false},
	{"GET", "/requests?limit=-1", "", 400, true},
	{"GET", "/requests?challenge=false", "", 200, false},
	{"GET", "/requests?challenge=yes", "", 400, true},
	{"GET", "/requests?limits=1", "", 400, false},
	{"GET", "/requests?method=put&status=2xx&status=404&type=DATADOG&type=SLACK&since=0&limit=0", "", 200, false},
	{"GET", "/requests?status=600", "", 400, true},
	{"GET", "/requests?type=datadog", "", 400, false},
	{"GET", "/requests?method=PSOT", "", 400, false},
	{"GET", "/requests?project=x", "", 400, true},
	{"GET", "/requests?path=v2/groups", "", 400, true},
	{"GET", "/requests?since=-1", "", 400, true},
	{"GET", "/requests?wait=1s&min=2", "", 200, false},
	{"GET", "/requests?wait=1ns&method=PATCH", "", 408, false},
	{"GET", "/requests?wait=11m", "", 400, false},
	{"GET", "/requests?wait=0s", "", 400, false},
	{"GET", "/requests?wait=10", "", 400, true},
	{"GET", "/requests?wait=1s&min=0", "", 400, true},
	{"GET", "/requests?wait=1s&limit=1", "", 400, false},
	{"GET", "/requests?min=1", "", 400, false},
	{"DELETE", "/requests", "", 204, false},
	{"GET", "/faults", "", 200, false},
	{"POST", "/faults", `{"status":503,"retryAfter":"1s","times":2,"header":{"X-A":"b"},"seed":18446744073709551615,"probability":1}`, 201, false},
	{"POST", "/faults", `{"method":"GET","path":"/x*","project":"` + project + `","type":"SLACK","delay":"1h0.5s","truncate":true}`, 201, false},
	{"POST", "/faults", `{"drop":true,"status":500}`, 400, false},
	{"POST", "/faults", `{"status":502,"body":{"a":[1,"b",null]},"responseHeader":{"Content-Type":"application/problem+json"}}`, 201, false},
	{"POST", "/faults", `{"status":502,"body":"<h1>Bad gateway</h1>","truncate":true}`, 201, false},
	{"POST", "/faults", `{"delay":"1s","body":"text"}`, 400, false},
	{"POST", "/faults", `{"status":502,"responseHeader":{"A":1}}`, 400, true},
	{"POST", "/faults", `{"status":"503"}`, 400, true},
	{"POST", "/faults", `{"status":200}`, 400, true},
	{"POST", "/faults", `{"status":500,"probability":0}`, 400, true},
	{"POST", "/faults", `{"status":500,"probability":1.5}`, 400, true},
	{"POST", "/faults", `{"delay":"soon"}`, 400, true},
	{"POST", "/faults", `{"delay":"1"}`, 400, true},
	{"POST", "/faults", `{"time":1,"drop":true}`, 400, true},
	{"POST", "/faults", `{}`, 400, true},
	{"POST", "/faults", `{"status":503,"path":"","project":"","type":""}`, 201, false},
	{"POST", "/faults", `{"status":503,"path":"integrations"}`, 400, true},
	{"POST", "/faults", `{"status":503,"project":"32B6E34B3D91647ABB20E7B8"}`, 400, true},
	{"POST", "/faults", `{"status":503,"type":"datadog"}`, 400, false},
	{"DELETE", "/faults", "", 204, false},
	{"DELETE", "/faults/2", "", 204, false},
	{"DELETE", "/faults/9", "", 404, false},
	{"GET", "/stubs", "", 200, false},
	{"PUT", "/stubs", `{"stubs":[]}`, 200, false},
	{
		"PUT", "/stubs",
		`{"stubs":[{"path":"/a/{id}","method":"get","body":null,"applied":7,"id":"x"},{"path":"/a/{id}","times":1,"headers":{"X-A":"b"}}]}`,
		200, false,
	},
	{"PUT", "/stubs", `{"stubs":[{"path":"/a"},{"path":"/b","status":99}]}`, 400, false},
	{"PUT", "/stubs", `{"stubs":{}}`, 400, true},
	{"PUT", "/stubs", `[]`, 400, true},
	{"POST", "/stubs", `{"path":"/api/atlas/v2/groups/{groupId}/serverless","status":0,"body":{"results":[],"n":1}}`, 201, false},
	{"POST", "/stubs", `{"path":"/x/{rest...}","method":"DELETE","status":204}`, 201, false},
	{"POST", "/stubs", `{"path":"/x","body":"text","headers":{"Content-Type":"text/html"}}`, 201, false},
	{"POST", "/stubs", `{"path":"x"}`, 400, true},
	{"POST", "/stubs", `{}`, 400, true},
	{"POST", "/stubs", `{"path":"/x","statuss":200}`, 400, true},
	{"POST", "/stubs", `{"path":"/x","status":600}`, 400, true},
	{"POST", "/stubs", `{"path":"/x","times":-1}`, 400, true},
	{"POST", "/stubs", `{"path":"/x","headers":{"A":1}}`, 400, true},
	{"POST", "/stubs", `{"path":"/x","body":`, 400, true},
	{"DELETE", "/stubs", "", 204, false},
	{"DELETE", "/stubs/1", "", 204, false},
	{"DELETE", "/stubs/9", "", 404, false},
	{"GET", "/clock", "", 200, false},
	{"PUT", "/clock", `{"now":"2026-01-02T03:04:05Z"}`, 200, false},
	{"PUT", "/clock", `{"advance":"-1h30m"}`, 200, false},
	{"PUT", "/clock", `{"run":true}`, 200, false},
	{"PUT", "/clock", `{"run":false}`, 400, true},
	{"PUT", "/clock", `{"now":"noon"}`, 400, true},
	{"PUT", "/clock", `{"advance":"soon"}`, 400, true},
	{"PUT", "/clock", `{"advance":"1h","run":true}`, 400, true},
	{"PUT", "/clock", `{"forward":"1h"}`, 400, true},
	{"PUT", "/clock", `{}`, 400, true},
	{"GET", "/overview", "", 200, false},
	{"GET", "/types", "", 200, false},
	{"POST", "/validate", `{"body":{"type":"DATADOG","region":"EUU"}}`, 200, false},
	{"POST", "/validate", `{"apiVersion":"v1.0","operation":"update","body":[1]}`, 200, false},
	{"POST", "/validate", `{"apiVersion":"v3","body":{}}`, 400, true},
	{"POST", "/validate", `{"operation":"delete","body":{}}`, 400, true},
	{"POST", "/validate", `{}`, 400, true},
	{"POST", "/send", `{"path":"/api/atlas/v2/groups/` + project + `/integrations"}`, 200, false},
	{
		"POST", "/send",
		`{"method":"PUT","path":"/api/atlas/v2/groups/` + project + `/integrations/SLACK","headers":{"Accept":"text/html"},"body":{"type":"SLACK"}}`,
		200, false,
	},
	{
		"POST", "/send",
		`{"method":"DELETE","path":"/api/atlas/v1.0/groups/` + project + `/integrations/DATADOG","headers":{"x-a":"b"},"body":"text"}`,
		200, false,
	},
	{"POST", "/send", `{"path":"/_atlasint/state"}`, 400, true},
	{"POST", "/send", `{"path":"http://example.com/api/"}`, 400, true},
	{"POST", "/send", `{"path":"/api/../_atlasint/state"}`, 400, false},
	{"POST", "/send", `{"path":"/api/%2e%2e/_atlasint/state"}`, 400, false},
	{"POST", "/send", `{"path":"/api/oauth/token","method":"POST"}`, 400, false},
	{"POST", "/send", `{"path":"/api/x","method":"G T"}`, 400, false},
	{"POST", "/send", `{"path":"/api/x","headers":{"Authorization":"Bearer x"}}`, 400, false},
	{"POST", "/send", `{"path":"/api/x","headers":{"X-A":"b\r\nX-B: c"}}`, 400, false},
	{"POST", "/send", `{"path":"/api/x","headers":{"X A":"b"}}`, 400, false},
	{"POST", "/send", `{"path":"/api/x","headers":{"X-A":1}}`, 400, true},
	{"POST", "/send", `{}`, 400, true},
	{"GET", "/events?since=x", "", 400, true},
	{"GET", "/events?after=3", "", 400, false},
	{"GET", "/metrics", "", 200, false},
	{"GET", "/openapi.yaml", "", 200, false},
}

// The control API follows its own description: both accept the same requests, and responses conform to it.
func TestControlConformsToItsDescription(t *testing.T) {
	doc, router := controlRouter(t)
	reached := map[string]bool{"getEvents": true} // a stream has no end: TestEvents
	for _, tc := range controlCases {
		t.Run(tc.method+tc.path+tc.body, func(t *testing.T) {
			s := newServer(t)
			if err := s.Seed(project, datadog); err != nil {
				t.Fatal(err)
			}
			call(t, s, "PUT", v2("/DATADOG?pretty=true"), datadog)
			call(t, s, "GET", "/nothing", "")
			inject(t, s, fakeatlas.Fault{Status: 500, Times: 3, Delay: 1})
			inject(t, s, fakeatlas.Fault{Drop: true, Header: map[string]string{"X-A": "b"}})
			if err := s.Stub(fakeatlas.Stub{Path: "/stubbed", Body: map[string]any{"a": 1}}); err != nil {
				t.Fatal(err)
			}

			r := newRequest(t, tc.method, "http://localhost"+API+tc.path, tc.body, "Content-Type: application/json")
			route, params, err := router.FindRoute(r)
			if err != nil {
				t.Fatal(err)
			}
			input := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{
				AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true,
			}}
			if err := openapi3filter.ValidateRequest(context.Background(), input); (err != nil) != tc.invalid {
				t.Errorf("the request does not conform to the description: %v", err)
			}
			got := controlCall(t, s, tc.method, tc.path, tc.body)
			if got.status != tc.status {
				t.Fatalf("got %d, want %d: %s", got.status, tc.status, got.body)
			}
			if got.status < 300 {
				reached[route.Operation.OperationID] = true
			}
			if strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") || strings.HasPrefix(got.header.Get("Content-Type"), "application/yaml") {
				return // no JSON
			}
			if err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
				RequestValidationInput: input, Status: got.status, Header: got.header, Body: io.NopCloser(strings.NewReader(got.body)),
			}); err != nil {
				t.Errorf("%s does not conform to the description: %v", got.body, err)
			}
		})
	}
	for path, item := range doc.Paths.Map() {
		described := []string{}
		for method, operation := range item.Operations() {
			if !reached[operation.OperationID] {
				t.Errorf("no case has a successful %s %s", method, path)
			}
			described = append(described, method)
			if method == "GET" {
				described = append(described, "HEAD") // net/http's own
			}
		}
		slices.Sort(described)
		allow := controlCall(t, newServer(t), "TRACE", strings.Replace(path, "{id}", "1", 1), "").header.Get("Allow")
		if want := strings.Join(described, ", "); allow != want {
			t.Errorf("%s takes %s, and %s is described", path, allow, want)
		}
	}
}

func TestControlRoutes(t *testing.T) {
	s := newServer(t)
	for path, want := range map[string]struct {
		status int
		body   string
	}{
		"":         {404, `{"error":"unknown path of the control API","hint":"GET /_atlasint/openapi.yaml lists them"}`},
		"/":        {404, `{"error":"unknown path of the control API","hint":"GET /_atlasint/openapi.yaml lists them"}`},
		"/healthy": {404, `{"error":"unknown path of the control API","hint":"GET /_atlasint/openapi.yaml lists them"}`},
		"/reset":   {405, `{"error":"the path does not support the method","hint":"use POST"}`},
		"/health":  {200, `{"status":"ok"}`},
	} {
		got := controlCall(t, s, "GET", path, "")
		if got.status != want.status || got.body != want.body {
			t.Errorf("%s returns %d %s, want %d %s", path, got.status, got.body, want.status, want.body)
		}
	}
	if got := s.Requests(); len(got) > 0 {
		t.Errorf("the control API is in the journal: %v", got)
	}
}

// The requests that the control API accepts and rejects.
func TestControlAdmits(t *testing.T) {
	open, closed := newServer(t), newServer(t, fakeatlas.WithControl("the-token"))
	for _, tc := range []struct {
		name         string
		s            *fakeatlas.Server
		remote, host string
		header       string
		want         int
	}{
		{"here", open, "127.0.0.1:4000", "127.0.0.1:80", "", 204},
		{"here by name", open, "127.0.0.1:4000", "LocalHost:80", "", 204},
		{"here by v6", open, "[::1]:4000", "[::1]:80", "", 204},
		{"here by v6 without a port", open, "[::1]:4000", "[::1]", "", 204},
		{"here by v4 in v6", open, "[::ffff:127.0.0.1]:4000", "127.8.9.10", "", 204},
		{"here from its own page", open, "127.0.0.1:4000", "localhost:80", "Origin: http://localhost:80", 204},
		{"another machine", open, "10.0.0.1:4000", "localhost:80", "", 403},
		{"another machine, lying", open, "10.0.0.1:4000", "127.0.0.1:80", "X-Forwarded-For: 127.0.0.1", 403},
		{"by a name that leads here", open, "127.0.0.1:4000", "rebound.invalid:80", "", 403},
		{"by a name that begins alike", open, "127.0.0.1:4000", "localhost.rebound.invalid:80", "", 403},
		{"by no name", open, "127.0.0.1:4000", "", "", 403},
		{"by a proxy that is here", open, "127.0.0.1:4000", "localhost", "X-Forwarded-For: 10.0.0.1", 403},
		{"by another proxy that is here", open, "127.0.0.1:4000", "localhost", "Forwarded: for=10.0.0.1", 403},
		{"from a page elsewhere", open, "127.0.0.1:4000", "localhost:80", "Origin: https://page.invalid", 403},
		{"from a page elsewhere, new browser", open, "127.0.0.1:4000", "localhost:80", "Sec-Fetch-Site: cross-site", 403},
		{"by a socket file", open, "@", "localhost", "", 403},
		{"with a token that nobody set", open, "10.0.0.1:4000", "localhost", "Authorization: Bearer the-token", 403},
		{"token", closed, "10.0.0.1:4000", "fake.invalid", "Authorization: Bearer the-token", 204},
		{"token in other letters", closed, "10.0.0.1:4000", "fake.invalid", "Authorization: bearer the-token", 204},
		{"no token here", closed, "127.0.0.1:4000", "localhost", "", 401},
		{"wrong token", closed, "127.0.0.1:4000", "localhost", "Authorization: Bearer the-tokem", 401},
		{"empty token", closed, "127.0.0.1:4000", "localhost", "Authorization: Bearer ", 401},
		{"token by another scheme", closed, "127.0.0.1:4000", "localhost", "Authorization: Basic the-token", 401},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newRequest(t, "POST", "http://x"+API+"/reset", "", tc.header)
			if tc.header == "" {
				r.Header = http.Header{}
			}
			r.RemoteAddr, r.Host = tc.remote, tc.host
			w := httptest.NewRecorder()
			tc.s.ServeHTTP(w, r)
			if w.Code != tc.want {
				t.Errorf("got %d %s, want %d", w.Code, w.Body, tc.want)
			}
			isError := w.Header().Get("Content-Type") == "application/json" && strings.Contains(w.Body.String(), `{"error":`)
			if tc.want >= 400 && !isError {
				t.Errorf("got %v %s", w.Header(), w.Body)
			}
		})
	}
}

func TestControlOptions(t *testing.T) {
	got := controlCall(t, newServer(t, fakeatlas.WithoutControl()), "GET", "/health", "")
	wantStatus(t, got, 404, "RESOURCE_NOT_FOUND")
	got = controlCall(t, newServer(t, fakeatlas.WithControl("")), "GET", "/health", "")
	wantStatus(t, got, 200, "")
}

// A snapshot can be restored unchanged. Its secrets are hidden in the journal.
func TestControlState(t *testing.T) {
	s := newServer(t)
	if err := s.Seed(project, datadog); err != nil {
		t.Fatal(err)
	}
	state := controlCall(t, s, "GET", "/state", "").body
	if !strings.Contains(state, secret) {
		t.Fatalf("a snapshot without its secrets: %s", state)
	}
	if got := controlCall(t, s, "POST", "/reset", ""); got.status != 204 || len(s.Integrations(project)) > 0 {
		t.Fatal("a reset leaves something")
	}
	if got := controlCall(t, s, "PUT", "/state", state); got.status != 204 {
		t.Fatal(got)
	}
	if diff := cmp.Diff(state, controlCall(t, s, "GET", "/state", "").body); diff != "" {
		t.Error(diff)
	}
	call(t, s, "PUT", v2("/DATADOG"), datadog)
	if got := controlCall(t, s, "GET", "/requests", "").body; strings.Contains(got, secret) || !strings.Contains(got, "****c0de") {
		t.Errorf("the journal: %s", got)
	}
}

// Paths that a mux would redirect are unknown.
func TestControlNeverRedirects(t *testing.T) {
	s := newServer(t)
	for _, path := range []string{"/./state", "//state", "/x/../state", "/state/"} {
		if got := controlCall(t, s, "GET", path, ""); got.status != 404 || !strings.HasPrefix(got.body, `{"error":`) {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
}

// No error repeats the text that was sent.
func TestControlErrorsHideSecrets(t *testing.T) {
	s := newServer(t)
	for _, body := range []string{
		`{"format":3,"projects":{"` + project + `":{"integrations":[{"type":"` + secret + `","fields":{"apiKey":"` + secret + `"}}]}}}`,
		`{"format":3,"projects":{"` + project + `":{"integrations":[{"type":"SLACK","fields":{"apiKey":"` + secret + `"}}]}}}`,
		`{"format":3,"projects":{"` + secret + `":{}}}`,
		`{"format":3,"projects":{"` + project + `":"` + secret + `"}}`,
		`{"format":3,"projects":{"` + project + `":{"integrations":[{"type":"SLACK","id":"` + secret + `"}]}}}`,
		`"` + secret,
	} {
		if got := controlCall(t, s, "PUT", "/state", body); got.status != 400 || strings.Contains(got.body, secret) {
			t.Errorf("%s returns %d %s", body, got.status, got.body)
		}
	}
}

// An error names the place, as the description of the control API states.
func TestControlErrorsNameThePlace(t *testing.T) {
	const hint = `"hint":"GET /_atlasint/openapi.yaml describes the body"}`
	s := newServer(t)
	for _, tc := range []struct{ method, path, body, want string }{
		{"POST", "/faults", `{"status":"503"}`, `{"error":"status: want a whole number, got a string",` + hint},
		{"POST", "/faults", `{"delay":5}`, `{"error":"delay: want a string, got a number",` + hint},
		{"POST", "/faults", `{"drop":1}`, `{"error":"drop: want true or false, got a number",` + hint},
		{"POST", "/faults", `{"probability":"1"}`, `{"error":"probability: want a number, got a string",` + hint},
		{"POST", "/faults", `{"header":[]}`, `{"error":"header: want an object, got an array",` + hint},
		{"POST", "/faults", `{"status":500,"headers":{}}`, `{"error":"the body has an unknown member \"headers\"","hint":"did you mean responseHeader?"}`},
		{"POST", "/faults", `{"status":500,"timess":1}`, `{"error":"the body has an unknown member \"timess\"","hint":"did you mean times?"}`},
		{
			"POST", "/faults", `{"status":500,"zzzzzz":1}`,
			`{"error":"the body has an unknown member \"zzzzzz\"","hint":"GET /_atlasint/openapi.yaml lists the members"}`,
		},
		{"PUT", "/clock", `{"advanced":"1h"}`, `{"error":"the body has an unknown member \"advanced\"","hint":"did you mean advance?"}`},
		{"PUT", "/clock", `{"run":"yes"}`, `{"error":"run: want true or false, got a string",` + hint},
		{"POST", "/faults", `[{"status":503}]`, `{"error":"the body is not a JSON object",` + hint},
		{"PUT", "/state", `{"format":3,"projects":{"` + project + `":{"integrations":[{"type":"OPS_GENIE","fields":{}}]}}}`,
			`{"error":"project ` + project +
				`: the payload of OPS_GENIE is invalid: OPS_GENIE: missing required field \"apiKey\" (Opsgenie API key, string)"}`},
		{"PUT", "/state",
			`{"format":3,"projects":{"` + project +
				`":{"integrations":[{"type":"OPS_GENIE","fields":{"apiKey":"k-1"}},{"type":"OPS_GENIE","fields":{"apiKey":"k-2"}}]}}}`,
			`{"error":"project ` + project + `: OPS_GENIE: the project has an integration of this type"}`},
		{"PUT", "/state", `{"format":3,"projects":{"` + project + `":{"deleted":true,"integrations":[{"type":"OPS_GENIE","fields":{"apiKey":"k-1"}}]}}}`,
			`{"error":"project ` + project + ` has other members than deleted: the project was deleted"}`},
		{"PUT", "/state", `{"format":3,"projects":{"` + project + `":{},"` + project + `":{}}}`,
			`{"error":"the body has a duplicate member in an object","hint":"remove one of the two members"}`},
		{"PUT", "/state", `{"format":3,"projects":{"` + project + `":{"integrations":[{"Type":"OPS_GENIE","fields":{"apiKey":"k-1"}}]}}}`,
			`{"error":"the body has an unknown member \"Type\"","hint":"GET /_atlasint/openapi.yaml lists the members"}`},
	} {
		if got := controlCall(t, s, tc.method, tc.path, tc.body); got.status != 400 || got.body != tc.want {
			t.Errorf("%s returns %d %s, want %s", tc.body, got.status, got.body, tc.want)
		}
	}
}

// Faults apply to tokens over TLS and HTTP/2 as well. A dropped connection is a reset stream there.
func TestFaultsOverHTTP2(t *testing.T) {
	s := newServer(t, fakeatlas.WithoutAuth(), fakeatlas.WithChoices(fakeatlas.Choices{LenientAccept: true}))
	server := httptest.NewUnstartedServer(s)
	server.EnableHTTP2 = true
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	server.StartTLS()
	defer server.Close()
	inject(t, s, fakeatlas.Fault{Drop: true, Times: 1})
	inject(t, s, fakeatlas.Fault{Truncate: true, Times: 1})
	if resp, err := server.Client().Do(newRequest(t, "POST", server.URL+v2("/DATADOG"), datadog)); err == nil {
		resp.Body.Close()
		t.Error("a dropped request gets a response")
	}
	resp, err := server.Client().Do(newRequest(t, "GET", server.URL+v2(""), ""))
	if err != nil || resp.ProtoMajor != 2 {
		t.Fatal(resp, err)
	}
	defer resp.Body.Close()
	if part, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("the whole response came: %s", part)
	}
}
