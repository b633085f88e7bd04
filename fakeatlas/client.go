package fakeatlas

import (
	"context"
	"net/http"
	"sync"

	"github.com/atlasint/atlasint/fakeatlas/internal/inprocess"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
)

// Transport answers requests to whatever scheme and host in the same process, so that nothing listens and
// nothing leaves it. Credentials are asked for as on the wire. Answers are streamed, and end with their
// request's context. It is safe for concurrent use.
func (s *Server) Transport() http.RoundTripper { return inprocess.RoundTripper{Handler: s} }

// Client returns a client whose requests need no credentials: it talks to the server in the same process,
// as [Server.Transport] does, adds a token where a request of the API has no Authorization, and the media
// type of v2 where it has no Accept. It needs no closing.
func (s *Server) Client() *http.Client {
	return &http.Client{Transport: &authorized{s: s, next: s.Transport()}}
}

// authorized adds what a request needs to be let in.
type authorized struct {
	s    *Server
	next http.RoundTripper

	mu    sync.Mutex
	token string
}

// RoundTrip implements [http.RoundTripper].
func (a *authorized) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL == nil || wire.APIVersionOf(r.URL.Path) == "" {
		return a.next.RoundTrip(r)
	}
	r = r.Clone(r.Context())
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if r.Header.Get("Authorization") == "" {
		r.Header.Set("Authorization", "Bearer "+a.valid(r.Context()))
	}
	if r.Header.Get("Accept") == "" && wire.APIVersionOf(r.URL.Path) == schemas.V2 {
		r.Header.Set("Accept", schemas.MediaTypeV2)
	}
	return a.next.RoundTrip(r)
}

// valid is a token that is good now: the clock may have been moved, and the server reset. Where the store
// fails it is any: the server will find the same, and its answer tells.
func (a *authorized) valid(ctx context.Context) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if valid, err := a.s.auth.Tokens.IsValid(ctx, a.token); err == nil && !valid {
		a.token, _ = a.s.auth.Tokens.Issue(ctx, a.s.auth.ClientID)
	}
	return a.token
}
