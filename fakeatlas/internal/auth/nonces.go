package auth

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/digest"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// The kinds of texts and eras that digest has.
const (
	keyKind   = "key"
	nonceKind = "nonce"
)

// nonces is a verifier that can be replaced. It is replaced when its clock is set back: a verifier accepts no nonce
// from before its own start, since it can't know which of them were used. In a store that keeps texts, it uses the key
// that an earlier verifier has stored. In a store for several servers, the key names the era of the uses: if the store
// may have forgotten a use, it has another key, and every nonce of the former key is stale.
type nonces struct {
	texts  store.TextStore   // nil: none
	shared store.SharedStore // nil: none

	mu      sync.Mutex // guards changes of the fields below
	config  digest.Config
	current atomic.Pointer[keyed] // nil: the key is not known yet
	former  atomic.Pointer[keyed] // of the key before; nil: none
	ends    atomic.Bool           // the era must end before a nonce is verified
}

// keyed is a verifier and its key, which names the era of its uses.
type keyed struct {
	*digest.Verifier
	key string
}

func newNonces(c digest.Config, texts store.TextStore, shared store.SharedStore) (*nonces, error) {
	c.Key = []byte(rand.Text())
	v, err := digest.New(c)
	if err != nil {
		return nil, err
	}
	n := &nonces{config: c, texts: texts, shared: shared}
	if texts == nil {
		n.current.Store(&keyed{v, string(c.Key)})
	}
	return n, nil
}

// renew replaces the verifier but keeps its key, so that clients learn that their nonces are stale, not that their
// passwords are wrong. A store for several servers also ends the era: it forgets uses by its own clock, and the moved
// clock of this server could make the forgotten nonces valid again.
func (n *nonces) renew() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ends.Store(n.shared != nil)
	if v, err := digest.New(n.config); err == nil && n.current.Load() != nil { // the configuration was valid before
		n.current.Store(&keyed{v, string(n.config.Key)})
	}
}

// agree uses the key of the store. A store without a key gets that of this server, and a store for several servers gets
// a new key, with which no nonce was ever used.
func (n *nonces) agree(ctx context.Context) error {
	if n.texts == nil {
		return nil
	}
	key, err := n.storedKey(ctx)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	present := n.current.Load()
	if key == string(n.config.Key) && present != nil {
		return nil
	}
	c := n.config
	c.Key = []byte(key)
	v, err := digest.New(c)
	if err != nil {
		return &store.Failure{Text: "the key for nonces in the store is invalid; use an empty store, since a reset keeps the key", Cause: err}
	}
	n.config = c
	n.former.Store(present)
	n.current.Store(&keyed{v, key})
	return nil
}

func (n *nonces) storedKey(ctx context.Context) (string, error) {
	if n.shared == nil {
		n.mu.Lock()
		own := string(n.config.Key)
		n.mu.Unlock()
		return n.texts.AddText(ctx, keyKind, nonceKind, own, 0)
	}
	if n.ends.Swap(false) {
		if err := n.shared.DeleteTexts(ctx, nonceKind); err != nil {
			n.ends.Store(true)
			return "", err
		}
	}
	return n.shared.Era(ctx, nonceKind, rand.Text())
}

// challenge returns a challenge with the key of the store. Clients whose nonces have an unknown key request one.
func (n *nonces) challenge(ctx context.Context, stale bool) (string, error) {
	if err := n.agree(ctx); err != nil {
		return "", err
	}
	return n.current.Load().Challenge(stale), nil
}

// verify verifies credentials as [digest.Verifier] does. The error is one of the store.
func (n *nonces) verify(r *http.Request, authorization string, password func(string) (string, bool)) (digest.Verdict, string, error) {
	if n.current.Load() == nil || n.ends.Load() {
		if err := n.agree(r.Context()); err != nil {
			return digest.Rejected, "", err
		}
	}
	if n.shared == nil {
		verdict, user := n.current.Load().Verify(r.Method, r.RequestURI, authorization, password)
		return verdict, user, nil
	}
	return n.verifyShared(r, authorization, password)
}

// verifyShared verifies again with the key of the store if the nonce is of an unknown key. It distinguishes a nonce
// of the former key from a wrong password.
func (n *nonces) verifyShared(r *http.Request, authorization string, password func(string) (string, bool)) (digest.Verdict, string, error) {
	known := n.current.Load()
	verdict, user, err := n.count(known, r, authorization, password)
	if verdict != digest.Rejected || err != nil {
		return verdict, user, err
	}
	if err := n.agree(r.Context()); err != nil {
		return digest.Rejected, "", err
	}
	if v := n.current.Load(); v != known {
		if verdict, user, err = n.count(v, r, authorization, password); verdict != digest.Rejected || err != nil {
			return verdict, user, err
		}
	}
	former := n.former.Load()
	if former == nil {
		return digest.Rejected, "", nil
	}
	verdict, user = former.VerifyShared(r.Method, r.RequestURI, authorization, password, func(string, time.Duration) bool { return false })
	return verdict, user, nil
}

// count verifies with a key, and counts the use of the nonce in the era of that key.
func (n *nonces) count(
	v *keyed, r *http.Request, authorization string, password func(string) (string, bool),
) (digest.Verdict, string, error) {
	var failed error
	verdict, user := v.VerifyShared(r.Method, r.RequestURI, authorization, password, func(use string, life time.Duration) (isFirst bool) {
		isFirst, failed = n.shared.UseOnce(r.Context(), nonceKind, v.key, use, life)
		return isFirst
	})
	return verdict, user, failed
}
