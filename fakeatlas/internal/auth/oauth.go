package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

// OAuthError is an error in the form of OAuth 2.0.
type OAuthError struct {
	Status      int    `json:"-"`
	Description string `json:"error_description"`
	Code        string `json:"error"`
}

// Error returns the code.
func (e OAuthError) Error() string { return e.Code }

func (e OAuthError) Write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	wire.WriteJSON(w, e.Status, e, false)
}

// CreateToken issues a token to a service account. The error is an [OAuthError], or one of the store.
func (a *Authenticator) CreateToken(r *http.Request) (wire.Object, error) {
	account, form, err := a.oauthForm(r)
	if err != nil {
		return nil, err
	}
	if form.Get("grant_type") != "client_credentials" {
		return nil, OAuthError{http.StatusBadRequest, "Invalid grant type.", "unsupported_grant_type"}
	}
	token, err := a.Tokens.Issue(r.Context(), account.User)
	if err != nil {
		return nil, err
	}
	return wire.Object{
		wire.Field("access_token", token),
		wire.Field("expires_in", int(tokenLife/time.Second)),
		wire.Field("token_type", "Bearer"),
	}, nil
}

// RevokeToken makes a token invalid. As in RFC 7009, an unknown token is no error, and a token of another service
// account is one. The error is an [OAuthError], or one of the store.
func (a *Authenticator) RevokeToken(r *http.Request) error {
	account, form, err := a.oauthForm(r)
	if err != nil {
		return err
	}
	token := form.Get("token")
	if token == "" {
		return OAuthError{http.StatusBadRequest, "The token is missing.", "invalid_request"}
	}
	client, valid, err := a.Tokens.clientOf(r.Context(), token)
	if err != nil {
		return err
	}
	if valid && client != account.User {
		return OAuthError{http.StatusBadRequest, "The token was issued to another client.", "unauthorized_client"}
	}
	return a.Tokens.Revoke(r.Context(), token)
}

// oauthForm checks the client's credentials, then reads the form, which has each parameter once, as in RFC 6749.
func (a *Authenticator) oauthForm(r *http.Request) (*Account, url.Values, error) {
	account, err := a.authenticateClient(r)
	if err != nil {
		return nil, nil, err
	}
	if wire.IsEncoded(r) {
		return nil, nil, OAuthError{http.StatusUnsupportedMediaType,
			wire.NotServed + "requests with a Content-Encoding: send the body without compression.", "invalid_request"}
	}
	invalid := OAuthError{http.StatusBadRequest, "The request is not a form.", "invalid_request"}
	if media, ok := wire.ContentType(r); !ok || media != "application/x-www-form-urlencoded" {
		return nil, nil, invalid
	}
	if err := r.ParseForm(); err != nil {
		return nil, nil, invalid
	}
	for _, values := range r.PostForm {
		if len(values) > 1 {
			return nil, nil, OAuthError{http.StatusBadRequest, "The request repeats a parameter.", "invalid_request"}
		}
	}
	return account, r.PostForm, nil
}

// authenticateClient returns the service account of a request for a token. Its access list does not count here: Atlas
// checks it when a token is used.
func (a *Authenticator) authenticateClient(r *http.Request) (*Account, error) {
	if a.disabled {
		if e := wire.CheckOrigin(r); e != nil {
			return nil, OAuthError{e.Status, e.Detail, "access_denied"}
		}
		return a.own, nil
	}
	if id, secret, ok := r.BasicAuth(); ok && wire.Authorization(r) != "" {
		if account := a.client(id, secret); account != nil {
			return account, nil
		}
	}
	return nil, OAuthError{http.StatusUnauthorized, "The provided credentials are not valid.", "invalid_client"}
}

// client returns the service account of an ID and its secret, nil for all others. It compares secrets in constant time,
// for an unknown account with a decoy. OAuth clients percent-encode the two parts first.
func (a *Authenticator) client(id, secret string) *Account {
	plainID, err := url.QueryUnescape(id)
	if err != nil {
		return nil
	}
	plainSecret, err := url.QueryUnescape(secret)
	if err != nil {
		return nil
	}
	known, want := a.clients[plainID], a.decoy
	if known != nil {
		want = known.hash
	}
	got := sha256.Sum256([]byte(plainSecret))
	if subtle.ConstantTimeCompare(got[:], want[:]) == 1 && known != nil {
		return known.Account
	}
	return nil
}

// OAuthCode returns the OAuth 2.0 error code for an HTTP status.
func OAuthCode(status int) string {
	switch {
	case status == http.StatusUnauthorized:
		return "invalid_client"
	case status == http.StatusForbidden:
		return "access_denied"
	case status == http.StatusServiceUnavailable:
		return "temporarily_unavailable"
	case status >= http.StatusInternalServerError:
		return "server_error"
	default:
		return "invalid_request"
	}
}
