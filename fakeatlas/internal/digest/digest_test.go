package digest

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// The form was captured from Atlas's own responses.
func TestChallenge(t *testing.T) {
	form := regexp.MustCompile(`^Digest realm="MMS Public API", domain="", nonce="([A-Za-z0-9+/]{32})", ` +
		`algorithm=MD5, qop="auth", stale=(true|false)$`)
	v := newTestVerifier(t, Config{})
	seen := map[string]bool{}
	for i := range 1000 {
		stale := i%2 == 1
		m := form.FindStringSubmatch(v.Challenge(stale))
		if m == nil || (m[2] == "true") != stale {
			t.Fatalf("challenge is %s", v.Challenge(stale))
		}
		if seen[m[1]] {
			t.Fatalf("nonce %s is repeated while the clock is stopped", m[1])
		}
		seen[m[1]] = true
	}
}

func TestConfig(t *testing.T) {
	const secret = "too short a key"
	for name, c := range map[string]struct {
		config Config
		want   string // in the error, none without
	}{
		"zero":                  {Config{}, ""},
		"another realm":         {Config{Realm: "x: 'y', z"}, ""},
		"realm with a quote":    {Config{Realm: `a"b`}, "realm"},
		"realm with backslash":  {Config{Realm: `a\b`}, "realm"},
		"realm with line break": {Config{Realm: "a\r\nSet-Cookie: b"}, "realm"},
		"realm beyond ASCII":    {Config{Realm: "é"}, "realm"},
		"negative lifetime":     {Config{Lifetime: -1}, "lifetime"},
		"lifetime too short":    {Config{Lifetime: time.Microsecond}, "lifetime"},
		"negative nonces":       {Config{Nonces: -1}, "nonces"},
		"short key":             {Config{Key: []byte(secret)}, "key"},
		"empty key":             {Config{Key: []byte{}}, "key"},
		"key":                   {Config{Key: []byte("0123456789abcdef")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := New(c.config)
			if c.want == "" {
				if err != nil || v == nil {
					t.Fatalf("error is %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), secret) {
				t.Errorf("error is %v, want one about %s", err, c.want)
			}
		})
	}
}

func TestOtherRealm(t *testing.T) {
	v := newTestVerifier(t, Config{Realm: "x: 'y', z"})
	a := goodLogin(freshNonce(t, v))
	expect(t, a.to(v), Rejected)
	a.realm = "x: 'y', z"
	expect(t, a.to(v), OK)
}

// The caller may overwrite its key.
func TestKeyIsCopied(t *testing.T) {
	key := []byte("0123456789abcdef")
	v := newTestVerifier(t, Config{Key: key})
	a := goodLogin(freshNonce(t, v))
	clear(key)
	expect(t, a.to(v), OK)
}

// After a restart, the server does not have the used counts: it reports older nonces as stale.
func TestRestart(t *testing.T) {
	c := newClock()
	config := Config{Key: []byte("0123456789abcdef"), Now: c.Now}
	before := newTestVerifier(t, config)
	used, unused := goodLogin(freshNonce(t, before)), goodLogin(freshNonce(t, before))
	expect(t, used.to(before), OK)
	c.move(time.Second)
	after := newTestVerifier(t, config)
	expect(t, used.to(after), Stale)
	expect(t, unused.to(after), Stale)
	c.move(time.Second)
	expect(t, goodLogin(freshNonce(t, before)).to(after), OK)
}

func TestClockSetBack(t *testing.T) {
	c := newClock()
	v := newTestVerifier(t, Config{Now: c.Now, Lifetime: time.Minute})
	a := goodLogin(freshNonce(t, v))
	expect(t, a.to(v), OK)
	c.move(2 * time.Minute)
	expect(t, goodLogin(freshNonce(t, v)).to(v), OK) // forgets the first
	c.move(-2 * time.Minute)
	expect(t, a.to(v), Stale)
	a.nc = "00000002"
	expect(t, a.to(v), Stale)
}

func TestNonceOfTheFuture(t *testing.T) {
	c := newClock()
	v := newTestVerifier(t, Config{Now: c.Now})
	c.move(time.Hour)
	a := goodLogin(freshNonce(t, v))
	c.move(-time.Hour)
	expect(t, a.to(v), Stale)
	c.move(time.Hour)
	expect(t, a.to(v), OK)
}

// A correction of the wall clock changes no ages: the verifier reads only how much time has passed since its start, and
// its start has the monotonic reading with which package time measures that.
func TestWallClockIsCorrected(t *testing.T) {
	v, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(v.start.String(), " m=") {
		t.Errorf("the start has no monotonic reading: %s", v.start)
	}
	if passed := v.elapsed(); passed < 0 || passed > time.Hour {
		t.Errorf("%s have passed", passed)
	}
	for _, passed := range []time.Duration{0, time.Hour} {
		v.elapsed = func() time.Duration { return passed }
		if want := v.start.Add(passed); !v.time().Equal(want) {
			t.Errorf("the time is %s, want %s", v.time(), want)
		}
	}
}

func TestNonceRoundTrip(t *testing.T) {
	m := newMint([]byte("0123456789abcdef"), time.Now)
	for _, at := range []time.Time{
		{}, time.UnixMilli(-1), time.UnixMilli(0), time.UnixMilli(1), time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC),
		time.Date(4000, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		n, ok := m.open(m.issue(at))
		if !ok || n.issued != at.UnixMilli() || n.serial != m.serial.Load() {
			t.Errorf("%s: read %+v, %t", at, n, ok)
		}
	}
}

// The decoder skips line breaks.
func TestNonceHasOneText(t *testing.T) {
	m := newMint([]byte("0123456789abcdef"), time.Now)
	text := m.issue(time.UnixMilli(0))
	for _, other := range []string{text + "\n", "\r" + text, text[:31] + "\n", text + "====", "",
		text[:28] + "\n\n\n\n", text[:4] + strings.Repeat("\n", 28)} {
		if _, ok := m.open(other); ok {
			t.Errorf("opens %q", other)
		}
	}
}
