package clients

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.mongodb.org/atlas-sdk/v20241113005/admin"
	"go.mongodb.org/atlas-sdk/v20241113005/auth"
	"go.mongodb.org/atlas-sdk/v20241113005/auth/clientcredentials"
	"golang.org/x/oauth2"

	"github.com/atlasint/atlasint/fakeatlas"
)

// afterHost is the text of an error from the path on.
func afterHost(err error) string {
	if err == nil {
		return ""
	}
	_, path, found := strings.Cut(err.Error(), "/api/")
	if !found {
		return err.Error()
	}
	return "/api/" + path
}

// inProcess hands requests to a handler without a network, so that time can be the test's own.
type inProcess struct {
	handler http.Handler
	tokens  *atomic.Int32 // how many tokens were asked for
}

func (p inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Path == clientcredentials.TokenAPIPath {
		p.tokens.Add(1)
	}
	asked := req.Clone(req.Context())
	asked.RequestURI = req.URL.RequestURI()
	asked.Host = req.URL.Host
	if asked.Body == nil {
		asked.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	p.handler.ServeHTTP(recorder, asked)
	res := recorder.Result()
	res.Request = req
	return res, nil
}

func newInProcess(t *testing.T) inProcess {
	t.Helper()
	server, err := fakeatlas.New()
	if err != nil {
		t.Fatal(err)
	}
	return inProcess{server, new(atomic.Int32)}
}

const fakeBase = "http://atlas.example"

// account logs in as a service account by way of a transport.
func account(t *testing.T, transport http.RoundTripper) admin.ThirdPartyIntegrationsApi {
	t.Helper()
	ctx := context.WithValue(t.Context(), auth.HTTPClient, &http.Client{Transport: transport})
	return sdkClient(t, fakeBase, admin.UseOAuthAuth(ctx, fakeatlas.DefaultClientID, fakeatlas.DefaultClientSecret))
}

// bearer asks with one token, and never for another.
func bearer(t *testing.T, base string, transport http.RoundTripper, token string) admin.ThirdPartyIntegrationsApi {
	t.Helper()
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})
	return sdkClient(t, base, admin.UseHTTPClient(&http.Client{Transport: &oauth2.Transport{Source: source, Base: transport}}))
}

func sdkListed(t *testing.T, api admin.ThirdPartyIntegrationsApi) {
	t.Helper()
	if _, _, err := api.ListThirdPartyIntegrations(t.Context(), project).Execute(); err != nil {
		t.Fatal(err)
	}
}

func sdkUnauthorized(t *testing.T, api admin.ThirdPartyIntegrationsApi) {
	t.Helper()
	_, res, err := api.ListThirdPartyIntegrations(t.Context(), project).Execute()
	sdkRefused(t, err, http.StatusUnauthorized, "UNEXPECTED_ERROR")
	same(t, "status", http.StatusUnauthorized, res.StatusCode)
}

func TestSDKRenewsTokensInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := newInProcess(t)
		api := account(t, transport)
		for _, step := range []struct {
			after time.Duration
			want  int32
		}{{0, 1}, {time.Minute, 1}, {50 * time.Minute, 1}, {10 * time.Minute, 2}, {30 * time.Minute, 2}, {24 * time.Hour, 3}} {
			time.Sleep(step.after)
			sdkListed(t, api)
			same(t, "tokens after "+step.after.String(), step.want, transport.tokens.Load())
		}
	})
}

func TestSDKExpiredTokenIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := newInProcess(t)
		token := newToken(t, transport)
		same(t, "life", time.Hour, time.Until(token.Expiry))
		api := bearer(t, fakeBase, transport, token.AccessToken)
		time.Sleep(time.Hour - time.Second)
		sdkListed(t, api)
		time.Sleep(time.Second)
		sdkUnauthorized(t, api)
		sdkListed(t, account(t, transport)) // whoever asks for a new one gets on
	})
}

func newToken(t *testing.T, transport http.RoundTripper) *oauth2.Token {
	t.Helper()
	config := clientcredentials.NewConfig(fakeatlas.DefaultClientID, fakeatlas.DefaultClientSecret)
	config.TokenURL = fakeBase + clientcredentials.TokenAPIPath
	token, err := config.Token(context.WithValue(t.Context(), auth.HTTPClient, &http.Client{Transport: transport}))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// The SDK revokes over the network, by its default client.
func TestSDKRevoke(t *testing.T) {
	f := start(t)
	config := clientcredentials.NewConfig(fakeatlas.DefaultClientID, fakeatlas.DefaultClientSecret)
	config.TokenURL, config.RevokeURL = f.URL+clientcredentials.TokenAPIPath, f.URL+clientcredentials.RevokeAPIPath
	var tokens []*oauth2.Token
	for range 2 {
		token, err := config.Token(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	revoked := bearer(t, f.URL, http.DefaultTransport, tokens[0].AccessToken)
	other := bearer(t, f.URL, http.DefaultTransport, tokens[1].AccessToken)
	sdkListed(t, revoked)
	for range 2 { // the second time there is nothing to revoke, and that is no error
		if err := config.RevokeToken(t.Context(), tokens[0]); err != nil {
			t.Fatal(err)
		}
	}
	sdkUnauthorized(t, revoked)
	sdkListed(t, other)
	sdkListed(t, sdkClient(t, f.URL, sdkClients["service account"](t.Context())))
}

// A client whose account is wrong learns so from the token endpoint.
func TestSDKWrongAccount(t *testing.T) {
	f := start(t)
	for _, account := range [][2]string{{fakeatlas.DefaultClientID, "wrong"}, {"wrong", fakeatlas.DefaultClientSecret}} {
		api := sdkClient(t, f.URL, admin.UseOAuthAuth(t.Context(), account[0], account[1]))
		_, _, err := api.ListThirdPartyIntegrations(t.Context(), project).Execute()
		var refused *oauth2.RetrieveError
		if !errors.As(err, &refused) {
			t.Fatalf("%v: got %v", account, err)
		}
		same(t, "refusal", []any{401, "invalid_client", "The provided credentials are not valid."},
			[]any{refused.Response.StatusCode, refused.ErrorCode, refused.ErrorDescription})
		config := clientcredentials.NewConfig(account[0], account[1])
		config.RevokeURL = f.URL + clientcredentials.RevokeAPIPath
		err = config.RevokeToken(t.Context(), &oauth2.Token{AccessToken: "any"})
		if err == nil || !strings.Contains(err.Error(), "401") {
			t.Errorf("%v: revoke: got %v", account, err)
		}
	}
}

// Ids and secrets may hold what a URL may not; clients encode it.
func TestSDKAccountWithOddCharacters(t *testing.T) {
	id, secret := "mdb_sa_id_a+b c%d", "mdb_sa_sk_:/?=&é"
	f := start(t, fakeatlas.WithServiceAccount(id, secret))
	sdkListed(t, sdkClient(t, f.URL, admin.UseOAuthAuth(t.Context(), id, secret)))
}

func TestSDKTokenIsNotAKey(t *testing.T) {
	f := start(t)
	for _, token := range []string{"", "x", fakeatlas.DefaultPrivateKey, string(bytes.Repeat([]byte("a."), 2000))} {
		sdkUnauthorized(t, bearer(t, f.URL, http.DefaultTransport, token))
	}
}
