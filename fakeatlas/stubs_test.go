package fakeatlas_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/atlasint/atlasint/fakeatlas"
)

func addStubs(t testing.TB, s *fakeatlas.Server, add ...fakeatlas.Stub) {
	t.Helper()
	if err := s.Stub(add...); err != nil {
		t.Fatal(err)
	}
}

// Stubs respond only to the requests for which the server has no route.
func TestStubs(t *testing.T) {
	s := newServer(t)
	addStubs(
		t, s,
		fakeatlas.Stub{Method: "GET", Path: "/api/atlas/v2/groups/{groupId}/serverless", Body: map[string]any{"results": []any{}}},
		fakeatlas.Stub{Method: "PUT", Path: "/api/atlas/v2/groups/{groupId}/integrations", Status: 202},
		fakeatlas.Stub{Path: "/{rest...}", Status: 203, Header: map[string]string{"X-Stub": "last"}, Body: "text"},
	)
	for _, tc := range []struct {
		method, path string
		status       int
		stub, body   string
	}{
		{"GET", v2(""), 200, "", ""},
		{"PUT", v2(""), 202, "2", ""},
		{"GET", v2("/../serverless"), 404, "", ""},
		{"GET", strings.Replace(v2(""), "integrations", "serverless", 1) + "?pretty=true", 200, "1", `{"results":[]}`},
		{"GET", v2("/x/y"), 203, "3", "text"},
		{"GET", "/", 203, "3", "text"},
		{"GET", v2("") + "/", 203, "3", "text"},
		{"GET", "/api/oauth/", 203, "3", "text"},
		{"GET", "/api/atlas/v2/groups", 200, "", ""},
		{"POST", "/api/oauth/other", 203, "3", "text"},
	} {
		got := call(t, s, tc.method, tc.path, "")
		requests := s.Requests()
		if last := requests[len(requests)-1]; got.status != tc.status || last.Stub != tc.stub || last.Status != tc.status {
			t.Errorf("%s %s: %d by stub %q", tc.method, tc.path, got.status, last.Stub)
		}
		if tc.stub != "" && got.body != tc.body {
			t.Errorf("%s %s: %s", tc.method, tc.path, got.body)
		}
		if tc.stub == "3" && got.header.Get("X-Stub") != "last" {
			t.Errorf("%s %s: %v", tc.method, tc.path, got.header)
		}
	}
	if got := controlCall(t, s, "GET", "/nothing", ""); got.status != 404 || !strings.Contains(got.body, "unknown path of the control API") {
		t.Errorf("the control API: %d %s", got.status, got.body)
	}
	for path, accepted := range map[string]bool{
		"/api/atlas/v2/groups/{id}": false, "/_atlasint/{rest...}": false, "/_atlasint/state": false, "/_atlasint": false,
		"/%5Fatlasint/x": false, "/_atlasint%2fx": false, "/x/{n}:%zz": false, "/x/{n}:%": false, "/x/{n}%2e": true,
		"/api/atlas/v2/groups/byName/{name}": false, "/api/oauth/{a}": true, "/api/atlas/v2/groups/{id}/{x}/y": true,
	} {
		if err := s.Stub(fakeatlas.Stub{Method: "GET", Path: path}); (err == nil) != accepted {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// A path of the server may have stubs for the methods that it lacks. Without a method, the error names those it has.
func TestStubsForServedPaths(t *testing.T) {
	const group = "/api/atlas/v2/groups/{groupId}"
	s := newServer(t)
	for _, tc := range []struct{ method, path, served, other string }{
		{"", group, "DELETE, GET, HEAD, PATCH", "POST"},
		{"", group + "/integrations", "GET, HEAD", "POST"},
		{"", group + "/integrations/DATADOG", "DELETE, GET, HEAD, POST, PUT", "PATCH"},
		{"", "/api/atlas/v1.0/groups/{a}/integrations/{b}", "DELETE, GET, HEAD, POST, PUT", "PATCH"},
		{"", "/api/atlas/v2/groups/byName/{name}", "GET, HEAD", "POST"},
		{"", "/api/oauth/token", "POST", "GET"},
		{"GET", group + ":migrate", "DELETE, GET, HEAD, PATCH", "POST"}, // as the ID of a project
		{"HEAD", group, "DELETE, GET, HEAD, PATCH", "POST"},
		{"", group + "/integrations/{rest...}", "", ""}, // and what the server has no route for
		{"", group + "/nothing", "", ""},
		{"POST", group, "", ""},
		{"POST", group + ":migrate", "", ""},
	} {
		err := s.Stub(fakeatlas.Stub{Method: tc.method, Path: tc.path})
		want := "the server has its own responses to " + tc.served +
			" for this path; set the method to another one, such as " + tc.other +
			", or inject a fault to make these requests fail"
		switch {
		case tc.served == "" && err != nil:
			t.Errorf("%s %s: %v", tc.method, tc.path, err)
		case tc.served != "" && (err == nil || !strings.HasSuffix(err.Error(), want)):
			t.Errorf("%s %s: %v, want %s", tc.method, tc.path, err, want)
		}
	}
	wantStatus(t, call(t, s, "POST", "/api/atlas/v2/groups/"+project+":migrate", ""), 200, "")
	wantStatus(t, call(t, s, "GET", "/api/atlas/v2/groups/"+project+":migrate", ""), 404, "INVALID_GROUP_ID")
	got := controlCall(t, s, "POST", "/stubs", `{"path":"/_atlasint/{x}:start"}`)
	if want := `{"error":"invalid stub at /path: the control API of the server has this path","hint":"use another one"}`; got.body != want {
		t.Error(got.body)
	}
	addStubs(t, s, fakeatlas.Stub{Path: "/{x}int/health"})
	if got := controlCall(t, s, "GET", "/health", ""); !strings.Contains(got.body, `"status"`) {
		t.Errorf("a stub responds for the control API: %s", got.body)
	}
}

// Credentials come first, also for methods and paths that only a stub has. Some paths need none, as in Atlas.
func TestStubsNeedCredentials(t *testing.T) {
	s := newServer(t)
	addStubs(t, s, fakeatlas.Stub{Path: "/{rest...}", Body: "text"})
	plain := &http.Client{Transport: s.Transport()}
	for path, want := range map[string]int{
		"/api/atlas/v2/groups/1/serverless": 401, "/api/atlas/v1.5/groups/1/clusters": 401, "/api/public/v1.0/groups": 401, "/api": 200,
		"/api/private/unauth/account/device/authorize": 200, "/api/private/ipinfo": 401, "/api/oauth/device": 200, "/internal": 200,
		// Another server may decode these to a path of the API.
		"/api/private/unauth/%2e%2e/%2e%2e/atlas/v2/groups": 401, "/api/private%2funauth/x": 401, "/api/oauth%2fx": 401,
		"/api/oauth/%2e%2e/atlas/v2/groups": 401, "/internal/%2e%2e/api/atlas/v2/groups": 401, "/%61pi/x": 401,
	} {
		if got := do(t, plain, newRequest(t, "POST", "http://localhost"+path, "")); got.status != want || (got.body == "text") != (want == 200) {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if list := s.Stubs(); list[0].Applied != 4 {
		t.Errorf("it was applied to %d requests", list[0].Applied)
	}
}

// Endpoints that the server does not have have versions of their own, and no rate limit.
func TestStubsIgnoreVersionsAndRates(t *testing.T) {
	s := newServer(t, fakeatlas.WithRateLimit(1))
	path := "/api/atlas/v2/groups/" + project + "/logs"
	addStubs(t, s, fakeatlas.Stub{Path: path, Body: "text"})
	for _, accept := range []string{"application/vnd.atlas.2021-01-01+gzip", "application/vnd.atlas.preview+json", "*/*", ""} {
		for range 2 {
			got := do(t, &http.Client{Transport: s.Transport()},
				newRequest(t, "GET", "http://localhost"+path, "", "Authorization: Bearer "+token(t, s), "Accept: "+accept))
			if got.status != 200 || got.header.Get("RateLimit-Limit") != "" {
				t.Errorf("Accept %s: %d %v", accept, got.status, got.header)
			}
		}
	}
}

// Faults apply to requests that stubs respond to.
func TestFaultsComeBeforeStubs(t *testing.T) {
	s := newServer(t)
	path := "/api/atlas/v2/groups/" + project + "/serverless"
	addStubs(t, s, fakeatlas.Stub{Path: path, Body: "text"})
	if err := s.FailNext(fakeatlas.Fault{Path: path, Status: 503}); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, call(t, s, "GET", path, ""), 503, "UNEXPECTED_ERROR")
	if got := call(t, s, "GET", path, ""); got.body != "text" || s.Stubs()[0].Applied != 1 {
		t.Errorf("%s, %v", got.body, s.Stubs())
	}
}

// In Go, stubs are replaced, listed and removed by Reset as faults are. A snapshot has none.
func TestStubsInGo(t *testing.T) {
	s := newServer(t)
	want := []fakeatlas.Stub{
		{ID: "1", Method: "GET", Path: "/a/{b}", Status: 200, Header: map[string]string{"A": "b"}, Body: "canary", Times: 2},
		{ID: "2", Path: "/c", Status: 204},
	}
	addStubs(t, s,
		fakeatlas.Stub{Method: "get", Path: "/a/{b}", Header: map[string]string{"A": "b"}, Body: "canary", Times: 2, Applied: 7},
		fakeatlas.Stub{ID: "x", Path: "/c", Status: 204})
	if diff := cmp.Diff(want, s.Stubs()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	state, err := s.Snapshot()
	if err != nil || len(state) > 0 {
		t.Errorf("the snapshot: %v, %v", state, err)
	}
	if err := s.Restore(state); err != nil || len(s.Stubs()) != 2 {
		t.Errorf("Restore changes the stubs: %v, %v", s.Stubs(), err)
	}
	if err := s.SetStubs(fakeatlas.Stub{Path: "/d"}, fakeatlas.Stub{Path: "x"}); err == nil || !strings.Contains(err.Error(), "stub 2") {
		t.Errorf("got %v, want an error about stub 2", err)
	}
	if n := len(s.Stubs()); n != 2 {
		t.Errorf("%d stubs after a rejected list, want 2", n)
	}
	if err := s.SetStubs(fakeatlas.Stub{Path: "/d"}); err != nil || len(s.Stubs()) != 1 || s.Stubs()[0].ID != "3" {
		t.Errorf("%v, %v", s.Stubs(), err)
	}
	if err := s.Reset(); err != nil || len(s.Stubs()) > 0 {
		t.Errorf("after Reset: %v, %v", s.Stubs(), err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if text := fmt.Sprintf(verb, want); strings.Contains(text, "canary") || strings.Contains(text, fmt.Sprintf("%x", "canary")) {
			t.Errorf("%s prints %s", verb, text)
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("a stub", "stub", want[0])
	if strings.Contains(log.String(), "canary") || !strings.Contains(log.String(), "/a/{b}") {
		t.Errorf("the log has %s", &log)
	}
	var read fakeatlas.Stub
	data, err := json.Marshal(fakeatlas.Stub{Path: "/x", Body: []byte("a<b")})
	if err := errors.Join(err, json.Unmarshal(data, &read)); err != nil || read.Body != "a<b" {
		t.Errorf("%s becomes %#v, %v", data, read, err)
	}
	if err := json.Unmarshal([]byte(`{"path": "/x", "body": {"a": [1]}, "times": 1}`), &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fakeatlas.Stub{Path: "/x", Body: json.RawMessage(`{"a":[1]}`), Times: 1}, read, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The control API lists no secret of a body or a header, and no error has one.
func TestStubsAreMasked(t *testing.T) {
	s := newServer(t)
	stub := `{"path": "/x", "headers": {"Set-Cookie": "canary"}, "body": {"key": "canary", "n": 4711}}`
	for _, got := range []Request{
		controlCall(t, s, "POST", "/stubs", stub), controlCall(t, s, "PUT", "/stubs", `{"stubs":[`+stub+`]}`), controlCall(t, s, "GET", "/stubs", ""),
		controlCall(t, s, "POST", "/stubs", strings.Replace(stub, `"/x"`, `"canary"`, 1)), controlCall(t, s, "POST", "/stubs", stub+"canary"),
		controlCall(t, s, "POST", "/stubs", strings.Replace(stub, `"canary"`, `"canary\r\n"`, 1)),
		controlCall(t, s, "PUT", "/stubs", `{"stubs":[`+stub+`,{"path":"/y","method":"canarycanarycanarycanary1"}]}`),
	} {
		if strings.Contains(got.body, "canary") || strings.Contains(got.body, "4711") || got.body == "" {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	got := controlCall(t, s, "PUT", "/stubs", `{"stubs":[`+stub+`,{"path":"/y","status":1000}]}`)
	want := `{"error":"invalid stub at /stubs/1/status: 1000 is not a status of a whole response","hint":"use one from 200 to 599"}`
	if got.body != want || got.status != 400 {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// On a real connection a stub can break neither its response nor the next one.
func TestStubsOverTheWire(t *testing.T) {
	s := fakeatlas.Start(t)
	addStubs(t, s, fakeatlas.Stub{Path: "/x", Status: 304, Header: map[string]string{"ETag": `"a"`}},
		fakeatlas.Stub{Path: "/y", Body: strings.Repeat("y", 1<<20)})
	for range 2 {
		for path, want := range map[string]string{"/x": "", "/y": strings.Repeat("y", 1<<20)} {
			for _, method := range []string{"GET", "HEAD", "POST"} {
				r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(strings.Repeat("b", 100<<10)))
				if err != nil {
					t.Fatal(err)
				}
				resp, err := http.DefaultClient.Do(r)
				if err != nil {
					t.Fatal(method, path, err)
				}
				body, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || string(body) != want && (method != "HEAD" || len(body) > 0) {
					t.Errorf("%s %s: %d bytes, %v", method, path, len(body), err)
				}
			}
		}
	}
}

// A page of another site and a host name that resolves to this machine can't change stubs.
func TestStubsThroughRebinding(t *testing.T) {
	s := newServer(t)
	for _, method := range []string{"GET", "PUT", "POST", "DELETE"} {
		for _, header := range []http.Header{{"Origin": {"http://evil.example"}, "Sec-Fetch-Site": {"cross-site"}}, {}, {"X-Forwarded-For": {"127.0.0.1"}}} {
			r := httptest.NewRequest(method, "/_atlasint/stubs", strings.NewReader(`{"path":"/x"}`))
			r.RemoteAddr, r.Header, r.Host = "127.0.0.1:4000", header, "rebound.example"
			if len(header) > 0 {
				r.Host = "localhost"
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != 403 {
				t.Errorf("%s with %v: %d", method, header, w.Code)
			}
		}
	}
	if len(s.Stubs()) > 0 {
		t.Errorf("it has %v", s.Stubs())
	}
}

// Many clients use stubs at once, and each response counts once.
func TestStubsAtOnce(t *testing.T) {
	s := newServer(t)
	addStubs(t, s, fakeatlas.Stub{Path: "/x/{a}", Status: 201, Times: 50}, fakeatlas.Stub{Path: "/x/{a}", Status: 202})
	counts := make(chan int)
	for range 8 {
		go func() {
			n := 0
			for range 20 {
				w := httptest.NewRecorder()
				s.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), "GET", "/x/y", http.NoBody))
				if w.Code == 201 {
					n++
				}
				_ = s.Stubs()
			}
			counts <- n
		}()
	}
	total := 0
	for range 8 {
		total += <-counts
	}
	if total != 50 || s.Stubs()[0].Applied != 50 || s.Stubs()[1].Applied != 110 {
		t.Errorf("%d, %v", total, s.Stubs())
	}
}

// The error of a request without a route describes the stub that would respond to it, in Atlas's form, and so does the
// log. Neither shows more of the path than the journal.
func TestNearMisses(t *testing.T) {
	const group = "/api/atlas/v2/groups/" + project
	for _, tc := range []struct {
		method, path, detail, log string
	}{
		{
			"GET", group + "/clusters/swordfish?pageNum=1",
			"Cannot find resource " + group + "/clusters/swordfish. This fake of Atlas does not serve GET /api/atlas/v2/groups/{groupId}/clusters/{name}; " +
				"similar: GET /api/atlas/v2/groups/{groupId}/clusters. To respond to it, add a stub with this method and path: POST /_atlasint/stubs.",
			"method=GET path=/api/atlas/v2/groups/{groupId}/clusters/{name} similar=\"GET /api/atlas/v2/groups/{groupId}/clusters\"\n",
		},
		{
			"PUT", group + "/settings", "Method Not Allowed. This fake of Atlas does not serve PUT /api/atlas/v2/groups/{groupId}/settings; " +
				"similar: GET /api/atlas/v2/groups/{groupId}/settings, " +
				"PATCH /api/atlas/v2/groups/{groupId}/settings. To respond to it, add a stub with this method and path: POST /_atlasint/stubs.",
			"method=PUT path=/api/atlas/v2/groups/{groupId}/settings similar=",
		},
		{
			"GET", "/api/atlas/v1.5/groups/" + project + "/clusters",
			"Cannot find resource /api/atlas/v1.5/groups/" + project +
				"/clusters. This fake of Atlas does not serve GET /api/atlas/v1.5/groups/{groupId}/clusters; " +
				"similar: GET /api/atlas/v2/groups/{groupId}/clusters. To respond to it, add a stub with this method and path: POST /_atlasint/stubs.",
			"method=GET path=/api/atlas/v1.5/groups/{groupId}/clusters similar=",
		},
		{
			"POST", group + "/clusters/swordfish:pinFeatureCompatibilityVersion",
			"Cannot find resource " + group + "/clusters/swordfish:pinFeatureCompatibilityVersion. " +
				"This fake of Atlas does not serve POST /api/atlas/v2/groups/{groupId}/clusters/{name}:pinFeatureCompatibilityVersion; " +
				"similar: GET /api/atlas/v2/groups/{groupId}/clusters. To respond to it, add a stub with this method and path: POST /_atlasint/stubs.",
			"method=POST path=/api/atlas/v2/groups/{groupId}/clusters/{name}:pinFeatureCompatibilityVersion " +
				"similar=\"GET /api/atlas/v2/groups/{groupId}/clusters\"\n",
		},
		{
			"GET", "/api/x", "Cannot find resource /api/x. This fake of Atlas does not serve GET /api/{name}. " +
				"To respond to it, add a stub with this method and path: POST /_atlasint/stubs.",
			"method=GET path=/api/{name}\n",
		},
		{
			"POST", group + "/integrations", "Method Not Allowed. This fake of Atlas does not serve POST /api/atlas/v2/groups/{groupId}/integrations, " +
				"whose last segment is missing: use POST /api/atlas/v2/groups/{groupId}/integrations/{integrationType}.",
			"method=POST path=/api/atlas/v2/groups/{groupId}/integrations similar=\"POST /api/atlas/v2/groups/{groupId}/integrations/{integrationType}\"\n",
		},
		{
			"PUT", "/api/atlas/v1.0/groups/" + project + "/integrations",
			"Method Not Allowed. This fake of Atlas does not serve PUT /api/atlas/v1.0/groups/{groupId}/integrations, " +
				"whose last segment is missing: use PUT /api/atlas/v1.0/groups/{groupId}/integrations/{integrationType}.",
			"method=PUT path=/api/atlas/v1.0/groups/{groupId}/integrations similar=",
		},
		{
			"DELETE", group + "/alertConfigs", "Method Not Allowed. This fake of Atlas does not serve DELETE /api/atlas/v2/groups/{groupId}/alertConfigs, " +
				"whose last segment is missing: use DELETE /api/atlas/v2/groups/{groupId}/alertConfigs/{alertConfigId}.",
			"method=DELETE path=/api/atlas/v2/groups/{groupId}/alertConfigs similar=",
		},
		{"GET", "/favicon.ico", "Cannot find resource /favicon.ico.", ""},
		{
			"GET", group + "/",
			"Cannot find resource " + group +
				"/. This fake of Atlas does not serve paths with a slash at the end, or with empty segments, dots, " +
				"backslashes or control characters: correct the URL.",
			"",
		},
		{
			"GET", "//api/atlas/v2/groups",
			"Cannot find resource //api/atlas/v2/groups. " +
				"This fake of Atlas does not serve paths with a slash at the end, or with empty segments, dots, " +
				"backslashes or control characters: correct the URL.",
			"",
		},
		{"TRACE", group, "Method Not Allowed", ""}, // which no stub has
		{"BREW", group, "Method Not Allowed", ""},
	} {
		var logged bytes.Buffer
		s := newServer(t, fakeatlas.WithLogger(slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelWarn}))))
		got := call(t, s, tc.method, tc.path, "", "Accept: application/vnd.atlas.2010-01-01+csv")
		var body struct {
			Detail, ErrorCode, Reason string
			Error                     int
			Parameters                []any
		}
		if err := json.Unmarshal([]byte(got.body), &body); err != nil || body.ErrorCode == "" {
			t.Errorf("no error of the API: %v: %s", err, got.body)
		}
		if diff := cmp.Diff([]any{got.status, http.StatusText(got.status)}, []any{body.Error, body.Reason}); diff != "" {
			t.Errorf("%s %s: error, reason (-want +got):\n%s", tc.method, tc.path, diff)
		}
		if diff := cmp.Diff(tc.detail, body.Detail); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tc.method, tc.path, diff)
		}
		log := logged.String()
		if (log == "") != (tc.log == "") {
			t.Errorf("%s %s: the log has %q", tc.method, tc.path, log)
		}
		wantParts(t, "the log", log, tc.log)
		wantNoParts(t, "the log", log, "swordfish", project)
	}
	got := call(t, newServer(t, fakeatlas.WithoutControl()), "GET", group+"/serverless", "")
	if !strings.Contains(got.body, "To respond to it, add a stub with this method and path.\"") {
		t.Errorf("without a control API: %s", got.body)
	}
}

func TestServerless(t *testing.T) {
	atlas := fakeatlas.Start(t)
	err := atlas.Stub(fakeatlas.Stub{Method: "GET", Path: "/api/atlas/v2/groups/{groupId}/serverless", Body: map[string]any{"results": []any{}}})
	if err != nil {
		t.Fatal(err)
	}
	listServerless(t, atlas.URL, atlas.Client()) // the software under test
	if n := atlas.Stubs()[0].Applied; n != 1 {
		t.Errorf("it sent %d requests", n)
	}
}

// listServerless is the software under test.
func listServerless(t *testing.T, url string, client *http.Client) {
	response, err := client.Get(url + "/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/serverless")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Error(response.Status)
	}
}

// A fault may have a body and headers of its own, which lists, errors and package fmt don't show.
func TestFaultBodies(t *testing.T) {
	s := newServer(t)
	for _, tc := range []struct{ fault, contentType, body string }{
		{
			`{"status":502,"body":{"key":"canary","n":12345678901234567890},"responseHeader":{"X-Key":"canary"},"times":1}`,
			"application/json", `{"key":"canary","n":12345678901234567890}`,
		},
		{
			`{"errorCode":"UNEXPECTED_ERROR","retryAfter":"2s","body":"<h1>canary</h1>",` +
				`"responseHeader":{"content-type":"text/html","X-Key":"canary"},"times":1}`,
			"text/html", `<h1>canary</h1>`,
		},
	} {
		added := controlCall(t, s, "POST", "/faults", tc.fault)
		listed := controlCall(t, s, "GET", "/faults", "")
		if added.status != 201 {
			t.Errorf("POST faults: %d %s", added.status, added.body)
		}
		shown := added.body + listed.body + fmt.Sprintf("%v %+v %#v", s.Faults(), s.Faults()[0], s.Faults())
		wantNoParts(t, "the lists", shown, "canary", "1234567890")
		got := call(t, s, "GET", v2(""), "")
		if got.status < 500 || got.body != tc.body {
			t.Errorf("%d %s, want %s", got.status, got.body, tc.body)
		}
		retryAfter := ""
		if strings.Contains(tc.fault, "retryAfter") {
			retryAfter = "2"
		}
		for name, want := range map[string]string{"X-Key": "canary", "Content-Type": tc.contentType, "Retry-After": retryAfter} {
			if value := got.header.Get(name); value != want {
				t.Errorf("%s: %s is %q, want %q", tc.fault, name, value, want)
			}
		}
	}
	for text, want := range map[string]string{
		`{"delay":"1s","body":"canary"}`:                             "body and responseHeader need a status or an errorCode",
		`{"status":502,"responseHeader":{"X-Key":"canary\r\nA: b"}}`: "responseHeader has a header that is not valid: the value has a line break",
		`{"status":502,"body":["(hidden)"]}`:                         "body can't be sent: it contains (hidden)",
	} {
		got := controlCall(t, s, "POST", "/faults", text)
		if got.status != 400 {
			t.Errorf("%s: %d %s", text, got.status, got.body)
		}
		wantParts(t, text, got.body, want)
		wantNoParts(t, text, got.body, "canary")
	}
	err := s.FailNext(fakeatlas.Fault{Status: 500, Body: strings.Repeat("x", 16<<10+1)})
	if want := "body must have 16 KiB at most"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A request with a method that a stub can't have gets the hint of a stub without a method, which responds to it. The
// error and the log show no unknown method.
func TestHintForUnusualMethods(t *testing.T) {
	const path = "/api/atlas/v2/groups/" + project + "/serverless"
	for method, shown := range map[string]string{"TRACE": "TRACE", "QUERY": "(hidden)", "hunter2": "(hidden)"} {
		var log bytes.Buffer
		s := newServer(t, fakeatlas.WithoutAuth(), fakeatlas.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		got := call(t, s, method, path, "")
		if got.status != 404 {
			t.Errorf("%s: %d %s", method, got.status, got.body)
		}
		wantParts(t, method, got.body, "does not serve "+shown+" /api/atlas/v2/groups/{groupId}/serverless. "+
			"To respond to it, add a stub with this path and without a method: POST")
		wantParts(t, "the log", log.String(), "method="+shown+" ")
		wantNoParts(t, "the response and the log", got.body+log.String(), "hunter2")
		addStubs(t, s, fakeatlas.Stub{Path: "/api/atlas/v2/groups/{groupId}/serverless", Status: 202})
		if got := call(t, s, method, path, ""); got.status != 202 {
			t.Errorf("%s with the stub: %d %s", method, got.status, got.body)
		}
	}
}

// A caller can read the fields of the error for a stub.
func TestStubErrors(t *testing.T) {
	s, valid := newServer(t), fakeatlas.Stub{Path: "/d"}
	for name, tc := range map[string]struct {
		err  error
		want fakeatlas.StubError
		text string
	}{
		"one": {
			err:  s.Stub(fakeatlas.Stub{Path: "/d", Times: -1}),
			want: fakeatlas.StubError{Pointer: "/times", Reason: "it is negative", Hint: "use 0 for no limit"},
			text: "invalid stub at /times: it is negative; use 0 for no limit",
		},
		"second of two": {
			err:  s.SetStubs(valid, fakeatlas.Stub{Path: "/d", Times: -1}),
			want: fakeatlas.StubError{Index: 1, Pointer: "/times", Reason: "it is negative", Hint: "use 0 for no limit"},
			text: "stub 2: invalid stub at /times: it is negative; use 0 for no limit",
		},
		"JSON": {
			err:  json.Unmarshal([]byte(`{"path":"/d","times":"1"}`), &valid),
			want: fakeatlas.StubError{Pointer: "/times", Reason: "want a whole number from 0 to 1000000000", Hint: "write it in digits, without quotes"},
			text: "invalid stub at /times: want a whole number from 0 to 1000000000; write it in digits, without quotes",
		},
		"not JSON": {
			err: valid.UnmarshalJSON([]byte(`{}{`)),
			want: fakeatlas.StubError{
				Reason: "not JSON at line 1, column 3: a second value after the first: the input contains two values",
				Hint:   "keep one value",
			},
			text: "invalid stub: not JSON at line 1, column 3: a second value after the first: the input contains two values; keep one value",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var wrong *fakeatlas.StubError
			if !errors.As(tc.err, &wrong) {
				t.Fatalf("%T is not a StubError", tc.err)
			}
			if diff := cmp.Diff(tc.want, *wrong); diff != "" || tc.err.Error() != tc.text {
				t.Errorf("%v (-want +got)\n%s", tc.err, diff)
			}
		})
	}
}
