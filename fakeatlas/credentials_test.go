package fakeatlas

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
)

// credentialsOf returns an API key and a service account with a role and an access list.
func credentialsOf(role string, accessList ...string) []Credential {
	return []Credential{
		{PublicKey: "key-" + role, PrivateKey: canary, Role: role, AccessList: accessList},
		{ClientID: "client-" + role, ClientSecret: canaryHex, Role: role, AccessList: accessList},
	}
}

// remote sends requests over the network with a credential.
type remote struct {
	t     *testing.T
	s     *Server
	c     Credential
	token string
}

func (c remote) do(method, target, body string, headers ...string) reply {
	c.t.Helper()
	authorization := "Bearer " + c.token
	switch {
	case c.c.PublicKey != "":
		asked := c.send(http.MethodGet, target, "").header.Get("WWW-Authenticate")
		authorization = digestOf(asked, "MD5", method, target, c.c.PublicKey, c.c.PrivateKey)
	case c.token == "":
		authorization = "Bearer " + c.newToken()
	}
	return c.send(method, target, body, append(headers, "Authorization: "+authorization)...)
}

func (c remote) newToken() string {
	c.t.Helper()
	var issued struct {
		Token string `json:"access_token"`
	}
	got := c.send("POST", "/api/oauth/token", tokenForm,
		"Authorization: "+basic(c.c.ClientID, c.c.ClientSecret), "Content-Type: application/x-www-form-urlencoded")
	if err := json.Unmarshal([]byte(got.body), &issued); err != nil || issued.Token == "" {
		c.t.Fatalf("no token: %v", got)
	}
	return issued.Token
}

func (c remote) send(method, target, body string, headers ...string) reply {
	c.t.Helper()
	r, err := http.NewRequest(method, c.s.URL+target, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Accept", schemas.MediaTypeV2)
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	resp.Header.Del("Date")
	resp.Header.Del("Content-Length")
	return reply{resp.StatusCode, resp.Header, string(data)}
}

const (
	anyone   = ""
	owners   = "ORG_OWNER GROUP_OWNER"
	creators = "ORG_OWNER"
)

// roleRequests are requests, the roles that may send them, and the code for all others.
var roleRequests = []struct{ method, path, body, roles, code string }{
	{"GET", "/api/atlas/v2/groups/" + testProject + "/integrations", "", anyone, ""},
	{"GET", "/api/atlas/v1.0/groups/" + testProject + "/integrations/OPS_GENIE", "", anyone, ""},
	{"HEAD", "/api/atlas/v2/groups/" + testProject + "/integrations", "", anyone, ""},
	{"GET", "/api/atlas/v2/groups", "", anyone, ""},
	{"GET", "/api/atlas/v2/groups/" + testProject, "", anyone, ""},
	{"GET", "/api/atlas/v2/groups/" + testProject + "/settings", "", anyone, ""},
	{"GET", "/api/atlas/v2/orgs", "", anyone, ""},
	{
		"PUT", "/api/atlas/v2/groups/" + testProject + "/integrations/OPS_GENIE",
		`{"type":"OPS_GENIE","apiKey":"k-2222","region":"EU"}`, owners, "USER_UNAUTHORIZED",
	},
	{
		"PUT", "/api/atlas/v1.0/groups/" + testProject + "/integrations/OPS_GENIE",
		`{"type":"OPS_GENIE","apiKey":"k-3333","region":"EU"}`, owners, "USER_UNAUTHORIZED",
	},
	{"POST", "/api/atlas/v2/groups/" + testProject + "/integrations/VICTOR_OPS", `{"type":"VICTOR_OPS","apiKey":"k-4444"}`, owners, "USER_UNAUTHORIZED"},
	{"DELETE", "/api/atlas/v1.0/groups/" + testProject + "/integrations/OPS_GENIE", "", owners, "USER_UNAUTHORIZED"},
	{"PATCH", "/api/atlas/v2/groups/" + testProject + "/settings", `{"isDataExplorerEnabled":false}`, owners, "USER_UNAUTHORIZED"},
	{"PATCH", "/api/atlas/v2/groups/" + testProject, `{"name":"renamed"}`, owners, "USER_UNAUTHORIZED"},
	{"POST", "/api/atlas/v2/groups/" + testProject + "/managedSlowMs/enable", "", owners, "USER_UNAUTHORIZED"},
	{"POST", "/api/atlas/v2/groups", `{"name":"new","orgId":"` + testOrg + `"}`, creators, "NOT_ORG_GROUP_CREATOR"},
	{"DELETE", "/api/atlas/v2/groups/" + testProject, "", owners, "USER_UNAUTHORIZED"},
}

func TestRoles(t *testing.T) {
	for _, role := range []string{"", "ORG_OWNER", "GROUP_OWNER", "ORG_READ_ONLY", "GROUP_READ_ONLY"} {
		for _, credential := range credentialsOf(role) {
			t.Run(fmt.Sprint(credential), func(t *testing.T) {
				for _, tc := range roleRequests {
					s := Start(t, WithCredentials(credential))
					if err := s.Seed(testProject, `{"type":"OPS_GENIE","apiKey":"k-1111"}`); err != nil {
						t.Fatal(err)
					}
					wantRole(t, remote{t: t, s: s, c: credential}, tc.method, tc.path, tc.body, tc.roles, tc.code)
				}
			})
		}
	}
}

func wantRole(t *testing.T, c remote, method, path, body, roles, code string) {
	t.Helper()
	before, err := c.s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	got := c.do(method, path, body)
	requests := c.s.Requests()
	last := requests[len(requests)-1]
	if last.User != c.c.PublicKey+c.c.ClientID || last.Status != got.status {
		t.Errorf("%s %s: the journal has %s, %d", method, path, last.User, last.Status)
	}
	if c.c.Role == "" || roles == anyone || strings.Contains(roles, c.c.Role) {
		if got.status > 299 {
			t.Errorf("%s %s: %v", method, path, got)
		}
		return
	}
	texts := map[string]string{
		"USER_UNAUTHORIZED": `{"detail":"Current user is not authorized to perform this action.","error":401,` +
			`"errorCode":"USER_UNAUTHORIZED","parameters":[],"reason":"Unauthorized"}`,
		"NOT_ORG_GROUP_CREATOR": `{"detail":"The currently logged in user does not have the group creator role in organization ` +
			testOrg + `.","error":401,"errorCode":"NOT_ORG_GROUP_CREATOR","parameters":["` + testOrg +
			`"],"reason":"Unauthorized"}`,
	}
	want := []any{401, texts[code], code, code}
	if diff := cmp.Diff(want, []any{got.status, got.body, got.header.Get("X-Error-Code"), last.ErrorCode}); diff != "" {
		t.Errorf("%s %s: status, body, X-Error-Code, code in the journal (-want +got):\n%s", method, path, diff)
	}
	if after, err := c.s.Snapshot(); err != nil || cmp.Diff(before, after) != "" {
		t.Errorf("%s %s: changed: %v\n%s", method, path, err, cmp.Diff(before, after))
	}
}

// A role limits every method and path, also those of alert configurations, of stubs, and of none.
func TestRolesOfOtherPaths(t *testing.T) {
	for _, credential := range credentialsOf("GROUP_READ_ONLY") {
		c := remote{t: t, s: Start(t, WithCredentials(credential)), c: credential}
		for _, path := range []string{
			"v2/groups/" + testProject + "/alertConfigs", "v2/groups/" + testProject + "/no/such/path",
			"v1.0/groups/" + testProject, "v1.0/x",
		} {
			for _, method := range []string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "MOVE"} {
				got := c.do(method, "/api/atlas/"+path, "{}")
				if isWrite := !strings.Contains("GET HEAD OPTIONS", method); (got.status == 401) != isWrite {
					t.Errorf("%s %s: %v", method, path, got)
				}
			}
		}
	}
}

// Without the ID of an organization, the response names none.
func TestRolesWithoutOrganization(t *testing.T) {
	for _, credential := range credentialsOf("GROUP_OWNER") {
		c := remote{t: t, s: Start(t, WithCredentials(credential)), c: credential}
		for _, body := range []string{"", "null", `{"name":"x"}`, `{"orgId":"` + canary + `"}`, `{"orgId":7}`, strings.Repeat(" ", 2<<20)} {
			got := c.do("POST", "/api/atlas/v2/groups", body)
			if got.status != 401 {
				t.Errorf("%.40q: %v", body, got)
			}
			wantParts(t, body, got.body, "USER_UNAUTHORIZED")
			wantNoParts(t, body, got.body, canary)
		}
	}
}

func TestAccessLists(t *testing.T) {
	forwarded := []string{
		"X-Forwarded-For: 192.0.2.7", "X-Real-Ip: 192.0.2.7", "Forwarded: for=192.0.2.7", "True-Client-Ip: 192.0.2.7", "Cf-Connecting-Ip: 192.0.2.7",
	}
	for _, tc := range []struct {
		list []string
		want bool
	}{
		{nil, true},
		{[]string{"127.0.0.1"}, true},
		{[]string{"192.0.2.0/24", "127.0.0.0/8"}, true},
		{[]string{"0.0.0.0/0"}, true},
		{[]string{"192.0.2.0/24", "192.0.2.7", "127.0.0.2"}, false},
		{[]string{"::/0"}, false},
	} {
		for _, credential := range credentialsOf("ORG_OWNER", tc.list...) {
			c := remote{t: t, s: Start(t, WithCredentials(credential)), c: credential}
			for _, apiVersion := range apiVersions {
				for _, method := range []string{"GET", "PUT"} {
					target := "/api/atlas/" + apiVersion + "/groups/" + testProject + "/integrations/OPS_GENIE"
					got := c.do(method, target, `{"type":"OPS_GENIE","apiKey":"k-2222"}`, forwarded...)
					requests := c.s.Requests()
					if last := requests[len(requests)-1]; last.User != c.c.PublicKey+c.c.ClientID {
						t.Errorf("the journal has the user %q", last.User)
					}
					if tc.want {
						if got.status != 200 && got.status != 404 {
							t.Errorf("%v, %s %s by %v: %v", tc.list, method, apiVersion, credential, got)
						}
						continue
					}
					const rejection = `{"detail":"IP address 127.0.0.1 is not allowed to access this resource.","error":403,` +
						`"errorCode":"IP_ADDRESS_NOT_ON_ACCESS_LIST","parameters":["127.0.0.1"],"reason":"Forbidden"}`
					want := []any{403, rejection, "IP_ADDRESS_NOT_ON_ACCESS_LIST"}
					if diff := cmp.Diff(want, []any{got.status, got.body, got.header.Get("X-Error-Code")}); diff != "" {
						t.Errorf("%v, %s %s by %v (-want +got):\n%s", tc.list, method, apiVersion, credential, diff)
					}
				}
			}
		}
	}
}

// A request is rejected before its body is read, and one without an address of the network is on no list.
func TestRejectionsReadNoBody(t *testing.T) {
	for name, tc := range map[string]struct {
		c      Credential
		remote string
		code   string
	}{
		"role":        {Credential{ClientID: "c", ClientSecret: "s", Role: "ORG_READ_ONLY"}, "192.0.2.1:1234", "USER_UNAUTHORIZED"},
		"address":     {Credential{ClientID: "c", ClientSecret: "s", AccessList: []string{"10.0.0.0/8"}}, "192.0.2.1:1234", "IP_ADDRESS_NOT_ON_ACCESS_LIST"},
		"unix socket": {Credential{ClientID: "c", ClientSecret: "s", AccessList: []string{"0.0.0.0/0"}}, "@", "IP_ADDRESS_NOT_ON_ACCESS_LIST"},
		"no address":  {Credential{ClientID: "c", ClientSecret: "s", AccessList: []string{"::/0"}}, "", "IP_ADDRESS_NOT_ON_ACCESS_LIST"},
		"both": {
			Credential{ClientID: "c", ClientSecret: "s", Role: "ORG_READ_ONLY", AccessList: []string{"10.0.0.0/8"}},
			"192.0.2.1:1234", "IP_ADDRESS_NOT_ON_ACCESS_LIST",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, apiVersion := range apiVersions {
				a := newAPIClient(t, apiVersion, WithCredentials(tc.c))
				token, err := a.s.auth.Tokens.Issue(t.Context(), "c")
				if err != nil {
					t.Fatal(err)
				}
				r := a.request("POST", "/OPS_GENIE", unread{t}, "Authorization: Bearer "+token)
				r.RemoteAddr = tc.remote
				if got := a.send(r); got.exact("X-Error-Code") != tc.code {
					t.Errorf("%v", got)
				}
			}
		})
	}
}

// Each credential is accepted with its own secret only, and with its own role.
func TestManyCredentials(t *testing.T) {
	var list []Credential
	for i, role := range []string{"ORG_OWNER", "ORG_READ_ONLY", "GROUP_OWNER"} {
		pair := credentialsOf(role)
		pair[0].PrivateKey, pair[1].ClientSecret = fmt.Sprint("secret-", i), fmt.Sprint("secret-", i)
		list = append(list, pair...)
	}
	s := Start(t, WithCredentials(list...))
	target := "/api/atlas/v2/groups/" + testProject + "/integrations/OPS_GENIE"
	for _, c := range list {
		want := 200
		if c.Role == "ORG_READ_ONLY" {
			want = 401
		}
		if got := (remote{t: t, s: s, c: c}).do("PUT", target, `{"type":"OPS_GENIE","apiKey":"k-2222"}`); got.status != want {
			t.Errorf("%v: %v", c, got)
		}
		for _, other := range []string{"secret-9", "secret-0", "secret-1", "secret-2", ""} {
			if other == c.PrivateKey+c.ClientSecret {
				continue
			}
			got := remote{t: t, s: s}.send("POST", "/api/oauth/token", tokenForm,
				"Authorization: "+basic(c.PublicKey+c.ClientID, other), "Content-Type: application/x-www-form-urlencoded")
			if got.status != 401 {
				t.Errorf("%v with another secret: %v", c, got)
			}
			if c.PublicKey == "" {
				continue
			}
			wrong := Credential{PublicKey: c.PublicKey, PrivateKey: other}
			wantUnauthorized(t, remote{t: t, s: s, c: wrong}.do("GET", target, ""), "false")
		}
	}
	for _, unknown := range []Credential{DefaultAPIKey, {PublicKey: "client-ORG_OWNER", PrivateKey: "secret-0"}} {
		wantUnauthorized(t, remote{t: t, s: s, c: unknown}.do("GET", target, ""), "false")
	}
	if resp, err := s.Client().Get(s.URL + target); err != nil || resp.StatusCode != 200 {
		t.Errorf("the client of the server: %v, %v", resp, err)
	}
}

// A token has the role of its service account on every server of a store, until it is revoked, and is invalid on a
// server without that account.
func TestTokensHaveRoles(t *testing.T) {
	mini := miniredis.RunT(t)
	file, _ := newFile(t)
	for name, stores := range map[string][2]store.Store{
		"redis": {newRedis(t, mini), newRedis(t, mini)}, "file": {file, file},
	} {
		t.Run(name, func(t *testing.T) {
			list := []Credential{{ClientID: "a reader", ClientSecret: "s", Role: "ORG_READ_ONLY"}, {ClientID: "writer", ClientSecret: "s"}}
			a, b := Start(t, WithStore(stores[0]), WithCredentials(list...)), Start(t, WithStore(stores[1]), WithCredentials(list...))
			other := Start(t, WithStore(stores[1]))
			target := "/api/atlas/v2/groups/" + testProject + "/integrations/OPS_GENIE"
			for i, want := range []int{401, 200} {
				token := remote{t: t, s: a, c: list[i]}.newToken()
				for _, s := range []*Server{a, b} {
					if got := (remote{t: t, s: s, token: token}).do("PUT", target, `{"type":"OPS_GENIE","apiKey":"k-2222"}`); got.status != want {
						t.Errorf("%v: %v", list[i], got)
					}
				}
				wantUnauthorized(t, remote{t: t, s: other, token: token}.do("GET", target, ""), "false")
				revoke := func(c Credential) reply {
					return remote{t: t, s: b}.send("POST", "/api/oauth/revoke", "token="+url.QueryEscape(token),
						"Authorization: "+basic(url.QueryEscape(c.ClientID), "s"), "Content-Type: application/x-www-form-urlencoded")
				}
				if got := revoke(list[1-i]); got.status != 400 || !strings.Contains(got.body, "unauthorized_client") {
					t.Errorf("revoke the token of another: %v", got)
				}
				if got := (remote{t: t, s: a, token: token}).do("PUT", target, `{"type":"OPS_GENIE","apiKey":"k-2222"}`); got.status != want {
					t.Errorf("after that: %v", got)
				}
				if got := revoke(list[i]); got.status != 200 {
					t.Errorf("revoke: %v", got)
				}
				for _, s := range []*Server{a, b} {
					wantUnauthorized(t, remote{t: t, s: s, token: token}.do("GET", target, ""), "false")
				}
			}
		})
	}
}

// The client of the server has all permissions. They don't depend on the credentials.
func TestClientIsUnlimited(t *testing.T) {
	for name, list := range map[string][]Credential{
		"none": nil, "limited": credentialsOf("ORG_READ_ONLY"), "elsewhere": credentialsOf("", "192.0.2.7"),
		"two": append(credentialsOf("ORG_READ_ONLY"), credentialsOf("")...),
	} {
		s := newTestServer(t, WithCredentials(list...))
		r, err := http.NewRequest("PUT",
			"http://atlas.invalid/api/atlas/v2/groups/"+testProject+"/integrations/OPS_GENIE",
			strings.NewReader(`{"type":"OPS_GENIE","apiKey":"k-2222"}`))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := s.Client().Do(r)
		if err != nil || resp.StatusCode != 200 {
			t.Errorf("%s: %v, %v", name, resp, err)
		}
		want := map[string]string{"two": "client-"}[name]
		if got := s.Requests()[0].User; got != want {
			t.Errorf("%s: the journal has the user %q, want %q", name, got, want)
		}
		for _, token := range []string{basic("", ""), basic("", canary)} {
			a := &apiClient{t: t, s: s, apiVersion: schemas.V2, project: testProject}
			if got := a.oauth("token", tokenForm, token); got.status != 401 {
				t.Errorf("%s: a token without an account: %v", name, got)
			}
		}
	}
}

func newTestServer(t *testing.T, opts ...Option) *Server {
	t.Helper()
	s, err := New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCredentialsAreChecked(t *testing.T) {
	key, account := Credential{PublicKey: "p", PrivateKey: canary}, Credential{ClientID: "c", ClientSecret: canary}
	for want, list := range map[string][]Credential{
		"credential 1: want an API key or a service account":                                         {{}},
		"credential 2: want an API key or a service account":                                         {key, {PublicKey: "p", ClientSecret: canary}},
		"credential 1: the public or private part of the API key is empty":                           {{PublicKey: "p"}},
		"credential 1: the ID or secret of the service account is empty":                             {{ClientSecret: canary}},
		"credential 1: unknown role; it is ORG_OWNER, GROUP_OWNER, ORG_READ_ONLY or GROUP_READ_ONLY": {{PublicKey: "p", PrivateKey: "q", Role: canary}},
		"credential 1: access list: no IP address or CIDR block, such as 192.0.2.7 or 10.0.0.0/8": {{
			PublicKey: "p", PrivateKey: "q", AccessList: []string{"192.0.2.7", canary},
		}},
		"two API keys have the same public key":        {key, account, key},
		"two service accounts have the same client ID": {account, key, account},
	} {
		if _, err := New(WithCredentials(list...)); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	a := &apiClient{t: t, s: newTestServer(t, WithCredentials(key, account), WithCredentials(key)), apiVersion: schemas.V2, project: testProject}
	if got := a.oauth("token", tokenForm, basic("c", canary)); got.status != 401 {
		t.Errorf("the last option does not replace the others: %v", got)
	}
}

func TestCredentialsAreNotPrinted(t *testing.T) {
	for want, c := range map[string]Credential{
		"API key p": {PublicKey: "p", PrivateKey: canary}, "service account c": {ClientID: "c", ClientSecret: canary},
	} {
		data, err := json.Marshal([]Credential{c})
		if err != nil {
			t.Fatal(err)
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "c", c, "all", []Credential{c}, "at", &c)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "c", c, "all", []Credential{c}, "at", &c)
		texts := map[string]string{"JSON": string(data), "log": log.String()}
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			texts[format] = fmt.Sprintf(format, c) + fmt.Sprintf(format, &c) + fmt.Sprintf(format, []Credential{c}) +
				fmt.Sprintf(format, map[string]Credential{"x": c})
		}
		for where, text := range texts {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %s", where, text)
			}
		}
		wantNoSecrets(t, texts, canary)
	}
}
