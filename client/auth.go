package client

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync"

	"github.com/icholy/digest"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/atlasint/atlasint/gen/atlasv2"
)

// credentials make requests acceptable to Atlas. They are pointers, which fmt does not follow.
type credentials interface {
	auth(base string, wire *http.Client) auth
}

// auth adds credentials to requests. The rest of the client sees none of them, but to hide them in texts.
type auth interface {
	http.RoundTripper
	secrets() []string // what is sent, in each form that requests have; the slice is the caller's own
}

// sent returns secrets as they are, and as forms and headers of requests contain them.
func sent(secrets ...string) []string {
	for _, s := range secrets {
		if escaped := url.QueryEscape(s); escaped != s {
			secrets = append(secrets, escaped)
		}
	}
	return secrets
}

type apiKey struct{ public, private string }

func (k *apiKey) auth(_ string, wire *http.Client) auth {
	return &digestAuth{digest.Transport{Username: k.public, Password: k.private, Transport: wire.Transport}}
}

type digestAuth struct{ digest.Transport }

func (a *digestAuth) secrets() []string { return sent(a.Password) }

// stale tells the answer to a request whose signature was right, and came too late or a second time.
func stale(h http.Header) bool {
	challenge, err := digest.FindChallenge(h)
	return err == nil && challenge.Stale
}

type bearer struct{ token string }

func (b *bearer) auth(_ string, wire *http.Client) auth {
	return &bearerAuth{b.token, wire.Transport}
}

type bearerAuth struct {
	token string
	wire  http.RoundTripper
}

func (a *bearerAuth) RoundTrip(r *http.Request) (*http.Response, error) {
	return withToken(a.wire, r, a.token)
}

func (a *bearerAuth) secrets() []string { return sent(a.token) }

func withToken(wire http.RoundTripper, r *http.Request, token string) (*http.Response, error) {
	signed := r.Clone(r.Context())
	signed.Header.Set("Authorization", "Bearer "+token)
	return wire.RoundTrip(signed)
}

type serviceAccount struct{ id, secret string }

func (s *serviceAccount) auth(base string, wire *http.Client) auth {
	return &accountAuth{
		config: clientcredentials.Config{
			ClientID: s.id, ClientSecret: s.secret, TokenURL: tokenURL(base).String(), AuthStyle: oauth2.AuthStyleInHeader,
		},
		base: base, wire: wire, turn: make(chan struct{}, 1),
	}
}

// accountAuth gets one token for all requests and renews it when it ends, or when Atlas no longer takes it.
type accountAuth struct {
	config clientcredentials.Config
	base   string
	wire   *http.Client
	turn   chan struct{} // held by who gets a token; unlike a mutex, waiting for it can be given up

	mu       sync.Mutex
	current  *oauth2.Token
	previous *oauth2.Token // a server may return it still
	ended    bool          // there are to be no more tokens
}

// tokenError says that there was no token to send a request with: it was not sent.
type tokenError struct{ err error }

func (e *tokenError) Error() string { return "no access token" }
func (e *tokenError) Unwrap() error { return e.err }

func (a *accountAuth) RoundTrip(r *http.Request) (*http.Response, error) {
	token, err := a.token(r.Context(), "")
	if err != nil {
		return nil, &tokenError{err}
	}
	resp, err := withToken(a.wire.Transport, r, token)
	if err != nil || resp.StatusCode != http.StatusUnauthorized || r.Body != nil && r.GetBody == nil {
		return resp, err
	}
	_, _ = io.CopyN(io.Discard, resp.Body, maxBody) // so that the connection can be used again
	resp.Body.Close()
	return a.renewed(r, token)
}

// renewed sends a request once more, with another token than the one that was refused.
func (a *accountAuth) renewed(r *http.Request, refused string) (*http.Response, error) {
	token, err := a.token(r.Context(), refused)
	if err != nil {
		return nil, &tokenError{err}
	}
	second := r.Clone(r.Context())
	if r.GetBody != nil {
		if second.Body, err = r.GetBody(); err != nil {
			return nil, err
		}
	}
	return withToken(a.wire.Transport, second, token)
}

// token is one that still holds and is not the refused one.
func (a *accountAuth) token(ctx context.Context, refused string) (string, error) {
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if held := a.held(); held.Valid() && held.AccessToken != refused {
		return held.AccessToken, nil
	}
	if a.isEnded() { // nobody would revoke it
		return "", errEnded
	}
	fresh, err := a.config.Token(context.WithValue(ctx, oauth2.HTTPClient, a.wire))
	if err != nil {
		return "", err
	}
	a.hold(fresh)
	return fresh.AccessToken, nil
}

// errEnded is why a call that goes on while the client is closed gets no token.
var errEnded = errors.New("the client was closed meanwhile")

func (a *accountAuth) isEnded() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ended
}

// end returns the last token. One that is being fetched is waited for.
func (a *accountAuth) end(ctx context.Context) *oauth2.Token {
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
	case <-ctx.Done():
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
	return a.current
}

func (a *accountAuth) held() *oauth2.Token {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.current
}

func (a *accountAuth) hold(t *oauth2.Token) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.previous, a.current = a.current, t
}

func (a *accountAuth) secrets() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	basic := url.QueryEscape(a.config.ClientID) + ":" + url.QueryEscape(a.config.ClientSecret)
	secrets := []string{a.config.ClientSecret, base64.StdEncoding.EncodeToString([]byte(basic))}
	for _, t := range []*oauth2.Token{a.current, a.previous} {
		if t != nil {
			secrets = append(secrets, t.AccessToken)
		}
	}
	return sent(secrets...)
}

// noToken is the failure of a request for which no token was to be had. It keeps nothing of the library's
// error, which holds the request with its credentials and the whole answer.
func (c *session) noToken(x *exchange, failed *tokenError) *failure {
	token := c.exchange(&http.Request{Method: http.MethodPost, URL: tokenURL(c.config.base)}, "")
	var refused *oauth2.RetrieveError
	var f *failure
	switch {
	case errors.Is(failed, errEnded):
		f = &failure{err: x.transportError(errEnded.Error(), "")}
	case errors.Is(failed, context.DeadlineExceeded):
		f = token.late(failed.err, c.config.timeout)
	case errors.As(failed, &refused) && refused.Response != nil:
		f = token.refusal(answer{refused.Response.StatusCode, refused.Response.Header, refused.Body})
	case isURLError(failed.err):
		f = token.lost(failed.err)
	}
	if f == nil { // cut off or of another kind: the library does not say
		f = &failure{err: token.transportError("the answer holds no access token", "check the base URL"), passing: true}
	}
	f.unsent = true
	var lost *TransportError
	if errors.As(f.err, &lost) {
		lost.MaybeDone = x.maybeDone
	}
	return f
}

func tokenURL(base string) *url.URL {
	u, _ := url.Parse(base + "api/oauth/token") // the base was parsed before
	return u
}

// revoke ends the token of a service account, if there is one.
func (c *session) revoke(ctx context.Context) error {
	a, ok := c.auth.(*accountAuth)
	if !ok {
		return nil
	}
	token := a.end(ctx)
	if token == nil {
		return nil
	}
	hint := atlasv2.RevokeRequestTokenTypeHintAccessToken
	r, err := atlasv2.NewRevokeTokenRequestWithFormdataBody(c.config.base, atlasv2.RevokeRequest{Token: token.AccessToken, TokenTypeHint: &hint})
	if err != nil {
		return usage("the token can't be revoked")
	}
	r.SetBasicAuth(url.QueryEscape(a.config.ClientID), url.QueryEscape(a.config.ClientSecret))
	x := c.exchange(r, "")
	resp, err := a.wire.Do(r.WithContext(ctx))
	if err != nil {
		return c.noAnswer(ctx, x, err).err
	}
	defer resp.Body.Close()
	body, _ := readBody(resp.Body) // its status says enough
	if f := x.refusal(answer{resp.StatusCode, resp.Header, body}); f != nil {
		return f.err
	}
	a.hold(nil)
	return nil
}
