package fakeatlas_test

import (
	"net/http"
	"net/http/httptest"
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
		for _, prefix := range []string{group + "/clusters/", "/api/oauth/", "/api/private/unauth/", "/api/", "/internal/", "/api/public/v1.0/groups/" + project + "/x/"} {
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
				t.Errorf("%s: %s has answered", name, stub.Path)
			}
		}
	}
	if reached != "" {
		t.Errorf("the fallback has got %s", reached)
	}
}

// An escaped slash is part of a name, as in the names of database users. Dots in names, and text that is
// decoded once only, are safe.
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
