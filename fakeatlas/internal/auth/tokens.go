package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// maxTokens bounds the tokens in memory: when there is to be another, the oldest ends.
const maxTokens = 10_000

// TokenLife is how long an access token is good for.
const TokenLife = time.Hour

// tokenKind is the kind of notes that access tokens are.
const tokenKind = "token"

// Tokens are the access tokens that were issued. Only their hashes are kept, in a store that keeps notes, else
// here.
type Tokens struct {
	now   func() time.Time
	notes store.Notes // nil: none

	mu      sync.Mutex
	expires map[[sha256.Size]byte]time.Time
}

func newTokens(now func() time.Time, notes store.Notes) *Tokens {
	return &Tokens{now: now, notes: notes, expires: map[[sha256.Size]byte]time.Time{}}
}

// Issue returns a new token in the form of Atlas's tokens: a JSON Web Token, whose signature can't be checked.
func (t *Tokens) Issue(ctx context.Context, client string) (string, error) {
	now := t.now()
	signature := make([]byte, 132)
	_, _ = rand.Read(signature) // never fails
	claims := wire.Encode(map[string]any{"sub": client, "iat": now.Unix(), "exp": now.Add(TokenLife).Unix()})
	b64 := base64.RawURLEncoding.EncodeToString
	token := b64([]byte(`{"alg":"ES512","typ":"JWT"}`)) + "." + b64(claims) + "." + b64(signature)
	if t.notes != nil {
		// The store ends it by its own clock, this server by one that may be moved.
		_, err := t.notes.Note(ctx, tokenKind, tokenName(token), strconv.FormatInt(now.Add(TokenLife).UnixMilli(), 10), TokenLife)
		return token, err
	}
	t.keep(token, now)
	return token, nil
}

func (t *Tokens) keep(token string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.evict(now)
	t.expires[sha256.Sum256([]byte(token))] = now.Add(TokenLife)
}

func tokenName(token string) string {
	hash := sha256.Sum256([]byte(token))
	return hex.EncodeToString(hash[:])
}

func (t *Tokens) IsValid(ctx context.Context, token string) (bool, error) {
	if t.notes != nil {
		return t.noted(ctx, token)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	expiry, ok := t.expires[sha256.Sum256([]byte(token))]
	return ok && t.now().Before(expiry), nil
}

func (t *Tokens) noted(ctx context.Context, token string) (bool, error) {
	text, err := t.notes.Noted(ctx, tokenKind, tokenName(token))
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	expiry, err := strconv.ParseInt(text, 10, 64)
	return err == nil && t.now().UnixMilli() < expiry, nil
}

func (t *Tokens) Revoke(ctx context.Context, token string) error {
	if t.notes != nil {
		return t.notes.Strike(ctx, tokenKind, tokenName(token))
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.expires, sha256.Sum256([]byte(token)))
	return nil
}

func (t *Tokens) Reset(ctx context.Context) error {
	if t.notes != nil {
		return t.notes.StrikeAll(ctx, tokenKind)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.expires)
	return nil
}

// evict removes the tokens that have expired if there are maxTokens, else the oldest. It needs
// the lock.
func (t *Tokens) evict(now time.Time) {
	if len(t.expires) < maxTokens {
		return
	}
	var oldest [sha256.Size]byte
	first := now.Add(TokenLife)
	for hash, expiry := range t.expires {
		if !now.Before(expiry) {
			delete(t.expires, hash)
		} else if !expiry.After(first) {
			oldest, first = hash, expiry
		}
	}
	if len(t.expires) >= maxTokens {
		delete(t.expires, oldest)
	}
}
