package client

import (
	"bytes"
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
)

// credentials create the authentication of a client. They are pointers, which fmt does not follow.
type credentials interface {
	newAuthenticator(base string, httpClient *http.Client) authenticator
}

// authenticator adds credentials to requests. The rest of the client uses them only to hide them in texts.
type authenticator interface {
	http.RoundTripper
	secrets() []string // the secrets in each form that requests have; the caller owns the slice
}

// escapedForms returns secrets unchanged and as forms and headers of requests contain them.
func escapedForms(secrets ...string) []string {
	for _, s := range secrets {
		if escaped := url.QueryEscape(s); escaped != s {
			secrets = append(secrets, escaped)
		}
	}
	return secrets
}

type apiKey struct{ public, private string }

func (k *apiKey) newAuthenticator(_ string, httpClient *http.Client) authenticator {
	return &digestAuth{digest.Transport{
		Username: k.public, Password: k.private, Transport: keepUnauthorized{httpClient.Transport}, FindChallenge: usableChallenge,
	}}
}

type digestAuth struct{ digest.Transport }

func (a *digestAuth) secrets() []string { return escapedForms(a.Password) }

// usableChallenge returns the challenge of a 401. If the library supports none, the error is digest.ErrNoChallenge, and
// the library returns the 401 to its caller.
func usableChallenge(h http.Header) (*digest.Challenge, error) {
	challenge, err := digest.FindChallenge(h)
	if err != nil || !digest.CanDigest(challenge) {
		return nil, digest.ErrNoChallenge
	}
	return challenge, nil
}

// isUnsupported reports whether the server requires a kind of digest that can't be used.
func isUnsupported(h http.Header) bool {
	challenge, err := digest.FindChallenge(h)
	return err == nil && !digest.CanDigest(challenge) || err != nil && !errors.Is(err, digest.ErrNoChallenge)
}

// keepUnauthorized makes the body of a 401 readable again after it was closed. The digest library discards the body
// before it looks for a challenge, and returns the response if there is none.
type keepUnauthorized struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (k keepUnauthorized) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := k.next.RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	resp.Body.Close()
	resp.Body = &rewindingBody{bytes.NewReader(body), err}
	return resp, nil
}

type rewindingBody struct {
	*bytes.Reader
	err error // of the body, after the part that was read; nil at its end
}

// Read returns the error of the body after its last byte.
func (b *rewindingBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF && b.err != nil {
		err = b.err
	}
	return n, err
}

// Close rewinds the body instead of closing it.
func (b *rewindingBody) Close() error {
	_, err := b.Seek(0, io.SeekStart)
	return err
}

// isStale reports whether the server rejected a correct signature because it was late or used before.
func isStale(h http.Header) bool {
	challenge, err := digest.FindChallenge(h)
	return err == nil && challenge.Stale
}

type bearer struct{ token string }

func (b *bearer) newAuthenticator(_ string, httpClient *http.Client) authenticator {
	return &bearerAuth{b.token, httpClient.Transport}
}

type bearerAuth struct {
	token string
	next  http.RoundTripper
}

func (a *bearerAuth) RoundTrip(r *http.Request) (*http.Response, error) {
	return withToken(a.next, r, a.token)
}

func (a *bearerAuth) secrets() []string { return escapedForms(a.token) }

func withToken(next http.RoundTripper, r *http.Request, token string) (*http.Response, error) {
	signed := r.Clone(r.Context())
	signed.Header.Set("Authorization", "Bearer "+token)
	return next.RoundTrip(signed)
}

type serviceAccount struct{ id, secret string }

func (s *serviceAccount) newAuthenticator(base string, httpClient *http.Client) authenticator {
	return &accountAuth{
		config: clientcredentials.Config{
			ClientID: s.id, ClientSecret: s.secret, TokenURL: tokenURL(base).String(), AuthStyle: oauth2.AuthStyleInHeader,
		},
		base: base, httpClient: httpClient, fetching: make(chan struct{}, 1),
	}
}

// accountAuth gets one token for all requests and renews it when it expires or when Atlas rejects it.
type accountAuth struct {
	config     clientcredentials.Config
	base       string
	httpClient *http.Client
	fetching   chan struct{} // full while a goroutine fetches a token; unlike with a mutex, a caller can stop waiting

	mu       sync.Mutex
	current  *oauth2.Token
	previous *oauth2.Token // still secret: a response may repeat it
	ended    bool          // no further tokens are fetched
	lost     bool          // the server may have issued a token in a response that did not arrive
}

// noTokenError is the error of a request that was not sent because there was no token.
type noTokenError struct{ err error }

func (e *noTokenError) Error() string { return "no access token" }
func (e *noTokenError) Unwrap() error { return e.err }

func (a *accountAuth) RoundTrip(r *http.Request) (*http.Response, error) {
	token, err := a.token(r.Context(), "")
	if err != nil {
		return nil, &noTokenError{err}
	}
	resp, err := withToken(a.httpClient.Transport, r, token)
	if err != nil || resp.StatusCode != http.StatusUnauthorized || r.Body != nil && r.GetBody == nil {
		return resp, err
	}
	_, _ = io.CopyN(io.Discard, resp.Body, maxBody) // so that the connection can be used again
	resp.Body.Close()
	return a.resendRenewed(r, token)
}

// resendRenewed sends a request once more, with another token than the rejected one.
func (a *accountAuth) resendRenewed(r *http.Request, rejected string) (*http.Response, error) {
	token, err := a.token(r.Context(), rejected)
	if err != nil {
		return nil, &noTokenError{err}
	}
	second := r.Clone(r.Context())
	if r.GetBody != nil {
		if second.Body, err = r.GetBody(); err != nil {
			return nil, err
		}
	}
	return withToken(a.httpClient.Transport, second, token)
}

// errEnded is the error of a call that needs a token after the client was closed.
var errEnded = errors.New("the client was closed during the request")

func (a *accountAuth) isEnded() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ended
}

func (a *accountAuth) currentToken() *oauth2.Token {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.current
}

func (a *accountAuth) setToken(t *oauth2.Token) {
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
	return escapedForms(secrets...)
}

// tokenFailure returns the failure of a request without a token. It does not wrap the library's error, which contains
// the request with its credentials and the whole response.
func (s *session) tokenFailure(x *exchange, failed *noTokenError) *failure {
	token := s.newExchange(&http.Request{Method: http.MethodPost, URL: tokenURL(s.options.BaseURL)}, "")
	var retrieveErr *oauth2.RetrieveError
	var f *failure
	switch {
	case errors.Is(failed, errEnded):
		f = &failure{err: x.transportError(errEnded.Error(), "")}
	case errors.Is(failed, context.DeadlineExceeded):
		f = token.timeoutFailure(failed.err, s.options.Timeout)
	case errors.As(failed, &retrieveErr) && retrieveErr.Response != nil:
		f = token.responseFailure(response{retrieveErr.Response.StatusCode, retrieveErr.Response.Header, retrieveErr.Body})
	case isURLError(failed.err):
		f = token.networkFailure(failed.err)
	}
	if f == nil { // cut off or of another kind: the library's error has no details
		f = &failure{err: token.transportError("the response contains no valid access token", "check the base URL"), retryable: true}
	}
	f.notDone = true
	var transportErr *TransportError
	if errors.As(f.err, &transportErr) {
		transportErr.MaybeDone = x.maybeDone
	}
	return f
}

func tokenURL(base string) *url.URL {
	u, _ := url.Parse(base + "api/oauth/token") // the base was parsed before
	return u
}
