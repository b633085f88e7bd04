package fakeatlas_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
)

func inject(t testing.TB, s *fakeatlas.Server, f fakeatlas.Fault) string {
	t.Helper()
	id, err := s.InjectFault(f)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestFaultsRespondAsTheAPI(t *testing.T) {
	const (
		generic      = `,"parameters":[],"reason":`
		tokenLimited = `{"detail":"Resource /api/oauth/token is limited to 50 requests every 1 minutes.","error":429,` +
			`"errorCode":"RATE_LIMITED","parameters":["/api/oauth/token",50,1],"reason":"Too Many Requests"}`
	)
	for _, tc := range []struct {
		name, path string
		fault      fakeatlas.Fault
		status     int
		code, want string
		retryAfter string
	}{
		{
			name: "code alone", path: v2("/DATADOG"), fault: fakeatlas.Fault{ErrorCode: "RATE_LIMITED", RetryAfter: 1500 * time.Millisecond},
			status: 429, code: "RATE_LIMITED", retryAfter: "2",
			want: `{"detail":"Resource ` + v2("/DATADOG") +
				` is limited to 1200 requests every 1 minutes.","error":429,"errorCode":"RATE_LIMITED","parameters":["` +
				v2("/DATADOG") + `",1200,1],"reason":"Too Many Requests"}`,
		},
		{
			name: "status alone", path: v2("/DATADOG"), fault: fakeatlas.Fault{Status: 503, RetryAfter: time.Minute},
			status: 503, code: "UNEXPECTED_ERROR", retryAfter: "60",
			want: `{"detail":"Unexpected error.","error":503,"errorCode":"UNEXPECTED_ERROR"` + generic + `"Service Unavailable"}`,
		},
		{
			name: "limited", path: v2("/DATADOG"), fault: fakeatlas.Fault{Status: 429, RetryAfter: 2500 * time.Millisecond},
			status: 429, code: "RATE_LIMITED_TOKEN_BUCKET", retryAfter: "3",
			want: `{"detail":"Rate limit exceeded for ` + v2("/DATADOG")[1:] +
				`. Please retry after 2 seconds. Request capacity: 1200. Refill rate: 500 per 60 seconds. ` +
				`For more information, see: http://dochub.mongodb.org/core/atlas-api-rate-limit.","error":429,` +
				`"errorCode":"RATE_LIMITED_TOKEN_BUCKET","parameters":["` +
				v2("/DATADOG")[1:] + `",2,1200,500,60],"reason":"Too Many Requests"}`,
		},
		{
			name: "limited on v1.0", path: integrations("v1.0", project, "/DATADOG"), fault: fakeatlas.Fault{Status: 429},
			status: 429, code: "RATE_LIMITED",
			want: `{"detail":"Resource ` + integrations("v1.0", project, "/DATADOG") +
				` is limited to 1200 requests every 1 minutes.","error":429,"errorCode":"RATE_LIMITED","parameters":["` +
				integrations("v1.0", project, "/DATADOG") + `",1200,1],"reason":"Too Many Requests"}`,
		},
		{
			name: "both", path: v2("/DATADOG"), fault: fakeatlas.Fault{Status: 502, ErrorCode: "MADE_UP"},
			status: 502, code: "MADE_UP",
			want: `{"detail":"An injected fault.","error":502,"errorCode":"MADE_UP"` + generic + `"Bad Gateway"}`,
		},
		{
			name: "v1.0", path: integrations("v1.0", project, "/DATADOG"), fault: fakeatlas.Fault{Status: 409},
			status: 409, code: "INTEGRATION_ALREADY_CONFIGURED",
			want: `{"detail":"The integration of type 'DATADOG' is already configured for this group.","error":409,` +
				`"errorCode":"INTEGRATION_ALREADY_CONFIGURED","parameters":["DATADOG"],"reason":"Conflict"}`,
		},
		{
			name: "envelope", path: v2("/DATADOG?envelope=true"), fault: fakeatlas.Fault{Status: 500},
			status: 500, code: "UNEXPECTED_ERROR",
			want: `{"status":500,"content":{"detail":"Unexpected error.","error":500,"errorCode":"UNEXPECTED_ERROR"` + generic + `"Internal Server Error"}}`,
		},
		{
			name: "unauthorized", path: v2("/DATADOG"), fault: fakeatlas.Fault{Status: 401},
			status: 401, code: "UNEXPECTED_ERROR",
			want: "{\n  \"error\" : 401,\n  \"reason\" : \"Unauthorized\",\n  \"detail\" : \"You are not authorized for this " +
				"resource.\",\n  \"errorCode\" : \"UNEXPECTED_ERROR\"\n}",
		},
		{
			name: "token", path: "/api/oauth/token", fault: fakeatlas.Fault{Path: "/api/oauth/*", Status: 503, RetryAfter: time.Second},
			status: 503, retryAfter: "1",
			want: `{"error_description":"An injected fault.","error":"temporarily_unavailable"}`,
		},
		{
			name: "token by code", path: "/api/oauth/token", fault: fakeatlas.Fault{Path: "/api/oauth/token", Status: 400, ErrorCode: "INVALID_GRANT"},
			status: 400,
			want:   `{"error_description":"An injected fault.","error":"invalid_grant"}`,
		},
		{
			name: "token denied", path: "/api/oauth/token", fault: fakeatlas.Fault{Path: "/api/oauth/token", Status: 403},
			status: 403,
			want:   `{"error_description":"An injected fault.","error":"access_denied"}`,
		},
		{
			name: "token limited", path: "/api/oauth/token", fault: fakeatlas.Fault{Path: "/api/oauth/token", Status: 429, RetryAfter: time.Second},
			status: 429, code: "RATE_LIMITED", retryAfter: "1",
			want: tokenLimited,
		},
		{
			name: "token limited by code", path: "/api/oauth/token", fault: fakeatlas.Fault{Path: "/api/oauth/token", ErrorCode: "RATE_LIMITED"},
			status: 429, code: "RATE_LIMITED",
			want: tokenLimited,
		},
		{
			name: "unauthorized by code", path: v2("/DATADOG"), fault: fakeatlas.Fault{ErrorCode: "NOT_IN_GROUP"},
			status: 401, code: "NOT_IN_GROUP",
			want: `{"detail":"The current user is not in the group, or the group does not exist.","error":401,"errorCode":"NOT_IN_GROUP"` +
				generic + `"Unauthorized"}`,
		},
		{
			name: "gone", path: v2("/DATADOG"), fault: fakeatlas.Fault{Status: 410},
			status: 410, code: "VERSION_GONE",
			want: `{"detail":"Version 2023-01-01 of ` + v2("/DATADOG") +
				` is no longer available.","error":410,"errorCode":"VERSION_GONE","parameters":["2023-01-01","` +
				v2("/DATADOG") + `"],"reason":"Gone"}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newServer(t)
			if err := s.FailNext(tc.fault); err != nil {
				t.Fatal(err)
			}
			got := call(t, s, "POST", tc.path, datadog)
			wantStatus(t, got, tc.status, tc.code)
			if diff := cmp.Diff(tc.want, got.body); diff != "" {
				t.Error(diff)
			}
			if challenged := got.header.Get("WWW-Authenticate") != ""; challenged != (tc.name == "unauthorized") {
				t.Errorf("challenged: %t", challenged)
			}
			if after := got.header.Get("Retry-After"); after != tc.retryAfter {
				t.Errorf("Retry-After is %q, want %q", after, tc.retryAfter)
			}
			r := s.Requests()[0]
			if r.Fault != "1" || r.BodySize != int64(len(datadog)) {
				t.Errorf("the journal has the fault %q and %d bytes, want 1 and %d", r.Fault, r.BodySize, len(datadog))
			}
			if strings.HasPrefix(tc.path, "/api/atlas") && r.Body == nil {
				t.Error("the journal has no body")
			}
			if left := s.Faults(); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
		})
	}
}

// A fault can have any error code of Atlas, and the text of the code has no unfilled placeholder.
func TestFaultsByEachCode(t *testing.T) {
	s := newServer(t)
	for _, code := range []string{"INVALID_GROUP_ID", "VERSION_GONE", "INVALID_INTEGRATION_SETTINGS", "IP_ADDRESS_NOT_ON_ACCESS_LIST", "MISSING_ATTRIBUTE"} {
		if err := s.FailNext(fakeatlas.Fault{ErrorCode: code}); err != nil {
			t.Fatal(err)
		}
		got := call(t, s, "GET", v2("/DATADOG"), "")
		if got.header.Get("X-Error-Code") != code || strings.Contains(got.body, "%") {
			t.Errorf("%s: %s", code, got.body)
		}
	}
}

func TestFaultsMatchRequests(t *testing.T) {
	const other = "ffffffffffffffffffffffff"
	for _, tc := range []struct {
		name  string
		fault fakeatlas.Fault
		want  string // 1 for each request that fails: get, list, post, v1.0, another project, token, alert configurations
	}{
		{"all", fakeatlas.Fault{}, "11111-1"},
		{"method", fakeatlas.Fault{Method: "post"}, "--1----"},
		{"type", fakeatlas.Fault{Type: "DATADOG"}, "1-111--"},
		{"project", fakeatlas.Fault{Project: other}, "----1--"},
		{"path", fakeatlas.Fault{Path: v2("")}, "-1-----"},
		{"prefix", fakeatlas.Fault{Path: "/api/atlas/v2/*"}, "111-1-1"},
		{"suffix", fakeatlas.Fault{Path: "*/DATADOG"}, "1-111--"},
		{"middle", fakeatlas.Fault{Path: "*/v1.0/*/integrations*"}, "---1---"},
		{"everything", fakeatlas.Fault{Path: "*"}, "1111111"},
		{"token", fakeatlas.Fault{Path: "/api/oauth/token"}, "-----1-"},
		{"header", fakeatlas.Fault{Header: map[string]string{"x-probe": "post"}}, "--1----"},
		{"wrong header", fakeatlas.Fault{Header: map[string]string{"X-Probe": "pos"}}, "-------"},
		{"all of it", fakeatlas.Fault{Method: "POST", Project: project, Type: "DATADOG", Path: "*"}, "--1----"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newServer(t)
			tc.fault.Status = 599
			inject(t, s, tc.fault)
			got := ""
			for _, ask := range []struct{ method, path string }{
				{"GET", v2("/DATADOG")}, {"GET", v2("")}, {"POST", v2("/DATADOG")}, {"GET", integrations("v1.0", project, "/DATADOG")},
				{"GET", integrations("v2", other, "/DATADOG")}, {"POST", "/api/oauth/token"}, {"GET", "/api/atlas/v2/groups/" + project + "/alertConfigs"},
			} {
				verdict := "-"
				if call(t, s, ask.method, ask.path, "", "X-Probe: "+strings.ToLower(ask.method)).status == 599 {
					verdict = "1"
				}
				got += verdict
			}
			if got != tc.want {
				t.Errorf("fails %s, want %s", got, tc.want)
			}
		})
	}
}

func TestFaultsInTurn(t *testing.T) {
	s := newServer(t)
	lasting := inject(t, s, fakeatlas.Fault{Status: 500})
	for _, f := range []fakeatlas.Fault{{Status: 502, Times: 2}, {Status: 503}} {
		if err := s.FailNext(f); err != nil {
			t.Fatal(err)
		}
	}
	want := []int{502, 502, 503, 500, 500}
	for i, status := range want {
		if got := call(t, s, "GET", v2(""), ""); got.status != status {
			t.Errorf("request %d returns %d, want %v", i+1, got.status, want)
		}
	}
	if !s.RemoveFault(lasting) || s.RemoveFault(lasting) {
		t.Error("a fault is removed once")
	}
	inject(t, s, fakeatlas.Fault{Status: 500})
	s.ClearFaults()
	wantStatus(t, call(t, s, "GET", v2(""), ""), 200, "")
}

// The first request of a digest client has no credentials, and must not use up a fault.
func TestFaultsWaitForCredentials(t *testing.T) {
	s := newServer(t)
	if err := s.FailNext(fakeatlas.Fault{Status: 503}); err != nil {
		t.Fatal(err)
	}
	plain := &http.Client{Transport: s.Transport()}
	for _, want := range []int{503, 200} {
		first := do(t, plain, newRequest(t, "GET", base+v2(""), "", "Accept: "+dated))
		wantStatus(t, first, 401, "UNEXPECTED_ERROR")
		credentials := digestCredentials(t, first.header.Get("WWW-Authenticate"), "GET", v2(""))
		second := do(t, plain, newRequest(t, "GET", base+v2(""), "", "Accept: "+dated, "Authorization: "+credentials))
		if second.status != want {
			t.Errorf("got %d, want %d", second.status, want)
		}
	}
	if r := s.Requests()[1]; r.User != fakeatlas.DefaultAPIKey.PublicKey {
		t.Errorf("the user is %q", r.User)
	}
}

func TestFaultsByChance(t *testing.T) {
	run := func(seed uint64) (pattern string) {
		s := newServer(t)
		inject(t, s, fakeatlas.Fault{Status: 500, Probability: 0.5, Seed: seed})
		for range 40 {
			pattern += call(t, s, "GET", v2(""), "").header.Get("X-Error-Code") + "."
		}
		return pattern
	}
	first, again, other := run(1), run(1), run(2)
	if first != again {
		t.Errorf("with the same seed, other requests fail: %s, then %s", first, again)
	}
	if first == other {
		t.Errorf("with two seeds, the same requests fail: %s", first)
	}
	if n := strings.Count(first, "UNEXPECTED_ERROR"); n == 0 || n == 40 {
		t.Errorf("%d of 40 requests fail, with a probability of 0.5", n)
	}
}

func TestFaultErrors(t *testing.T) {
	s := newServer(t)
	for _, tc := range []struct {
		field string
		fault fakeatlas.Fault
	}{
		{"status", fakeatlas.Fault{}},
		{"status", fakeatlas.Fault{Status: 200}},
		{"status", fakeatlas.Fault{Status: 600}},
		{"errorCode", fakeatlas.Fault{ErrorCode: "MADE_UP"}},
		{"errorCode", fakeatlas.Fault{ErrorCode: "x\r\ny", Status: 500}},
		{"errorCode", fakeatlas.Fault{ErrorCode: "INTEGRATION_NOT_CONFIGRED", Status: 404}},
		{"method", fakeatlas.Fault{Drop: true, Method: "PSOT"}},
		{"method", fakeatlas.Fault{Drop: true, Method: secret}},
		{"delay", fakeatlas.Fault{Delay: -1}},
		{"retryAfter", fakeatlas.Fault{Status: 429, RetryAfter: -1}},
		{"body", fakeatlas.Fault{Delay: 1, Body: "x"}},
		{"body", fakeatlas.Fault{Status: 500, Body: strings.Repeat("x", 17<<10)}},
		{"retryAfter", fakeatlas.Fault{Drop: true, RetryAfter: 1}},
		{"drop", fakeatlas.Fault{Drop: true, Status: 500}},
		{"times", fakeatlas.Fault{Drop: true, Times: -1}},
		{"probability", fakeatlas.Fault{Drop: true, Probability: 2}},
		{"path", fakeatlas.Fault{Drop: true, Path: "integrations/" + secret}},
		{"path", fakeatlas.Fault{Drop: true, Path: "http://127.0.0.1/api/oauth/token"}},
		{"path", fakeatlas.Fault{Drop: true, Path: "/api/atlas/v2/groups/{groupId}/integrations"}},
		{"path", fakeatlas.Fault{Drop: true, Path: "/api/atlas/v2/groups/:id/integrations"}},
		{"project", fakeatlas.Fault{Drop: true, Project: secret}},
		{"type", fakeatlas.Fault{Drop: true, Type: "datadog"}},
		{"type", fakeatlas.Fault{Drop: true, Type: secret}},
		{"header", fakeatlas.Fault{Drop: true, Header: map[string]string{"authorization": secret}}},
	} {
		var rejected *fakeatlas.FaultError
		_, err := s.InjectFault(tc.fault)
		if !errors.As(err, &rejected) {
			t.Errorf("%+v: got %v, want a FaultError", tc.fault, err)
			continue
		}
		if rejected.Field != tc.field || !strings.HasPrefix(rejected.Reason, tc.field+" ") {
			t.Errorf("%+v: the field is %q and the reason %q, want %s", tc.fault, rejected.Field, rejected.Reason, tc.field)
		}
		if rejected.Hint == "" {
			t.Errorf("%+v: %v has no hint", tc.fault, err)
		}
		wantNoParts(t, tc.field, err.Error(), secret)
	}
	if active := s.Faults(); len(active) > 0 {
		t.Errorf("rejected faults are active: %v", active)
	}
}

// Hints have the name that a misspelled one most likely means, if there is one.
func TestFaultSuggestions(t *testing.T) {
	s := newServer(t)
	for want, fault := range map[string]fakeatlas.Fault{
		"did you mean GET?":                           {Drop: true, Method: "gte"},
		"did you mean DATADOG?":                       {Drop: true, Type: "datadgo"},
		"correct it, or leave it out for all methods": {Drop: true, Method: "SUBSCRIBE"},
		"write it as in the URL of the request, or leave it out for all types": {Drop: true, Type: "GRAFANA"},
	} {
		var rejected *fakeatlas.FaultError
		if _, err := s.InjectFault(fault); !errors.As(err, &rejected) || rejected.Hint != want {
			t.Errorf("%+v: %v, want %s", fault, err, want)
		}
	}
	for path, want := range map[string]string{
		"/requests?method=GTE":      `"hint":"did you mean GET?"`,
		"/requests?type=DATADGO":    `"hint":"did you mean DATADOG?"`,
		"/requests?method=ZZZZZZZZ": `"hint":"write it as in requests, such as POST"`,
	} {
		if body := controlCall(t, s, "GET", path, "").body; !strings.Contains(body, want) {
			t.Errorf("%s: %s, want %s", path, body, want)
		}
	}
	if body := controlCall(t, s, "PUT", "/stubs", `{"stubs":[{"path":"/y","method":"GTE"}]}`).body; !strings.Contains(body, `"hint":"did you mean GET?"`) {
		t.Error(body)
	}
}

// A code that Atlas doesn't document can be injected with a status, but not one that is most likely misspelled.
func TestUndocumentedCodes(t *testing.T) {
	s := newServer(t)
	for _, code := range []string{
		"NOT_IN_ORG", "INVALID_KEY", "CLUSTER_NOT_FOUND", "USER_NOT_FOUND", "TENANT_CLUSTER_UPDATE_UNSUPPORTED", "X",
		"INVALID_GRANT", "INVALID_REQUEST", "INVALID_CLIENT", "INVALID_SCOPE", "ACCESS_DENIED", "SERVER_ERROR", "TEMPORARILY_UNAVAILABLE",
	} {
		if err := s.FailNext(fakeatlas.Fault{ErrorCode: code, Status: 400}); err != nil {
			t.Error(err)
		}
		wantStatus(t, call(t, s, "GET", v2(""), ""), 400, code)
	}
	for code, near := range map[string]string{
		"INTEGRATION_NOT_CONFIGRED": "INTEGRATION_NOT_CONFIGURED", "RATE_LIMITTED": "RATE_LIMITED", "GROUP_NOT_FUOND": "GROUP_NOT_FOUND",
		"integration_not_configured": "INTEGRATION_NOT_CONFIGURED", "GROUPNOTFOUND": "GROUP_NOT_FOUND", "INVALID_URI": "INVALID_URL",
	} {
		for _, status := range []int{0, 404} {
			err := s.FailNext(fakeatlas.Fault{ErrorCode: code, Status: status})
			want := "invalid fault: errorCode is not a documented code of Atlas; use " + near + ", or set status and send another code in body"
			if err == nil || err.Error() != want {
				t.Errorf("%s: %v, want %s", code, err, want)
			}
		}
	}
	if err := s.FailNext(fakeatlas.Fault{ErrorCode: "INVALID_URI", Status: 404, Body: map[string]any{"errorCode": "INVALID_URI"}}); err != nil {
		t.Error(err)
	}
	if got := call(t, s, "GET", v2(""), ""); got.status != 404 || got.body != `{"errorCode":"INVALID_URI"}` {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// overTransports are the two ways to a server.
func overTransports(t *testing.T, try func(t *testing.T, s *fakeatlas.Server, c *http.Client)) {
	t.Run("network", func(t *testing.T) {
		transport := &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		try(t, fakeatlas.Start(t, fakeatlas.WithoutAuth(), fakeatlas.WithChoices(fakeatlas.Choices{LenientAccept: true})), &http.Client{Transport: transport})
	})
	t.Run("process", func(t *testing.T) {
		s := newServer(t, fakeatlas.WithoutAuth(), fakeatlas.WithChoices(fakeatlas.Choices{LenientAccept: true}))
		s.URL = base
		try(t, s, &http.Client{Transport: s.Transport()})
	})
}

// Without a connection to close, the handler reports a drop to its caller by the panic that net/http expects.
func TestDropWithoutAConnection(t *testing.T) {
	s := newServer(t, fakeatlas.WithoutAuth())
	inject(t, s, fakeatlas.Fault{Drop: true})
	defer func() {
		if got := recover(); got != any(http.ErrAbortHandler) {
			t.Errorf("it panicked with %v", got)
		}
	}()
	s.ServeHTTP(httptest.NewRecorder(), newRequest(t, "GET", v2(""), ""))
}

func TestDrop(t *testing.T) {
	overTransports(t, func(t *testing.T, s *fakeatlas.Server, c *http.Client) {
		inject(t, s, fakeatlas.Fault{Drop: true, Times: 1})
		// A POST, which net/http does not repeat on its own.
		if resp, err := c.Do(newRequest(t, "POST", s.URL+v2("/DATADOG"), datadog)); err == nil {
			resp.Body.Close()
			t.Errorf("got %d", resp.StatusCode)
		}
		if got := s.Requests(); len(got) != 1 || got[0].Status != 0 || got[0].Fault != "1" {
			t.Errorf("the journal has %+v", got)
		}
		if len(s.Integrations(project)) > 0 {
			t.Error("a dropped request has changed something")
		}
		wantStatus(t, do(t, c, newRequest(t, "GET", s.URL+v2(""), "")), 200, "")
	})
}

func TestTruncate(t *testing.T) {
	overTransports(t, func(t *testing.T, s *fakeatlas.Server, c *http.Client) {
		if err := s.Seed(project, datadog); err != nil {
			t.Fatal(err)
		}
		whole := do(t, c, newRequest(t, "GET", s.URL+v2("/DATADOG"), ""))
		for _, f := range []fakeatlas.Fault{{Truncate: true}, {Truncate: true, Status: 500}} {
			if err := s.FailNext(f); err != nil {
				t.Fatal(err)
			}
			resp, err := c.Do(newRequest(t, "GET", s.URL+v2("/DATADOG"), ""))
			if err != nil {
				t.Fatal(err)
			}
			part, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if !errors.Is(err, io.ErrUnexpectedEOF) || len(part) == 0 || int64(len(part)) >= resp.ContentLength {
				t.Errorf("%d of %d bytes, then %v", len(part), resp.ContentLength, err)
			}
			if f.Status == 0 && (!strings.HasPrefix(whole.body, string(part)) || resp.ContentLength != int64(len(whole.body))) {
				t.Errorf("got %q of %q", part, whole.body)
			}
		}
		if err := s.FailNext(fakeatlas.Fault{Truncate: true}); err != nil {
			t.Fatal(err)
		}
		wantStatus(t, do(t, c, newRequest(t, "DELETE", s.URL+v2("/DATADOG"), "")), 204, "") // there is no body to truncate
	})
}

func TestDelay(t *testing.T) {
	overTransports(t, func(t *testing.T, s *fakeatlas.Server, c *http.Client) {
		inject(t, s, fakeatlas.Fault{Delay: time.Hour, Type: "SLACK"})
		inject(t, s, fakeatlas.Fault{Delay: time.Millisecond, Status: 503})
		wantStatus(t, do(t, c, newRequest(t, "GET", s.URL+v2(""), "")), 503, "UNEXPECTED_ERROR")
		if took := s.Requests()[0].Duration; took < time.Millisecond {
			t.Errorf("it took %v", took)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		defer cancel()
		if _, err := c.Do(newRequest(t, "GET", s.URL+v2("/SLACK"), "").WithContext(ctx)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the end of the context", err)
		}
	})
}

func TestFaultJSON(t *testing.T) {
	text, err := json.Marshal(fakeatlas.Fault{ID: "1", Status: 503, Delay: 1500 * time.Millisecond, RetryAfter: time.Minute})
	if want := `{"id":"1","status":503,"retryAfter":"1m0s","delay":"1.5s"}`; err != nil || string(text) != want {
		t.Errorf("got %s %v, want %s", text, err, want)
	}
}

// The journal and the recordings describe what a fault did, also after it was removed.
func TestFaultEffects(t *testing.T) {
	for _, tc := range []struct {
		fault          fakeatlas.Fault
		method, effect string
		status         int
	}{
		{fakeatlas.Fault{Truncate: true}, "GET", "truncate", 200},
		{fakeatlas.Fault{Truncate: true}, "DELETE", "", 204}, // without a body
		{fakeatlas.Fault{Drop: true}, "GET", "drop", 0},
		{fakeatlas.Fault{Delay: time.Millisecond}, "GET", "delay 1ms", 200},
		{fakeatlas.Fault{Delay: time.Millisecond, Drop: true}, "GET", "delay 1ms, drop", 0},
		{fakeatlas.Fault{Delay: time.Millisecond, Truncate: true}, "DELETE", "delay 1ms", 204},
		{fakeatlas.Fault{Status: 503, Truncate: true, RetryAfter: time.Second}, "GET", "status 503, truncate", 503},
		{fakeatlas.Fault{ErrorCode: "GROUP_NOT_FOUND"}, "GET", "errorCode GROUP_NOT_FOUND", 404},
		{fakeatlas.Fault{Status: 400, ErrorCode: "S3CRET_1234", Body: "s3cret"}, "GET", "status 400, errorCode (hidden)", 400},
	} {
		dir := t.TempDir()
		s := newServer(t, fakeatlas.WithRecordings(dir))
		if err := s.Seed(project, datadog); err != nil {
			t.Fatal(err)
		}
		if err := s.FailNext(tc.fault); err != nil {
			t.Fatal(err)
		}
		request, err := http.NewRequest(tc.method, "http://atlas.invalid"+v2("/DATADOG"), nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept", "application/vnd.atlas.2023-01-01+json")
		if response, err := s.Client().Do(request); err == nil {
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
		list := s.Requests()
		got := list[len(list)-1]
		if got.FaultEffect != tc.effect || got.Status != tc.status || got.Fault == "" {
			t.Errorf("%v: %q, %d, fault %q", tc.fault, got.FaultEffect, got.Status, got.Fault)
		}
		data, err := json.Marshal(got)
		if err != nil || strings.Contains(string(data), `"faultEffect":"`+tc.effect+`"`) != (tc.effect != "") {
			t.Errorf("%v: %s, %v", tc.fault, data, err)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		recorded, err := os.ReadFile(files[len(files)-1])
		if err != nil || strings.Contains(string(recorded), `"faultEffect": "`+tc.effect+`"`) != (tc.effect != "") {
			t.Errorf("%v: %s, %v", tc.fault, recorded, err)
		}
	}
}
