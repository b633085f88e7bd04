package fakeatlas

import (
	"errors"
	"net/http"

	"github.com/atlasint/atlasint/fakeatlas/internal/auth"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

// createToken responds with a new access token.
func (s *Server) createToken(w http.ResponseWriter, r *http.Request) {
	response, err := s.auth.CreateToken(r)
	if err != nil {
		s.oauthRejection(r, err).Write(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if wire.Flag(r, "envelope") {
		response = wire.Envelope(http.StatusOK, response)
	}
	wire.WriteJSON(w, http.StatusOK, response, wire.Flag(r, "pretty"))
}

// revokeToken responds once a token is revoked.
func (s *Server) revokeToken(w http.ResponseWriter, r *http.Request) {
	if err := s.auth.RevokeToken(r); err != nil {
		s.oauthRejection(r, err).Write(w)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// oauthRejection returns an error in the form of OAuth 2.0.
func (s *Server) oauthRejection(r *http.Request, err error) auth.OAuthError {
	var rejected auth.OAuthError
	if errors.As(err, &rejected) {
		return rejected
	}
	e := s.storeError(r, err)
	return auth.OAuthError{Status: e.Status, Description: e.Detail, Code: auth.OAuthCode(e.Status)}
}
