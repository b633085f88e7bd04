// Package digest is the server's side of HTTP digest authentication (RFC 7616) as Atlas speaks it. A
// [Verifier] writes challenges and judges the answers; statuses, headers and bodies are its caller's.
//
// It holds no state for a challenge: a nonce carries its own time under a MAC. What it remembers are the
// counts that were accepted, so that a request which was overheard cannot be sent a second time.
package digest

import (
	"crypto/rand"
	"errors"
	"strings"
	"time"
)

// What a zero field of [Config] stands for.
const (
	DefaultRealm    = "MMS Public API" // Atlas's own
	DefaultLifetime = 5 * time.Minute
	DefaultNonces   = 100_000
)

// A shorter key would be the weakest part of a nonce.
const minKey = 16

// Real private keys are UUIDs. What stands in for one is as long, so that hashing it takes as long.
const decoySize = 36

// Config says how a [Verifier] behaves. Its zero value is ready for use.
type Config struct {
	// Realm is what clients are told and must repeat: printable ASCII without quotes and backslashes.
	Realm string
	// Lifetime is how long a nonce may be used after its challenge, to the millisecond.
	Lifetime time.Duration
	// Nonces bounds how many nonces are remembered at once, at about 130 bytes each. Above it the ones
	// that came into use first are given up: their clients are asked to begin anew.
	Nonces int
	// Key seals the nonces, in 16 bytes or more, and is copied. Without one each Verifier makes its own.
	// With the key of an earlier Verifier, the right credentials on a nonce of that one are Stale instead
	// of Refused. Those that share a key at a time take each other's nonces where their clocks agree, but
	// each counts replays for itself, unless VerifyShared has them count together.
	Key []byte
	// Now is the clock, time.Now without one. It must be safe for concurrent use. Setting it back makes
	// credentials Stale until it has caught up, unless it has a monotonic reading as time.Now has.
	Now func() time.Time
}

// Verifier challenges clients and judges their credentials. It is safe for concurrent use, starts no
// goroutines and needs no closing.
type Verifier struct {
	realm    string
	lifetime time.Duration
	now      func() time.Time
	start    time.Time
	decoy    string // hashed in place of the password that an unknown user does not have
	mint     *mint
	replays  *replays
}

// New returns a Verifier, or an error that says which field of the Config cannot be used. No error
// repeats what is in the key.
func New(c Config) (*Verifier, error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return nil, err
	}
	start := c.Now()
	return &Verifier{
		realm:    c.Realm,
		lifetime: c.Lifetime,
		now:      c.Now,
		start:    start,
		decoy:    (rand.Text() + rand.Text())[:decoySize],
		mint:     newMint(c.Key),
		replays:  newReplays(c.Nonces, start),
	}, nil
}

func (c Config) withDefaults() Config {
	if c.Realm == "" {
		c.Realm = DefaultRealm
	}
	if c.Lifetime == 0 {
		c.Lifetime = DefaultLifetime
	}
	if c.Nonces == 0 {
		c.Nonces = DefaultNonces
	}
	if c.Key == nil {
		c.Key = []byte(rand.Text())
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

func (c Config) check() error {
	switch {
	case strings.ContainsFunc(c.Realm, needsEscape):
		return errors.New("digest: the realm must be printable ASCII without quotes and backslashes")
	case c.Lifetime < time.Millisecond:
		return errors.New("digest: the lifetime of a nonce must be a millisecond or more")
	case c.Nonces < 0:
		return errors.New("digest: the number of nonces must not be negative")
	case len(c.Key) < minKey:
		return errors.New("digest: the key must have 16 bytes or more")
	}
	return nil
}

// Clients differ in how they unescape a realm, and its hash needs both sides to agree to the byte.
func needsEscape(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }

// time goes by the clock's monotonic reading, so that a correction of the wall clock changes no ages.
func (v *Verifier) time() time.Time { return v.start.Add(v.now().Sub(v.start)) }
