package fakeatlas

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

// unread is a body that must not be read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

// unauthorized is the recorded body, spaces included.
const unauthorized = "{\n  \"error\" : 401,\n  \"reason\" : \"Unauthorized\",\n  \"detail\" : \"You are not authorized " +
	"for this resource.\",\n  \"errorCode\" : \"UNEXPECTED_ERROR\"\n}"

var challenge = regexp.MustCompile(`^Digest realm="MMS Public API", domain="", nonce="[A-Za-z0-9+/=]+", algorithm=MD5, qop="auth", stale=(true|false)$`)

// wantUnauthorized checks for the response of Atlas's digest layer: challenge and indented body, no rate limit, no
// X-Error-Code.
func wantUnauthorized(t *testing.T, got reply, stale string) {
	t.Helper()
	wantBody(t, got, unauthorized)
	asked := got.header.Get("WWW-Authenticate")
	wantHeader(t, got, map[string]string{"Content-Type": "application/json", "Www-Authenticate": asked})
	if m := challenge.FindStringSubmatch(asked); got.status != 401 || m == nil || m[1] != stale {
		t.Errorf("%d, challenge %q, want stale=%s", got.status, asked, stale)
	}
}

func basic(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
}

// The server responds before anything reads the body: a digest client sends its first request without one.
func TestUnauthorized(t *testing.T) {
	for _, apiVersion := range apiVersions {
		for _, header := range []string{
			"", "Bearer", "Bearer x", "Bearer " + strings.Repeat("x", 10_000), "Negotiate x", "Digest x",
			basic(DefaultAPIKey.PublicKey, DefaultAPIKey.PrivateKey), basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret),
		} {
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"} {
				for _, target := range []string{"/OPS_GENIE", "/NONE", "?pageNum=0", "/OPS_GENIE?envelope=true", "/no/such/path"} {
					a := newAPIClient(t, apiVersion)
					wantUnauthorized(t, a.send(a.request(method, target, unread{t}, "Authorization:"+header, "Accept:", "Content-Type: text/plain")), "false")
				}
			}
		}
	}
}

// digestOf responds to a challenge by RFC 7616. It writes the algorithm unchanged, since some clients quote it.
func digestOf(challenge, algorithm, method, uri, user, password string) string {
	_, rest, _ := strings.Cut(challenge, `nonce="`)
	nonce, _, _ := strings.Cut(rest, `"`)
	hash := func(text string) string { return fmt.Sprintf("%x", md5.Sum([]byte(text))) }
	response := hash(hash(user+":MMS Public API:"+password) + ":" + nonce + ":00000001:c0ffee:auth:" + hash(method+":"+uri))
	return fmt.Sprintf(`Digest username="%s", realm="MMS Public API", nonce="%s", uri="%s", algorithm=%s, qop=auth, `+
		`nc=00000001, cnonce="c0ffee", response="%s"`,
		user, nonce, uri, algorithm, response)
}

func TestDigest(t *testing.T) {
	a := newAPIClient(t, schemas.V2, WithCredentials(Credential{PublicKey: "public", PrivateKey: "private"}))
	a.s.clock.Set(time.Time{}) // the verifier accepts no nonce from before its start
	uri := a.path("?pageNum=1&pretty=false")
	fresh := func() string { return a.do("GET", uri, "", "Authorization:").header.Get("WWW-Authenticate") }
	for name, c := range map[string]struct {
		header string
		ok     bool
	}{
		"plain algorithm":     {digestOf(fresh(), "MD5", "GET", uri, "public", "private"), true},
		"quoted algorithm":    {digestOf(fresh(), `"MD5"`, "GET", uri, "public", "private"), true},
		"scheme in small":     {"digest" + digestOf(fresh(), "MD5", "GET", uri, "public", "private")[6:], true},
		"wrong password":      {digestOf(fresh(), "MD5", "GET", uri, "public", "wrong"), false},
		"wrong user":          {digestOf(fresh(), "MD5", "GET", uri, "nobody", "private"), false},
		"default credentials": {digestOf(fresh(), "MD5", "GET", uri, DefaultAPIKey.PublicKey, DefaultAPIKey.PrivateKey), false},
		"uri without query":   {digestOf(fresh(), "MD5", "GET", a.path(""), "public", "private"), false},
		"another method":      {digestOf(fresh(), "MD5", "PUT", uri, "public", "private"), false},
		"made-up nonce":       {digestOf(`nonce="AAAA"`, "MD5", "GET", uri, "public", "private"), false},
	} {
		t.Run(name, func(t *testing.T) {
			got := a.do("GET", uri, "", "Authorization:"+c.header)
			if c.ok {
				a.want(got, 200, "")
				wantUnauthorized(t, a.do("GET", uri, "", "Authorization:"+c.header), "true") // a replay
			} else {
				wantUnauthorized(t, got, "false")
			}
		})
	}
	old := digestOf(fresh(), "MD5", "GET", uri, "public", "private")
	a.s.clock.Advance(time.Hour)
	wantUnauthorized(t, a.do("GET", uri, "", "Authorization:"+old), "true")
	a.want(a.do("GET", uri, "", "Authorization:"+digestOf(fresh(), "MD5", "GET", uri, "public", "private")), 200, "")
}

func TestWithoutAuth(t *testing.T) {
	a := newAPIClient(t, schemas.V2, WithoutAuth())
	for _, header := range []string{"", "Bearer x", "Digest x", basic("a", "b")} {
		got := a.do("GET", "", "", "Authorization:"+header)
		a.want(got, 200, "")
		if got.exact("RateLimit-Limit") == "" {
			t.Error("no rate limit")
		}
	}
	for _, authorization := range []string{"", basic("somebody", "else"), basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret)} {
		if got := a.oauth("token", tokenForm, authorization); got.status != 200 || !strings.Contains(got.body, `"access_token":`) {
			t.Errorf("a token for %q: %v", authorization, got)
		}
		if got := a.oauth("revoke", "token=x", authorization); got.status != 200 {
			t.Errorf("a revocation by %q: %v", authorization, got)
		}
	}
	page := a.oauth("token", tokenForm, "", "Origin: https://elsewhere.invalid")
	if page.status != 403 {
		t.Errorf("a page of another site: %v", page)
	}
	wantBody(t, page, `{"error_description":"The request comes from a page of another site.","error":"access_denied"}`)
}

const tokenForm = "grant_type=client_credentials"

// oauth sends a request to a token endpoint.
func (a *apiClient) oauth(target, body, authorization string, headers ...string) reply {
	a.t.Helper()
	headers = append([]string{"Accept:", "Authorization:" + authorization, "Content-Type: application/x-www-form-urlencoded"}, headers...)
	return a.do("POST", "/api/oauth/"+target, body, headers...)
}

func TestToken(t *testing.T) {
	a := newAPIClient(t, schemas.V2, WithCredentials(Credential{ClientID: "id/1", ClientSecret: "s%e:c ret"}))
	encoded := basic(url.QueryEscape("id/1"), url.QueryEscape("s%e:c ret"))
	var token struct {
		Access  string `json:"access_token"`
		Expires int    `json:"expires_in"`
	}
	got := a.oauth("token", tokenForm, encoded)
	if err := json.Unmarshal([]byte(got.body), &token); err != nil || got.status != 200 {
		t.Fatal(err, got)
	}
	wantBody(t, got, `{"access_token":"`+token.Access+`","expires_in":3600,"token_type":"Bearer"}`)
	wantHeader(t, got, map[string]string{"Content-Type": "application/json", "Cache-Control": "no-store"})
	parts := strings.Split(token.Access, ".")
	if len(parts) != 3 {
		t.Fatalf("no JWT: %s", token.Access)
	}
	if head, err := base64.RawURLEncoding.DecodeString(parts[0]); err != nil || string(head) != `{"alg":"ES512","typ":"JWT"}` {
		t.Errorf("the header of the token is %s, error %v", head, err)
	}
	var claims struct {
		Sub      string
		Iat, Exp int64
	}
	if data, err := base64.RawURLEncoding.DecodeString(parts[1]); err != nil || json.Unmarshal(data, &claims) != nil {
		t.Errorf("the claims %s are not JSON in base64: %v", data, err)
	}
	want := claims
	want.Sub, want.Iat = "id/1", a.s.clock.Now().Unix()
	want.Exp = want.Iat + 3600
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	bearer := "Authorization: Bearer " + token.Access
	use := func(want int) {
		t.Helper()
		for _, apiVersion := range apiVersions {
			if got := a.withVersion(apiVersion).do("GET", "", "", bearer); got.status != want {
				t.Errorf("%s: %d, want %d", apiVersion, got.status, want)
			}
		}
	}
	use(200)
	a.s.clock.Advance(time.Hour - time.Second)
	use(200)
	a.s.clock.Advance(time.Second)
	use(401)
	// A second token ends by its revocation, the others stay valid.
	first, second := issue(t, a.s), issue(t, a.s)
	bearer = "Authorization: Bearer " + second
	use(200)
	got = a.oauth("revoke", "token="+second+"&token_type_hint=access_token", encoded)
	if got.status != 200 || got.body != "" {
		t.Errorf("revoke: %v", got)
	}
	use(401)
	bearer = "Authorization: bearer " + first
	use(200)
}

func TestTokenEnvelopeAndPretty(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	for query, want := range map[string]string{
		"?envelope=true": `^\{"status":200,"content":\{"access_token":"[^"]+","expires_in":3600,"token_type":"Bearer"\}\}$`,
		"?pretty=true":   `^\{\n  "access_token": "[^"]+",\n  "expires_in": 3600,\n  "token_type": "Bearer"\n\}\n$`,
		"?envelope=false&pretty=foo": `^\{"detail":"Invalid query parameter pretty specified.","error":400,` +
			`"errorCode":"INVALID_QUERY_PARAMETER","parameters":\["pretty"\],"reason":"Bad Request"\}$`,
	} {
		got := a.oauth("token"+query, tokenForm, basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret))
		if !regexp.MustCompile(want).MatchString(got.body) {
			t.Errorf("%s: %s", query, got.body)
		}
	}
}

func TestRejectedTokenRequests(t *testing.T) {
	const (
		client = `{"error_description":"The provided credentials are not valid.","error":"invalid_client"}`
		grant  = `{"error_description":"Invalid grant type.","error":"unsupported_grant_type"}`
		form   = `{"error_description":"The request is not a form.","error":"invalid_request"}`
		twice  = `{"error_description":"The request repeats a parameter.","error":"invalid_request"}`
		token  = `{"error_description":"The token is missing.","error":"invalid_request"}`
	)
	good := basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret)
	for _, c := range []struct {
		name, target, body, authorization, media string
		status                                   int
		want                                     string
	}{
		{"no credentials", "token", tokenForm, "", "", 401, client},
		{"wrong secret", "token", tokenForm, basic(DefaultServiceAccount.ClientID, "x"), "", 401, client},
		{"wrong id", "token", tokenForm, basic("x", DefaultServiceAccount.ClientSecret), "", 401, client},
		{"broken escape", "token", tokenForm, basic("%zz", DefaultServiceAccount.ClientSecret), "", 401, client},
		{"broken escape in the secret", "token", tokenForm, basic(DefaultServiceAccount.ClientID, "%"), "", 401, client},
		{"API key", "token", tokenForm, basic(DefaultAPIKey.PublicKey, DefaultAPIKey.PrivateKey), "", 401, client},
		{"no base64", "token", tokenForm, "Basic ???", "", 401, client},
		{"bearer", "token", tokenForm, "Bearer x", "", 401, client},
		{
			"credentials in the form", "token",
			tokenForm + "&client_id=" + DefaultServiceAccount.ClientID + "&client_secret=" + DefaultServiceAccount.ClientSecret,
			"", "", 401, client,
		},
		{"no grant", "token", "", good, "", 400, grant},
		{"another grant", "token", "grant_type=password", good, "", 400, grant},
		{"grant in the query", "token?" + tokenForm, "", good, "", 400, grant},
		{"JSON", "token", `{"grant_type":"client_credentials"}`, good, "application/json", 400, form},
		{"no form", "token", tokenForm, good, "x y", 400, form},
		{"broken form", "token", "grant_type=%zz", good, "", 400, form},
		{"endless form", "token", "x=" + strings.Repeat("x", atlas.MaxPayload), good, "", 400, form},
		{"grant twice", "token", tokenForm + "&" + tokenForm, good, "", 400, twice},
		{"another parameter twice", "token", tokenForm + "&scope=a&scope=", good, "", 400, twice},
		{"token twice", "revoke", "token=x&token=y", good, "", 400, twice},
		{"wrong secret", "revoke", "token=x", basic(DefaultServiceAccount.ClientID, "x"), "", 401, client},
		{"no token", "revoke", "token_type_hint=access_token", good, "", 400, token},
		{"JSON", "revoke", `{"token":"x"}`, good, "application/json", 400, form},
		{"unknown token", "revoke", "token=x", good, "", 200, ""},
	} {
		t.Run(c.target+" "+c.name, func(t *testing.T) {
			a := newAPIClient(t, schemas.V2)
			media := "Content-Type: application/x-www-form-urlencoded; charset=UTF-8"
			if c.media != "" {
				media = "Content-Type: " + c.media
			}
			got := a.oauth(c.target, c.body, c.authorization, media)
			wantBody(t, got, c.want)
			if media := got.header.Get("Content-Type"); got.status != c.status || c.want != "" && media != "application/json" {
				t.Errorf("%d %s, want %d", got.status, media, c.status)
			}
		})
	}
}

func TestAccept(t *testing.T) {
	for accept, status := range map[string]int{
		"": 406, "*/*": 406, "application/*": 406, "application/json": 406, "text/html": 406, "nonsense": 406, ";;,": 406,
		datedMedia:                                                       200,
		"APPLICATION/VND.ATLAS.2023-01-01+JSON":                          200,
		"application/vnd.atlas.2025-03-12+json":                          200,
		"application/vnd.atlas.2999-12-31+json":                          200,
		"application/vnd.atlas.2023-01-02+json":                          200,
		"application/vnd.atlas.2022-12-31+json":                          406,
		"application/vnd.atlas.2023-02-30+json":                          406,
		"application/vnd.atlas.2023-1-1+json":                            406,
		"application/vnd.atlas.preview+json":                             406,
		"application/vnd.atlas.2023-01-01+csv":                           406,
		"application/vnd.atlas.2023-01-01":                               406,
		"application/vnd.atlas.+json":                                    406,
		datedMedia + ";charset=utf-8":                                    200,
		datedMedia + "; charset=UTF-8; q=0.9":                            200,
		"application/json, " + datedMedia:                                200,
		"text/html;q=0.9, */*;q=0.8 , " + datedMedia + ";q=0.1":          200,
		"application/json,text/plain":                                    406,
		"application/vnd.atlas.2022-01-01+json," + datedMedia:            200,
		"application/vnd.atlas.2022-01-01+json,application/vnd.atlas.x+": 406,
	} {
		for _, method := range []string{"GET", "PUT"} {
			a := newAPIClient(t, schemas.V2).has("OPS_GENIE")
			got := a.do(method, "/OPS_GENIE", examplePayload(t, schemas.V2, "OPS_GENIE"), "Accept:"+accept)
			if got.status != status {
				t.Errorf("%s with %q: %d, want %d", method, accept, got.status, status)
			}
			if status == 406 {
				a.want(got, 406, "INVALID_VERSION_DATE")
				wantBody(t, got,
					`{"detail":"Invalid accept header or version date.","error":406,"errorCode":"INVALID_VERSION_DATE",`+
						`"parameters":[],"reason":"Not Acceptable"}`)
			} else if media := got.header.Get("Content-Type"); media != datedMedia+";charset=utf-8" {
				t.Errorf("%q gets %s", accept, media)
			}
			// v1.0 accepts everything.
			a = newAPIClient(t, schemas.V1).has("OPS_GENIE")
			a.want(a.do(method, "/OPS_GENIE", examplePayload(t, schemas.V1, "OPS_GENIE"), "Accept:"+accept), 200, "")
		}
	}
}

func TestAcceptOfSeveralLines(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	r := a.request("GET", "", nil)
	r.Header["Accept"] = []string{"application/json", datedMedia}
	a.want(a.send(r), 200, "")
}

// LenientAccept accepts requests without a date, and no wrong date.
func TestLenientAccept(t *testing.T) {
	a := newAPIClient(t, schemas.V2, WithChoices(Choices{LenientAccept: true}))
	for accept, status := range map[string]int{
		"": 200, "*/*": 200, "application/json": 200, "text/html;q=0.9, */*;q=0.8": 200, ";;": 200, "application/vnd.other.2022-01-01+json": 200,
		datedMedia: 200, "application/vnd.atlas.2022-01-01+json," + datedMedia: 200,
		"application/vnd.atlas.2022-01-01+json": 406, "application/vnd.atlas.2025-02-30+json": 406, "application/vnd.atlas.2025-3-12+json": 406,
		"Application/Vnd.Atlas.2022-01-01+JSON;q=0.9": 406, "application/vnd.atlas.2023-01-01": 406, "application/vnd.atlas+json": 406,
		"application/vnd.atlas.2023-01-01+json;;=": 406, "application/vnd.atlas.2022-01-01+json, */*": 406, "*/*, application/vnd.atlas.x+json": 406,
	} {
		got := a.do("GET", "", "", "Accept:"+accept)
		if got.status != status {
			t.Errorf("%q: %d, want %d", accept, got.status, status)
			continue
		}
		if status == 406 {
			a.want(got, 406, "INVALID_VERSION_DATE")
		} else if media := got.header.Get("Content-Type"); media != datedMedia+";charset=utf-8" {
			t.Errorf("%q gets %s", accept, media)
		}
	}
	v1 := newAPIClient(t, schemas.V1, WithChoices(Choices{LenientAccept: true}))
	v1.want(v1.do("GET", "", "", "Accept:application/vnd.atlas.2022-01-01+json"), 200, "")
}

func TestContentType(t *testing.T) {
	for media, want := range map[string]struct{ v2, v1 int }{
		"":                                      {200, 200},
		"application/json":                      {200, 200},
		"Application/JSON; charset=utf-8":       {200, 200},
		datedMedia:                              {200, 415},
		datedMedia + ";charset=utf-8":           {200, 415},
		"application/vnd.atlas.2025-03-12+json": {200, 415},
		"application/vnd.atlas.2022-01-01+json": {415, 415},
		"application/merge-patch+json":          {415, 415},
		"application/x-www-form-urlencoded":     {415, 415},
		"text/plain":                            {415, 415},
		"application/json, text/plain":          {415, 415},
		"json":                                  {415, 415},
	} {
		for _, method := range []string{"POST", "PUT"} {
			for _, apiVersion := range apiVersions {
				status := want.v2
				if apiVersion == schemas.V1 {
					status = want.v1
				}
				a := newAPIClient(t, apiVersion)
				got := a.do(method, "/OPS_GENIE", examplePayload(t, apiVersion, "OPS_GENIE"), "Content-Type:"+media)
				if got.status != status {
					t.Errorf("%s %s with %q: %d, want %d: %s", apiVersion, method, media, got.status, status, got.body)
				}
				if status == 415 {
					a.want(got, 415, "UNSUPPORTED_MEDIA_TYPE")
					wantBody(t, got,
						`{"detail":"The media type of the request is not supported.","error":415,`+
							`"errorCode":"UNSUPPORTED_MEDIA_TYPE","parameters":[],"reason":"Unsupported Media Type"}`)
				}
			}
		}
	}
}

// Bodies are JSON, not compressed.
func TestContentEncodings(t *testing.T) {
	for encoding, status := range map[string]int{"": 200, "identity": 200, "gzip": 415, "br, gzip": 415} {
		for _, apiVersion := range apiVersions {
			a := newAPIClient(t, apiVersion)
			got := a.do("POST", "/OPS_GENIE", examplePayload(t, apiVersion, "OPS_GENIE"), "Content-Encoding:"+encoding)
			if got.status != status {
				t.Errorf("%s with %q: %d %s", apiVersion, encoding, got.status, got.body)
			}
			if status == 415 {
				a.want(got, 415, "UNSUPPORTED_MEDIA_TYPE")
				wantBody(t, got,
					`{"detail":"The media type of the request is not supported. `+
						`This fake of Atlas does not serve requests with a Content-Encoding: send the body without compression.",`+
						`"error":415,"errorCode":"UNSUPPORTED_MEDIA_TYPE","parameters":[],"reason":"Unsupported Media Type"}`)
			}
		}
	}
}

// Unknown routes are rejected in the form of the API, and never redirected.
func TestRoutes(t *testing.T) {
	const root = "/api/atlas/v2/groups/" + testProject + "/integrations"
	for _, c := range []struct {
		method, target string
		status         int
		code, allow    string
	}{
		{"HEAD", root, 200, "", ""},
		{"HEAD", root + "/OPS_GENIE", 404, "INTEGRATION_NOT_CONFIGURED", ""},
		{"OPTIONS", root, 405, "UNEXPECTED_ERROR", "GET, HEAD"},
		{"POST", root, 405, "UNEXPECTED_ERROR", "GET, HEAD"},
		{"DELETE", root, 405, "UNEXPECTED_ERROR", "GET, HEAD"},
		{"OPTIONS", root + "/OPS_GENIE", 405, "UNEXPECTED_ERROR", "DELETE, GET, HEAD, POST, PUT"},
		{"PATCH", root + "/OPS_GENIE", 405, "UNEXPECTED_ERROR", "DELETE, GET, HEAD, POST, PUT"},
		{"BREW", root + "/OPS_GENIE", 405, "UNEXPECTED_ERROR", "DELETE, GET, HEAD, POST, PUT"},
		{"GET", root + "/OPS_GENIE/x", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", root + "/", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", root + "/OPS_GENIE/", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", "/api/atlas/v2//groups/" + testProject + "/integrations", 404, "RESOURCE_NOT_FOUND", ""},
		{"PUT", root + "//OPS_GENIE", 404, "RESOURCE_NOT_FOUND", ""},
		{"PUT", root + "/x/../OPS_GENIE", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", root + "/./OPS_GENIE", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", "/api/atlas/v2/nothing", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", "/api/atlas/v2/", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", "/api/atlas/v3/groups/" + testProject + "/integrations", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", "/api/public/v1.0/groups/" + testProject + "/integrations", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", "/api/oauth/token", 405, "UNEXPECTED_ERROR", "POST"},
		{"PUT", "/api/oauth/revoke", 405, "UNEXPECTED_ERROR", "POST"},
		{"POST", "/api/oauth/other", 404, "RESOURCE_NOT_FOUND", ""},
		{"POST", "/api/oauth/token/", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", "/api", 404, "RESOURCE_NOT_FOUND", ""},
	} {
		for _, apiVersion := range apiVersions {
			target := strings.Replace(c.target, "/v2/", "/"+apiVersion+"/", 1)
			t.Run(c.method+" "+target, func(t *testing.T) {
				a := newAPIClient(t, apiVersion)
				got := a.do(c.method, target, "{}")
				a.want(got, c.status, c.code)
				if allow := got.header.Get("Allow"); allow != c.allow {
					t.Errorf("Allow is %q, want %q", allow, c.allow)
				}
				note := regexp.MustCompile(`\.? This fake of Atlas does not serve ([A-Z]+ /[^ ]+(; similar: [^;]+)?\. ` +
					`To respond to it, add a stub [^"]*stubs|[A-Z]+ /[^ ]+, whose last segment is missing: use [^"]+|paths with a slash [^"]* correct the URL)\."`)
				got.body = strings.Replace(note.ReplaceAllString(got.body, `"`), `.","error":404`, `","error":404`, 1)
				switch path, _, _ := strings.Cut(target, "?"); c.code {
				case "RESOURCE_NOT_FOUND":
					wantBody(t, got,
						`{"detail":"Cannot find resource `+path+
							`","error":404,"errorCode":"RESOURCE_NOT_FOUND","parameters":["`+path+
							`"],"reason":"Not Found"}`)
				case "UNEXPECTED_ERROR":
					wantBody(t, got, `{"detail":"Method Not Allowed","error":405,"errorCode":"UNEXPECTED_ERROR","parameters":[],"reason":"Method Not Allowed"}`)
				}
			})
		}
	}
}

// The server does not wait for a client that has disconnected.
func TestLatencyEndsWithTheRequest(t *testing.T) {
	a := newAPIClient(t, schemas.V2, WithLatency(time.Hour))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan reply)
	go func() { done <- a.send(a.request("POST", "/OPS_GENIE", unread{t}).WithContext(ctx)) }()
	cancel()
	if got := <-done; got.body != "" {
		t.Errorf("got %s", got.body)
	}
}

func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAPIClient(t, schemas.V2, WithLatency(time.Hour))
		begin := time.Now()
		a.want(a.do("GET", "", ""), 200, "")
		if took := time.Since(begin); took != time.Hour {
			t.Errorf("took %s, want an hour", took)
		}
	})
}

// Real clients send chunked bodies and HEAD requests, and accept gzip.
func TestOverTheWire(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	server := httptest.NewServer(a.s)
	defer server.Close()
	do := func(r *http.Request) (*http.Response, string) {
		t.Helper()
		to, _ := url.Parse(server.URL)
		r.RequestURI, r.URL.Scheme, r.URL.Host, r.Host = "", "http", to.Host, ""
		resp, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(body)
	}
	// A reader of unknown length makes the client send chunks.
	chunks := a.request("POST", "/OPS_GENIE", io.MultiReader(strings.NewReader(examplePayload(t, schemas.V2, "OPS_GENIE"))))
	if resp, body := do(chunks); resp.StatusCode != 200 || !strings.Contains(body, `"href":"http://127.0.0.1:`) {
		t.Errorf("chunks: %s %s", resp.Status, body)
	}
	head, body := do(a.request("HEAD", "/OPS_GENIE", nil))
	get, want := do(a.request("GET", "/OPS_GENIE", nil, "Accept-Encoding: gzip"))
	if head.StatusCode != 200 || body != "" || head.ContentLength != int64(len(want)) {
		t.Errorf("HEAD: %s, %q, Content-Length %d, want %d", head.Status, body, head.ContentLength, len(want))
	}
	if get.Header.Get("Content-Encoding") != "" || !json.Valid([]byte(want)) {
		t.Errorf("with Accept-Encoding: gzip: %v %q", get.Header, want)
	}
	del, empty := do(a.request("DELETE", "/OPS_GENIE", nil))
	wantDelete := []any{204, "", datedMedia + ";charset=utf-8"}
	if diff := cmp.Diff(wantDelete, []any{del.StatusCode, empty, del.Header.Get("Content-Type")}); diff != "" {
		t.Errorf("DELETE: status, body, media type (-want +got):\n%s", diff)
	}
	// Atlas does not document compressed requests.
	var zipped bytes.Buffer
	zip := gzip.NewWriter(&zipped)
	_, _ = zip.Write([]byte(examplePayload(t, schemas.V2, "OPS_GENIE")))
	_ = zip.Close()
	resp, rejection := do(a.request("POST", "/OPS_GENIE", &zipped, "Content-Encoding: gzip"))
	if resp.StatusCode != 415 {
		t.Errorf("compressed request: %s", resp.Status)
	}
	wantParts(t, "compressed request", rejection, "without compression")
	if resp, _ := do(a.request("POST", "/OPS_GENIE", nil)); resp.StatusCode != 400 {
		t.Errorf("no body: %s", resp.Status)
	}
}
