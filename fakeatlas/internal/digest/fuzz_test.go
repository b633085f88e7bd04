package digest

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"testing"
)

var (
	fuzzKey = []byte("0123456789abcdef")
	// An independent parser of headers: it finds parameters at any position, and uses the last.
	anyParam = regexp.MustCompile(`([A-Za-z0-9-]+) *= *(?:"((?:[^"\\]|\\.)*)"|([A-Za-z0-9-]*))`)
	escape   = regexp.MustCompile(`\\(.)`)
	host     = regexp.MustCompile(`(?i)^https?://[^/?]*/?`)
)

// right reports whether a header proves by the plain rules of RFC 7616 that its sender has the password.
func right(method, target, header string) bool {
	params := map[string]string{}
	for _, m := range anyParam.FindAllStringSubmatch(header, -1) {
		params[m[1]] = escape.ReplaceAllString(m[2], "$1") + m[3]
	}
	hash := func(parts ...string) string {
		text := []byte(strings.Join(parts, ":"))
		if strings.EqualFold(params["algorithm"], "SHA-256") {
			sum := sha256.Sum256(text)
			return hex.EncodeToString(sum[:])
		}
		sum := md5.Sum(text)
		return hex.EncodeToString(sum[:])
	}
	want := hash(hash(testUser, defaultRealm, testPassword), params["nonce"], params["nc"], params["cnonce"],
		"auth", hash(method, params["uri"]))
	return params["username"] == testUser && params["realm"] == defaultRealm && params["qop"] == "auth" &&
		params["nc"] > "00000000" && params["response"] == want &&
		host.ReplaceAllString(params["uri"], "/") == host.ReplaceAllString(target, "/")
}

// FuzzVerify: no header makes Verify panic, no header is accepted without the right password, and none is accepted
// twice.
func FuzzVerify(f *testing.F) {
	c := newClock()
	config := Config{Key: fuzzKey, Now: c.Now, Machine: c.Now}
	good := goodLogin("")
	for _, change := range []func(*login){
		func(*login) {},
		func(a *login) { a.algorithm, a.qop = "SHA-256", `"auth"` },
		func(a *login) { a.algorithm, a.method = "MD5", "POST" },
		func(a *login) { a.uri = "http://host" + a.uri },
		func(a *login) { a.raw = `, x="\"\\", userhash=false` },
		func(a *login) { a.password = "wrong" },
		func(a *login) { a.set = map[string]string{"nc": "1"} },
		func(a *login) { a.qop, a.without = "", []string{"qop", "nc", "cnonce"} },
	} {
		a := good
		// The mint has a fixed serial number, 7, so that the stored inputs of the fuzzer stay valid.
		m := newMint(fuzzKey, c.Now)
		m.serial.Store(6)
		a.nonce = m.issue(c.Now())
		change(&a)
		f.Add(a.method, testTarget, a.String())
		f.Add(a.method, "https://host:443"+testTarget, a.String())
	}
	f.Add("", "", "Digest ")
	f.Add("GET", "/", `Digest username="`)
	f.Add("GET", "http://", `Basic YTpi`)
	f.Fuzz(func(t *testing.T, method, target, header string) {
		v := newTestVerifier(t, config)
		// No client can have this password, because it is random.
		verdict, user := v.Verify(method, target, header, func(string) (string, bool) { return rand.Text(), true })
		if verdict != Rejected || user != "" {
			t.Fatalf("verdict is %s without the password", verdict)
		}
		verdict, user = v.Verify(method, target, header, passwords)
		if verdict == Rejected {
			if user != "" {
				t.Fatal("a rejection returns the user")
			}
			return
		}
		if verdict != OK || user != testUser || !right(method, target, header) {
			t.Fatalf("verdict is %s for %q, and it should not", verdict, user)
		}
		if verdict, _ = v.Verify(method, target, header, passwords); verdict != Stale {
			t.Fatalf("verdict is %s at the second time", verdict)
		}
	})
}
