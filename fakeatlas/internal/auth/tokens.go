package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// maxTokens is the number of tokens in memory. A further one makes the oldest invalid.
const maxTokens = 10_000

// tokenLife is the lifetime of an access token.
const tokenLife = time.Hour

// tokenKind is the kind of the texts that access tokens have in a store.
const tokenKind = "token"

// Tokens has the access tokens that were issued. It keeps only their hashes, in a store that keeps texts, else in
// memory.
type Tokens struct {
	now   func() time.Time
	texts store.TextStore // nil: none

	mu      sync.Mutex
	last    uint64 // number of the newest token
	expires map[[sha256.Size]byte]issued
}

// issued is an access token in memory.
type issued struct {
	number uint64 // in the order of issue: the clock may be set back
	expiry time.Time
	client string
}

func newTokens(now func() time.Time, texts store.TextStore) *Tokens {
	return &Tokens{now: now, texts: texts, expires: map[[sha256.Size]byte]issued{}}
}

// Issue returns a new token of a service account, in the form of Atlas's tokens: a JSON Web Token, whose signature
// can't be checked.
func (t *Tokens) Issue(ctx context.Context, client string) (string, error) {
	now := t.now()
	signature := make([]byte, 132)
	_, _ = rand.Read(signature) // never fails
	claims := wire.Encode(map[string]any{"sub": client, "iat": now.Unix(), "exp": now.Add(tokenLife).Unix()})
	b64 := base64.RawURLEncoding.EncodeToString
	token := b64([]byte(`{"alg":"ES512","typ":"JWT"}`)) + "." + b64(claims) + "." + b64(signature)
	if t.texts != nil {
		// The token expires by the clock of the store, and by that of this server, which may be moved.
		text := strconv.FormatInt(now.Add(tokenLife).UnixMilli(), 10) + " " + client
		_, err := t.texts.AddText(ctx, tokenKind, tokenName(token), text, tokenLife)
		return token, err
	}
	t.keep(token, client, now)
	return token, nil
}

func (t *Tokens) keep(token, client string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.evict(now)
	t.last++
	t.expires[sha256.Sum256([]byte(token))] = issued{t.last, now.Add(tokenLife), client}
}

func tokenName(token string) string {
	hash := sha256.Sum256([]byte(token))
	return hex.EncodeToString(hash[:])
}

// clientOf returns the client ID of a token, and whether the token is valid.
func (t *Tokens) clientOf(ctx context.Context, token string) (client string, valid bool, err error) {
	if t.texts != nil {
		return t.stored(ctx, token)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	known, ok := t.expires[sha256.Sum256([]byte(token))]
	return known.client, ok && t.now().Before(known.expiry), nil
}

func (t *Tokens) stored(ctx context.Context, token string) (client string, valid bool, err error) {
	text, err := t.texts.GetText(ctx, tokenKind, tokenName(token))
	if errors.Is(err, store.ErrNotFound) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	millis, client, found := strings.Cut(text, " ")
	expiry, err := strconv.ParseInt(millis, 10, 64)
	return client, found && err == nil && t.now().UnixMilli() < expiry, nil
}

// Revoke makes a token invalid. An unknown token is no error.
func (t *Tokens) Revoke(ctx context.Context, token string) error {
	if t.texts != nil {
		return t.texts.DeleteText(ctx, tokenKind, tokenName(token))
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.expires, sha256.Sum256([]byte(token)))
	return nil
}

// Reset makes all tokens invalid.
func (t *Tokens) Reset(ctx context.Context) error {
	if t.texts != nil {
		return t.texts.DeleteTexts(ctx, tokenKind)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.expires)
	return nil
}

// evict makes space for a token if there are maxTokens: it removes those that have expired, or the oldest if none has.
// It needs the lock.
func (t *Tokens) evict(now time.Time) {
	if len(t.expires) < maxTokens {
		return
	}
	var oldest [sha256.Size]byte
	first := t.last + 1
	for hash, token := range t.expires {
		if !now.Before(token.expiry) {
			delete(t.expires, hash)
		} else if token.number < first {
			oldest, first = hash, token.number
		}
	}
	if len(t.expires) >= maxTokens {
		delete(t.expires, oldest)
	}
}
