package digest

import (
	"sync"
	"testing"
	"time"
)

// memory is the shared state of several verifiers.
type memory struct {
	mu   sync.Mutex
	uses map[string]time.Duration
}

func (m *memory) first(use string, life time.Duration) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, known := m.uses[use]
	m.uses[use] = life
	return !known
}

// Verifiers that share a key and a memory accept each use of a nonce once.
func TestVerifyShared(t *testing.T) {
	shared := &memory{uses: map[string]time.Duration{}}
	here, there := newClock(), newClock()
	key := []byte("a key of more than 16 bytes")
	a, b := newTestVerifier(t, Config{Key: key, Now: here.Now}), newTestVerifier(t, Config{Key: key, Now: there.Now})
	to := func(v *Verifier, sent login) Verdict {
		verdict, _ := v.VerifyShared(sent.method, sent.uri, sent.String(), passwords, shared.first)
		return verdict
	}
	first := goodLogin(freshNonce(t, a))
	second := first
	second.nc = "00000002"
	expect(t, to(b, first), OK)
	expect(t, to(a, first), Stale)
	expect(t, to(b, first), Stale)
	expect(t, to(a, second), OK)
	expect(t, to(b, second), Stale)
	for use, life := range shared.uses {
		if life < DefaultLifetime+skew {
			t.Errorf("%s is remembered for %v only", use, life)
		}
	}
	wrong := goodLogin(freshNonce(t, a))
	wrong.password = "wrong"
	uses := len(shared.uses)
	expect(t, to(b, wrong), Rejected)
	here.move(skew)
	expect(t, to(b, goodLogin(freshNonce(t, a))), OK)
	here.move(time.Millisecond)
	ahead := goodLogin(freshNonce(t, a))
	expect(t, to(b, ahead), Stale)
	there.move(DefaultLifetime + skew + 2*time.Millisecond)
	expect(t, to(b, ahead), Stale)
	if len(shared.uses) != uses+1 {
		t.Errorf("a rejected use is remembered: %v", shared.uses)
	}
}

// While the clock of a Verifier is stopped, a nonce becomes stale by the time of the machine, before the shared memory
// forgets its uses. A moved clock has no influence on that.
func TestStoppedClockEndsSharedNonces(t *testing.T) {
	machine := newClock()
	key := []byte("a key of more than 16 bytes")
	for name, now := range map[string]func() time.Time{
		"stopped": newClock().Now, "running": machine.Now,
		"ahead": func() time.Time { return machine.Now().Add(100 * 365 * 24 * time.Hour) },
	} {
		for _, lifetime := range []time.Duration{time.Second, DefaultLifetime} {
			ends := map[string]time.Time{}
			first := func(use string, life time.Duration) bool {
				if machine.Now().Before(ends[use]) {
					return false
				}
				ends[use] = machine.Now().Add(life)
				return true
			}
			c := Config{Key: key, Lifetime: lifetime, Now: now, Machine: machine.Now}
			a, b := newTestVerifier(t, c), newTestVerifier(t, c)
			sent := goodLogin(freshNonce(t, a))
			late := goodLogin(freshNonce(t, a))
			to := func(v *Verifier, sent login) Verdict {
				verdict, _ := v.VerifyShared(sent.method, sent.uri, sent.String(), passwords, first)
				return verdict
			}
			expect(t, to(a, sent), OK)
			machine.move(lifetime)
			expect(t, to(b, late), OK)
			for range 200 {
				machine.move(lifetime / 4)
				for _, v := range []*Verifier{a, b} {
					if got := to(v, sent); got != Stale {
						t.Fatalf("%s, lifetime %s: %s for a used nonce", name, lifetime, got)
					}
				}
			}
			unused := goodLogin(freshNonce(t, a))
			machine.move(2*lifetime + 3*stampUnit)
			expect(t, to(a, unused), Stale)
			expect(t, to(a, goodLogin(freshNonce(t, b))), OK)
		}
	}
}
