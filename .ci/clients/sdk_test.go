package clients

import (
	"context"
	"errors"
	"net/http"
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

// sdkNullable are the fields that SDK v20250312023 can send as null, through NullFields of its model.
var sdkNullable = []string{
	"accountId", "apiKey", "apiToken", "bodyTemplate", "channelName", "enabled", "headersTemplate", "id", "licenseKey",
	"microsoftTeamsWebhookUrl", "password", "readToken", "region", "routingKey", "secret", "sendCollectionLatencyMetrics",
	"sendDatabaseMetrics", "sendQueryStatsMetrics", "sendUserProvidedResourceTags", "sendUserProvidedResourceTagsEnabled",
	"serviceDiscovery", "serviceKey", "teamName", "url", "username", "writeToken",
}

// A null counts as not sent: POST stores what it stores without the nulls, and PUT leaves the stored values.
func TestSDKNullFields(t *testing.T) {
	for _, c := range types(t, "v2") {
		f, strict := start(t), start(t, fakeatlas.WithChoices(fakeatlas.Choices{StrictFields: true}))
		sent := fields(t, c.Sent)
		for _, name := range sdkNullable {
			if _, ok := sent[name]; !ok {
				sent[name] = nil
			}
		}
		line := " v2/" + c.Type + " " + encoded(t, sent)
		same(t, "a strict server's status", 400, strict.send("POST"+line).status)
		for _, method := range []string{"POST", "PUT"} {
			f.must(method + line)
			got := sdk(t, f.URL, admin.UseDigestAuth(key.PublicKey, key.PrivateKey))("GET", c.Type, "")
			same(t, method, []map[string]any{fields(t, c.Read)}, got.list, withoutIDs)
		}
	}
}

// counted counts the requests for a token.
type counted struct {
	http.RoundTripper
	tokens atomic.Int32
}

func (c *counted) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Path == clientcredentials.TokenAPIPath {
		c.tokens.Add(1)
	}
	return c.RoundTripper.RoundTrip(req)
}

// The test's clock needs a server without a network.
func TestSDKRenewsTokensInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, err := fakeatlas.New()
		wantNoError(t, err)
		transport := &counted{RoundTripper: server.Transport()}
		ctx := context.WithValue(t.Context(), auth.HTTPClient, &http.Client{Transport: transport})
		call := sdk(t, "http://atlas.example", admin.UseOAuthAuth(ctx, account.ClientID, account.ClientSecret))
		for _, step := range []struct {
			after time.Duration
			want  int32
		}{{0, 1}, {time.Minute, 1}, {50 * time.Minute, 1}, {10 * time.Minute, 2}, {30 * time.Minute, 2}, {24 * time.Hour, 3}} {
			time.Sleep(step.after)
			wantNoError(t, call("LIST", "", "").err)
			same(t, "tokens after "+step.after.String(), step.want, transport.tokens.Load())
		}
	})
}

// serviceAccount returns the settings with which the SDK requests and revokes tokens.
func serviceAccount(base, id, secret string) *clientcredentials.Config {
	config := clientcredentials.NewConfig(id, secret)
	config.TokenURL, config.RevokeURL = base+clientcredentials.TokenAPIPath, base+clientcredentials.RevokeAPIPath
	return config
}

func TestSDKRevoke(t *testing.T) {
	f := start(t)
	config := serviceAccount(f.URL, account.ClientID, account.ClientSecret)
	token, err := config.Token(t.Context())
	wantNoError(t, err)
	call := sdk(t, f.URL, admin.UseHTTPClient(oauth2.NewClient(t.Context(), oauth2.StaticTokenSource(token))))
	wantNoError(t, call("LIST", "", "").err)
	for range 2 { // a token that is already revoked is no error
		wantNoError(t, config.RevokeToken(t.Context(), token))
	}
	rejected(t, call("LIST", "", "").err, 401, "UNEXPECTED_ERROR")
}

// The token endpoint rejects a wrong service account.
func TestSDKWrongAccount(t *testing.T) {
	f := start(t)
	for _, login := range [][2]string{{account.ClientID, "wrong"}, {"wrong", account.ClientSecret}} {
		err := sdk(t, f.URL, admin.UseOAuthAuth(t.Context(), login[0], login[1]))("LIST", "", "").err
		var refused *oauth2.RetrieveError
		if !errors.As(err, &refused) {
			t.Fatalf("%v: got %v", login, err)
		}
		same(t, "refusal", []any{401, "invalid_client", "The provided credentials are not valid."},
			[]any{refused.Response.StatusCode, refused.ErrorCode, refused.ErrorDescription})
		err = serviceAccount(f.URL, login[0], login[1]).RevokeToken(t.Context(), &oauth2.Token{AccessToken: "any"})
		if err == nil || !strings.Contains(err.Error(), "401") {
			t.Errorf("%v: revoke: got %v", login, err)
		}
	}
}

// IDs and secrets may contain characters that a URL can't; clients encode them.
func TestSDKAccountWithOddCharacters(t *testing.T) {
	id, secret := "mdb_sa_id_a+b c%d", "mdb_sa_sk_:/?=&é"
	f := start(t, fakeatlas.WithCredentials(fakeatlas.Credential{ClientID: id, ClientSecret: secret}))
	wantNoError(t, sdk(t, f.URL, admin.UseOAuthAuth(t.Context(), id, secret))("LIST", "", "").err)
}
