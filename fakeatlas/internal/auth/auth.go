// Package auth checks credentials as Atlas does: by the digest of an API key, or by the access token of a service
// account, which it also issues.
package auth

import (
	"net/http"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/digest"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// Credentials are those that a server accepts.
type Credentials struct {
	PublicKey, PrivateKey  string // of the API key
	ClientID, ClientSecret string // of the service account
	Disabled               bool   // every request is accepted
}

// Authenticator accepts requests with the API key by digest, and those with an access token. It is safe for
// concurrent use.
type Authenticator struct {
	Credentials
	nonces *nonces
	Tokens *Tokens
}

// New makes an authenticator. Notes and tally are what the store offers besides, nil if it does not.
func New(c Credentials, now func() time.Time, notes store.Notes, tally store.Tally) (*Authenticator, error) {
	nonces, err := newNonces(digest.Config{Now: now}, notes, tally)
	if err != nil {
		return nil, err
	}
	return &Authenticator{c, nonces, newTokens(now, notes)}, nil
}

// RenewNonces makes all nonces stale that were issued until now.
func (a *Authenticator) RenewNonces() { a.nonces.renew() }

// Authenticate returns the refusal of a request whose credentials are missing or wrong, nil if they are good, or
// another error if the store fails.
func (a *Authenticator) Authenticate(w http.ResponseWriter, r *http.Request) error {
	if a.Disabled {
		if e := wire.CheckOrigin(r); e != nil {
			return e
		}
		return nil
	}
	authorization := wire.Authorization(r)
	if token, ok := wire.CutScheme(authorization, "Bearer"); ok {
		valid, err := a.Tokens.IsValid(r.Context(), token)
		if err != nil {
			return err
		}
		if valid {
			return nil
		}
	}
	stale := false
	if _, ok := wire.CutScheme(authorization, "Digest"); ok {
		switch verdict, err := a.nonces.verify(r, authorization, a.password); {
		case err != nil:
			return err
		case verdict == digest.OK:
			return nil
		case verdict == digest.Stale:
			stale = true
		}
	}
	return a.Challenge(w, r, stale)
}

// Challenge returns the answer to credentials that are missing or wrong, or another error if the store fails.
func (a *Authenticator) Challenge(w http.ResponseWriter, r *http.Request, stale bool) error {
	challenge, err := a.nonces.challenge(r.Context(), stale)
	if err != nil {
		return err
	}
	w.Header().Set("WWW-Authenticate", challenge)
	return wire.NewError("UNEXPECTED_ERROR").WithStatus(http.StatusUnauthorized).WithDetail("You are not authorized for this resource.")
}

func (a *Authenticator) password(user string) (string, bool) {
	return a.PrivateKey, user == a.PublicKey
}

// UserOf returns the public key or the client ID of an accepted request, empty if every request is accepted.
func (a *Authenticator) UserOf(r *http.Request) string {
	if a.Disabled {
		return ""
	}
	if _, ok := wire.CutScheme(r.Header.Get("Authorization"), "Digest"); ok {
		return a.PublicKey
	}
	return a.ClientID
}

// ClientOf returns the client ID of a request for a token, empty if its credentials are wrong.
func (a *Authenticator) ClientOf(r *http.Request) string {
	if id, secret, ok := r.BasicAuth(); ok && a.isClient(id, secret) {
		return a.ClientID
	}
	return ""
}
