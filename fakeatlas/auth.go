package fakeatlas

import (
	"bytes"
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/digest"
)

// authenticate returns what is wrong with the credentials of a request, nil if nothing is.
func (s *Server) authenticate(w http.ResponseWriter, r *http.Request) *apiError {
	if s.config.noAuth {
		return fromElsewhere(r)
	}
	authorization := authorizationOf(r)
	if token, ok := cutScheme(authorization, "Bearer"); ok {
		valid, err := s.tokens.valid(r.Context(), token)
		if err != nil {
			return s.storeFailed(r, err)
		}
		if valid {
			return nil
		}
	}
	stale := false
	if _, ok := cutScheme(authorization, "Digest"); ok {
		switch verdict, err := s.digest.verify(r, authorization, s.password); {
		case err != nil:
			return s.storeFailed(r, err)
		case verdict == digest.OK:
			return nil
		case verdict == digest.Stale:
			stale = true
		}
	}
	return s.challenge(w, r, stale)
}

// challenge is the answer to credentials that are missing or wrong.
func (s *Server) challenge(w http.ResponseWriter, r *http.Request, stale bool) *apiError {
	challenge, err := s.digest.challenge(r.Context(), stale)
	if err != nil {
		return s.storeFailed(r, err)
	}
	w.Header().Set("WWW-Authenticate", challenge)
	return refuse("UNEXPECTED_ERROR").withStatus(http.StatusUnauthorized).withDetail("You are not authorized for this resource.")
}

func (s *Server) password(user string) (string, bool) {
	return s.config.privateKey, user == s.config.publicKey
}

func cutScheme(authorization, scheme string) (rest string, ok bool) {
	name, rest, found := strings.Cut(authorization, " ")
	return strings.TrimSpace(rest), found && strings.EqualFold(name, scheme)
}

// writeRefused answers a request whose credentials are missing or wrong, or can't be checked.
func writeRefused(x *exchange, r *http.Request, e *apiError) {
	if e.Status == http.StatusUnauthorized {
		writeUnauthorized(x, e)
		return
	}
	e.write(x, r)
}

// writeUnauthorized answers as the layer of Atlas that checks credentials does: indented, a space on both
// sides of each colon, the members in an order of its own, no parameters, and of Atlas's own headers none.
func writeUnauthorized(x *exchange, e *apiError) {
	x.entry.code = e.Code // no header has it
	dropRateHeaders(x.Header())
	x.Header().Set("Content-Type", "application/json")
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range (object{{"error", e.Status}, {"reason", e.Reason}, {"detail", e.Detail}, {"errorCode", e.Code}}) {
		separate(&out, i)
		out.WriteString("\n  ")
		appendText(&out, m.name)
		out.WriteString(" : ")
		appendJSON(&out, m.value)
	}
	out.WriteString("\n}")
	x.WriteHeader(e.Status)
	_, _ = x.Write(out.Bytes()) // a client that has gone away gets nothing
}

// oauthError is a refusal in the words of OAuth 2.0.
type oauthError struct {
	status      int
	Description string `json:"error_description"`
	Code        string `json:"error"`
}

func (e oauthError) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	writeJSON(w, e.status, e, false)
}

// createToken issues a token to the service account.
func (s *Server) createToken(w http.ResponseWriter, r *http.Request) {
	form, refused := s.oauthForm(r)
	if refused == nil && form.Get("grant_type") != "client_credentials" {
		refused = &oauthError{http.StatusBadRequest, "Invalid grant type.", "unsupported_grant_type"}
	}
	if refused != nil {
		refused.write(w)
		return
	}
	token, err := s.tokens.issue(r.Context(), s.config.clientID)
	if err != nil {
		s.oauthFailed(r, err).write(w)
		return
	}
	answer := object{
		{"access_token", token},
		{"expires_in", int(tokenLife / time.Second)},
		{"token_type", "Bearer"},
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if flag(r, "envelope") {
		answer = object{{"status", http.StatusOK}, {"content", answer}}
	}
	writeJSON(w, http.StatusOK, answer, flag(r, "pretty"))
}

// revokeToken ends a token; one that nobody issued is ended already.
func (s *Server) revokeToken(w http.ResponseWriter, r *http.Request) {
	form, refused := s.oauthForm(r)
	if refused == nil && form.Get("token") == "" {
		refused = &oauthError{http.StatusBadRequest, "The token is missing.", "invalid_request"}
	}
	if refused != nil {
		refused.write(w)
		return
	}
	if err := s.tokens.revoke(r.Context(), form.Get("token")); err != nil {
		s.oauthFailed(r, err).write(w)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// oauthFailed is the answer where the store fails, in the words of OAuth 2.0.
func (s *Server) oauthFailed(r *http.Request, err error) oauthError {
	e := s.storeFailed(r, err)
	return oauthError{e.Status, e.Detail, usualOAuthCode(e.Status)}
}

// oauthForm checks the client's credentials, then reads the form.
func (s *Server) oauthForm(r *http.Request) (url.Values, *oauthError) {
	if refused := s.authenticateClient(r); refused != nil {
		return nil, refused
	}
	invalid := &oauthError{http.StatusBadRequest, "The request is not a form.", "invalid_request"}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, invalid
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return nil, invalid
	}
	return r.PostForm, nil
}

// authenticateClient is what authenticate is, for the service account.
func (s *Server) authenticateClient(r *http.Request) *oauthError {
	if s.config.noAuth {
		if e := fromElsewhere(r); e != nil {
			return &oauthError{e.Status, e.Detail, "access_denied"}
		}
		return nil
	}
	id, secret, ok := r.BasicAuth()
	if !ok || authorizationOf(r) == "" || !s.isClient(id, secret) {
		return &oauthError{http.StatusUnauthorized, "The provided credentials are not valid.", "invalid_client"}
	}
	return nil
}

// isClient compares in constant time. OAuth clients percent-encode the two parts first.
func (s *Server) isClient(id, secret string) bool {
	plainID, err := url.QueryUnescape(id)
	if err != nil {
		return false
	}
	plainSecret, err := url.QueryUnescape(secret)
	if err != nil {
		return false
	}
	same := subtle.ConstantTimeCompare([]byte(plainID), []byte(s.config.clientID)) &
		subtle.ConstantTimeCompare([]byte(plainSecret), []byte(s.config.clientSecret))
	return same == 1
}
