package digest

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	icholy "github.com/icholy/digest"
)

const (
	testUser     = "abcdefgh"
	testPassword = "not-a-real-private-key-of-36-letters"
	testTarget   = "/api/atlas/v2/groups/5f000000000000000000000a/integrations?pageNum=1&itemsPerPage=2"
)

// passwords looks up the users of most tests.
func passwords(user string) (string, bool) {
	if user == testUser {
		return testPassword, true
	}
	return "", false
}

// clock is a time of its own that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newTestVerifier(t testing.TB, c Config) *Verifier {
	t.Helper()
	if c.Now == nil {
		c.Now = newClock().Now
	}
	v, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// freshNonce takes the nonce out of a challenge as a client does.
func freshNonce(t testing.TB, v *Verifier) string {
	t.Helper()
	c, err := icholy.ParseChallenge(v.Challenge(false))
	if err != nil {
		t.Fatal(err)
	}
	return c.Nonce
}

// login is the header of a client that got a challenge, field by field and with its own hashing. A test can get any
// field wrong and still send the right hash of the wrong fields.
type login struct {
	user, password, realm, nonce, method, uri string
	algorithm, qop, nc, cnonce                string
	set                                       map[string]string // sent values that replace the hashed ones
	without                                   []string
	raw                                       string // appended
}

func goodLogin(nonce string) login {
	return login{
		user: testUser, password: testPassword, realm: defaultRealm, nonce: nonce,
		method: "GET", uri: testTarget,
		algorithm: `"MD5"`, qop: "auth", nc: "00000001", cnonce: "0a4f113b8c2d5e66",
	}
}

func (a login) response() string {
	hash := func(parts ...string) string {
		text := []byte(strings.Join(parts, ":"))
		if strings.EqualFold(strings.Trim(a.algorithm, `"`), "SHA-256") {
			sum := sha256.Sum256(text)
			return hex.EncodeToString(sum[:])
		}
		sum := md5.Sum(text)
		return hex.EncodeToString(sum[:])
	}
	secret, request := hash(a.user, a.realm, a.password), hash(a.method, a.uri)
	if strings.Trim(a.qop, `"`) == "" {
		return hash(secret, a.nonce, request)
	}
	return hash(secret, a.nonce, a.nc, a.cnonce, strings.Trim(a.qop, `"`), request)
}

func (a login) String() string {
	fields := map[string]string{
		"username": fmt.Sprintf("%q", a.user), "realm": fmt.Sprintf("%q", a.realm),
		"nonce": fmt.Sprintf("%q", a.nonce), "uri": fmt.Sprintf("%q", a.uri),
		"response": fmt.Sprintf("%q", a.response()), "algorithm": a.algorithm,
		"qop": a.qop, "nc": a.nc, "cnonce": fmt.Sprintf("%q", a.cnonce),
	}
	maps.Copy(fields, a.set)
	for _, name := range a.without {
		delete(fields, name)
	}
	var list []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		list = append(list, name+"="+fields[name])
	}
	return "Digest " + strings.Join(list, ", ") + a.raw
}

func (a login) to(v *Verifier) Verdict {
	verdict, _ := v.Verify(a.method, a.uri, a.String(), passwords)
	return verdict
}

func expect(t *testing.T, got, want Verdict) {
	t.Helper()
	if got != want {
		t.Errorf("verdict is %s, want %s", got, want)
	}
}
