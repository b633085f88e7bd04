package clients

import (
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

const (
	key32   = "5f1d3b7a9c2e4806b1d7f3a95c0e2846"
	datadog = `v2/DATADOG {"type":"DATADOG","apiKey":"` + key32 + `","region":"US"}`
)

// What testdata/replay.yaml can't express in one request and its answer. Names begin with the evidence as there.
var flows = map[string]func(*testing.T, fake){
	"C ids are 24 digits and stay": func(t *testing.T, f fake) {
		want := ids(f.must("POST " + datadog).body)
		same(t, "IDs in an answer", 1, len(want))
		for _, line := range []string{"GET v2", "GET v2/DATADOG", "GET v1.0/DATADOG", "PUT " + datadog, `PUT v2/DATADOG {"type":"DATADOG","region":"EU"}`, "GET v2/DATADOG"} {
			same(t, line, want, ids(f.must(line).body))
		}
	},
	"C two integrations have two ids": func(t *testing.T, f fake) {
		found := ids(f.must("POST "+datadog, `POST v2/PAGER_DUTY {"type":"PAGER_DUTY","serviceKey":"`+key32+`"}`).body)
		if len(found) != 2 || found[0] == found[1] {
			t.Errorf("IDs: %v", found)
		}
	},
	"C the challenge": func(t *testing.T, f fake) {
		got := f.anonymous("GET v2")
		same(t, "status", 401, got.status)
		matches(t, `^Digest realm="MMS Public API", domain="", nonce="[A-Za-z0-9+/=]{32}", algorithm=MD5, qop="auth", stale=false$`, got.header.Get("WWW-Authenticate"))
		same(t, "Content-Type", "application/json", got.header.Get("Content-Type"))
	},
	"C no limits on a 401": func(t *testing.T, f fake) {
		got := f.anonymous("GET v2")
		same(t, "RateLimit-Limit", "", got.header.Get("RateLimit-Limit"))
		same(t, "X-Error-Code", "", got.header.Get("X-Error-Code"))
		same(t, "RateLimit-Remaining", "1199", f.must("GET v2").header.Get("RateLimit-Remaining"))
	},
	"C header names are spelled as Atlas does": func(t *testing.T, f fake) {
		text := raw(t, f, "GET /api/atlas/v2/groups/"+project+"/integrations HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept: "+vnd+"\r\nAuthorization: Bearer "+newToken(f)+"\r\n\r\n")
		for _, line := range []string{"RateLimit-Limit: 1200\r\n", "RateLimit-Remaining: 1199\r\n"} {
			same(t, "has "+line, true, strings.Contains(text, line))
		}
	},
	"S a token": func(t *testing.T, f fake) {
		got := oauth(f, "token", grant, fakeatlas.DefaultServiceAccount.ClientSecret)
		same(t, "status", 200, got.status)
		same(t, "Content-Type", "application/json", got.header.Get("Content-Type"))
		matches(t, `^\{"access_token":"[\w-]+\.[\w-]+\.[\w-]+","expires_in":3600,"token_type":"Bearer"\}$`, got.body)
	},
	"S a token in an envelope": func(t *testing.T, f fake) {
		got := oauth(f, "token?envelope=true", grant, fakeatlas.DefaultServiceAccount.ClientSecret)
		same(t, "status", 200, got.status)
		envelope := decoded[struct {
			Status  int            `json:"status"`
			Content map[string]any `json:"content"`
		}](t, got.body)
		same(t, "envelope", []any{200, "Bearer"}, []any{envelope.Status, envelope.Content["token_type"]})
	},
	"S a grant of another type": func(t *testing.T, f fake) {
		got := oauth(f, "token", "grant_type=password", fakeatlas.DefaultServiceAccount.ClientSecret)
		same(t, "answer", []any{400, `{"error_description":"Invalid grant type.","error":"unsupported_grant_type"}`}, []any{got.status, got.body})
	},
	"M a wrong secret": func(t *testing.T, f fake) {
		for _, path := range []string{"token", "revoke"} {
			got := oauth(f, path, grant+"&token=x", "wrong")
			same(t, path, []any{401, "invalid_client"}, []any{got.status, (*decoded[map[string]any](t, got.body))["error"]})
		}
	},
	"M revoke answers 200 with nothing": func(t *testing.T, f fake) {
		token := newToken(f)
		got := oauth(f, "revoke", "token="+token+"&token_type_hint=access_token", fakeatlas.DefaultServiceAccount.ClientSecret)
		same(t, "answer", []any{200, ""}, []any{got.status, got.body})
		same(t, "after", 401, f.anonymous("GET v2", "Authorization", "Bearer "+token).status)
	},
	"S a token is good for both doors": func(t *testing.T, f fake) {
		token := newToken(f)
		for _, version := range []string{"v2", "v1.0"} {
			same(t, version, 200, f.anonymous("GET "+version, "Authorization", "Bearer "+token).status)
		}
	},
	"S another's token is not": func(t *testing.T, f fake) {
		same(t, "status", 401, f.anonymous("GET v2", "Authorization", "Bearer "+newToken(start(t))).status)
	},
	"I a refused create leaves what was there": func(t *testing.T, f fake) {
		want := f.must("POST "+datadog, "GET v2/DATADOG").body
		f.send(`POST v2/DATADOG {"type":"DATADOG","apiKey":"00000000000000000000000000001234","region":"EU"}`)
		same(t, "after", want, f.must("GET v2/DATADOG").body)
	},
	"S a refused update leaves what was there": func(t *testing.T, f fake) {
		want := f.must("POST "+datadog, "GET v2/DATADOG").body
		same(t, "status", 400, f.send(`PUT v2/DATADOG {"type":"DATADOG","region":"EU","colour":"red"}`).status)
		same(t, "after", want, f.must("GET v2/DATADOG").body)
	},
	"S projects do not see each other's": func(t *testing.T, f fake) {
		other := "/api/atlas/v2/groups/000000000000000000000001/integrations"
		same(t, "the other list is empty", true, strings.Contains(f.must("POST "+datadog, "GET "+other).body, `"results":[],"totalCount":0`))
		same(t, "GET in the other project", 404, f.send("GET "+other+"/DATADOG").status)
		f.must("POST "+other+strings.TrimPrefix(datadog, "v2"), "DELETE "+other+"/DATADOG", "GET v2/DATADOG")
	},
	"M a digest for one path is refused on another": func(t *testing.T, f fake) {
		seen := &recorder{}
		same(t, "own path", 200, f.do(keyClient(seen), "GET v2").status)
		same(t, "another path", 401, f.anonymous("GET v2/DATADOG", "Authorization", seen.authorization).status)
	},
}

func TestReplayFlows(t *testing.T) {
	for name, run := range flows {
		t.Run(name, func(t *testing.T) { run(t, start(t)) })
	}
}

func ids(body string) (found []string) {
	for _, match := range regexp.MustCompile(`"id":"([0-9a-f]{24})"`).FindAllStringSubmatch(body, -1) {
		found = append(found, match[1])
	}
	return found
}

func matches(t *testing.T, pattern, text string) {
	t.Helper()
	if !regexp.MustCompile(pattern).MatchString(text) {
		t.Errorf("%s doesn't match %s", text, pattern)
	}
}

// raw returns the bytes of a response: net/http changes the case of header names.
func raw(t *testing.T, f fake, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(f.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	fmt.Fprint(conn, request)
	text, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const grant = "grant_type=client_credentials"

// oauth sends a form with the default service account's ID.
func oauth(f fake, path, form, secret string) response {
	f.t.Helper()
	basic := base64.StdEncoding.EncodeToString([]byte(fakeatlas.DefaultServiceAccount.ClientID + ":" + secret))
	return f.anonymous("POST /api/oauth/"+path+" "+form,
		"Authorization", "Basic "+basic, "Content-Type", "application/x-www-form-urlencoded", "Accept", "application/json")
}

func newToken(f fake) string {
	f.t.Helper()
	return decoded[struct {
		Text string `json:"access_token"`
	}](f.t, oauth(f, "token", grant, fakeatlas.DefaultServiceAccount.ClientSecret).body).Text
}

// recorder records the statuses of the responses and the credentials sent last.
type recorder struct {
	statuses      []int
	authorization string
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.authorization = req.Header.Get("Authorization")
	res, err := http.DefaultTransport.RoundTrip(req)
	if err == nil {
		r.statuses = append(r.statuses, res.StatusCode)
	}
	return res, err
}
