package fakeatlas_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

// unsafeNames are segments that another server may read as another path, or as its end.
var unsafeNames = []string{
	"%2e%2e", "%2E.", ".%2e", "%2e", "%2e%2e/%2e%2e/%2e%2e/admin", "x%2f..%2f..%2fadmin", "..%2fadmin", "%5c..%5c..%5cadmin", "..%5cadmin",
	"c%5c", "%5c", "c%00:pin", "%00", "c%0a", "c%0d%0aX:%20y", "c%7f", "c%09", "c%c2%85", "..;/admin", "%2e%2e;x=1/admin", "%2e%3bx",
}

// Paths that another server may resolve to another path reach no stub and no fallback, with credentials or without.
func TestUnsafePathsReachNothing(t *testing.T) {
	reached := ""
	mock := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { reached = r.RequestURI }))
	defer mock.Close()
	group := "/api/atlas/v2/groups/" + project
	options := map[string][]fakeatlas.Option{"stubs": nil, "fallback": {fakeatlas.WithFallback(mock.URL + "/base")}, "no auth": {fakeatlas.WithoutAuth()}}
	for name, options := range options {
		s := fakeatlas.Start(t, options...)
		if name != "fallback" {
			addStubs(t, s, fakeatlas.Stub{Path: "/{rest...}"}, fakeatlas.Stub{Path: "/api/atlas/v2/groups/{groupId}/clusters/{name}"},
				fakeatlas.Stub{Path: "/api/atlas/v2/groups/{groupId}/clusters/{name}:pin"})
		}
		for _, prefix := range []string{
			group + "/clusters/", "/api/oauth/", "/api/private/unauth/", "/api/", "/internal/",
			"/api/public/v1.0/groups/" + project + "/x/",
		} {
			for _, unsafe := range unsafeNames {
				for _, header := range []string{"X: y", "Authorization: Bearer " + token(t, s)} {
					got := do(t, http.DefaultClient, newRequest(t, "GET", s.URL+prefix+unsafe, "", header))
					if got.status != 404 && (got.status != 401 || name == "no auth" || strings.HasPrefix(header, "Auth")) {
						t.Errorf("%s: %s%s with %.14s: %d %s", name, prefix, unsafe, header, got.status, got.body)
					}
				}
			}
		}
		for _, stub := range s.Stubs() {
			if stub.Applied > 0 {
				t.Errorf("%s: %s has responded", name, stub.Path)
			}
		}
	}
	if reached != "" {
		t.Errorf("the fallback has got %s", reached)
	}
}

// An escaped slash is part of a name, as in the names of database users. Dots in names, and text that is decoded once
// only, are safe.
func TestSafeNamesReachStubs(t *testing.T) {
	s := newServer(t)
	addStubs(t, s, fakeatlas.Stub{Path: "/api/atlas/v2/groups/{groupId}/databaseUsers/$external/{name}", Body: "text"})
	for _, name := range []string{"arn:aws:iam::1:user%2Fsylvia", "a%2F%2Fb", "a..b", "...", "..a", "%252e%252e", "a%20b", "CN=a,OU=b", "%C3%A9"} {
		got := call(t, s, "GET", "/api/atlas/v2/groups/"+project+"/databaseUsers/$external/"+name, "")
		if got.status != 200 || got.body != "text" {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	got := call(t, s, "GET", "/api/atlas/v2/groups/"+project+"/x%5c", "")
	if !strings.Contains(got.body, "dots, backslashes or control characters: correct the URL.") {
		t.Error(got.body)
	}
}

// Errors show a path as it was sent, on one line: an escaped slash is no separator, and a decoded character could
// change the text.
func TestErrorsShowEscapedPaths(t *testing.T) {
	group := "/api/atlas/v2/groups/" + project
	for _, tc := range []struct{ method, path, code string }{
		{"GET", group + "/databaseUsers/a%2Fb%2fc", "RESOURCE_NOT_FOUND"},
		{"GET", group + "/integrations%2FSLACK", "RESOURCE_NOT_FOUND"},
		{"GET", group + "/x%20%22%3C%E2%80%AE%c3%a9%2525", "RESOURCE_NOT_FOUND"},
		{"GET", group + "/x%1b%5B31m%0a", "RESOURCE_NOT_FOUND"},
		{"GET", group + "/x%2F", "RESOURCE_NOT_FOUND"},
		{"GET", group + "/x%2F/", "RESOURCE_NOT_FOUND"},
		{"GET", "/elsewhere/a%2Fb", "RESOURCE_NOT_FOUND"},
		{"GET", "/api/atlas/v2/groups%2F" + project, "RESOURCE_NOT_FOUND"},
		{"DELETE", group + "/teams/%33%32b6e34b3d91647abb20e7b8", "RESOURCE_NOT_FOUND"},
		{"GET", group + "/limits/atlas%2Eproject%2Edeployment%2Eclusters", "RESOURCE_NOT_FOUND"},
		{"GET", group + "/integrations/SL%41CK?fault=429", "RATE_LIMITED_TOKEN_BUCKET"},
		{"GET", group + "/integrations/SL%41CK?fault=404", "RESOURCE_NOT_FOUND"},
	} {
		s := newServer(t)
		if _, status, found := strings.Cut(tc.path, "fault="); found {
			fault := fakeatlas.Fault{Status: 429}
			if status == "404" {
				fault = fakeatlas.Fault{ErrorCode: tc.code}
			}
			inject(t, s, fault)
		}
		got := call(t, s, tc.method, tc.path, "")
		path, _, _ := strings.Cut(tc.path, "?")
		if tc.code == "RATE_LIMITED_TOKEN_BUCKET" {
			path = path[1:]
		}
		if code := got.header.Get("X-Error-Code"); code != tc.code {
			t.Errorf("%s %s: %d %s, want %s", tc.method, tc.path, got.status, code, tc.code)
		}
		wantParts(t, tc.method+" "+tc.path, got.body, `"parameters":["`+path+`"`)
		detail, _, _ := strings.Cut(got.body, `"parameters"`)
		if inDetail := regexp.MustCompile(regexp.QuoteMeta(path) + `[" .]`); !inDetail.MatchString(detail) {
			t.Errorf("%s %s: the detail does not name the path: %s", tc.method, tc.path, got.body)
		}
	}
	s := newServer(t, fakeatlas.WithRateLimit(1))
	call(t, s, "GET", v2(""), "")
	path := v2("/SL%41CK")
	if got := call(t, s, "GET", path, ""); got.status != 429 || !strings.Contains(got.body, `"parameters":["`+path[1:]+`"`) {
		t.Errorf("without tokens: %d %s", got.status, got.body)
	}
}

// A request with an escaped slash in place of a separator is none to the route with the separator: it takes no token,
// has no fault of the route, and is in the journal as a request without a route.
func TestEscapedSlashesAreNoSeparators(t *testing.T) {
	s := newServer(t)
	inject(t, s, fakeatlas.Fault{Type: "SLACK", Status: 503})
	for _, path := range []string{
		"/api/atlas/v2/groups/" + project + "/integrations%2FSLACK", "/api/atlas/v2/groups/" + project + "%2fintegrations/SLACK",
		"/api/atlas/v2/groups%2F" + project + "/integrations",
	} {
		got := call(t, s, "GET", path, "")
		if got.status != 404 || got.header.Get("RateLimit-Limit") != "" {
			t.Errorf("%s: %d %s %v", path, got.status, got.body, got.header)
		}
		requests := s.Requests()
		if last := requests[len(requests)-1]; last.Operation != "other" || last.Type != "" {
			t.Errorf("%s: the journal has %+v", path, last)
		}
	}
	addStubs(t, s, fakeatlas.Stub{Path: "/api/atlas/v2/groups/{groupId}/{name}", Body: "text"})
	if got := call(t, s, "GET", "/api/atlas/v2/groups/"+project+"/integrations%2FSLACK", ""); got.status != 200 || got.body != "text" {
		t.Errorf("with a stub: %d %s", got.status, got.body)
	}
}
