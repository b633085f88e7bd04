package clients

import (
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

// inProcess passes requests to a handler without a network, for tests with synctest's clock.
type inProcess struct {
	handler http.Handler
	tokens  *atomic.Int32 // number of requests for a token
}

func (p inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Path == clientcredentials.TokenAPIPath {
		p.tokens.Add(1)
	}
	asked := httptest.NewRequest(req.Method, req.URL.String(), req.Body)
	asked.Header = req.Header
	recorder := httptest.NewRecorder()
	p.handler.ServeHTTP(recorder, asked)
	res := recorder.Result()
	res.Request = req
	return res, nil
}

func newInProcess(t *testing.T) inProcess {
	server, err := fakeatlas.New()
	wantNoError(t, err)
	return inProcess{server, new(atomic.Int32)}
}

const fakeBase = "http://atlas.example"

// signIn logs in as a service account through a transport.
func signIn(t *testing.T, transport http.RoundTripper) calls {
	t.Helper()
	ctx := context.WithValue(t.Context(), auth.HTTPClient, &http.Client{Transport: transport})
	return sdkLogin(t, fakeBase, admin.UseOAuthAuth(ctx, account.ClientID, account.ClientSecret))
}

// bearer uses one token and never requests another.
func bearer(t *testing.T, base string, transport http.RoundTripper, token string) calls {
	t.Helper()
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})
	return sdkLogin(t, base, admin.UseHTTPClient(&http.Client{Transport: &oauth2.Transport{Source: source, Base: transport}}))
}

func TestSDKRenewsTokensInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := newInProcess(t)
		api := signIn(t, transport)
		for _, step := range []struct {
			after time.Duration
			want  int32
		}{{0, 1}, {time.Minute, 1}, {50 * time.Minute, 1}, {10 * time.Minute, 2}, {30 * time.Minute, 2}, {24 * time.Hour, 3}} {
			time.Sleep(step.after)
			api.list().ok()
			same(t, "tokens after "+step.after.String(), step.want, transport.tokens.Load())
		}
	})
}

func TestSDKExpiredTokenIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := newInProcess(t)
		_, token := sdkToken(t, fakeBase, &http.Client{Transport: transport})
		same(t, "life", time.Hour, time.Until(token.Expiry))
		api := bearer(t, fakeBase, transport, token.AccessToken)
		time.Sleep(time.Hour - time.Second)
		api.list().ok()
		time.Sleep(time.Second)
		api.list().rejected(401, "UNEXPECTED_ERROR")
		signIn(t, transport).list().ok() // with a new token
	})
}

// sdkToken requests a token of the default service account.
func sdkToken(t *testing.T, base string, client *http.Client) (*clientcredentials.Config, *oauth2.Token) {
	t.Helper()
	config := clientcredentials.NewConfig(account.ClientID, account.ClientSecret)
	config.TokenURL, config.RevokeURL = base+clientcredentials.TokenAPIPath, base+clientcredentials.RevokeAPIPath
	token, err := config.Token(context.WithValue(t.Context(), auth.HTTPClient, client))
	wantNoError(t, err)
	return config, token
}

// The SDK revokes over the network, by its default client.
func TestSDKRevoke(t *testing.T) {
	f := start(t)
	config, token := sdkToken(t, f.URL, http.DefaultClient)
	_, otherToken := sdkToken(t, f.URL, http.DefaultClient)
	revoked := bearer(t, f.URL, http.DefaultTransport, token.AccessToken)
	other := bearer(t, f.URL, http.DefaultTransport, otherToken.AccessToken)
	revoked.list().ok()
	for range 2 { // a token that is already revoked is no error
		wantNoError(t, config.RevokeToken(t.Context(), token))
	}
	revoked.list().rejected(401, "UNEXPECTED_ERROR")
	other.list().ok()
	sdkLogin(t, f.URL, sdkLogins["service account"](t.Context())).list().ok()
}

// The token endpoint rejects a wrong service account.
func TestSDKWrongAccount(t *testing.T) {
	f := start(t)
	for _, account := range [][2]string{{account.ClientID, "wrong"}, {"wrong", account.ClientSecret}} {
		err := sdkLogin(t, f.URL, admin.UseOAuthAuth(t.Context(), account[0], account[1])).list().err
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

// IDs and secrets may contain characters that a URL can't; clients encode them.
func TestSDKAccountWithOddCharacters(t *testing.T) {
	id, secret := "mdb_sa_id_a+b c%d", "mdb_sa_sk_:/?=&é"
	f := start(t, fakeatlas.WithCredentials(fakeatlas.Credential{ClientID: id, ClientSecret: secret}))
	sdkLogin(t, f.URL, admin.UseOAuthAuth(t.Context(), id, secret)).list().ok()
}

// Only a token of this server is valid.
func TestSDKWrongToken(t *testing.T) {
	f := start(t)
	_, foreign := sdkToken(t, start(t).URL, http.DefaultClient)
	for _, token := range []string{"", "x", key.PrivateKey, strings.Repeat("a.", 2000), foreign.AccessToken} {
		bearer(t, f.URL, http.DefaultTransport, token).list().rejected(401, "UNEXPECTED_ERROR")
	}
}
