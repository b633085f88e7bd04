package fakeatlas_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
)

// The fallback gets the requests without another response, without credentials, and its response is in the journal.
func TestFallback(t *testing.T) {
	var got []string
	mock := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.Method+" "+r.RequestURI+" "+string(body))
		for _, name := range []string{"Authorization", "Cookie", "Proxy-Authorization", "X-Hop", "Connection", "Upgrade", "Te", "X-Forwarded-For"} {
			if value := r.Header.Get(name); value != "" {
				t.Errorf("it forwards %s: %s", name, value)
			}
		}
		if r.Header.Get("X-Kept") != "yes" || !strings.HasPrefix(r.Header.Get("Via"), "1.1 atlasint-") {
			t.Errorf("it forwards %v", r.Header)
		}
		w.Header().Set("Set-Cookie", "a=b")
		w.Header().Set("Keep-Alive", "timeout=1")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(307)
		_, _ = io.WriteString(w, "mocked")
	}))
	defer mock.Close()
	s := fakeatlas.Start(t, fakeatlas.WithFallback(mock.URL+"/base/"))
	addStubs(t, s, fakeatlas.Stub{Path: "/api/atlas/v2/groups/{id}/stubbed", Body: "stubbed"})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(method, path, body string) Request {
		return do(t, client, newRequest(t, method, s.URL+path, body, "Authorization: Bearer "+token(t, s), "Cookie: a=b", "X-Kept: yes",
			"Connection: X-Hop, Upgrade", "X-Hop: 1", "Upgrade: websocket", "Te: trailers", "X-Forwarded-For: 10.0.0.1", "Proxy-Authorization: Basic eA=="))
	}
	group := "/api/atlas/v2/groups/" + project
	response := ask("POST", group+"/serverless/a%2Fb?x=1", "hello")
	if response.status != 307 || response.body != "mocked" {
		t.Errorf("%d %s, want 307 mocked", response.status, response.body)
	}
	for name, want := range map[string]string{"Location": "/elsewhere", "Set-Cookie": "", "Keep-Alive": ""} {
		if value := response.header.Get(name); value != want {
			t.Errorf("%s is %q, want %q", name, value, want)
		}
	}
	requests := s.Requests()
	if last := requests[len(requests)-1]; last.Status != 307 || !last.Fallback || last.BodySize != 5 {
		t.Errorf("the journal has %+v", last)
	}
	ask("GET", group+"/stubbed", "")
	ask("GET", group, "")
	ask("GET", "/outside", "")
	ask("GET", group+"/../x", "")
	ask("GET", "/_atlasint/nothing", "")
	ask("PUT", group+"/settings", "")
	if r := do(t, client, newRequest(t, "GET", s.URL+group+"/serverless", "", "X-Kept: yes")); r.status != 401 {
		t.Errorf("without credentials: %d", r.status)
	}
	want := []string{"POST /base" + group + "/serverless/a%2Fb?x=1 hello", "PUT /base" + group + "/settings "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("forwarded (-want +got):\n%s", diff)
	}
}

// A fallback that does not respond, or badly, is a 502 in the form of Atlas, and the cause is in the log.
func TestFallbackFails(t *testing.T) {
	upgraded := make(chan struct{}) // ends the connections that the fallback keeps open
	t.Cleanup(func() { close(upgraded) })
	raw := func(response string) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = conn.Read(make([]byte, 4096))
				_, _ = io.WriteString(conn, response)
				if strings.Contains(response, "101 Switching") {
					go func() { <-upgraded; conn.Close() }()
					continue
				}
				conn.Close()
			}
		}()
		return "http://" + l.Addr().String()
	}
	const closed = "127.0.0.1:1" // a free port might get another server meanwhile
	huge := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 17 << 4 {
			_, _ = w.Write(make([]byte, 64<<10))
		}
	}))
	defer huge.Close()
	for name, tc := range map[string]struct{ url, want string }{
		"refused":           {"http://" + closed, "connection refused"},
		"hangs up":          {raw(""), "it closed the connection"},
		"hangs up, by http": {raw(""), "it closed the connection; if it requires TLS, use https:// in its URL"},
		"an alert of TLS":   {raw("\x15\x03\x01\x00\x02\x02\x0a"), "it requires TLS; use https:// in its URL"},
		"cut":               {raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\ncan"), "it closed the connection"},
		"no HTTP":           {raw("canary\r\n\r\n"), "its response is not HTTP"},
		"upgrade":           {raw("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: canary\r\n\r\n"), "its status is not one from 200 to 599"},
		"status 099":        {raw("HTTP/1.1 099 Canary\r\nContent-Length: 2\r\n\r\nno"), "its status is not one from 200 to 599"},
		"status 600":        {raw("HTTP/1.1 600 Canary\r\nContent-Length: 2\r\n\r\nno"), "its status is not one from 200 to 599"},
		"status 999":        {raw("HTTP/1.1 999 Canary\r\nContent-Length: 2\r\n\r\nno"), "its status is not one from 200 to 599"},
		"no TLS":            {strings.Replace(raw("canary"), "http:", "https:", 1), "TLS fails"},
		"too large":         {huge.URL, "its response has more than 16777216 bytes"},
		"no name":           {"http://canary.invalid", "its name can't be resolved"},
	} {
		t.Run(name, func(t *testing.T) {
			var logged bytes.Buffer
			s := newServer(t, fakeatlas.WithFallback(tc.url),
				fakeatlas.WithLogger(slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelError}))))
			got := call(t, s, "GET", "/api/atlas/v2/groups/"+project+"/serverless", "")
			wantStatus(t, got, 502, "UNEXPECTED_ERROR")
			if name == "upgrade" { // an upgraded connection uses no place of the responses in memory
				for range 20 {
					wantStatus(t, call(t, s, "GET", "/api/atlas/v2/groups/"+project+"/serverless", ""), 502, "UNEXPECTED_ERROR")
				}
			}
			wantParts(t, "the response", got.body, `"detail":"The fallback of this fake did not respond: `+tc.want)
			wantParts(t, "the log", logged.String(), tc.want)
			wantNoParts(t, "the response and the log", got.body+logged.String(), "canary")
			if r := s.Requests(); r[len(r)-1].Status != 502 {
				t.Errorf("the journal has %+v", r)
			}
		})
	}
	s := newServer(t, fakeatlas.WithFallback(huge.URL))
	got := call(t, s, "POST", "/api/atlas/v2/groups/"+project+"/serverless", strings.Repeat("x", 2<<20))
	if got.status != 413 && got.status != 502 {
		t.Errorf("a body that is too large: %d %s", got.status, got.body)
	}
}

// A response that others wrote does not run as a page of the server, whose control API it could use. Only a stub and a
// fault, which need access to the control API, can set other values.
func TestForeignResponsesAreIsolated(t *testing.T) {
	mock := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "script-src *")
		w.Header().Set("Content-Type", "text/html")
	}))
	defer mock.Close()
	s := newServer(t, fakeatlas.WithFallback(mock.URL))
	group := "/api/atlas/v2/groups/" + project
	addStubs(t, s, fakeatlas.Stub{Path: group + "/stub", Body: "<p>"},
		fakeatlas.Stub{Path: group + "/own", Header: map[string]string{"content-security-policy": "default-src 'none'"}})
	if err := s.FailNext(fakeatlas.Fault{Status: 500, Body: "<p>"}); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ path, want string }{ // the first one gets the fault
		{group + "/integrations", "sandbox"}, {group + "/stub", "sandbox"}, {group + "/own", "default-src 'none'"}, {group + "/serverless", "sandbox"},
	} {
		got := call(t, s, "GET", tc.path, "").header
		if diff := cmp.Diff([]string{tc.want}, got.Values("Content-Security-Policy")); diff != "" || got.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", tc.path, got)
		}
	}
}

// A fallback can't change what a browser keeps for the server: its console has the same origin.
func TestFallbackKeepsBrowserState(t *testing.T) {
	removed := []string{
		"Set-Cookie", "Set-Cookie2", "Clear-Site-Data", "Strict-Transport-Security", "Alt-Svc", "Refresh", "Public-Key-Pins", "NEL", "Report-To",
		"Reporting-Endpoints", "Accept-CH", "Critical-CH", "Service-Worker-Allowed", "Origin-Agent-Cluster", "Speculation-Rules",
	}
	mock := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, name := range append(removed, "Retry-After", "Etag", "Location") {
			w.Header()[name] = []string{"a", "b"} // as written, not in the canonical form
		}
	}))
	defer mock.Close()
	s := newServer(t, fakeatlas.WithFallback(mock.URL))
	got := call(t, s, "GET", "/api/atlas/v2/groups/"+project+"/serverless", "").header
	for _, name := range removed {
		if values := got.Values(name); len(values) > 0 {
			t.Errorf("%s: %q", name, values)
		}
	}
	for _, name := range []string{"Retry-After", "Etag", "Location"} {
		if diff := cmp.Diff([]string{"a", "b"}, got.Values(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A loop is detected before the forwarded request, which has no credentials, gets 401.
func TestFallbackLoops(t *testing.T) {
	var handler http.Handler
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	defer front.Close()
	s := newServer(t, fakeatlas.WithFallback(front.URL))
	handler = s
	got := call(t, s, "GET", "/api/atlas/v2/groups/"+project+"/serverless", "")
	wantStatus(t, got, 508, "UNEXPECTED_ERROR")
	if !strings.Contains(got.body, "forwards requests to the fake itself") || len(s.Requests()) != 2 {
		t.Errorf("%s, %d requests", got.body, len(s.Requests()))
	}
	// Another fake is no loop.
	second := newServer(t, fakeatlas.WithoutAuth())
	addStubs(t, second, fakeatlas.Stub{Path: "/api/{rest...}", Body: "second"})
	handler = second
	if got := call(t, s, "GET", "/api/atlas/v2/groups/"+project+"/serverless", ""); got.body != "second" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestFallbackAddresses(t *testing.T) {
	const form = "its URL is not an http or https URL without user, query and fragment; use one such as http://127.0.0.1:4010"
	for _, tc := range []struct {
		url    string
		remote bool
		want   string // "": accepted
	}{
		{"http://127.0.0.1:4010", false, ""},
		{"http://localhost:4010/base", false, ""},
		{"http://[::1]:4010", false, ""},
		{"http://192.0.2.1:4010", true, ""},
		{"http://192.0.2.1:4010", false, "the fallback can't be used: its address is not on this machine; allow it with WithRemoteFallback"},
		{"http://0.0.0.0:4010", false, "its address is not on this machine"},
		{"http://[2001:db8::1]", false, "its address is not on this machine"},
		{"http://169.254.169.254/latest", false, "its address is not on this machine"},
		{"http://user:canary@127.0.0.1", false, form},
		{"http://127.0.0.1?key=canary", false, form},
		{"ftp://127.0.0.1", true, form},
		{"127.0.0.1:4010", true, form},
		{"", true, form},
	} {
		option := fakeatlas.WithFallback
		if tc.remote {
			option = fakeatlas.WithRemoteFallback
		}
		_, err := fakeatlas.New(option(tc.url))
		if (err == nil) != (tc.want == "") {
			t.Errorf("%s: %v, want %q", tc.url, err, tc.want)
		}
		if err != nil {
			wantParts(t, tc.url, err.Error(), tc.want)
			wantNoParts(t, tc.url, err.Error(), "canary")
		}
		var wrong *fakeatlas.OptionError
		if errors.As(err, &wrong) && strings.Contains(wrong.Hint, "WithRemoteFallback") != (wrong.SuggestedOption == "WithRemoteFallback") {
			t.Errorf("%s: the hint %q names %q", tc.url, wrong.Hint, wrong.SuggestedOption)
		}
	}
}
