package fakeatlas

import (
	"net/http"

	"github.com/atlasint/atlasint/fakeatlas/internal/digest"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

// authenticator decides whom a server lets in: clients with the API key by digest, and those with an access token.
type authenticator struct {
	publicKey, privateKey  string
	clientID, clientSecret string
	noAuth                 bool
	digest                 *nonces
	tokens                 *tokens
}

// authenticate returns the refusal of a request whose credentials are missing or wrong, nil if they are good, or
// another error if the store fails.
func (a *authenticator) authenticate(w http.ResponseWriter, r *http.Request) error {
	if a.noAuth {
		if e := wire.CheckOrigin(r); e != nil {
			return e
		}
		return nil
	}
	authorization := wire.Authorization(r)
	if token, ok := wire.CutScheme(authorization, "Bearer"); ok {
		valid, err := a.tokens.valid(r.Context(), token)
		if err != nil {
			return err
		}
		if valid {
			return nil
		}
	}
	stale := false
	if _, ok := wire.CutScheme(authorization, "Digest"); ok {
		switch verdict, err := a.digest.verify(r, authorization, a.password); {
		case err != nil:
			return err
		case verdict == digest.OK:
			return nil
		case verdict == digest.Stale:
			stale = true
		}
	}
	return a.challenge(w, r, stale)
}

// challenge returns the answer to credentials that are missing or wrong, or another error if the store fails.
func (a *authenticator) challenge(w http.ResponseWriter, r *http.Request, stale bool) error {
	challenge, err := a.digest.challenge(r.Context(), stale)
	if err != nil {
		return err
	}
	w.Header().Set("WWW-Authenticate", challenge)
	return wire.NewError("UNEXPECTED_ERROR").WithStatus(http.StatusUnauthorized).WithDetail("You are not authorized for this resource.")
}

func (a *authenticator) password(user string) (string, bool) {
	return a.privateKey, user == a.publicKey
}

// userOf is who a request was let in as; empty where everybody is.
func (a *authenticator) userOf(r *http.Request) string {
	if a.noAuth {
		return ""
	}
	if _, ok := wire.CutScheme(r.Header.Get("Authorization"), "Digest"); ok {
		return a.publicKey
	}
	return a.clientID
}

// clientOf is the service account that asks for a token, if it is the right one.
func (a *authenticator) clientOf(r *http.Request) string {
	if id, secret, ok := r.BasicAuth(); ok && a.isClient(id, secret) {
		return a.clientID
	}
	return ""
}
