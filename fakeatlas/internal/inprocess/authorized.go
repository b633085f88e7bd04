package inprocess

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
)

// Authorized adds a token to the requests below /api/ without credentials, and the media type of v2 to those of v2
// without Accept. Requests for tokens need the credentials of a service account instead: it leaves them unchanged.
type Authorized struct {
	Next  http.RoundTripper
	Token func(ctx context.Context, token string) string // returns a valid token: the given one, or a new one

	mu    sync.Mutex
	token string
}

// RoundTrip implements [http.RoundTripper].
func (a *Authorized) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL == nil || !strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, wire.OAuthPath) {
		return a.Next.RoundTrip(r)
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
	return a.Next.RoundTrip(r)
}

// valid returns a token that is valid now: the clock may have been moved, and the server reset. If the store fails,
// the token may be invalid: the server then fails as well, and its response shows it.
func (a *Authorized) valid(ctx context.Context) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.token = a.Token(ctx, a.token)
	return a.token
}
