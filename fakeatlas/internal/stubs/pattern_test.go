package stubs_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
)

// A wildcard with a text after it matches only the segments that end with the text.
func TestTextAfterWildcard(t *testing.T) {
	const clusters = "/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/clusters"
	l := &stubs.List{}
	for _, stub := range []string{
		`{"path": "/api/atlas/v2/groups/{groupId}/clusters/{name}"}`,
		`{"path": "/api/atlas/v2/groups/{groupId}/clusters/{name}:pin"}`,
		`{"path": "/api/atlas/v2/groups/{groupId}/clusters/{name}:un:pin"}`,
		`{"path": "/api/atlas/v2/groups/{groupId}/clusters/first:pin", "method": "POST"}`,
		`{"path": "/api/atlas/v2/orgs/{orgId}:migrate/{rest...}"}`,
		`{"path": "/x/{a}%2Fz/{b}.json"}`,
	} {
		add(t, l, stub)
	}
	for _, tc := range []struct{ method, path, want string }{
		{"POST", clusters + "/c", "1"},
		{"POST", clusters + "/c:pin", "2"},
		{"POST", clusters + "/c%3Apin", "2"},
		{"POST", clusters + "/c:pin:pin", "2"},
		{"POST", clusters + "/c:un:pin", "3"},
		{"POST", clusters + "/first:pin", "4"},
		{"GET", clusters + "/first:pin", "2"},
		{"POST", clusters + "/:pin", "1"}, // the wildcard matches one character at least
		{"POST", clusters + "/c:PIN", "1"},
		{"POST", clusters + "/c:pins", "1"},
		{"POST", clusters + "/c:pin/", ""},
		{"POST", clusters + "/c/:pin", ""},
		{"POST", clusters + "/c:pin?a=b", "2"},
		{"POST", "/api/atlas/v2/orgs/32b6e34b3d91647abb20e7b8:migrate", "5"},
		{"POST", "/api/atlas/v2/orgs/32b6e34b3d91647abb20e7b8:migrate/a/b", "5"},
		{"GET", "/x/y%2Fz/a.json", "6"},
		{"GET", "/x/y/z/a.json", ""},
		{"GET", "/x/y%2Fz/.json", ""},
	} {
		if got := take(l, tc.method, tc.path); got != tc.want {
			t.Errorf("%s %s: %q, want %q", tc.method, tc.path, got, tc.want)
		}
	}
	for path, conflicts := range map[string]bool{
		"/a/{x}:pin/b": false, "/a/{x}:unpin/{y}": false, "/a/{x}/b": true, "/a/c:pin/{y}": false, "/a/{x}/{y}": false, "/{x}/c:pin/b": true,
	} {
		l := &stubs.List{}
		add(t, l, `{"path": "/a/{x}:pin/{y}"}`)
		if _, err := l.Add(stubs.Stub{Path: path}); (err != nil) != conflicts {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Without a text after a wildcard, precedence and conflicts are those of net/http.
func TestPatternsAgreeWithServeMux(t *testing.T) {
	segment := rapid.SampledFrom([]string{"a", "b", "a%2Fb", "{x}"})
	method := rapid.SampledFrom([]string{"", "GET", "HEAD", "POST"})
	draw := func(t *rapid.T) string {
		parts := rapid.SliceOfN(segment, 0, 3).Draw(t, "segments")
		for i := range parts {
			if parts[i] == "{x}" {
				parts[i] = "{x" + strings.Repeat("y", i) + "}"
			}
		}
		if len(parts) == 0 || rapid.Bool().Draw(t, "rest") {
			parts = append(parts, "{rest...}")
		}
		return "/" + strings.Join(parts, "/")
	}
	rapid.Check(t, func(t *rapid.T) {
		l, mux, ids := &stubs.List{}, http.NewServeMux(), map[string]string{}
		for range rapid.IntRange(1, 5).Draw(t, "stubs") {
			stub := stubs.Stub{Method: method.Draw(t, "method"), Path: draw(t)}
			pattern := strings.TrimPrefix(stub.Method+" "+stub.Path, " ")
			if _, equal := ids[pattern]; equal {
				continue
			}
			added, err := l.Add(stub)
			if accepted := register(mux, pattern); accepted != (err == nil) {
				t.Fatalf("%s: %v, and net/http accepts it: %t", pattern, err, accepted)
			}
			if err == nil {
				ids[pattern] = added[0].ID
			}
		}
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "a%2Fb", "a%62"}), 0, 4).Draw(t, "path")
		path := "/" + strings.Join(parts, "/") + rapid.SampledFrom([]string{"", "/"}).Draw(t, "end")
		r := httptest.NewRequest(rapid.SampledFrom([]string{"GET", "HEAD", "POST", "PUT"}).Draw(t, "request"), strings.Replace(path, "//", "/", 1), http.NoBody)
		_, pattern := mux.Handler(r)
		if _, id, _ := l.Consume(r); id != ids[pattern] {
			t.Fatalf("%s %s: stub %q, and net/http chooses %q, %q", r.Method, r.URL, id, ids[pattern], pattern)
		}
	})
}

// register reports whether a mux accepts a pattern. It panics on patterns that are in conflict.
func register(mux *http.ServeMux, pattern string) (ok bool) {
	defer func() { ok = recover() == nil }()
	mux.Handle(pattern, http.NotFoundHandler())
	return true
}
