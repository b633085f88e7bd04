package fakeatlas_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
)

// openEvents opens a stream of events. A failure to end it ends after a minute.
func openEvents(t *testing.T, url, query string, headers ...string) *http.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	r := newRequest(t, "GET", url+API+"/events"+query, "", headers...).WithContext(ctx)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	want := []any{200, "text/event-stream", "no-store"}
	got := []any{response.StatusCode, response.Header.Get("Content-Type"), response.Header.Get("Cache-Control")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("status, Content-Type, Cache-Control (-want +got):\n%s", diff)
	}
	return response
}

// nextEvent returns the lines of the next event by their names.
func nextEvent(t *testing.T, lines *bufio.Scanner) map[string]string {
	t.Helper()
	event := map[string]string{}
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case name != "":
			event[name] = value
		case event["event"] != "":
			return event
		default:
			clear(event) // a comment or the time to retry
		}
	}
	t.Fatalf("the stream has ended: %v", lines.Err())
	return nil
}

// A stream has each request as the journal has it, and each change.
func TestEvents(t *testing.T) {
	s := fakeatlas.Start(t)
	lines := bufio.NewScanner(openEvents(t, s.URL, "").Body)
	call(t, s, "PUT", v2("/DATADOG"), datadog)
	got := nextEvent(t, lines)
	var journal struct{ Requests []json.RawMessage }
	if err := json.Unmarshal([]byte(controlCall(t, s, "GET", "/requests", "").body), &journal); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"id": "1", "event": "request", "data": string(journal.Requests[0])}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(got["data"], secret) {
		t.Error("the stream has a secret")
	}
	for _, tc := range []struct {
		what string
		do   func()
	}{
		{"state", func() {}}, // the PUT from above
		{"faults", func() { controlCall(t, s, "POST", "/faults", `{"status":503}`) }},
		{"faults", func() { s.ClearFaults() }},
		{"stubs", func() { controlCall(t, s, "POST", "/stubs", `{"path":"/x"}`) }},
		{"stubs", func() { controlCall(t, s, "DELETE", "/stubs/1", "") }},
		{"clock", func() { s.Advance(time.Hour) }},
		{"journal", func() { controlCall(t, s, "DELETE", "/requests", "") }},
		{"state", func() { _ = s.DeleteIntegration(project, "DATADOG") }},
		{"state", func() { _ = s.Seed(project, datadog) }},
		{"state", func() { controlCall(t, s, "PUT", "/state", `{"format":3,"projects":{}}`) }},
	} {
		tc.do()
		if got := nextEvent(t, lines); got["event"] != "change" || got["data"] != `{"what":"`+tc.what+`"}` {
			t.Errorf("got %v, want a change of %s", got, tc.what)
		}
	}
}

// A browser that reconnects gets what it has missed.
func TestEventsResume(t *testing.T) {
	s := fakeatlas.Start(t)
	for range 3 {
		call(t, s, "GET", v2(""), "")
	}
	for _, tc := range []struct{ query, header, first string }{
		{"?since=0", "Accept: */*", "1"}, {"?since=2", "Accept: */*", "3"}, {"?since=0", "Last-Event-ID: 1", "2"},
	} {
		lines := bufio.NewScanner(openEvents(t, s.URL, tc.query, tc.header).Body)
		if got := nextEvent(t, lines); got["id"] != tc.first {
			t.Errorf("%s %s: %v", tc.query, tc.header, got)
		}
	}
}

// Streams end with their server: a shutdown waits for no browser.
func TestEventsEnd(t *testing.T) {
	server := httptest.NewServer(newServer(t))
	defer server.Close()
	stream := openEvents(t, server.URL, "")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := server.Config.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, stream.Body); err != nil {
		t.Error(err)
	}
}

func TestRejectedEvents(t *testing.T) {
	s := newServer(t)
	if got := controlCall(t, s, "HEAD", "/events", ""); got.status != 200 || got.header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("HEAD: %v", got)
	}
	if got := controlCall(t, s, "GET", "/events", "", "Last-Event-ID: x"); got.status != 400 {
		t.Errorf("Last-Event-ID: %v", got)
	}
	closed := newServer(t, fakeatlas.WithControl("the-token"))
	if got := controlCall(t, closed, "GET", "/events", ""); got.status != 401 {
		t.Errorf("without the token: %v", got)
	}
}

// returned is a response of POST send.
type returned struct {
	Status    int
	Headers   map[string]string
	Body      any
	Truncated bool
}

func sendThrough(t *testing.T, s *fakeatlas.Server, body string) (a returned) {
	t.Helper()
	got := controlCall(t, s, "POST", "/send", body)
	if got.status != 200 {
		t.Fatal(got)
	}
	if err := json.Unmarshal([]byte(got.body), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// A request that the server sends for a caller is handled like any other: validation, faults, stubs and journal.
func TestSend(t *testing.T) {
	s := newServer(t)
	put := `{"method":"PUT","path":"` + v2("/DATADOG") + `","body":` + datadog + `}`
	if got := sendThrough(t, s, put); got.Status != 200 || got.Headers["Content-Type"] == "" {
		t.Errorf("PUT: %+v", got)
	}
	if text := controlCall(t, s, "POST", "/send", `{"path":"`+v2("")+`"}`).body; strings.Contains(text, secret) || !strings.Contains(text, "****") {
		t.Errorf("GET: %s", text)
	}
	if got := sendThrough(t, s, `{"method":"PUT","path":"`+v2("/SLACK")+`","body":{"type":"SLACK"}}`); got.Status != 400 {
		t.Errorf("an invalid payload: %+v", got)
	}
	if got := sendThrough(t, s, `{"method":"POST","path":"`+v2("/SLACK")+`","body":"not JSON"}`); got.Status != 400 {
		t.Errorf("a text: %+v", got)
	}
	inject(t, s, fakeatlas.Fault{Drop: true, Times: 1})
	if got := sendThrough(t, s, `{"path":"`+v2("")+`"}`); got.Status != 0 {
		t.Errorf("dropped: %+v", got)
	}
	inject(t, s, fakeatlas.Fault{Truncate: true, Times: 1})
	if got := sendThrough(t, s, `{"path":"`+v2("")+`"}`); got.Status != 200 || !got.Truncated {
		t.Errorf("truncated: %+v", got)
	}
	if err := s.Stub(fakeatlas.Stub{Path: "/api/{rest...}", Status: 418, Body: "a\x00\xff<b>"}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/private/x", "/api/private/unauth/x", "/api/public/v1.0/x", "/api/atlas/v1.5/x", "/api/atlas/v2/x", "/api/x"} {
		if got := sendThrough(t, s, `{"path":"`+path+`"}`); got.Status != 418 {
			t.Errorf("stub for %s: %+v", path, got)
		}
	}
	var statuses []int
	for _, r := range s.Requests() {
		statuses = append(statuses, r.Status)
		if r.Header["User-Agent"] != "atlasint-console" {
			t.Errorf("the journal has the agent %q", r.Header["User-Agent"])
		}
	}
	if !slices.Equal(statuses[:6], []int{200, 200, 400, 400, 0, 200}) {
		t.Errorf("the journal has %v", statuses)
	}
}

// Payloads of a MiB can be sent and validated. Larger ones are rejected by the API and by the validator.
func TestSendLargePayloads(t *testing.T) {
	s := newServer(t)
	for _, tc := range []struct {
		size, status int
		findings     string
	}{{1 << 20, 200, `{"findings":[]}`}, {1<<20 + 1, 400, `"rule":"too-large"`}} {
		const begin, end = `{"type":"OPS_GENIE",`, `"apiKey":"k-1"}`
		payload := begin + strings.Repeat(" ", tc.size-len(begin+end)) + end
		got := sendThrough(t, s, `{"method":"POST","path":"`+v2("/OPS_GENIE")+`","body":`+payload+`}`)
		if got.Status != tc.status {
			t.Errorf("send %d bytes: %+v", tc.size, got)
		}
		if got := controlCall(t, s, "POST", "/validate", `{"body":`+payload+`}`); got.status != 200 || !strings.Contains(got.body, tc.findings) {
			t.Errorf("validate %d bytes: %d %s", tc.size, got.status, got.body)
		}
	}
}

// The overview shows built-in credentials only.
func TestOverview(t *testing.T) {
	own := fakeatlas.Credential{PublicKey: "own-public", PrivateKey: "own-private-key"}
	half := fakeatlas.Credential{PublicKey: fakeatlas.DefaultAPIKey.PublicKey, PrivateKey: "own-private-key"}
	for _, tc := range []struct {
		name       string
		opts       []fakeatlas.Option
		has, lacks []string
	}{
		{
			"default", nil,
			[]string{`"builtIn":true`, fakeatlas.DefaultAPIKey.PrivateKey, fakeatlas.DefaultServiceAccount.ClientSecret, `"variables":[]`, `"store":"memory"`},
			nil,
		},
		{
			"own", []fakeatlas.Option{fakeatlas.WithCredentials(own)},
			[]string{`"builtIn":false`, "MONGODB_ATLAS_CLIENT_SECRET"},
			[]string{"own-public", "own-private-key", fakeatlas.DefaultAPIKey.PrivateKey},
		},
		{
			"half", []fakeatlas.Option{fakeatlas.WithCredentials(half)}, []string{`"builtIn":false`},
			[]string{"own-private-key", fakeatlas.DefaultAPIKey.PrivateKey},
		},
		{
			"key", []fakeatlas.Option{fakeatlas.WithCredentials(fakeatlas.DefaultAPIKey)},
			[]string{`"builtIn":true`, fakeatlas.DefaultAPIKey.PrivateKey, `"variables":["MONGODB_ATLAS_CLIENT_ID","MONGODB_ATLAS_CLIENT_SECRET"]`},
			[]string{fakeatlas.DefaultServiceAccount.ClientSecret},
		},
		{"none", []fakeatlas.Option{fakeatlas.WithoutAuth()}, []string{`"required":false`}, nil},
	} {
		text := controlCall(t, newServer(t, tc.opts...), "GET", "/overview", "").body
		for _, want := range tc.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the overview lacks %s: %s", tc.name, want, text)
			}
		}
		for _, bad := range tc.lacks {
			if strings.Contains(text, bad) {
				t.Errorf("%s: the overview has %s", tc.name, bad)
			}
		}
	}
	s := newServer(t)
	call(t, s, "PUT", v2("/DATADOG"), datadog)
	call(t, s, "GET", v2("/SLACK"), "")
	inject(t, s, fakeatlas.Fault{Status: 503})
	call(t, s, "GET", v2(""), "")
	text := controlCall(t, s, "GET", "/overview", "").body
	var overview struct {
		LastMinute struct {
			Challenges []int
			Statuses   [][]int
		}
	}
	if err := json.Unmarshal([]byte(text), &overview); err != nil {
		t.Fatal(err)
	}
	sums := []int{sum(overview.LastMinute.Challenges)}
	for _, seconds := range overview.LastMinute.Statuses {
		sums = append(sums, sum(seconds))
	}
	if diff := cmp.Diff([]int{0, 0, 0, 1, 0, 1, 1}, sums); diff != "" {
		t.Errorf("challenges and statuses of the last minute (-want +got):\n%s", diff)
	}
	for _, want := range []string{`"projects":1,"integrations":1,"alerts":0`, `"clientErrors":1,"serverErrors":1,"dropped":0,"faults":1,"stubs":0`} {
		if !strings.Contains(text, want) {
			t.Errorf("the overview lacks %s: %s", want, text)
		}
	}
	if text := controlCall(t, s, "GET", "/faults", "").body; !strings.Contains(text, `"applied":1`) {
		t.Errorf("the faults lack their number: %s", text)
	}
}

func sum(numbers []int) (sum int) {
	for _, n := range numbers {
		sum += n
	}
	return sum
}
