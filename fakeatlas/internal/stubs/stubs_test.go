package stubs_test

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
)

// add adds a stub that is JSON.
func add(t testing.TB, l *stubs.List, text string) string {
	t.Helper()
	s, err := stubs.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	added, err := l.Add(s)
	if err != nil {
		t.Fatal(err)
	}
	return added[0].ID
}

// take returns the ID of the stub that responds, "" if none does.
func take(l *stubs.List, method, path string) string {
	_, id, _ := l.Consume(httptest.NewRequest(method, path, http.NoBody))
	return id
}

func TestPrecedence(t *testing.T) {
	const group = "/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8"
	l := &stubs.List{}
	for i, stub := range []string{
		`{"path": "/{all...}"}`,
		`{"path": "/api/atlas/v2/groups/{groupId}/{rest...}"}`,
		`{"path": "/api/atlas/v2/groups/{groupId}/serverless/{name}"}`,
		`{"path": "/api/atlas/v2/groups/{groupId}/serverless/first", "method": "GET"}`,
		`{"path": "/api/atlas/v2/groups/{id}/serverless/first"}`,
		`{"path": "/api/atlas/v2/groups/` + group[21:] + `/serverless/first", "method": "PUT"}`,
		`{"path": "/api/atlas/v2/orgs/{orgId}/a%2Fb"}`,
	} {
		if id := add(t, l, stub); id != fmt.Sprint(i+1) {
			t.Fatalf("%s has the ID %s", stub, id)
		}
	}
	for _, tc := range []struct{ method, path, want string }{
		{"GET", group + "/serverless/first", "4"},
		{"HEAD", group + "/serverless/first", "4"},
		{"POST", group + "/serverless/first", "5"},
		{"PUT", group + "/serverless/first", "6"},
		{"GET", group + "/serverless/second", "3"},
		{"GET", group + "/serverless/second?pageNum=1", "3"},
		{"GET", group + "/serverless/second/third", "2"},
		{"GET", group + "/serverless", "2"},
		{"GET", group, "2"},
		{"GET", group + "/", "2"},
		{"GET", "/", "1"},
		{"GET", "/other", "1"},
		{"GET", "/api/atlas/v2/orgs/1/a%2Fb", "7"},
		{"GET", "/api/atlas/v2/orgs/1/a/b", "1"},
		{"GET", "//other", ""},
		{"GET", "/a/../other", ""},
	} {
		if got := take(l, tc.method, tc.path); got != tc.want {
			t.Errorf("%s %s: %q, want %q", tc.method, tc.path, got, tc.want)
		}
	}
}

// Of the stubs of one path, those with a limit respond first, and the others after them.
func TestTimes(t *testing.T) {
	l := &stubs.List{}
	for _, stub := range []string{
		`{"path": "/x/{rest...}", "status": 201}`,
		`{"path": "/x/{a}", "status": 202, "times": 1}`,
		`{"path": "/x/y", "status": 203}`,
		`{"path": "/x/y", "status": 204, "times": 2}`,
		`{"path": "/x/y", "status": 205, "times": 1}`,
	} {
		add(t, l, stub)
	}
	got := []string{}
	for range 5 {
		got = append(got, take(l, "GET", "/x/y"))
	}
	got = append(got, take(l, "GET", "/x/z"), take(l, "GET", "/x/z"))
	if diff := gocmp.Diff([]string{"4", "4", "5", "3", "3", "2", "1"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	counts := []int{}
	for _, s := range l.All() {
		counts = append(counts, s.Applied)
	}
	if diff := gocmp.Diff([]int{1, 1, 2, 2, 1}, counts); diff != "" {
		t.Errorf("responded (-want +got):\n%s", diff)
	}
	// A stub that is used up is in conflict with no other.
	if !l.Remove("1") || l.Remove("1") {
		t.Error("Remove is wrong about an ID")
	}
	if id := add(t, l, `{"path": "/{a}/z"}`); id != "6" || len(l.All()) != 5 {
		t.Errorf("left: %v", l.All())
	}
	l.Clear()
	if l.Has(httptest.NewRequest("GET", "/x/y", http.NoBody)) || take(l, "GET", "/x/y") != "" {
		t.Error("a cleared list responds")
	}
}

func TestParseErrors(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{`{`, `invalid stub: not JSON at line 1, column 2: `},
		{``, `invalid stub: not JSON at line 1, column 1: `},
		{`[]`, `invalid stub: want a JSON object, got an array; write one such as `},
		{`{"path": "/x", "path": "/y"}`, `invalid stub at /path: the object has this name twice; keep one of the members`},
		{`{"path": "/x", "body": {"a": {"b": 1, "b": 2}}}`, `invalid stub at /body/a/b: the object has this name twice`},
		{`{"path": 1}`, `invalid stub at /path: want a string, got a number; write it in quotes`},
		{`{"method": null}`, `invalid stub at /method: want a string, got null; `},
		{`{"status": "200"}`, `invalid stub at /status: want a whole number from 0 to 1000000000; write it in digits, without quotes`},
		{`{"status": 200.5}`, `invalid stub at /status: want a whole number`},
		{`{"times": -1}`, `invalid stub at /times: want a whole number`},
		{`{"times": 99999999999999999999}`, `invalid stub at /times: want a whole number`},
		{`{"headers": []}`, `invalid stub at /headers: want an object, got an array; write {"NAME": "value"}`},
		{`{"headers": {"A/B": ["x"]}}`, `invalid stub at /headers/A~1B: want a string, got an array; `},
		{`{"statuss": 200}`, `invalid stub at /statuss: a stub has no such member; use status`},
		{`{"response": 200}`, `invalid stub at /response: a stub has no such member; a stub has id, method, path, status, headers, body, times, applied`},
		{`{"` + strings.Repeat("k", 50) + `": 200}`, `invalid stub: a stub has no such member; `},
	} {
		_, err := stubs.Parse([]byte(tc.text))
		if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %s", tc.text, err, tc.want)
		}
	}
	for text, want := range map[string]string{
		`{"stubs": [{"path": "/x"}, {"path": "/x", "time": 1}]}`: "1 /time",
		`{"stubs": [1]}`:             "0 ",
		`{"stubs": {}}`:              "-1 ",
		`{"stubs": [], "more": 1}`:   "-1 ",
		`{"stubs": [], "stubs": []}`: "-1 /stubs",
		`{"path": "/x"}`:             "-1 ",
		`null`:                       "-1 ",
		`{"stubs": [` + strings.Repeat("{},", 1000) + `{}]}`: "-1 ",
	} {
		_, err := stubs.ParseList([]byte(text))
		var e *stubs.Error
		if !errors.As(err, &e) || fmt.Sprintf("%d %s", e.Index, e.Pointer) != want {
			t.Errorf("%.80s: %v, want the place %q", text, err, want)
		}
	}
}

func TestInvalidStubs(t *testing.T) {
	long := strings.Repeat("x", 501)
	for _, tc := range []struct {
		stub stubs.Stub
		want string
	}{
		{stubs.Stub{}, `at /path: it is missing; add one such as `},
		{stubs.Stub{Path: "x"}, `at /path: it does not begin with "/"; `},
		{stubs.Stub{Path: "http://localhost/x"}, `at /path: it does not begin with "/"; `},
		{stubs.Stub{Path: "/x?a=b"}, `at /path: it has a query or a fragment; `},
		{stubs.Stub{Path: "/" + long}, `at /path: it has more than 500 bytes; `},
		{stubs.Stub{Path: "/x y"}, `at /path: it has white space or a control character; `},
		{stubs.Stub{Path: "/x\r\nA: b"}, `at /path: it has white space or a control character; `},
		{stubs.Stub{Path: "/\xff"}, `at /path: it has white space or a control character; `},
		{stubs.Stub{Path: "/x/"}, `at /path: it ends in "/"; remove the slash, or add {rest...} for all paths below`},
		{stubs.Stub{Path: "/"}, `at /path: it ends in "/"; `},
		{stubs.Stub{Path: "//x"}, `at /path: it has an empty segment; `},
		{stubs.Stub{Path: "/x/../y"}, `at /path: it has a dot segment, a backslash or a control character; `},
		{stubs.Stub{Path: "/x/%2e%2E/{y}"}, `at /path: it has a dot segment`},
		{stubs.Stub{Path: "/x/.;a/{y}"}, `at /path: it has a dot segment`},
		{stubs.Stub{Path: "/x/{y}:%00"}, `at /path: it has a dot segment, a backslash or a control character`},
		{stubs.Stub{Path: "/x\\y"}, `at /path: it has a dot segment, a backslash`},
		{stubs.Stub{Path: "/x/{n}:%zz"}, `at /path: it has a % that begins no escape; write %25 for a percent sign`},
		{stubs.Stub{Path: "/x/{n}:%"}, `at /path: it has a % that begins no escape`},
		{stubs.Stub{Path: "/x/100%/{rest...}"}, `at /path: it has a % that begins no escape`},
		{
			stubs.Stub{Path: "/x/a{id}"},
			`at /path: a segment has a brace that belongs to no wildcard at its beginning; use segments such as {name} or {name}:start, and no other braces`,
		},
		{stubs.Stub{Path: "/x/}a{"}, `at /path: a segment has a brace`},
		{stubs.Stub{Path: "/x/{a}:{b}"}, `at /path: a segment has a brace`},
		{stubs.Stub{Path: "/x/{a"}, `at /path: a segment has a brace`},
		{stubs.Stub{Path: "/x/{a}*"}, `at /path: a wildcard has another form than {name}; `},
		{stubs.Stub{Path: "/x/{a...}:pin"}, `at /path: {a...} is not the end of the path; use it as the last segment`},
		{stubs.Stub{Path: "/x/:id"}, `at /path: a wildcard has another form than {name}; use {name} for one segment`},
		{stubs.Stub{Path: "/x/*"}, `at /path: a wildcard has another form than {name}; `},
		{stubs.Stub{Path: "/x/{}"}, `at /path: a wildcard has no name of letters, digits and underscores; `},
		{stubs.Stub{Path: "/x/{a-b}"}, `at /path: a wildcard has no name`},
		{stubs.Stub{Path: "/x/{$}"}, `at /path: a wildcard has no name`},
		{stubs.Stub{Path: "/x/{a...}/y"}, `at /path: {a...} is not the end of the path; use it as the last segment`},
		{stubs.Stub{Path: "/{a}/{a}"}, `at /path: two wildcards have the same name; give each its own`},
		{stubs.Stub{Path: "/x", Body: "a (hidden) value"}, `at /body: it contains (hidden), which lists show in place of values; send the original values`},
		{
			stubs.Stub{Path: "/served"},
			`at /path: the server has its own responses to GET, HEAD for this path; set the method to another one, ` +
				`such as POST, or inject a fault to make these requests fail`,
		},
		{stubs.Stub{Path: "/served", Method: "get"}, `at /path: the server has its own responses to GET, HEAD for this path; `},
		{stubs.Stub{Path: "/{a}/served", Method: "HEAD"}, `at /path: the server has its own responses`},
		{stubs.Stub{Path: "/reserved/{a}:start", Method: "POST"}, `at /path: the control API of the server has this path; use another one`},
		{stubs.Stub{Path: "/%72eserved/x"}, `at /path: the control API of the server has this path; use another one`},
		{stubs.Stub{Path: "/reserved%2F{rest...}"}, `at /path: a segment has a brace`},
		{stubs.Stub{Path: "/reserved%2Fx"}, `at /path: the control API of the server has this path; use another one`},
		{stubs.Stub{Path: "/reserved/{a...}", Method: "POST"}, `at /path: the control API of the server has this path; use another one`},
		{stubs.Stub{Path: "/x", Method: "GET /y"}, `at /method: "GET /Y" is not a method of a stub; use one of GET, `},
		{stubs.Stub{Path: "/x", Method: "BREW"}, `at /method: "BREW" is not a method`},
		{stubs.Stub{Path: "/x", Status: 101}, `at /status: 101 is not a status of a whole response; use one from 200 to 599`},
		{stubs.Stub{Path: "/x", Status: 600}, `at /status: 600 is`},
		{stubs.Stub{Path: "/x", Times: -1}, `at /times: it is negative; `},
		{stubs.Stub{Path: "/x", Status: 204, Body: ""}, `at /body: responses with status 204 have no body; omit the body, or use another status`},
		{stubs.Stub{Path: "/x", Body: func() {}}, `at /body: it can't be encoded as JSON; `},
		{stubs.Stub{Path: "/x", Body: strings.Repeat("x", stubs.MaxBody+1)}, `at /body: it has more than 1048576 bytes; `},
		{
			stubs.Stub{Path: "/x", Body: map[string]any{"a": []string{"(hidden)"}}},
			`at /body: it contains (hidden), which lists show in place of values; send the original values`,
		},
		{stubs.Stub{Path: "/x", Header: map[string]string{"X-A": "(hidden)"}}, `at /headers/X-A: it contains (hidden)`},
		{
			stubs.Stub{Path: "/x", Header: map[string]string{"X-A": "b\r\nSet-Cookie: c"}},
			`at /headers/X-A: the value has a line break or another control character; remove it`,
		},
		{stubs.Stub{Path: "/x", Header: map[string]string{"X-A": "b\x00"}}, `at /headers/X-A: the value has`},
		{
			stubs.Stub{Path: "/x", Header: map[string]string{"X A": "b"}},
			`at /headers: the name has a character that is not valid in a header name, or is empty`,
		},
		{stubs.Stub{Path: "/x", Header: map[string]string{"X-A:b\r\nY": "b"}}, `at /headers: the name has`},
		{stubs.Stub{Path: "/x", Header: map[string]string{"": "b"}}, `at /headers/: the name has`},
		{stubs.Stub{Path: "/x", Header: map[string]string{"content-length": "1"}}, `at /headers/content-length: the server sets this header; remove it`},
		{stubs.Stub{Path: "/x", Header: map[string]string{"Transfer-Encoding": "chunked"}}, `at /headers/Transfer-Encoding: the server sets`},
		{stubs.Stub{Path: "/x", Header: map[string]string{"x-a": "1", "X-A": "2"}}, `: the header occurs twice, in different case; keep one`},
		{stubs.Stub{Path: "/x", Header: map[string]string{"A": strings.Repeat("x", 4097)}}, `at /headers/A: the value has more than 4096 bytes; `},
	} {
		l := &stubs.List{
			Reserved: func(path string) bool { return strings.HasPrefix(path, "/reserved/") },
			Served: func(path string) []string {
				if strings.HasSuffix(path, "/served") {
					return []string{"GET", "HEAD"}
				}
				return nil
			},
		}
		if _, err := l.Add(stubs.Stub{Path: "/ok"}, tc.stub); err == nil {
			t.Errorf("%.80q is added, want %s", fmt.Sprint(tc.stub), tc.want)
		} else if text := err.Error(); !strings.Contains(text, "invalid stub "+tc.want) && !strings.HasSuffix(text, tc.want) {
			t.Errorf("%.80q: %s, want %s", fmt.Sprint(tc.stub), text, tc.want)
		}
		if left := l.All(); len(left) > 0 {
			t.Errorf("%s: a part of a rejected list was added", tc.want)
		}
	}
	headers := map[string]string{}
	for i := range 51 {
		headers[fmt.Sprint("X-", i)] = ""
	}
	_, err := new(stubs.List).Add(stubs.Stub{Path: "/x", Header: headers})
	if err == nil || !strings.Contains(err.Error(), "/headers: there are more than 50") {
		t.Errorf("51 headers: %v", err)
	}
}

// Paths that overlap are rejected if neither is more specific, in any order.
func TestConflicts(t *testing.T) {
	paths := []string{"/a/{x}/b", "/a/b/{y}"}
	for range 2 {
		l := &stubs.List{}
		add(t, l, `{"path": "/other"}`)
		add(t, l, `{"path": "`+paths[0]+`", "method": "GET"}`)
		_, err := l.Add(stubs.Stub{Path: "/fine"}, stubs.Stub{Path: paths[1], Method: "GET"})
		var e *stubs.Error
		if !errors.As(err, &e) || e.Index != 1 || !strings.Contains(e.Reason, "some paths match it and GET "+paths[0]+", and neither") {
			t.Errorf("%v", err)
		}
		if len(l.All()) != 2 {
			t.Errorf("the list has changed: %v", l.All())
		}
		if _, err := l.Add(stubs.Stub{Path: paths[1], Method: "POST"}); err != nil {
			t.Errorf("another method: %v", err)
		}
		slices.Reverse(paths)
	}
	// A method makes one more specific, and a path the other.
	l := &stubs.List{}
	add(t, l, `{"path": "/{x}", "method": "GET"}`)
	if _, err := l.Add(stubs.Stub{Path: "/a"}); err == nil {
		t.Error("no conflict")
	}
}

func TestListIsBounded(t *testing.T) {
	l := &stubs.List{}
	list := []stubs.Stub{}
	for i := range stubs.MaxStubs {
		list = append(list, stubs.Stub{Path: fmt.Sprintf("/a/{x}/%d", i)})
	}
	if _, err := l.Set(list...); err != nil {
		t.Fatal(err)
	}
	_, err := l.Add(stubs.Stub{Path: "/b"})
	if err == nil || err.Error() != "invalid stub: there are 1000 stubs already; remove some, or use wildcards" {
		t.Errorf("%v", err)
	}
	l.Clear()
	large := stubs.Stub{Path: "/b", Body: strings.Repeat("x", stubs.MaxBody-100)}
	for range 16 {
		if _, err := l.Add(large); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.Add(large); err == nil || !strings.Contains(err.Error(), "more than 16777216 bytes") {
		t.Errorf("%v", err)
	}
	if _, err := l.Set(large); err != nil || len(l.All()) != 1 {
		t.Errorf("%v", err)
	}
}

func TestResponses(t *testing.T) {
	for _, tc := range []struct{ stub, contentType, body string }{
		{`{"path": "/x"}`, "", ""},
		{`{"path": "/x", "body": null}`, "application/json", "null"},
		{`{"path": "/x", "body": {"b": 1.50, "a": ["<&>"] }}`, "application/json", `{"b":1.50,"a":["<&>"]}`},
		{`{"path": "/x", "body": ""}`, "text/plain; charset=utf-8", ""},
		{`{"path": "/x", "body": "not JSON {"}`, "text/plain; charset=utf-8", "not JSON {"},
		{`{"path": "/x", "body": "a,b", "headers": {"content-type": "text/csv"}}`, "text/csv", "a,b"},
	} {
		l := &stubs.List{}
		add(t, l, tc.stub)
		a, _, ok := l.Consume(httptest.NewRequest("GET", "/x", http.NoBody))
		w := httptest.NewRecorder()
		a.Write(w)
		if got := w.Body.String(); !ok || got != tc.body || w.Header().Get("Content-Type") != tc.contentType {
			t.Errorf("%s: %q as %q", tc.stub, got, w.Header().Get("Content-Type"))
		}
	}
}

// Lists show names and the shape of a body, and no text or number.
func TestMasked(t *testing.T) {
	stub, err := stubs.Parse([]byte(`{"method": "GET", "path": "/x/{a}", "status": 201, "times": 2,
		"headers": {"Content-Type": "application/json", "Set-Cookie": "canary"},
		"body": {"name": "canary", "pin": 4711, "on": true, "none": null, "empty": "", "list": ["canary", {"` + strings.Repeat("canary7", 4) + `": 1}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	data, err := stub.Masked().MarshalJSON()
	want := `{"id":"","method":"GET","path":"/x/{a}","status":201,"headers":{"Content-Type":"application/json","Set-Cookie":"(hidden)"},` +
		`"body":{"empty":"","list":["(hidden)",{"(hidden)":"(hidden)"}],"name":"(hidden)","none":null,"on":true,"pin":"(hidden)"},"times":2,"applied":0}`
	if diff := gocmp.Diff(want, string(data)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	stub.Body = "canary"
	if data, _ := stub.Masked().MarshalJSON(); strings.Contains(string(data), "canary") {
		t.Errorf("%s", data)
	}
	list := stubs.List{}
	_, err = list.Add(stubs.Stub{Path: "/x", Header: map[string]string{"Host:": "canary"}, Body: "canary"})
	if err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("%v", err)
	}
}

// FuzzStubs: a document is rejected with a place, or becomes a stub that responds to the requests it describes, and no
// other header than its own.
func FuzzStubs(f *testing.F) {
	f.Add(`{"path": "/a/{b}/{c...}", "method": "GET", "headers": {"X-A": "b"}, "body": {"a": [1, "b"]}}`)
	f.Add(`{"path": "/%2e%2e/x", "status": 304, "body": null}`)
	f.Add("{\"path\": \"/\u00e9\", \"headers\": {\"A\": \"\\r\\nB: c\"}}")
	f.Fuzz(func(t *testing.T, text string) {
		stub, err := stubs.Parse([]byte(text))
		if err != nil {
			return
		}
		l := &stubs.List{}
		if _, err := l.Add(stub); err != nil {
			var e *stubs.Error
			if !errors.As(err, &e) || e.Pointer == "" {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if strings.ContainsAny(stub.Path, "%{") {
			return
		}
		r := httptest.NewRequest(cmp.Or(strings.ToUpper(stub.Method), "GET"), (&url.URL{Path: stub.Path}).EscapedPath(), http.NoBody)
		a, _, ok := l.Consume(r)
		if !ok {
			t.Fatalf("%q does not respond to %s", text, r.URL)
		}
		w := httptest.NewRecorder()
		a.Write(w)
		for name, values := range w.Result().Header {
			if strings.ContainsAny(name+strings.Join(values, ""), "\r\n\x00") {
				t.Fatalf("%q responds with %q: %q", text, name, values)
			}
		}
	})
}
