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

// inProcess passes requests to a handler without a network, for tests with synctest's clock.
type inProcess struct {
	handler http.Handler
	tokens  *atomic.Int32 // number of requests for a token
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

// account logs in as a service account through a transport.
func account(t *testing.T, transport http.RoundTripper) calls[sdkIntegration] {
	t.Helper()
	ctx := context.WithValue(t.Context(), auth.HTTPClient, &http.Client{Transport: transport})
	return sdkCalls(t, sdkClient(t, fakeBase, admin.UseOAuthAuth(ctx, fakeatlas.DefaultServiceAccount.ClientID, fakeatlas.DefaultServiceAccount.ClientSecret)))
}

// bearer uses one token and never requests another.
func bearer(t *testing.T, base string, transport http.RoundTripper, token string) calls[sdkIntegration] {
	t.Helper()
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})
	return sdkCalls(t, sdkClient(t, base, admin.UseHTTPClient(&http.Client{Transport: &oauth2.Transport{Source: source, Base: transport}})))
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
		account(t, transport).list().ok() // with a new token
	})
}

// sdkToken requests a token of the default service account.
func sdkToken(t *testing.T, base string, client *http.Client) (*clientcredentials.Config, *oauth2.Token) {
	t.Helper()
	config := clientcredentials.NewConfig(fakeatlas.DefaultServiceAccount.ClientID, fakeatlas.DefaultServiceAccount.ClientSecret)
	config.TokenURL, config.RevokeURL = base+clientcredentials.TokenAPIPath, base+clientcredentials.RevokeAPIPath
	token, err := config.Token(context.WithValue(t.Context(), auth.HTTPClient, client))
	if err != nil {
		t.Fatal(err)
	}
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
		if err := config.RevokeToken(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	revoked.list().rejected(401, "UNEXPECTED_ERROR")
	other.list().ok()
	sdkCalls(t, sdkClient(t, f.URL, sdkLogins["service account"](t.Context()))).list().ok()
}

// The token endpoint rejects a wrong service account.
func TestSDKWrongAccount(t *testing.T) {
	f := start(t)
	for _, account := range [][2]string{{fakeatlas.DefaultServiceAccount.ClientID, "wrong"}, {"wrong", fakeatlas.DefaultServiceAccount.ClientSecret}} {
		api := sdkCalls(t, sdkClient(t, f.URL, admin.UseOAuthAuth(t.Context(), account[0], account[1])))
		err := api.list().err
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
	sdkCalls(t, sdkClient(t, f.URL, admin.UseOAuthAuth(t.Context(), id, secret))).list().ok()
}

func TestSDKTokenIsNotAKey(t *testing.T) {
	f := start(t)
	for _, token := range []string{"", "x", fakeatlas.DefaultAPIKey.PrivateKey, string(bytes.Repeat([]byte("a."), 2000))} {
		bearer(t, f.URL, http.DefaultTransport, token).list().rejected(401, "UNEXPECTED_ERROR")
	}
}
