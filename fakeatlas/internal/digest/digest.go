// Package digest implements the server side of HTTP digest authentication (RFC 7616) as Atlas does. A [Verifier]
// creates challenges and verifies the responses of clients. The caller writes statuses, headers and bodies.
//
// A Verifier stores nothing for a challenge: each nonce contains its time, protected by a MAC. A Verifier stores the
// counts that it has accepted, so that a recorded request can't be sent a second time.
package digest

import (
	"crypto/rand"
	"errors"
	"strings"
	"time"
)

// The defaults of [Config].
const (
	defaultRealm    = "MMS Public API" // Atlas's own
	DefaultLifetime = 5 * time.Minute
	defaultNonces   = 100_000
)

// minKey is the length of the shortest accepted key in bytes. A shorter key would be easier to guess than a MAC.
const minKey = 16

// decoySize is the length of a private key, a UUID. A decoy has the same length, so that hashing it takes as long.
const decoySize = 36

// Config has the settings of a [Verifier]. Its zero value is ready for use.
type Config struct {
	// Realm is in each challenge, and clients must repeat it: printable ASCII without quotes and backslashes.
	Realm string
	// Lifetime is how long a nonce may be used after its challenge, to the millisecond.
	Lifetime time.Duration
	// Nonces limits the number of nonces whose counts are stored, at about 130 bytes each. Above the limit, the
	// Verifier drops the nonces that came into use first: later credentials with such a nonce are Stale.
	Nonces int
	// Key is the key of the MACs in nonces, with at least 16 bytes. New copies it. Without a key, each Verifier makes
	// its own. With the key of an earlier Verifier, correct credentials with a nonce of that one are Stale instead of
	// Rejected. Verifiers with the same key accept each other's nonces if their clocks agree, but each counts replays
	// for itself, unless they use VerifyShared.
	Key []byte
	// Now returns the time; nil means time.Now. It must be safe for concurrent use. After it was set back, credentials
	// are Stale until it reaches its former time, unless its times have monotonic readings, as those of time.Now have.
	Now func() time.Time
	// Machine returns a time that is neither stopped nor moved; nil means time.Now. It must be safe for concurrent use.
	// VerifyShared measures the lifetime by this time as well: the shared memory of uses does not stop with Now.
	Machine func() time.Time
}

// Verifier creates challenges for clients and verifies their credentials. It is safe for concurrent use, starts no
// goroutines and needs no closing.
type Verifier struct {
	realm    string
	lifetime time.Duration
	start    time.Time
	elapsed  func() time.Duration // since start
	decoy    string               // hashed in place of the password that an unknown user does not have
	mint     *mint
	replays  *replays
}

// New returns a Verifier, or an error that names the invalid field of the Config. No error contains the key.
func New(c Config) (*Verifier, error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return nil, err
	}
	start := c.Now()
	return &Verifier{
		realm:    c.Realm,
		lifetime: c.Lifetime,
		start:    start,
		elapsed:  func() time.Duration { return c.Now().Sub(start) },
		decoy:    (rand.Text() + rand.Text())[:decoySize],
		mint:     newMint(c.Key, c.Machine),
		replays:  newReplays(c.Nonces, start),
	}, nil
}

func (c Config) withDefaults() Config {
	if c.Realm == "" {
		c.Realm = defaultRealm
	}
	if c.Lifetime == 0 {
		c.Lifetime = DefaultLifetime
	}
	if c.Nonces == 0 {
		c.Nonces = defaultNonces
	}
	if c.Key == nil {
		c.Key = []byte(rand.Text())
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Machine == nil {
		c.Machine = time.Now
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

// needsEscape reports whether a realm must not contain r. Clients differ in how they unescape a realm, and both sides
// must hash the same bytes.
func needsEscape(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }

// time returns the time by the clock's monotonic reading, so that a correction of the wall clock changes no ages.
func (v *Verifier) time() time.Time { return v.start.Add(v.elapsed()) }
