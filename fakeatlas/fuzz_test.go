package fakeatlas

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/atlasint/atlasint/fakeatlas/internal/control"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
)

const fuzzToken = "TOKEN" // replaced with a valid token

// fuzzServer is a server with known secrets: its credentials and the fields of its integrations.
type fuzzServer struct {
	*Server
	token string
	state store.State
}

func newFuzzServer(f *testing.F) *fuzzServer {
	f.Helper()
	s, err := New(WithCredentials(Credential{PublicKey: "public", PrivateKey: canary}, Credential{ClientID: "client", ClientSecret: canaryHex}))
	if err != nil {
		f.Fatal(err)
	}
	token, err := s.auth.Tokens.Issue(f.Context(), "client")
	if err != nil {
		f.Fatal(err)
	}
	return &fuzzServer{s, token, store.State{testProject: {Integrations: []store.Integration{
		{Type: "OPS_GENIE", ID: nth(1), Fields: map[string]any{"apiKey": canary, "region": "US"}},
		{Type: "PROMETHEUS", ID: nth(2), Fields: map[string]any{"username": "u", "password": canary, "enabled": true, "serviceDiscovery": "http"}},
	}}}}
}

// reset restores the first state of the server, and issues a new token.
func (s *fuzzServer) reset(t *testing.T) {
	s.faults.Clear()
	s.journal.Clear()
	s.SetClock(time.Time{})
	ctx := context.Background()
	token, err := s.auth.Tokens.Issue(ctx, "client")
	if err := errors.Join(err, s.store.Restore(ctx, s.state)); err != nil {
		t.Fatal(err)
	}
	s.token = token
}

// FuzzHandler: no request makes the server panic or respond with a server error. A request without credentials is
// rejected. Every rejection has the form of its API. No response, log or journal contains a secret of the server, and
// no header of a response comes from the client.
func FuzzHandler(f *testing.F) {
	const path = "/api/atlas/v2/groups/" + testProject + "/integrations"
	const good = "Accept: " + datedMedia + "\r\nAuthorization: Bearer " + fuzzToken + "\r\n"
	const form = "Authorization: Basic Y2xpZW50OnNlY3JldA==\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	for _, seed := range [][3]string{
		{"GET " + path, good, ""},
		{"GET " + path + "/OPS_GENIE?envelope=true&pretty=true", good, ""},
		{"PUT " + path + "/OPS_GENIE", good + "Content-Type: application/json\r\n", `{"type":"OPS_GENIE","apiKey":"**** 1111"}`},
		{"PUT " + path + "/PROMETHEUS", good, `{"type":"PROMETHEUS","enabled":true}`},
		{"POST " + path + "/SLACK", good, `{"\u0074ype":"SLACK","apiToken":"x","channelName":"y","type":1}`},
		{"POST " + strings.Replace(path, "v2", "v1.0", 1) + "/FLOWDOCK", good, "{}"},
		{"DELETE " + path + "/%4fPS_GENIE", good + "X-HTTP-Method-Override: GET\r\n", ""},
		{"GET " + path + "?pageNum=2&itemsPerPage=1&includeCount=false", "Authorization: Digest username=\"public\"\r\n", ""},
		{"GET /api/atlas/v1.0/groups/%c2%9b/integrations?pretty=true", good, ""}, {"GET " + path + "/HIP_CHAT", good, ""},
		{"GET " + path + "?pageNum=x", good, ""},
		{"POST /api/oauth/token", form, "grant_type=client_credentials"}, {"POST /api/oauth/revoke", form, "token=%zz"},
		{"TRACE /api/oauth/%2e%2e/atlas/v2/groups/" + testProject + "/integrations", "", ""}, {"OPTIONS *", "", ""}, {"CONNECT a:1", "", ""},
		{"GET /_atlasint/requests?limit=1&path=*x*", "", ""},
		{"PUT /_atlasint/state", "", `{"format":3,"projects":{"` + testProject + `":{"integrations":[{"type":"OPS_GENIE","fields":{"apiKey":"k"}}]}}}`},
		{"POST /api/atlas/v2/groups", good, `{"name":"a","orgId":"` + testOrg + `","tags":[{"key":"a","value":"b"}]}`},
		{"DELETE /api/atlas/v2/groups/" + testProject, good, ""},
		{"PATCH /api/atlas/v2/groups/" + testProject, good, `{"name":"b"}`},
		{"GET /api/atlas/v2/groups/byName/%c2%9b?envelope=true", good, ""},
		{"GET /api/atlas/v2/orgs?name=", good, ""},
		{"PUT /_atlasint/clock", "", `{"advance":"1h"}`}, {"DELETE /_atlasint/faults/1", "Origin: http://page.invalid\r\n", ""},
	} {
		f.Add(seed[0], seed[1], []byte(seed[2]))
	}
	s := newFuzzServer(f)
	f.Fuzz(func(t *testing.T, target, header string, body []byte) {
		known := strings.Contains(target+header, fuzzToken)
		text := target + " HTTP/1.1\r\nHost: localhost\r\n" + header + "Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + string(body)
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.ReplaceAll(text, fuzzToken, s.token))))
		if err != nil || strings.HasSuffix(r.URL.Path, "metrics") {
			return // net/http responds by itself; metrics are another library's, and slow
		}
		s.reset(t)
		r.RemoteAddr = "127.0.0.1:1"
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		got := reply{w.Code, w.Header(), w.Body.String()}
		if got.status < 200 || got.status >= 300 && got.status < 400 || got.status >= 500 {
			t.Fatalf("got %d %s", got.status, got.body)
		}
		if !known && got.status < 300 && !control.IsPath(r.URL.Path) {
			t.Fatalf("accepted without credentials: %d %s", got.status, got.body)
		}
		checkHeader(t, got.header)
		checkBody(t, r, got)
		if control.IsPath(r.URL.Path) && got.status < 300 {
			return // it shows all
		}
		journal, err := json.Marshal(s.Requests())
		if err != nil || bytes.ContainsFunc(journal, isTerminalControl) {
			t.Fatalf("the journal: %v %q", err, journal)
		}
		wantNoSecrets(t, map[string]string{"response": textOf(got), "journal": string(journal)}, canary, canaryHex)
	})
}

func isTerminalControl(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

func checkHeader(t *testing.T, h http.Header) {
	t.Helper()
	for name, values := range h {
		for _, value := range values {
			if strings.ContainsFunc(value, isTerminalControl) || !ourHeaders[name] {
				t.Fatalf("header %s: %q", name, value)
			}
		}
	}
}

// ourHeaders are those that responses may have.
var ourHeaders = map[string]bool{
	"Allow": true, "Cache-Control": true, "Content-Length": true, "Content-Type": true, "RateLimit-Limit": true,
	"RateLimit-Remaining": true, "Retry-After": true,
	"Www-Authenticate": true, "X-Content-Type-Options": true, "X-Error-Code": true}

// checkBody checks that the body is JSON, and that an error has the form of its API.
func checkBody(t *testing.T, r *http.Request, got reply) {
	t.Helper()
	if got.body == "" && got.status < 300 || strings.HasPrefix(got.header.Get("Content-Type"), "text/plain; version=") ||
		got.header.Get("Content-Type") == "application/yaml" {
		return
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		t.Fatalf("%s: no JSON: %v: %q", r.Method, err, got.body)
	}
	if got.status < 400 {
		return
	}
	if content, ok := body["content"].(map[string]any); ok {
		body = content
	}
	code := got.header.Get("X-Error-Code")
	if code == "" && got.header.Get("WWW-Authenticate") != "" && !control.IsPath(r.URL.Path) {
		code = "UNEXPECTED_ERROR" // a challenge has its code in the body alone
	}
	switch _, text := body["error"].(string); {
	case text && code == "": // of OAuth or the control API
	case body["error"] != float64(got.status), body["errorCode"] != code, code == "", body["detail"] == nil, body["reason"] != http.StatusText(got.status):
		t.Fatalf("no error of the API: %v %s", got.header, got.body)
	case got.status != 401 && got.status != 403 && body["parameters"] == nil:
		t.Fatalf("no parameters: %s", got.body)
	}
}

// FuzzFault: the control API accepts its own output for a fault, and reads the same fault from it. No fault causes a
// successful response, or a panic except the one that drops the connection.
func FuzzFault(f *testing.F) {
	for _, fault := range []string{
		`{"status":503}`, `{"errorCode":"RATE_LIMITED","retryAfter":"1.5s"}`, `{"drop":true,"times":2}`, `{"truncate":true,"probability":0.5,"seed":7}`,
		`{"method":"put","path":"/api/*/integrations*","project":"` + testProject + `","type":"OPS_GENIE","header":{"X-A":"b"},"status":401}`,
		`{"delay":"-1s"}`, `{"status":400,"errorCode":"MADE_UP"}`, `{"path":"**","status":599,"Status":400}`,
		`{"path":"/api/*s/x","drop":true}`, `{"delay":"9223372036854775807ns","drop":true}`,
	} {
		f.Add([]byte(fault), "/api/atlas/v2/groups/"+testProject+"/integrations")
	}
	s := newFuzzServer(f)
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		s.reset(t)
		r := httptest.NewRequest(http.MethodPost, "http://localhost/_atlasint/faults", bytes.NewReader(body))
		r.RemoteAddr = "127.0.0.1:1"
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != http.StatusCreated {
			if w.Code != http.StatusBadRequest && w.Code != http.StatusRequestEntityTooLarge {
				t.Fatalf("rejected with %d %s", w.Code, w.Body)
			}
			return
		}
		fault := s.Faults()[0]
		again, err := faultFrom(w.Body.Bytes())
		if err != nil || !reflect.DeepEqual(fault, again) {
			t.Fatalf("%+v, and again %+v: %v", fault, again, err)
		}
		if wire.MatchPath(fault.Path, path) != patternOf(fault.Path).MatchString(path) {
			t.Fatalf("%q and %q", fault.Path, path)
		}
		sendFaulted(t, s, fault, path)
	})
}

// faultFrom decodes a fault as the control API does.
func faultFrom(text []byte) (Fault, error) {
	var sent faultJSON
	if err := json.Unmarshal(text, &sent); err != nil {
		return Fault{}, err
	}
	return sent.fault()
}

func patternOf(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`^(?s:` + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `.*`) + `)$`)
}

// sendFaulted makes a request to which the faults may apply. Delays are left out.
func sendFaulted(t *testing.T, s *fuzzServer, fault Fault, path string) {
	t.Helper()
	s.faults.Consume(func(f *Fault) bool { f.Delay = 0; return false })
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.URL.Path = path
	r.Header.Set("Authorization", "Bearer "+s.token)
	r.Header.Set("Accept", datedMedia)
	w := httptest.NewRecorder()
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			panic(p)
		}
	}()
	s.ServeHTTP(w, r)
	entries := s.journal.List()
	if isApplied := len(entries) == 1 && entries[0].Fault != ""; isApplied && fault.hasError() {
		if fault.Status == 0 && w.Code < 400 || fault.Status != 0 && w.Code != fault.Status {
			t.Fatalf("%+v makes %d %s", fault, w.Code, w.Body)
		}
	}
	checkHeader(t, w.Header())
}

var datedWords = regexp.MustCompile(`(?i)application/vnd\.atlas\.\d{4}-\d\d-\d\d\+json`)

// FuzzNegotiate: an accepted request names a dated type, in any order and in letters of any case. Other types in the
// same request change nothing.
func FuzzNegotiate(f *testing.F) {
	for _, accept := range []string{
		datedMedia, "*/*", "", "text/html, " + datedMedia + ";q=0.5", strings.ToUpper(datedMedia), `a/b;c="` + datedMedia + `"`,
		"application/vnd.atlas.2024-02-30+json", "application/vnd.atlas.2022-12-31+json",
		"application/vnd.atlas.2023-01-01+csv", "application/vnd.atlas.preview+json",
	} {
		f.Add(accept)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		accepts := func(values ...string) bool {
			r := httptest.NewRequest(http.MethodGet, "/api/atlas/"+schemas.V2+"/x", http.NoBody)
			r.Header["Accept"] = values
			return wire.CheckAccept(r, false) == nil
		}
		in := accepts(accept)
		if in && !datedWords.MatchString(accept) {
			t.Fatalf("%q is accepted", accept)
		}
		if accepts("text/plain", accept) != in || accepts(accept, "*/*") != in || !accepts(accept, datedMedia) {
			t.Fatalf("%q beside others", accept)
		}
	})
}
