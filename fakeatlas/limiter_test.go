package fakeatlas

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/ratelimit"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
)

// A project has a bucket of 3, which both API versions share, and gets all of it back after a minute.
func TestRateLimit(t *testing.T) {
	a := newAPIClient(t, schemas.V2, WithRateLimit(3))
	limited := func(got reply, remaining string) {
		t.Helper()
		if diff := cmp.Diff([]string{"3", remaining}, []string{got.exact(wire.RateLimitHeader), got.exact(wire.RateRemainingHeader)}); diff != "" {
			t.Error(diff)
		}
	}
	limited(a.do("GET", "", ""), "2")
	a.want(a.withVersion(schemas.V1).do("DELETE", "/WEBHOOK", ""), 404, "INTEGRATION_NOT_CONFIGURED")
	wantUnauthorized(t, a.do("GET", "", "", "Authorization:"), "false") // is not counted
	a.s.clock.Advance(20*time.Second + time.Millisecond)
	limited(a.do("GET", "", "", "Accept:"), "0") // a rejected request is
	got := a.send(a.request("PUT", "/WEBHOOK", unread{t}))
	a.want(got, 429, "RATE_LIMITED_TOKEN_BUCKET")
	path := strings.TrimPrefix(a.path("/WEBHOOK"), "/")
	wantBody(t, got, `{"detail":"Rate limit exceeded for `+path+`. Please retry after 39 seconds. Request capacity: 3. Refill rate: 3 per 60 seconds. `+
		`For more information, see: http://dochub.mongodb.org/core/atlas-api-rate-limit.","error":429,"errorCode":"RATE_LIMITED_TOKEN_BUCKET","parameters":["`+
		path+`",39,3,3,60],"reason":"Too Many Requests"}`)
	wantHeader(t, got, map[string]string{"Content-Type": "application/json", "X-Error-Code": "RATE_LIMITED_TOKEN_BUCKET",
		wire.RateLimitHeader: "3", wire.RateRemainingHeader: "0", "Retry-After": "40"})
	got = a.withVersion(schemas.V1).do("GET", "/WEBHOOK", "")
	wantBody(t, got,
		`{"detail":"Resource /`+strings.Replace(path, "v2", "v1.0", 1)+
			` is limited to 3 requests every 1 minutes.","error":429,"errorCode":"RATE_LIMITED","parameters":["/`+
			strings.Replace(path, "v2", "v1.0", 1)+`",3,1],"reason":"Too Many Requests"}`)
	wantHeader(t, got, map[string]string{"Content-Type": "application/json", "X-Error-Code": "RATE_LIMITED", "Retry-After": "40"})
	a.s.clock.Advance(40 * time.Second)
	limited(a.do("GET", "", ""), "2")
}

// Each project has a bucket of its own.
func TestRateLimitByProject(t *testing.T) {
	a := newAPIClient(t, schemas.V2, WithRateLimit(1))
	other := *a
	other.project = strings.Repeat("2", 24)
	for _, one := range []*apiClient{a, &other} {
		one.want(one.do("GET", "", ""), 200, "")
		one.want(one.do("GET", "", ""), 429, "RATE_LIMITED_TOKEN_BUCKET")
	}
}

// The default bucket is Atlas's. As in the recordings, nothing is added before a minute is over.
func TestRateLimitOfAtlas(t *testing.T) {
	a := newAPIClient(t, schemas.V2, WithRateLimit(ratelimit.DefaultCapacity))
	for i := range 8 { // the recorded counts of eight requests in 26 seconds
		if got := a.do("GET", "", "").exact(wire.RateRemainingHeader); got != fmt.Sprint(1199-i) {
			t.Errorf("request %d leaves %s", i+1, got)
		}
		a.s.clock.Advance(26 * time.Second / 7)
	}
	for range 1192 {
		a.want(a.do("GET", "/WEBHOOK", ""), 404, "INTEGRATION_NOT_CONFIGURED")
	}
	a.s.clock.Advance(30*time.Second - 1)
	got := a.do("GET", "", "")
	a.want(got, 429, "RATE_LIMITED_TOKEN_BUCKET")
	path := strings.TrimPrefix(a.path(""), "/")
	wantBody(t, got, `{"detail":"Rate limit exceeded for `+path+`. Please retry after 0 seconds. Request capacity: 1200. Refill rate: 500 per 60 seconds. `+
		`For more information, see: http://dochub.mongodb.org/core/atlas-api-rate-limit.","error":429,"errorCode":"RATE_LIMITED_TOKEN_BUCKET","parameters":["`+
		path+`",0,1200,500,60],"reason":"Too Many Requests"}`)
	a.s.clock.Advance(time.Second)
	if got := a.do("GET", "", "").exact(wire.RateRemainingHeader); got != "499" {
		t.Errorf("%s are left after a minute", got)
	}
}

// Errors have the headers of the rate limit, and count for it, if recorded ones do.
func TestRateLimitHeaders(t *testing.T) {
	for target, want := range map[string]string{
		"GET ":             "200 1199",
		"POST /OPS_GENIE":  "400 1199",
		"GET /OPS_GENIE":   "404 1199",
		"PATCH /OPS_GENIE": "405 1199",
		"GET /api/atlas/v2/groups/" + strings.Repeat("1", 24) + "/integrations": "404 ",
		"GET /api/atlas/v2/groups/x/integrations":                               "404 ",
		"GET /api/atlas/v2/groups/" + testProject + "/nothing":                  "404 ",
		"GET /api/atlas/v1.0/groups/" + testProject + "/integrations":           "200 ",
	} {
		a := newAPIClient(t, schemas.V2, WithProjects(testProject))
		method, path, _ := strings.Cut(target, " ")
		got := a.do(method, path, "{}")
		if has := fmt.Sprintf("%d %s", got.status, got.exact(wire.RateRemainingHeader)); has != want {
			t.Errorf("%s: %s, want %s: %v", target, has, want, got.header)
		}
		if hasLimit := got.exact(wire.RateLimitHeader) != ""; hasLimit == strings.HasSuffix(want, " ") {
			t.Errorf("%s: has %s: %t: %v", target, wire.RateLimitHeader, hasLimit, got.header)
		}
	}
}

// Injected errors have no headers of the rate limit if Atlas's have none.
func TestRateLimitHeadersOfFaults(t *testing.T) {
	for code, want := range map[string]bool{"GROUP_NOT_FOUND": false, "UNEXPECTED_ERROR": false, "INVALID_ATTRIBUTE": true, "NOT_IN_GROUP": true} {
		a := newAPIClient(t, schemas.V2)
		f := Fault{ErrorCode: code}
		if code == "UNEXPECTED_ERROR" {
			f.Status = http.StatusUnauthorized
		}
		if err := a.s.FailNext(f); err != nil {
			t.Fatal(err)
		}
		if got := a.do("GET", "", ""); (got.exact(wire.RateRemainingHeader) != "") != want {
			t.Errorf("%s: %v", code, got.header)
		}
	}
}

func TestNoRateLimit(t *testing.T) {
	a := newAPIClient(t, schemas.V2, WithRateLimit(0))
	wantHeader(t, a.do("GET", "", ""), map[string]string{"Content-Type": datedMedia + ";charset=utf-8"})
}

// By default the server counts requests and rejects none, so that a test can send any number of them.
func TestRateLimitIsOnlyCountedByDefault(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	var got reply
	for range 1201 {
		got = a.do("GET", "/WEBHOOK", "")
	}
	a.want(got, 404, "INTEGRATION_NOT_CONFIGURED")
	if got.exact("RateLimit-Remaining") != "0" {
		t.Error(got.header)
	}
}
