package auth

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/access"
)

func TestAccounts(t *testing.T) {
	const secret = "not-a-real-secret"
	key := func(public string) CredentialSpec { return CredentialSpec{PublicKey: public, PrivateKey: secret} }
	for name, tc := range map[string]struct {
		list          []CredentialSpec
		keys, clients int
		err           string
	}{
		"none":                    {nil, 0, 0, ""},
		"both kinds":              {[]CredentialSpec{key("a"), {ClientID: "a", ClientSecret: secret}, key("b")}, 2, 1, ""},
		"neither":                 {[]CredentialSpec{key("a"), {}}, 0, 0, "credential 2: want an API key or a service account"},
		"both in one":             {[]CredentialSpec{{PublicKey: "a", PrivateKey: secret, ClientID: "b"}}, 0, 0, "credential 1: want an API key"},
		"no private key":          {[]CredentialSpec{{PublicKey: "a"}}, 0, 0, "private part of the API key is empty"},
		"no client ID":            {[]CredentialSpec{{ClientSecret: secret}}, 0, 0, "the ID or secret of the service account is empty"},
		"a colon in a client ID":  {[]CredentialSpec{{ClientID: "a:b", ClientSecret: secret}}, 0, 0, "credential 1: the public key or client ID has a colon"},
		"a colon in a public key": {[]CredentialSpec{key("a"), key(":")}, 0, 0, "credential 2: the public key or client ID has a colon"},
		"a colon in secrets":      {[]CredentialSpec{{ClientID: "a", ClientSecret: "a:b"}, {PublicKey: "a", PrivateKey: ":"}}, 1, 1, ""},
		"same key":                {[]CredentialSpec{key("a"), key("a")}, 0, 0, "two API keys have the same public key"},
		"same account":            {[]CredentialSpec{{ClientID: "a", ClientSecret: secret}, {ClientID: "a", ClientSecret: "x"}}, 0, 0, "two service accounts"},
		"unknown role":            {[]CredentialSpec{{PublicKey: "a", PrivateKey: secret, Role: "KING"}}, 0, 0, "credential 1: "},
		"wrong access list": {
			[]CredentialSpec{{PublicKey: "a", PrivateKey: secret, AccessList: []string{"192.0.2.0/99"}}}, 0, 0,
			"credential 1: access list: ",
		},
	} {
		keys, clients, err := Accounts(tc.list)
		switch {
		case err == nil && (tc.err != "" || len(keys) != tc.keys || len(clients) != tc.clients):
			t.Errorf("%s: %d keys and %d service accounts, want %q", name, len(keys), len(clients), tc.err)
		case err != nil && (tc.err == "" || !strings.Contains(err.Error(), tc.err) || strings.Contains(err.Error(), secret)):
			t.Errorf("%s: %v, want %q", name, err, tc.err)
		}
	}
}

func TestAuthorize(t *testing.T) {
	entry, err := access.ParseEntry("192.0.2.0/24")
	if err != nil {
		t.Fatal(err)
	}
	const org = "32b6e34b3d91647abb20e7b8"
	for name, tc := range map[string]struct {
		account                 Account
		method, operation, body string
		remote, want            string
	}{
		"owner":                {Account{Role: access.OrgOwner}, "POST", "create", "", "198.51.100.1:1", ""},
		"from the access list": {Account{Role: access.OrgOwner, AccessList: access.List{entry}}, "POST", "create", "", "192.0.2.9:1", ""},
		"from elsewhere": {
			Account{Role: access.OrgOwner, AccessList: access.List{entry}}, "GET", "list", "", "198.51.100.1:1",
			"IP_ADDRESS_NOT_ON_ACCESS_LIST",
		},
		"reader reads":          {Account{Role: "ORG_READ_ONLY"}, "GET", "list", "", "192.0.2.9:1", ""},
		"reader writes":         {Account{Role: "ORG_READ_ONLY"}, "DELETE", "delete", "", "192.0.2.9:1", "USER_UNAUTHORIZED"},
		"reader of an org":      {Account{Role: "ORG_READ_ONLY"}, "POST", createProject, `{"orgId":"` + org + `"}`, "192.0.2.9:1", "NOT_ORG_GROUP_CREATOR"},
		"reader of no org":      {Account{Role: "ORG_READ_ONLY"}, "POST", createProject, `{"orgId":"x"}`, "192.0.2.9:1", "USER_UNAUTHORIZED"},
		"reader without a body": {Account{Role: "ORG_READ_ONLY"}, "POST", createProject, ``, "192.0.2.9:1", "USER_UNAUTHORIZED"},
	} {
		r := httptest.NewRequest(tc.method, "/", strings.NewReader(tc.body))
		r.RemoteAddr = tc.remote
		got := ""
		if e := tc.account.Authorize(r, tc.operation); e != nil {
			got = e.Code
		}
		if got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}
