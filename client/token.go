package client

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"github.com/atlasint/atlasint/gen/atlasv2"
)

// tokenGrace is how long the request of a token may take after its call was canceled: the server may have issued the
// token, which can be revoked only if the response arrives.
const tokenGrace = 5 * time.Second

// token returns a valid token other than the rejected one.
func (a *accountAuth) token(ctx context.Context, rejected string) (string, error) {
	select {
	case a.fetching <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if current := a.currentToken(); current.Valid() && current.AccessToken != rejected {
		<-a.fetching
		return current.AccessToken, nil
	}
	if a.isEnded() { // no call would revoke it
		<-a.fetching
		return "", errEnded
	}
	fetched := make(chan fetchResult, 1)
	go func() {
		defer func() { <-a.fetching }()
		fetched <- a.fetch(ctx)
	}()
	select {
	case result := <-fetched:
		if result.err != nil && ctx.Err() != nil {
			return "", ctx.Err()
		}
		return result.token, result.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

type fetchResult struct {
	token string
	err   error
}

// fetch gets a new token. If ctx is canceled, it continues for up to [tokenGrace].
func (a *accountAuth) fetch(ctx context.Context) fetchResult {
	lasting, cancel := outlast(ctx, tokenGrace)
	defer cancel()
	var sent atomic.Bool
	traced := httptrace.WithClientTrace(lasting, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	fresh, err := a.config.Token(context.WithValue(traced, oauth2.HTTPClient, a.httpClient))
	if err != nil {
		var response *oauth2.RetrieveError
		if sent.Load() && errors.Is(ctx.Err(), context.Canceled) && !errors.As(err, &response) {
			a.setLost()
		}
		return fetchResult{err: err}
	}
	if err := (credentialPart{"access token", fresh.AccessToken}).check(); err != nil {
		return fetchResult{err: err}
	}
	a.setToken(fresh)
	return fetchResult{token: fresh.AccessToken}
}

// outlast returns a context that ends at the deadline of ctx, but only some time after ctx is canceled.
func outlast(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	lasting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if !errors.Is(ctx.Err(), context.Canceled) {
			grace = 0
		}
		time.AfterFunc(grace, cancel)
	})
	return lasting, func() {
		stop()
		cancel()
	}
}

func (a *accountAuth) setLost() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lost = true
}

// end returns the last token, and reports whether another one may be lost. It waits for a token that is being fetched.
func (a *accountAuth) end(ctx context.Context) (last *oauth2.Token, lost bool) {
	unfinished := false
	select {
	case a.fetching <- struct{}{}:
		defer func() { <-a.fetching }()
	case <-ctx.Done():
		unfinished = true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
	return a.current, a.lost || unfinished
}

// revoke ends the token of a service account, if there is one. It returns an error if the server may have issued
// another one that is unknown.
func (s *session) revoke(ctx context.Context) error {
	a, ok := s.auth.(*accountAuth)
	if !ok {
		return nil
	}
	token, lost := a.end(ctx)
	if token != nil {
		if err := s.revokeToken(ctx, a, token); err != nil {
			return err
		}
	}
	if !lost {
		return nil
	}
	x := s.newExchange(&http.Request{Method: http.MethodPost, URL: tokenURL(s.options.BaseURL)}, "")
	return x.transportError("the call was stopped, and the response with the token did not arrive", "")
}

func (s *session) revokeToken(ctx context.Context, a *accountAuth, token *oauth2.Token) error {
	hint := atlasv2.RevokeRequestTokenTypeHintAccessToken
	r, err := atlasv2.NewRevokeTokenRequestWithFormdataBody(s.options.BaseURL, atlasv2.RevokeRequest{Token: token.AccessToken, TokenTypeHint: &hint})
	if err != nil {
		return usage("", "the token can't be revoked")
	}
	r.SetBasicAuth(url.QueryEscape(a.config.ClientID), url.QueryEscape(a.config.ClientSecret))
	x := s.newExchange(r, "")
	resp, err := a.httpClient.Do(r.WithContext(ctx))
	if err != nil {
		return s.sendFailure(ctx, x, err).err
	}
	defer resp.Body.Close()
	body, _ := readBody(resp.Body) // the status is sufficient
	if f := x.responseFailure(response{resp.StatusCode, resp.Header, body}); f != nil {
		return f.err
	}
	a.setToken(nil)
	return nil
}
