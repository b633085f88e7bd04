package clients

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

func TestReplayFlows(t *testing.T) {
	for name, run := range map[string]func(*testing.T, fake, *http.Client){
		"C ids are 24 digits and stay":                  idsStay,
		"C two integrations have two ids":               idsDiffer,
		"C the challenge":                               challenge,
		"C the 401 body":                                unauthorizedBody,
		"C no limits on a 401":                          unauthorizedHeaders,
		"M a 401 comes before the body is judged":       unauthorizedFirst,
		"C header names are spelled as Atlas does":      spelling,
		"S a token":                                     tokenAnswer,
		"S a token in an envelope":                      tokenEnvelope,
		"S a grant of another type":                     wrongGrant,
		"M a wrong secret":                              wrongSecret,
		"M revoke answers 200 with nothing":             revokeAnswer,
		"S a token is good for both doors":              tokenForBothDoors,
		"S another's token is not":                      unknownToken,
		"S GET of a token":                              getToken,
		"I a refused create leaves what was there":      refusedCreate,
		"S a refused update leaves what was there":      refusedUpdate,
		"S projects do not see each other's":            projects,
		"M a digest for one path is refused on another": digestForAnother,
	} {
		t.Run(name, func(t *testing.T) { run(t, start(t), keyClient()) })
	}
}

var anyID = regexp.MustCompile(`"id":"([0-9a-f]{24})"`)

func ids(body string) []string {
	var found []string
	for _, match := range anyID.FindAllStringSubmatch(body, -1) {
		found = append(found, match[1])
	}
	return found
}

func idsStay(t *testing.T, f fake, client *http.Client) {
	want := ids(must(t, client, f.URL, post(datadog)).body)
	same(t, "ids in an answer", 1, len(want))
	for _, r := range []request{get("v2"), get("v2/DATADOG"), get("v1.0/DATADOG"), put(datadog), put(`{"type":"DATADOG","region":"EU"}`), get("v2/DATADOG")} {
		same(t, r.method+" "+r.path, want, ids(must(t, client, f.URL, r).body))
	}
}

func idsDiffer(t *testing.T, f fake, client *http.Client) {
	must(t, client, f.URL, post(datadog))
	found := ids(must(t, client, f.URL, post(pager)).body)
	if len(found) != 2 || found[0] == found[1] {
		t.Errorf("ids: %v", found)
	}
}

func challenge(t *testing.T, f fake, _ *http.Client) {
	got := send(t, http.DefaultClient, f.URL, get("v2"))
	same(t, "status", 401, got.status)
	pattern := `^Digest realm="MMS Public API", domain="", nonce="[A-Za-z0-9+/=]{32}", algorithm=MD5, qop="auth", stale=false$`
	if header := got.header.Get("WWW-Authenticate"); !regexp.MustCompile(pattern).MatchString(header) {
		t.Errorf("challenge: %s", header)
	}
	same(t, "Content-Type", "application/json", got.header.Get("Content-Type"))
}

func unauthorizedBody(t *testing.T, f fake, _ *http.Client) {
	got := send(t, http.DefaultClient, f.URL, get("v2"))
	order := regexp.MustCompile(`"\w+" ?:`).FindAllString(got.body, -1)
	same(t, "order", `"error":"reason":"detail":"errorCode":`, strings.ReplaceAll(strings.Join(order, ""), " ", ""))
	same(t, "body", map[string]any{
		"error": 401.0, "reason": "Unauthorized", "detail": "You are not authorized for this resource.", "errorCode": "UNEXPECTED_ERROR",
	}, *decoded[map[string]any](t, got.body))
	same(t, "text", "{\n  \"error\" : 401,\n  \"reason\" : \"Unauthorized\",\n  \"detail\" : \"You are not authorized for this resource.\",\n  \"errorCode\" : \"UNEXPECTED_ERROR\"\n}", got.body)
}

func unauthorizedHeaders(t *testing.T, f fake, _ *http.Client) {
	got := send(t, http.DefaultClient, f.URL, get("v2"))
	same(t, "RateLimit-Limit", "", got.header.Get("RateLimit-Limit"))
	same(t, "X-Error-Code", "", got.header.Get("X-Error-Code"))
	got = must(t, keyClient(), f.URL, get("v2"))
	same(t, "RateLimit-Remaining", "1199", got.header.Get("RateLimit-Remaining"))
}

// curl --digest sends its first POST without the body it announces later.
func unauthorizedFirst(t *testing.T, f fake, _ *http.Client) {
	for _, r := range []request{
		{method: "POST", path: "v2/DATADOG"},
		{method: "PUT", path: "v2/DATADOG", body: "nonsense"},
		get("v2").having("Accept", "*/*"),
		get("v2?pageNum=0"), get("v2/NONSENSE"), get("/api/atlas/v2/groups/nonsense/integrations"),
	} {
		same(t, r.method+" "+r.path, 401, send(t, http.DefaultClient, f.URL, r).status)
	}
}

// spelling reads the bytes, since Go's client writes header names in its own way.
func spelling(t *testing.T, f fake, _ *http.Client) {
	token := newAccessToken(t, f)
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(f.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, err = fmt.Fprintf(conn, "GET /api/atlas/v2/groups/%s/integrations HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept: %s\r\nAuthorization: Bearer %s\r\n\r\n", project, vnd, token)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for scanner := bufio.NewScanner(conn); scanner.Scan(); {
		lines = append(lines, scanner.Text())
	}
	all := strings.Join(lines, "\n")
	for _, line := range []string{"RateLimit-Limit: 1200", "RateLimit-Remaining: 1199"} {
		if !strings.Contains(all, line) {
			t.Errorf("%s is not in\n%s", line, all)
		}
	}
}

// oauthRequest is a request of the service account.
func oauthRequest(path, form, secret string) request {
	basic := base64.StdEncoding.EncodeToString([]byte(fakeatlas.DefaultClientID + ":" + secret))
	return request{method: "POST", path: "/api/oauth/" + path, body: form, header: http.Header{
		"Authorization": {"Basic " + basic}, "Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"},
	}}
}

const grant = "grant_type=client_credentials"

func newAccessToken(t *testing.T, f fake) string {
	t.Helper()
	got := must(t, http.DefaultClient, f.URL, oauthRequest("token", grant, fakeatlas.DefaultClientSecret))
	return decoded[struct {
		Text string `json:"access_token"`
	}](t, got.body).Text
}

func tokenAnswer(t *testing.T, f fake, _ *http.Client) {
	got := must(t, http.DefaultClient, f.URL, oauthRequest("token", grant, fakeatlas.DefaultClientSecret))
	same(t, "status", 200, got.status)
	same(t, "Content-Type", "application/json", got.header.Get("Content-Type"))
	pattern := `^\{"access_token":"[\w-]+\.[\w-]+\.[\w-]+","expires_in":3600,"token_type":"Bearer"\}$`
	if !regexp.MustCompile(pattern).MatchString(got.body) {
		t.Errorf("token: %s", got.body)
	}
}

func tokenEnvelope(t *testing.T, f fake, _ *http.Client) {
	got := must(t, http.DefaultClient, f.URL, oauthRequest("token?envelope=true", grant, fakeatlas.DefaultClientSecret))
	var wrapped struct {
		Status  int            `json:"status"`
		Content map[string]any `json:"content"`
	}
	if err := json.Unmarshal([]byte(got.body), &wrapped); err != nil {
		t.Fatal(err)
	}
	same(t, "envelope", []any{200, "Bearer"}, []any{wrapped.Status, wrapped.Content["token_type"]})
}

func wrongGrant(t *testing.T, f fake, _ *http.Client) {
	got := send(t, http.DefaultClient, f.URL, oauthRequest("token", "grant_type=password", fakeatlas.DefaultClientSecret))
	same(t, "answer", []any{400, `{"error_description":"Invalid grant type.","error":"unsupported_grant_type"}`}, []any{got.status, got.body})
}

func wrongSecret(t *testing.T, f fake, _ *http.Client) {
	for _, path := range []string{"token", "revoke"} {
		got := send(t, http.DefaultClient, f.URL, oauthRequest(path, grant+"&token=x", "wrong"))
		same(t, path, []any{401, "invalid_client"}, []any{got.status, (*decoded[map[string]any](t, got.body))["error"]})
	}
}

func revokeAnswer(t *testing.T, f fake, _ *http.Client) {
	token := newAccessToken(t, f)
	r := oauthRequest("revoke", "token="+token+"&token_type_hint=access_token", fakeatlas.DefaultClientSecret)
	got := send(t, http.DefaultClient, f.URL, r)
	same(t, "answer", []any{200, ""}, []any{got.status, got.body})
	same(t, "after", 401, send(t, http.DefaultClient, f.URL, get("v2").having("Authorization", "Bearer "+token)).status)
}

func tokenForBothDoors(t *testing.T, f fake, _ *http.Client) {
	token := newAccessToken(t, f)
	for _, path := range []string{"v2", "v1.0"} {
		same(t, path, 200, send(t, http.DefaultClient, f.URL, get(path).having("Authorization", "Bearer "+token)).status)
	}
}

func unknownToken(t *testing.T, f fake, _ *http.Client) {
	other := newAccessToken(t, start(t))
	got := send(t, http.DefaultClient, f.URL, get("v2").having("Authorization", "Bearer "+other))
	same(t, "status", 401, got.status)
}

func getToken(t *testing.T, f fake, _ *http.Client) {
	got := send(t, http.DefaultClient, f.URL, get("/api/oauth/token"))
	same(t, "status", 405, got.status)
}

func refusedCreate(t *testing.T, f fake, client *http.Client) {
	must(t, client, f.URL, post(datadog))
	want := must(t, client, f.URL, get("v2/DATADOG")).body
	send(t, client, f.URL, post(`{"type":"DATADOG","apiKey":"00000000000000000000000000001234","region":"EU"}`))
	same(t, "after", want, must(t, client, f.URL, get("v2/DATADOG")).body)
}

func refusedUpdate(t *testing.T, f fake, client *http.Client) {
	must(t, client, f.URL, post(datadog))
	want := must(t, client, f.URL, get("v2/DATADOG")).body
	got := send(t, client, f.URL, put(`{"type":"DATADOG","region":"EU","colour":"red"}`))
	same(t, "status", 400, got.status)
	same(t, "after", want, must(t, client, f.URL, get("v2/DATADOG")).body)
}

func projects(t *testing.T, f fake, client *http.Client) {
	other := "/api/atlas/v2/groups/000000000000000000000001/integrations"
	must(t, client, f.URL, post(datadog))
	same(t, "the other's list", true, strings.Contains(must(t, client, f.URL, get(other)).body, `"results":[],"totalCount":0`))
	same(t, "the other's one", 404, send(t, client, f.URL, get(other+"/DATADOG")).status)
	must(t, client, f.URL, post(datadog).at(other+"/DATADOG"))
	must(t, client, f.URL, del(other+"/DATADOG"))
	must(t, client, f.URL, get("v2/DATADOG"))
}

// digestForAnother replays the credentials of one request on another path.
func digestForAnother(t *testing.T, f fake, _ *http.Client) {
	taken := &takenTransport{}
	must(t, keyClientOver(taken), f.URL, get("v2"))
	got := send(t, http.DefaultClient, f.URL, get("v2/DATADOG").having("Authorization", taken.authorization))
	same(t, "status", 401, got.status)
}

// takenTransport notes the credentials that were sent last.
type takenTransport struct{ authorization string }

func (c *takenTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	c.authorization = req.Header.Get("Authorization")
	return http.DefaultTransport.RoundTrip(req)
}
