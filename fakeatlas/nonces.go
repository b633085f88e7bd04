package fakeatlas

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/internal/digest"
)

// The kinds of notes and counters that digest has.
const (
	keyKind   = "key"
	nonceKind = "nonce"
)

// nonces is a verifier that can begin anew. It has to when its clock goes back: a verifier takes no nonce
// from before its own beginning, since it can't know which of them were used. In a store that keeps notes it
// finds the key of those before it, and in one for many servers their memory too.
type nonces struct {
	notes store.Notes // nil: none
	tally store.Tally // nil: none

	mu      sync.Mutex // held by who changes what follows
	config  digest.Config
	current atomic.Pointer[digest.Verifier] // nil: the key is not known yet
}

func newNonces(c digest.Config, notes store.Notes, tally store.Tally) (*nonces, error) {
	c.Key = []byte(rand.Text())
	v, err := digest.New(c)
	if err != nil {
		return nil, err
	}
	n := &nonces{config: c, notes: notes, tally: tally}
	if notes == nil {
		n.current.Store(v)
	}
	return n, nil
}

// renew keeps the key, so that clients are told of nonces that are stale, not of wrong passwords.
func (n *nonces) renew() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if v, err := digest.New(n.config); err == nil && n.current.Load() != nil { // it was good before
		n.current.Store(v)
	}
}

// agree takes the key that the store has, and leaves its own there if it has none: a store may lose it.
func (n *nonces) agree(ctx context.Context) error {
	if n.notes == nil {
		return nil
	}
	n.mu.Lock()
	own := string(n.config.Key)
	n.mu.Unlock()
	key, err := n.notes.Note(ctx, keyKind, nonceKind, own, 0)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if key == string(n.config.Key) && n.current.Load() != nil {
		return nil
	}
	c := n.config
	c.Key = []byte(key)
	v, err := digest.New(c)
	if err != nil {
		return &store.Failure{Text: "the store has a key for nonces that can't be used; a reset does not replace it, an empty store does", Cause: err}
	}
	n.config = c
	n.current.Store(v)
	return nil
}

// challenge is that of the verifier. Clients that have a nonce of an unknown key come here.
func (n *nonces) challenge(ctx context.Context, stale bool) (string, error) {
	if err := n.agree(ctx); err != nil {
		return "", err
	}
	return n.current.Load().Challenge(stale), nil
}

// verify is that of the verifier.
func (n *nonces) verify(r *http.Request, authorization string, password func(string) (string, bool)) (digest.Verdict, error) {
	if n.current.Load() == nil {
		if err := n.agree(r.Context()); err != nil {
			return digest.Refused, err
		}
	}
	if n.tally == nil {
		verdict, _ := n.current.Load().Verify(r.Method, r.RequestURI, authorization, password)
		return verdict, nil
	}
	var failed error
	verdict, _ := n.current.Load().VerifyShared(r.Method, r.RequestURI, authorization, password, func(use string, life time.Duration) bool {
		count, err := n.tally.Count(r.Context(), nonceKind, use, life)
		failed = err
		return count == 1
	})
	return verdict, failed
}
