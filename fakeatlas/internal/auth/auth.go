// Package auth checks credentials as Atlas does: by the digest of an API key, or by the access token of a service
// account, which it also issues. It also checks the role and the IP access list of a credential.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/digest"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// Credentials are those that a server accepts.
type Credentials struct {
	Keys     []Account // API keys
	Clients  []Account // service accounts
	Disabled bool      // every request is accepted
}

// Authenticator accepts requests with an API key by digest, and those with an access token. It is safe for
// concurrent use.
type Authenticator struct {
	disabled bool
	keys     map[string]*Account
	clients  map[string]*client
	own      *Account // of [Authenticator.OwnToken]
	decoy    [sha256.Size]byte
	nonces   *nonces
	Tokens   *Tokens
}

// client is a service account. Of its secret only the hash is kept.
type client struct {
	*Account
	hash [sha256.Size]byte
}

// nameless is the account of requests without credentials: those of the process itself if all service accounts are
// limited, and all requests if credentials are not checked.
var nameless = &Account{}

// New makes an authenticator. Texts and shared are further interfaces of the store, nil if it lacks them.
func New(c Credentials, now func() time.Time, texts store.TextStore, shared store.SharedStore) (*Authenticator, error) {
	nonces, err := newNonces(digest.Config{Now: now}, texts, shared)
	if err != nil {
		return nil, err
	}
	a := &Authenticator{
		disabled: c.Disabled, keys: map[string]*Account{}, clients: map[string]*client{}, own: nameless,
		decoy: sha256.Sum256([]byte(rand.Text())), nonces: nonces, Tokens: newTokens(now, texts),
	}
	for _, k := range c.Keys {
		a.keys[k.User] = &k
	}
	for _, c := range c.Clients {
		if a.own == nameless && c.isUnlimited() {
			a.own = &c
		}
		a.clients[c.User] = &client{&c, sha256.Sum256([]byte(c.Secret))}
	}
	return a, nil
}

// RenewNonces makes all nonces stale that were issued until now.
func (a *Authenticator) RenewNonces() { a.nonces.renew() }

// OwnToken returns a token for requests of this process, which permits every operation: the given one if it is valid,
// else a new one. If the store fails, it may be invalid.
func (a *Authenticator) OwnToken(ctx context.Context, token string) string {
	if _, valid, err := a.Tokens.clientOf(ctx, token); err == nil && !valid {
		token, _ = a.Tokens.Issue(ctx, a.own.User)
	}
	return token
}

// Authenticate returns the account of a request. The error is the response to a request whose credentials are missing
// or wrong, or another error if the store fails.
func (a *Authenticator) Authenticate(w http.ResponseWriter, r *http.Request) (*Account, error) {
	if a.disabled {
		if e := wire.CheckOrigin(r); e != nil {
			return nil, e
		}
		return nameless, nil
	}
	authorization := wire.Authorization(r)
	if token, ok := wire.CutScheme(authorization, "Bearer"); ok {
		if account, err := a.bearer(r.Context(), token); account != nil || err != nil {
			return account, err
		}
	}
	stale := false
	if _, ok := wire.CutScheme(authorization, "Digest"); ok {
		switch verdict, user, err := a.nonces.verify(r, authorization, a.password); {
		case err != nil:
			return nil, err
		case verdict == digest.OK:
			return a.keys[user], nil
		case verdict == digest.Stale:
			stale = true
		}
	}
	return nil, a.Challenge(w, r, stale)
}

// bearer returns the account of an access token, nil if the token is invalid, or if its service account does not exist
// on this server: a token in a store can outlast its account.
func (a *Authenticator) bearer(ctx context.Context, token string) (*Account, error) {
	user, valid, err := a.Tokens.clientOf(ctx, token)
	switch {
	case err != nil || !valid:
		return nil, err
	case user == nameless.User:
		return nameless, nil
	}
	if c := a.clients[user]; c != nil {
		return c.Account, nil
	}
	return nil, nil
}

// Challenge returns the response to credentials that are missing or wrong, or another error if the store fails.
func (a *Authenticator) Challenge(w http.ResponseWriter, r *http.Request, stale bool) error {
	challenge, err := a.nonces.challenge(r.Context(), stale)
	if err != nil {
		return err
	}
	w.Header().Set("WWW-Authenticate", challenge)
	return wire.NewError("UNEXPECTED_ERROR").WithStatus(http.StatusUnauthorized).WithDetail("You are not authorized for this resource.")
}

func (a *Authenticator) password(user string) (string, bool) {
	if k := a.keys[user]; k != nil {
		return k.Secret, true
	}
	return "", false
}

// ClientOf returns the client ID of a request for a token, empty if its credentials are wrong.
func (a *Authenticator) ClientOf(r *http.Request) string {
	if id, secret, ok := r.BasicAuth(); ok {
		if c := a.client(id, secret); c != nil {
			return c.User
		}
	}
	return ""
}
