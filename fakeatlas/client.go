package fakeatlas

import (
	"context"
	"net/http"
	"sync"

	"github.com/atlasint/atlasint/fakeatlas/internal/inprocess"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
)

// Transport returns a transport that sends requests for any scheme and host to the server in the same process. It
// opens no listener and no connection. Credentials are required as on the network. Responses are streamed, and end
// with the context of their request. It is safe for concurrent use.
func (s *Server) Transport() http.RoundTripper { return inprocess.RoundTripper{Handler: s} }

// Client returns a client whose requests need no credentials and are permitted everything. It talks to the server in the same process, as
// [Server.Transport] does. It adds a token to a request of the API without Authorization, and the media type of v2
// to one without Accept. It needs no closing.
func (s *Server) Client() *http.Client {
	return &http.Client{Transport: &authorized{s: s, next: s.Transport()}}
}

// authorized adds the credentials and the media type that a request needs.
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

// valid returns a token that is valid now: the clock may have been moved, and the server reset. If the store fails,
// the token may be invalid: the server then fails as well, and its response shows it.
func (a *authorized) valid(ctx context.Context) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.token = a.s.auth.OwnToken(ctx, a.token)
	return a.token
}
