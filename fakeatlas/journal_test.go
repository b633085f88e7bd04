package fakeatlas_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/atlasint/atlasint/fakeatlas"
)

var testNoon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func TestRequests(t *testing.T) {
	s := newServer(t)
	s.SetClock(testNoon)
	wantStatus(t, call(t, s, "POST", v2("/DATADOG")+"?pretty=true&x="+secret, datadog, "User-Agent: curl/8.5.0", "Content-Type: application/json"), 200, "")
	wantStatus(t, call(t, s, "GET", integrations("v1.0", project, "/SLACK"), "", "Accept: */*"), 404, "INTEGRATION_NOT_CONFIGURED")
	do(t, &http.Client{Transport: s.Transport()}, newRequest(t, "GET", base+v2(""), ""))
	wantStatus(t, call(t, s, "GET", "/elsewhere/"+secret, ""), 404, "RESOURCE_NOT_FOUND")
	token(t, s)
	agent := map[string]string{"User-Agent": "Go-http-client/1.1"}
	want := []fakeatlas.Request{{
		Seq: 1, Method: "POST", Path: v2("/DATADOG"), Query: "pretty=true&(hidden)=(hidden)", Operation: "create", APIVersion: "v2",
		Project: project, Type: "DATADOG", Status: 200, User: fakeatlas.DefaultServiceAccount.ClientID,
		Header:   map[string]string{"Accept": dated, "Content-Type": "application/json", "User-Agent": "curl/8.5.0"},
		Body:     map[string]any{"type": "DATADOG", "apiKey": "****************************c0de", "region": "US"},
		BodySize: int64(len(datadog)),
	}, {
		Seq: 2, Method: "GET", Path: integrations("v1.0", project, "/SLACK"), Operation: "get", APIVersion: "v1.0", Project: project, Type: "SLACK",
		Status: 404, ErrorCode: "INTEGRATION_NOT_CONFIGURED", User: fakeatlas.DefaultServiceAccount.ClientID,
		Header: map[string]string{"Accept": "*/*", "User-Agent": "Go-http-client/1.1"},
	}, {
		Seq: 3, Method: "GET", Path: v2(""), Operation: "list", APIVersion: "v2", Project: project, Status: 401,
		ErrorCode: "UNEXPECTED_ERROR", Challenge: true, Header: agent,
	}, {
		Seq: 4, Method: "GET", Path: "/(hidden)/(hidden)", Operation: "other", Status: 404, ErrorCode: "RESOURCE_NOT_FOUND", Header: agent,
	}, {
		Seq: 5, Method: "POST", Path: "/api/oauth/token", Operation: "token", Status: 200, User: fakeatlas.DefaultServiceAccount.ClientID, BodySize: 29,
		Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Go-http-client/1.1"},
	}}
	got := s.Requests()
	for i, r := range got {
		if !r.Time.Equal(testNoon) || r.Duration < 0 || r.Duration == 0 && runtime.GOOS != "windows" {
			t.Errorf("request %d: at %v, in %v", i, r.Time, r.Duration)
		}
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(fakeatlas.Request{}, "Time", "Duration", "Response")); diff != "" {
		t.Error(diff)
	}
}

// Only a 401 to a request without credentials is a challenge.
func TestChallenges(t *testing.T) {
	s := newServer(t)
	anonymous := &http.Client{Transport: s.Transport()}
	do(t, anonymous, newRequest(t, "GET", base+v2(""), ""))
	do(t, anonymous, newRequest(t, "GET", base+integrations("v1.0", project, ""), ""))
	do(t, anonymous, newRequest(t, "GET", base+v2(""), "", "Authorization: Bearer wrong"))
	do(t, anonymous, newRequest(t, "GET", base+v2(""), "", `Authorization: Digest username="wrong"`))
	do(t, anonymous, newRequest(t, "POST", base+"/api/oauth/token", "", "Content-Type: application/x-www-form-urlencoded"))
	inject(t, s, fakeatlas.Fault{Status: 401})
	call(t, s, "GET", v2(""), "")
	var got []bool
	for _, r := range s.Requests() {
		if r.Status != 401 {
			t.Errorf("request %d has the status %d", r.Seq, r.Status)
		}
		got = append(got, r.Challenge)
	}
	if diff := cmp.Diff([]bool{true, true, false, false, false, false}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The journal shows no secret in a wrong place.
func TestJournalMasksBodies(t *testing.T) {
	const short = "hunter2"
	for _, tc := range []struct {
		name, typ, body string
		want            map[string]any
	}{
		{"not JSON", "SLACK", `{"apiToken":"` + secret, nil},
		{"no object", "SLACK", `["` + secret + `"]`, nil},
		{"unknown type in the path", "PAGER", `{"type":"OPS_GENIE","apiKey":"` + secret + `"}`, nil},
		{"mistyped name", "SLACK", `{"type":"SLACK","apitoken":"` + short + `"}`, map[string]any{"type": "SLACK", "(hidden)": "(hidden)"}},
		{"foreign name", "SLACK", `{"password":"` + short + `"}`, map[string]any{"password": "(hidden)"}},
		{"secret as a name", "SLACK", `{"` + secret + `":true}`, map[string]any{"(hidden)": true}},
		{"secret as a number", "SLACK", `{"apiToken":123456789}`, map[string]any{"apiToken": "(hidden)"}},
		{"secret in a list", "SLACK", `{"apiToken":["` + short + `"]}`, map[string]any{"apiToken": "(hidden)"}},
		{"secret in an object", "SLACK", `{"teamName":{"a":"` + short + `"}}`, map[string]any{"teamName": "(hidden)"}},
		{"secret as the type", "SLACK", `{"type":"` + secret + `"}`, map[string]any{"type": "(hidden)"}},
		{"secret in a list of values", "DATADOG", `{"region":"` + secret + `"}`, map[string]any{"region": "(hidden)"}},
		{"never returned", "PROMETHEUS", `{"password":"` + short + `","username":"u","enabled":true}`,
			map[string]any{"password": "(hidden)", "username": "(hidden)", "enabled": true}},
		{"URL", "MICROSOFT_TEAMS", `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"https://h.example/` + secret + `"}`,
			map[string]any{"type": "MICROSOFT_TEAMS", "microsoftTeamsWebhookUrl": "https://h.example/****c0de"}},
		{"secret as the host of a URL", "MICROSOFT_TEAMS", `{"microsoftTeamsWebhookUrl":"ftp://` + secret + `"}`,
			map[string]any{"microsoftTeamsWebhookUrl": "**********************************c0de"}},
		{"text that is accepted", "SLACK", `{"type":"SLACK","apiToken":"k-1111","channelName":"` + strings.Repeat("c", 30) + `"}`,
			map[string]any{"type": "SLACK", "apiToken": "**1111", "channelName": strings.Repeat("c", 30)}},
		{"text that is rejected", "SLACK", `{"apiToken":"k-1111","channelName":"` + strings.Repeat("c", 30) + `","teamName":"t"}`,
			map[string]any{"apiToken": "**1111", "channelName": "(hidden)", "teamName": "(hidden)"}},
		{"null", "DATADOG", `{"customEndpoint":null}`, map[string]any{"customEndpoint": nil}},
		{"too long", "SLACK", `{"teamName":"` + strings.Repeat("n", 64<<10) + `"}`, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newServer(t)
			call(t, s, "POST", v2("/"+tc.typ), tc.body)
			got := s.Requests()
			if len(got) != 1 {
				t.Fatalf("%d requests", len(got))
			}
			if diff := cmp.Diff(tc.want, got[0].Body); diff != "" {
				t.Error(diff)
			}
			text, err := json.Marshal(got)
			if err != nil || bytes.Contains(text, []byte(secret)) || bytes.Contains(text, []byte(short)) {
				t.Errorf("the journal has the secret: %s %v", text, err)
			}
		})
	}
}

// A short secret looks like a word. Neither the journal nor the log shows it, in any place.
func TestShortSecretsAreHidden(t *testing.T) {
	for _, short := range []string{"hunter2", "swordfish", "1234567"} {
		var logged bytes.Buffer
		s := newServer(t, fakeatlas.WithLogger(slog.New(slog.NewTextHandler(&logged, nil))))
		requests := 0
		send := func(method, path, body string, headers ...string) {
			requests++
			call(t, s, method, path, body, headers...)
		}
		send(short, v2(""), "")
		for _, path := range []string{"/" + short, v2("/" + short), "/api/" + short, integrations("v2", short, "/DATADOG"), integrations(short, project, "")} {
			send("GET", path, "")
		}
		for _, query := range []string{
			short, short + "=true", "key=" + short, "pageNum=" + short, "pretty=" + short, "path=" + short,
			"project=" + short, "envelope=true&" + short,
		} {
			send("GET", v2("?"+query), "")
		}
		for _, value := range []string{
			short, "application/json;a=" + short, "application/json;charset=" + short, "text/" + short,
			"curl/8.5.0 " + short, "curl/x" + short, "(" + short + ")",
		} {
			send("GET", v2(""), "", "Accept: "+value)
			send("GET", v2(""), "", "User-Agent: "+value)
			send("PUT", v2("/DATADOG"), "{}", "Content-Type: "+value)
		}
		for _, body := range []string{
			`{"` + short + `":true}`, `{"region":"` + short + `"}`, `{"type":"` + short + `"}`,
			`{"id":"` + short + `"}`, `{"customEndpoint":"` + short + `"}`,
		} {
			send("PUT", v2("/DATADOG"), body)
		}
		journal, err := json.Marshal(s.Requests())
		if err != nil || len(s.Requests()) != requests || strings.Count(logged.String(), " msg=request ") != requests {
			t.Fatal(err, requests, logged.String())
		}
		for name, text := range map[string]string{"journal": string(journal), "log": logged.String()} {
			if i := strings.Index(text, short); i >= 0 {
				t.Errorf("the %s shows %s: %s", name, short, text[max(0, i-80):i+20])
			}
		}
	}
}

// Neither credentials nor the parameters of token requests are in the journal, the log or the metrics.
func TestCredentialsLeaveNoTrace(t *testing.T) {
	var logged bytes.Buffer
	s := newServer(t, fakeatlas.WithLogger(slog.New(slog.NewJSONHandler(&logged, nil))))
	issued := token(t, s)
	call(t, s, "POST", v2("/DATADOG"), datadog, "Authorization: Bearer "+issued)
	call(t, s, "GET", v2("?access_token="+issued), "", "Authorization: Basic "+secret)
	form := "Content-Type: application/x-www-form-urlencoded"
	plain := &http.Client{Transport: s.Transport()}
	for _, path := range []string{"/api/oauth/token", "/api/oauth/revoke", "/api/oauth/else"} {
		r := newRequest(t, "POST", base+path, "token="+issued+"&client_secret="+secret, form)
		r.SetBasicAuth(secret, fakeatlas.DefaultServiceAccount.ClientSecret)
		do(t, plain, r)
	}
	text, err := json.Marshal(s.Requests())
	if err != nil || len(s.Requests()) != 6 || logged.Len() == 0 {
		t.Fatal(err, len(s.Requests()), logged.Len())
	}
	metrics := controlCall(t, s, "GET", "/metrics", "").body
	for name, out := range map[string]string{"journal": string(text), "log": logged.String(), "metrics": metrics} {
		for _, hidden := range []string{issued, secret, fakeatlas.DefaultServiceAccount.ClientSecret, fakeatlas.DefaultAPIKey.PrivateKey} {
			if strings.Contains(out, hidden) {
				t.Errorf("the %s has %s: %s", name, hidden, out)
			}
		}
	}
}

// unreadable fails the test if it is read.
type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("the body is read")
	return 0, http.ErrBodyReadAfterClose
}

func TestJournalReadsNoBodyBeforeAuth(t *testing.T) {
	s := newServer(t)
	r := newRequest(t, "POST", base+v2("/DATADOG"), "", "Accept: "+dated)
	r.Body, r.ContentLength = http.NoBody, 100
	r.Body = struct {
		unreadable
		closer
	}{unreadable: unreadable{t}}
	wantStatus(t, do(t, &http.Client{Transport: s.Transport()}, r), 401, "UNEXPECTED_ERROR")
}

type closer struct{}

func (closer) Close() error { return nil }

func TestJournalIsBounded(t *testing.T) {
	for _, tc := range []struct {
		limit, sent int
		want        []string
	}{
		{0, 2, nil}, {3, 2, []string{"0", "1"}}, {3, 3, []string{"0", "1", "2"}}, {3, 4, []string{"1", "2", "3"}}, {3, 8, []string{"5", "6", "7"}},
	} {
		s := newServer(t, fakeatlas.WithJournal(tc.limit))
		for i := range tc.sent {
			call(t, s, "GET", v2("?pageNum="+string(rune('0'+i))), "")
		}
		var got []string
		for _, r := range s.Requests() {
			got = append(got, strings.TrimPrefix(r.Query, "pageNum="))
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%d of %d: %s", tc.sent, tc.limit, diff)
		}
	}
	if _, err := fakeatlas.New(fakeatlas.WithJournal(-1)); err == nil {
		t.Error("a negative length is accepted")
	}
}

// A client that has its response finds its request, though it has not read the response's body.
func TestJournalHasTheRequestBeforeTheResponse(t *testing.T) {
	s := fakeatlas.Start(t)
	for _, transport := range []http.RoundTripper{s.Transport(), &http.Transport{DisableKeepAlives: true}} {
		for range 50 {
			before := len(s.Requests())
			resp, err := transport.RoundTrip(newRequest(t, "GET", s.URL+v2(""), ""))
			if err != nil {
				t.Fatal(err)
			}
			if after := len(s.Requests()); after != before+1 {
				t.Fatalf("%d requests, want %d", after, before+1)
			}
			resp.Body.Close()
		}
	}
}
