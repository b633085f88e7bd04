package console_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/console"
)

const asJSON = "Content-Type: application/json"

// logIn returns the line of the cookie of a new session.
func logIn(t testing.TB, h http.Handler, headers ...string) string {
	t.Helper()
	w := send(t, h, "POST", "/_atlasint/ui/login", `{"token":"`+secretToken+`"}`, append(headers, asJSON)...)
	if w.Code != 204 {
		t.Fatalf("login: %d %s", w.Code, w.Body)
	}
	cookie := w.Result().Cookies()[0]
	return "Cookie: " + cookie.Name + "=" + cookie.Value
}

func TestLogin(t *testing.T) {
	_, h := newConsole(t, fakeatlas.WithControl(secretToken))
	if w := send(t, h, "GET", "/_atlasint/ui/session", ""); w.Body.String() != `{"login":true,"signedIn":false}` {
		t.Errorf("before: %s", w.Body)
	}
	if w := send(t, h, "GET", "/_atlasint/ui/", "", "Remote: 10.0.0.1:4000", "Host: fake.invalid"); w.Code != 200 {
		t.Errorf("the pages have no data and need no login, got %d", w.Code)
	}
	if w := send(t, h, "GET", "/_atlasint/state", ""); w.Code != 401 {
		t.Errorf("the state without a login: %d", w.Code)
	}
	cookie := logIn(t, h, "Remote: 10.0.0.1:4000", "Host: fake.invalid:8080", "Origin: http://fake.invalid:8080")
	for target, want := range map[string]string{"/_atlasint/ui/session": `{"login":true,"signedIn":true}`, "/_atlasint/health": `{"status":"ok"}`} {
		if w := send(t, h, "GET", target, "", cookie); w.Code != 200 || w.Body.String() != want {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
	if w := send(t, h, "GET", "/_atlasint/health", "", cookie, "Authorization: Bearer wrong"); w.Code != 401 {
		t.Errorf("a wrong token with a cookie: %d", w.Code)
	}
	if w := send(t, h, "GET", "/_atlasint/health", "", "Authorization: Bearer "+secretToken); w.Code != 200 {
		t.Errorf("the token without a cookie: %d", w.Code)
	}
	w := send(t, h, "POST", "/_atlasint/ui/logout", "", cookie, "X-Atlasint-Console: 1")
	if w.Code != 204 || !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("logout: %d %v", w.Code, w.Header())
	}
	if w := send(t, h, "GET", "/_atlasint/health", "", cookie); w.Code != 401 {
		t.Errorf("after the logout: %d", w.Code)
	}
}

func TestRejectedLogins(t *testing.T) {
	_, h := newConsole(t, fakeatlas.WithControl(secretToken))
	right := `{"token":"` + secretToken + `"}`
	for _, tc := range []struct {
		body, header string
		status       int
	}{
		{`{"token":"wrong"}`, asJSON, 401},
		{`{"token":""}`, asJSON, 400},
		{`{`, asJSON, 400},
		{`[]`, asJSON, 400},
		{`{"token":"` + strings.Repeat("x", 5000) + `"}`, asJSON, 400},
		{right, "Content-Type: text/plain", 415},
		{right, "Content-Type: application/x-www-form-urlencoded", 415},
		{right, "", 415},
	} {
		w := send(t, h, "POST", "/_atlasint/ui/login", tc.body, tc.header)
		if w.Code != tc.status || !strings.HasPrefix(w.Body.String(), `{"error":`) {
			t.Errorf("%.40s with %q: %d %s", tc.body, tc.header, w.Code, w.Body)
		}
		if cookie := w.Header().Get("Set-Cookie"); cookie != "" {
			t.Errorf("%.40s with %q: it sets the cookie %s", tc.body, tc.header, cookie)
		}
		if strings.Contains(w.Body.String(), secretToken) {
			t.Errorf("%.40s with %q: the response has the token", tc.body, tc.header)
		}
	}
	several := httptest.NewRequestWithContext(t.Context(), "POST", "/_atlasint/ui/login", strings.NewReader(right))
	several.Host, several.RemoteAddr, several.Header["Content-Type"] = "localhost:8080", "127.0.0.1:4000", []string{"application/json", "text/plain"}
	response := httptest.NewRecorder()
	if h.ServeHTTP(response, several); response.Code != 415 {
		t.Errorf("with two media types: %d %s", response.Code, response.Body)
	}
	for _, foreign := range []string{"Origin: https://page.invalid", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"} {
		if w := send(t, h, "POST", "/_atlasint/ui/login", right, asJSON, foreign); w.Code != 403 || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("login with %s: %d", foreign, w.Code)
		}
	}
	// A reverse proxy that sends a Host of its own makes the origin of the console that of another site.
	w := send(t, h, "POST", "/_atlasint/ui/login", right, asJSON, "Origin: https://fake.example.com", "Host: 127.0.0.1:8080")
	if w.Code != 403 || !strings.Contains(w.Body.String(), "must pass the Host header") {
		t.Errorf("behind a proxy with another Host: %d %s", w.Code, w.Body)
	}
	if w := send(t, h, "GET", "/_atlasint/ui/login", ""); w.Code != 405 || w.Header().Get("Allow") != "POST" {
		t.Errorf("GET login: %d %v", w.Code, w.Header())
	}
}

func TestCookie(t *testing.T) {
	_, h := newConsole(t, fakeatlas.WithControl(secretToken))
	for _, tc := range []struct {
		target, origin string
		secure         bool
	}{
		{"http://x/_atlasint/ui/login", "http://localhost:8080", false},
		{"https://x/_atlasint/ui/login", "https://localhost:8080", true},
		{"http://x/_atlasint/ui/login", "https://localhost:8080", true}, // behind a proxy with https
	} {
		target, secure := tc.target, tc.secure
		w := send(t, h, "POST", target, `{"token":"`+secretToken+`"}`, asJSON, "Origin: "+tc.origin)
		cookies := w.Result().Cookies()
		if len(cookies) != 1 {
			t.Fatalf("%s: %v", target, w.Header())
		}
		want := &http.Cookie{
			Name: "atlasint-console-8080", Path: "/_atlasint/", MaxAge: 12 * 60 * 60,
			HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode,
		}
		if diff := cmp.Diff(want, cookies[0], cmpopts.IgnoreFields(http.Cookie{}, "Value", "Raw")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", target, diff)
		}
		if n := len(cookies[0].Value); n < 26 {
			t.Errorf("%s: the value has %d characters", target, n)
		}
	}
}

// A page of another site can make a browser send the cookie, but not the header.
func TestCookieNeedsHeader(t *testing.T) {
	s, h := newConsole(t, fakeatlas.WithControl(secretToken))
	cookie := logIn(t, h)
	change := func(headers ...string) int {
		return send(t, h, "POST", "/_atlasint/faults", `{"status":503}`, append(headers, cookie, asJSON)...).Code
	}
	for _, tc := range []struct {
		headers []string
		status  int
	}{
		{nil, 403},
		{[]string{"Origin: http://localhost:8080"}, 403},
		{[]string{"X-Atlasint-Console: 1", "Origin: http://localhost:9090"}, 403},
		{[]string{"X-Atlasint-Console: 1", "Origin: null"}, 403},
		{[]string{"X-Atlasint-Console: 1", "Sec-Fetch-Site: cross-site"}, 403},
		{[]string{"X-Atlasint-Console: 1", "Sec-Fetch-Site: same-site"}, 403},
		{[]string{"X-Atlasint-Console: 1", "Sec-Fetch-Site: same-origin"}, 201},
		{[]string{"X-Atlasint-Console: 1", "Origin: http://localhost:8080"}, 201},
		{[]string{"X-Atlasint-Console: 1"}, 201},
	} {
		before := len(s.Faults())
		if got := change(tc.headers...); got != tc.status || (len(s.Faults()) > before) != (tc.status == 201) {
			t.Errorf("%v: %d", tc.headers, got)
		}
	}
	if w := send(t, h, "POST", "/_atlasint/ui/logout", "", cookie); w.Code != 403 {
		t.Errorf("logout without the header: %d", w.Code)
	}
	if w := send(t, h, "GET", "/_atlasint/state", "", cookie); w.Code != 200 {
		t.Errorf("after rejected requests the session has ended: %d", w.Code)
	}
}

// Pages of other origins, such as one on another port, can't use up the streams and the waiting calls of the server.
// Links work.
func TestForeignReads(t *testing.T) {
	_, open := newConsole(t)
	_, closed := newConsole(t, fakeatlas.WithControl(secretToken))
	link := []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}
	for _, tc := range []struct {
		headers []string
		status  int
	}{
		{[]string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"}, 403},
		{[]string{"Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"}, 403},
		{[]string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"}, 403},
		{[]string{"Origin: http://localhost:9090"}, 403}, // a browser without Sec-Fetch-Site
		{[]string{"Origin: null"}, 403},
		{link, 200},
		{[]string{"Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"}, 200},
		{[]string{"Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, 200},
		{nil, 200},
	} {
		for _, path := range []string{"events", "requests", "state", "overview"} {
			if w := send(t, open, "HEAD", "/_atlasint/"+path, "", tc.headers...); w.Code != tc.status {
				t.Errorf("%s without a token, %v: %d", path, tc.headers, w.Code)
			}
			if w := send(t, closed, "HEAD", "/_atlasint/"+path, "", append(tc.headers, logIn(t, closed))...); w.Code != tc.status {
				t.Errorf("%s with a session, %v: %d", path, tc.headers, w.Code)
			}
		}
	}
	if w := send(t, open, "POST", "/_atlasint/reset", "", link...); w.Code != 403 {
		t.Errorf("a form of another site: %d", w.Code)
	}
}

// After ten wrong tokens in a minute even the right one has to wait, but not that of another client.
func TestLoginsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, h := newConsole(t, fakeatlas.WithControl(secretToken))
		from := func(client, token string) *httptest.ResponseRecorder {
			return send(t, h, "POST", "/_atlasint/ui/login", `{"token":"`+token+`"}`, asJSON, "Remote: "+client)
		}
		try := func(token string) *httptest.ResponseRecorder { return from("[2001:db8::1]:4000", token) }
		for i := range 10 {
			if w := try(fmt.Sprintf("wrong-%d", i)); w.Code != 401 {
				t.Fatalf("try %d: %d", i, w.Code)
			}
		}
		for _, token := range []string{"wrong", secretToken} {
			if w := try(token); w.Code != 429 || w.Header().Get("Retry-After") == "" || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("%d %v", w.Code, w.Header())
			}
		}
		for client, status := range map[string]int{"[2001:db8::2]:4001": 429, "[2001:db8:0:1::1]:4000": 204, "10.0.0.1:4000": 204} {
			if w := from(client, secretToken); w.Code != status {
				t.Errorf("from %s: %d", client, w.Code)
			}
		}
		time.Sleep(time.Minute)
		for range 20 { // right ones don't count
			if w := try(secretToken); w.Code != 204 {
				t.Fatalf("after a minute: %d %s", w.Code, w.Body)
			}
		}
	})
}

// Wrong tokens from very many networks use a bounded amount of memory, and are limited, too.
func TestWrongLoginsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, h := newConsole(t, fakeatlas.WithControl(secretToken))
		from := func(i int, token string) int {
			remote := fmt.Sprintf("Remote: 10.0.%d.%d:4000", i>>8, i&255)
			return send(t, h, "POST", "/_atlasint/ui/login", `{"token":"`+token+`"}`, asJSON, remote).Code
		}
		for i := range 1010 {
			if status := from(i, "wrong"); status != 401 {
				t.Fatalf("network %d: %d", i, status)
			}
		}
		for i, status := range map[int]int{1: 401, 1010: 429, 1005: 429} {
			if got := from(i, "wrong"); got != status {
				t.Errorf("network %d: %d, want %d", i, got, status)
			}
		}
		time.Sleep(time.Minute)
		if status := from(2000, secretToken); status != 204 {
			t.Errorf("after a minute: %d", status)
		}
	})
}

func TestSessionsExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, h := newConsole(t, fakeatlas.WithControl(secretToken))
		cookie := logIn(t, h)
		s.Advance(-1000 * time.Hour) // the clock of the fake does not count
		time.Sleep(12*time.Hour - time.Second)
		if w := send(t, h, "GET", "/_atlasint/health", "", cookie); w.Code != 200 {
			t.Errorf("before the end: %d", w.Code)
		}
		time.Sleep(time.Second)
		if w := send(t, h, "GET", "/_atlasint/health", "", cookie); w.Code != 401 {
			t.Errorf("after the end: %d", w.Code)
		}
	})
}

func TestSessionsAreBounded(t *testing.T) {
	_, h := newConsole(t, fakeatlas.WithControl(secretToken))
	first, second := logIn(t, h), logIn(t, h)
	for range 99 {
		logIn(t, h)
	}
	for cookie, status := range map[string]int{first: 401, second: 200} {
		if w := send(t, h, "GET", "/_atlasint/health", "", cookie); w.Code != status {
			t.Errorf("%d, want %d", w.Code, status)
		}
	}
}

// A stream of events ends when its session does.
func TestStreamsEndWithTheirSession(t *testing.T) {
	server, err := fakeatlas.New(fakeatlas.WithControl(secretToken))
	if err != nil {
		t.Fatal(err)
	}
	h := console.Handler(server)
	running := httptest.NewServer(h)
	defer running.Close()
	host := "Host: " + strings.TrimPrefix(running.URL, "http://")
	cookie := logIn(t, h, host)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second) // so that a failure ends
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", running.URL+"/_atlasint/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", strings.TrimPrefix(cookie, "Cookie: "))
	stream, err := http.DefaultClient.Do(r)
	if err != nil || stream.StatusCode != 200 || stream.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatal(stream, err)
	}
	defer stream.Body.Close()
	if w := send(t, h, "POST", "/_atlasint/ui/logout", "", cookie, host, "X-Atlasint-Console: 1"); w.Code != 204 {
		t.Fatalf("logout: %d", w.Code)
	}
	if _, err := io.Copy(io.Discard, stream.Body); err != nil { // it does not end otherwise
		t.Error(err)
	}
}
