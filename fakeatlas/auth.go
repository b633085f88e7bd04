package fakeatlas

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/internal/digest"
)

// authenticate returns what is wrong with the credentials of a request, nil if nothing is.
func (s *Server) authenticate(w http.ResponseWriter, r *http.Request) *apiError {
	if s.config.noAuth {
		return nil
	}
	authorization := r.Header.Get("Authorization")
	if token, ok := cutScheme(authorization, "Bearer"); ok && s.tokens.valid(token) {
		return nil
	}
	stale := false
	if _, ok := cutScheme(authorization, "Digest"); ok {
		switch verdict, _ := s.digest.Verify(r.Method, r.RequestURI, authorization, s.password); verdict {
		case digest.OK:
			return nil
		case digest.Stale:
			stale = true
		}
	}
	w.Header().Set("WWW-Authenticate", s.digest.Challenge(stale))
	return refuse("UNEXPECTED_ERROR").withStatus(http.StatusUnauthorized).withDetail("You are not authorized for this resource.")
}

func (s *Server) password(user string) (string, bool) {
	return s.config.privateKey, user == s.config.publicKey
}

func cutScheme(authorization, scheme string) (rest string, ok bool) {
	name, rest, found := strings.Cut(authorization, " ")
	return strings.TrimSpace(rest), found && strings.EqualFold(name, scheme)
}

// writeUnauthorized answers in the words of the layer that checks credentials in Atlas: indented, in an
// order of its own, and without parameters.
func writeUnauthorized(w http.ResponseWriter, e *apiError) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Error-Code", e.Code)
	writeJSON(w, e.Status, object{{"error", e.Status}, {"reason", e.Reason}, {"detail", e.Detail}, {"errorCode", e.Code}}, true)
}

// tokenLife is how long an access token is good for.
const tokenLife = time.Hour

// tokens are the access tokens that were issued. Only their hashes are kept.
type tokens struct {
	now func() time.Time

	mu      sync.Mutex
	expires map[[sha256.Size]byte]time.Time
}

func newTokens(now func() time.Time) *tokens {
	return &tokens{now: now, expires: map[[sha256.Size]byte]time.Time{}}
}

// issue makes a token that looks like Atlas's: a JSON Web Token, whose signature nobody can check.
func (t *tokens) issue(client string) string {
	now := t.now()
	signature := make([]byte, 132)
	_, _ = rand.Read(signature) // never fails
	claims := encode(map[string]any{"sub": client, "iat": now.Unix(), "exp": now.Add(tokenLife).Unix()})
	b64 := base64.RawURLEncoding.EncodeToString
	token := b64([]byte(`{"alg":"ES512","typ":"JWT"}`)) + "." + b64(claims) + "." + b64(signature)
	t.mu.Lock()
	defer t.mu.Unlock()
	for hash, expiry := range t.expires {
		if !now.Before(expiry) {
			delete(t.expires, hash)
		}
	}
	t.expires[sha256.Sum256([]byte(token))] = now.Add(tokenLife)
	return token
}

func (t *tokens) valid(token string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	expiry, ok := t.expires[sha256.Sum256([]byte(token))]
	return ok && t.now().Before(expiry)
}

func (t *tokens) revoke(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.expires, sha256.Sum256([]byte(token)))
}

func (t *tokens) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.expires)
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
	answer := object{
		{"access_token", s.tokens.issue(s.config.clientID)},
		{"expires_in", int(tokenLife / time.Second)},
		{"token_type", "Bearer"},
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	query := r.URL.Query()
	if flag(query, "envelope") {
		answer = object{{"status", http.StatusOK}, {"content", answer}}
	}
	writeJSON(w, http.StatusOK, answer, flag(query, "pretty"))
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
	s.tokens.revoke(form.Get("token"))
	w.WriteHeader(http.StatusOK)
}

// oauthForm checks the client's credentials, then reads the form.
func (s *Server) oauthForm(r *http.Request) (url.Values, *oauthError) {
	id, secret, ok := r.BasicAuth()
	if !ok || !s.isClient(id, secret) {
		return nil, &oauthError{http.StatusUnauthorized, "The provided credentials are not valid.", "invalid_client"}
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
