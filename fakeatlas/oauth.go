package fakeatlas

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

// oauthError is a refusal in the words of OAuth 2.0.
type oauthError struct {
	status      int
	Description string `json:"error_description"`
	Code        string `json:"error"`
}

// Error implements error.
func (e oauthError) Error() string { return e.Code }

func (e oauthError) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	wire.WriteJSON(w, e.status, e, false)
}

// createToken issues a token to the service account. The error is an [oauthError], or one of the store.
func (a *authenticator) createToken(r *http.Request) (wire.Object, error) {
	form, err := a.oauthForm(r)
	if err != nil {
		return nil, err
	}
	if form.Get("grant_type") != "client_credentials" {
		return nil, oauthError{http.StatusBadRequest, "Invalid grant type.", "unsupported_grant_type"}
	}
	token, err := a.tokens.issue(r.Context(), a.clientID)
	if err != nil {
		return nil, err
	}
	return wire.Object{
		wire.Field("access_token", token),
		wire.Field("expires_in", int(tokenLife/time.Second)),
		wire.Field("token_type", "Bearer"),
	}, nil
}

// revokeToken ends a token; one that nobody issued is ended already. The error is an [oauthError], or one of the
// store.
func (a *authenticator) revokeToken(r *http.Request) error {
	form, err := a.oauthForm(r)
	if err != nil {
		return err
	}
	if form.Get("token") == "" {
		return oauthError{http.StatusBadRequest, "The token is missing.", "invalid_request"}
	}
	return a.tokens.revoke(r.Context(), form.Get("token"))
}

// oauthForm checks the client's credentials, then reads the form.
func (a *authenticator) oauthForm(r *http.Request) (url.Values, error) {
	if err := a.authenticateClient(r); err != nil {
		return nil, err
	}
	invalid := oauthError{http.StatusBadRequest, "The request is not a form.", "invalid_request"}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, invalid
	}
	r.Body = http.MaxBytesReader(nil, r.Body, wire.MaxBody)
	if err := r.ParseForm(); err != nil {
		return nil, invalid
	}
	return r.PostForm, nil
}

// authenticateClient is what authenticate is, for the service account.
func (a *authenticator) authenticateClient(r *http.Request) error {
	if a.noAuth {
		if e := wire.CheckOrigin(r); e != nil {
			return oauthError{e.Status, e.Detail, "access_denied"}
		}
		return nil
	}
	id, secret, ok := r.BasicAuth()
	if !ok || wire.Authorization(r) == "" || !a.isClient(id, secret) {
		return oauthError{http.StatusUnauthorized, "The provided credentials are not valid.", "invalid_client"}
	}
	return nil
}

// isClient compares in constant time. OAuth clients percent-encode the two parts first.
func (a *authenticator) isClient(id, secret string) bool {
	plainID, err := url.QueryUnescape(id)
	if err != nil {
		return false
	}
	plainSecret, err := url.QueryUnescape(secret)
	if err != nil {
		return false
	}
	same := subtle.ConstantTimeCompare([]byte(plainID), []byte(a.clientID)) &
		subtle.ConstantTimeCompare([]byte(plainSecret), []byte(a.clientSecret))
	return same == 1
}

func usualOAuthCode(status int) string {
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
