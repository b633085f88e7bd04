package auth

import (
	"crypto/subtle"
	"mime"
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

// Error implements error.
func (e OAuthError) Error() string { return e.Code }

func (e OAuthError) Write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	wire.WriteJSON(w, e.Status, e, false)
}

// CreateToken issues a token to the service account. The error is an [OAuthError], or one of the store.
func (a *Authenticator) CreateToken(r *http.Request) (wire.Object, error) {
	form, err := a.oauthForm(r)
	if err != nil {
		return nil, err
	}
	if form.Get("grant_type") != "client_credentials" {
		return nil, OAuthError{http.StatusBadRequest, "Invalid grant type.", "unsupported_grant_type"}
	}
	token, err := a.Tokens.Issue(r.Context(), a.ClientID)
	if err != nil {
		return nil, err
	}
	return wire.Object{
		wire.Field("access_token", token),
		wire.Field("expires_in", int(TokenLife/time.Second)),
		wire.Field("token_type", "Bearer"),
	}, nil
}

// RevokeToken ends a token; an unknown token is no error. The error is an [OAuthError], or one of the
// store.
func (a *Authenticator) RevokeToken(r *http.Request) error {
	form, err := a.oauthForm(r)
	if err != nil {
		return err
	}
	if form.Get("token") == "" {
		return OAuthError{http.StatusBadRequest, "The token is missing.", "invalid_request"}
	}
	return a.Tokens.Revoke(r.Context(), form.Get("token"))
}

// oauthForm checks the client's credentials, then reads the form.
func (a *Authenticator) oauthForm(r *http.Request) (url.Values, error) {
	if err := a.authenticateClient(r); err != nil {
		return nil, err
	}
	invalid := OAuthError{http.StatusBadRequest, "The request is not a form.", "invalid_request"}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, invalid
	}
	if err := r.ParseForm(); err != nil {
		return nil, invalid
	}
	return r.PostForm, nil
}

// authenticateClient checks the credentials of the service account.
func (a *Authenticator) authenticateClient(r *http.Request) error {
	if a.Disabled {
		if e := wire.CheckOrigin(r); e != nil {
			return OAuthError{e.Status, e.Detail, "access_denied"}
		}
		return nil
	}
	id, secret, ok := r.BasicAuth()
	if !ok || wire.Authorization(r) == "" || !a.isClient(id, secret) {
		return OAuthError{http.StatusUnauthorized, "The provided credentials are not valid.", "invalid_client"}
	}
	return nil
}

// isClient compares in constant time. OAuth clients percent-encode the two parts first.
func (a *Authenticator) isClient(id, secret string) bool {
	plainID, err := url.QueryUnescape(id)
	if err != nil {
		return false
	}
	plainSecret, err := url.QueryUnescape(secret)
	if err != nil {
		return false
	}
	same := subtle.ConstantTimeCompare([]byte(plainID), []byte(a.ClientID)) &
		subtle.ConstantTimeCompare([]byte(plainSecret), []byte(a.ClientSecret))
	return same == 1
}

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
