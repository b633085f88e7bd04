package digest

import (
	"strconv"
	"strings"
	"testing"
	"time"

	icholy "github.com/icholy/digest"
)

// The two examples of RFC 7616, section 3.9.1, unchanged.
func TestExamplesOfTheRFC(t *testing.T) {
	const form = `Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", ` +
		`algorithm=ALG, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, ` +
		`cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, ` +
		`response="RESPONSE", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
	for algorithm, response := range map[string]string{
		"MD5":     "8ca523f5e9506fed4657c9700eebdbec",
		"SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
	} {
		t.Run(algorithm, func(t *testing.T) {
			header := strings.NewReplacer("ALG", algorithm, "RESPONSE", response).Replace(form)
			c, ok := parse(header)
			if !ok {
				t.Fatal("not parsed")
			}
			if !matchesResponse(c, "GET", "Circle of Life") {
				t.Error("the right password does not prove it")
			}
			if matchesResponse(c, "GET", "Circle of life") || matchesResponse(c, "POST", "Circle of Life") {
				t.Error("another password or method proves it too")
			}
		})
	}
}

func TestAccepted(t *testing.T) {
	for name, change := range map[string]func(*login){
		"algorithm in quotes":       func(*login) {},
		"algorithm without quotes":  func(a *login) { a.algorithm = "MD5" },
		"algorithm in lower case":   func(a *login) { a.algorithm = "md5" },
		"no algorithm":              func(a *login) { a.without = []string{"algorithm"} },
		"SHA-256":                   func(a *login) { a.algorithm = "SHA-256" },
		"SHA-256 in quotes":         func(a *login) { a.algorithm = `"SHA-256"` },
		"qop in quotes":             func(a *login) { a.qop = `"auth"` },
		"nc in quotes":              func(a *login) { a.set = map[string]string{"nc": `"00000001"`} },
		"a later count":             func(a *login) { a.nc = "7fffffff" },
		"nc in capitals, as of LWP": func(a *login) { a.nc = "0000000A" },
		"nc in both cases":          func(a *login) { a.nc = "0000aBcD" },
		"absolute uri":              func(a *login) { a.uri = "https://cloud.example" + a.uri },
		"userhash=false":            func(a *login) { a.raw = ", userhash=false" },
		"parameters nobody knows":   func(a *login) { a.raw = `, opaque="", x="a,b=\"c\\", y=1` },
		"another method":            func(a *login) { a.method = "DELETE" },
		"spaces around and between": func(a *login) { a.raw = ` ,  x  =  "1"  ` },
		"colon in the client nonce": func(a *login) { a.cnonce = "a:b" },
	} {
		t.Run(name, func(t *testing.T) {
			v := newTestVerifier(t, Config{})
			a := goodLogin(freshNonce(t, v))
			change(&a)
			verdict, user := v.Verify(a.method, testTarget, a.String(), passwords)
			expect(t, verdict, OK)
			if user != testUser {
				t.Errorf("user is %q", user)
			}
		})
	}
}

func TestRejected(t *testing.T) {
	set := func(name, value string) func(*login) {
		return func(a *login) { a.set = map[string]string{name: value} }
	}
	without := func(name string) func(*login) {
		return func(a *login) { a.without = []string{name} }
	}
	for name, change := range map[string]func(*login){
		"wrong password":                 func(a *login) { a.password += "x" },
		"unknown user":                   func(a *login) { a.user = "nobody" },
		"unknown user, no password":      func(a *login) { a.user, a.password = "nobody", "" },
		"no user":                        without("username"),
		"another user's name":            set("username", `"nobody"`),
		"wrong realm":                    func(a *login) { a.realm = "mms public api" },
		"no realm":                       func(a *login) { a.realm = "" },
		"wrong path":                     func(a *login) { a.uri = "/api/atlas/v2/groups" },
		"without the query":              func(a *login) { a.uri, _, _ = strings.Cut(a.uri, "?") },
		"with more query":                func(a *login) { a.uri += "&envelope=true" },
		"absolute, wrong path":           func(a *login) { a.uri = "https://cloud.example/" },
		"absolute, of another scheme":    func(a *login) { a.uri = "file://host" + a.uri },
		"no uri":                         func(a *login) { a.uri = "" },
		"uri changed after hashing":      set("uri", `"/"`),
		"wrong response":                 set("response", `"`+strings.Repeat("0", 32)+`"`),
		"short response":                 set("response", `"0"`),
		"empty response":                 set("response", `""`),
		"no response":                    without("response"),
		"no nonce":                       without("nonce"),
		"foreign nonce":                  func(a *login) { a.nonce = strings.Repeat("A", 32) },
		"longer nonce":                   func(a *login) { a.nonce += "AAAA" },
		"shorter nonce":                  func(a *login) { a.nonce = a.nonce[:28] },
		"nonce that is not base64":       func(a *login) { a.nonce = strings.Repeat("*", 32) },
		"nonce in URL's base64":          func(a *login) { a.nonce = strings.Repeat("-_", 16) },
		"auth-int":                       func(a *login) { a.qop = "auth-int" },
		"qop in upper case":              func(a *login) { a.qop = "AUTH" },
		"two values of qop":              func(a *login) { a.qop = `"auth,auth-int"` },
		"no qop":                         func(a *login) { a.qop, a.without = "", []string{"qop"} },
		"no qop, nc and cnonce":          func(a *login) { a.qop, a.without = "", []string{"qop", "nc", "cnonce"} },
		"qop left out after hashing":     without("qop"),
		"MD5-sess":                       func(a *login) { a.algorithm = "MD5-sess" },
		"SHA-512-256":                    func(a *login) { a.algorithm = "SHA-512-256" },
		"algorithm of no such name":      func(a *login) { a.algorithm = "none" },
		"empty algorithm":                func(a *login) { a.algorithm = "" },
		"empty algorithm in quotes":      func(a *login) { a.algorithm = `""` },
		"algorithm of a space":           func(a *login) { a.algorithm = `" "` },
		"algorithm of an escaped letter": set("algorithm", `"\MD5"`),
		"empty qop":                      func(a *login) { a.qop = `""` },
		"empty nc":                       set("nc", `""`),
		"empty nonce":                    func(a *login) { a.nonce = "" },
		"empty user":                     func(a *login) { a.user = "" },
		"empty userhash":                 func(a *login) { a.raw = `, userhash=""` },
		"userhash that is neither":       func(a *login) { a.raw = `, userhash=maybe` },
		"userhash=true":                  func(a *login) { a.raw = ", userhash=true" },
		"userhash in quotes":             func(a *login) { a.raw = `, userhash="TRUE"` },
		"no nc":                          without("nc"),
		"nc of zero":                     func(a *login) { a.nc = "00000000" },
		"nc of zero, hashed as one":      set("nc", "00000000"),
		"nc of one digit":                set("nc", "1"),
		"nc of nine digits":              set("nc", "000000001"),
		"nc with a plus":                 set("nc", `"+0000001"`),
		"negative nc":                    func(a *login) { a.nc, a.set = "-0000001", map[string]string{"nc": `"-0000001"`} },
		"nc in another case than hashed": func(a *login) { a.nc, a.set = "0000000a", map[string]string{"nc": "0000000A"} },
		"nc not in hexadecimal":          set("nc", "0000000g"),
		"nc too great to count":          func(a *login) { a.nc = "80000000" },
		"no cnonce":                      without("cnonce"),
		"empty cnonce":                   func(a *login) { a.cnonce = "" },
		"a parameter twice":              func(a *login) { a.raw = `, qop=auth` },
		"a parameter twice, other case":  func(a *login) { a.raw = `, QOP=auth-int` },
		"nc in capitals":                 func(a *login) { a.raw, a.without = ", NC="+a.nc, []string{"nc"} },
		"userhash in capitals":           func(a *login) { a.raw = ", Userhash=true" },
		"a parameter without a name":     func(a *login) { a.raw = `, ="x"` },
		"a parameter without a value":    func(a *login) { a.raw = `, x=` },
		"a parameter without an equals":  func(a *login) { a.raw = `, x` },
		"a comma at the end":             func(a *login) { a.raw = `,` },
		"two commas":                     func(a *login) { a.raw = `,, x=1` },
		"an open quote":                  func(a *login) { a.raw = `, x="` },
		"an escape at the end":           func(a *login) { a.raw = `, x="\` },
		"text after a quote":             func(a *login) { a.raw = `, x="1"2` },
		"a name with a star":             func(a *login) { a.raw = `, username*=UTF-8''x` },
		"a tab":                          func(a *login) { a.raw = ",\tx=1" },
		"a line break in quotes":         func(a *login) { a.raw = ", x=\"\r\n\"" },
		"a byte that deletes":            func(a *login) { a.raw = ", x=\"\x7f\"" },
		"a byte that is not UTF-8":       func(a *login) { a.raw = ", x=\"\xff\"" },
		"more than 8 KiB":                func(a *login) { a.raw = `, x="` + strings.Repeat("x", 8<<10) + `"` },
		"2000 parameters":                func(a *login) { a.raw = strings.Repeat(", x=1", 1500) },
		"credentials of two in one line": func(a *login) { a.raw = `, Digest username="x"` },
	} {
		t.Run(name, func(t *testing.T) {
			v := newTestVerifier(t, Config{})
			a := goodLogin(freshNonce(t, v))
			change(&a)
			verdict, user := v.Verify(a.method, testTarget, a.String(), passwords)
			expect(t, verdict, Rejected)
			if user != "" {
				t.Errorf("returns the user %q", user)
			}
		})
	}
}

func TestRejectedWithoutDigest(t *testing.T) {
	v := newTestVerifier(t, Config{})
	for _, header := range []string{
		"", " ", "Digest", "Digest ", "digest ,", "Digest =", "Basic dXNlcjpwYXNz", "Bearer x", "\x00",
		goodLogin(freshNonce(t, v)).String()[1:],
	} {
		verdict, _ := v.Verify("GET", testTarget, header, func(string) (string, bool) {
			t.Errorf("%q: calls password", header)
			return "", true
		})
		expect(t, verdict, Rejected)
	}
}

// Verify rejects credentials that it does not support by their form: it looks up no password and computes no hash.
func TestRejectedByForm(t *testing.T) {
	for name, change := range map[string]func(*login){
		"realm":     func(a *login) { a.realm = "x" },
		"uri":       func(a *login) { a.uri = "/" },
		"nonce":     func(a *login) { a.nonce = strings.Repeat("A", 32) },
		"qop":       func(a *login) { a.qop = "auth-int" },
		"nc":        func(a *login) { a.nc = "1" },
		"cnonce":    func(a *login) { a.cnonce = "" },
		"algorithm": func(a *login) { a.algorithm = "SHA-512-256" },
		"userhash":  func(a *login) { a.raw = ", userhash=true" },
	} {
		t.Run(name, func(t *testing.T) {
			v := newTestVerifier(t, Config{})
			a := goodLogin(freshNonce(t, v))
			change(&a)
			v.Verify("GET", testTarget, a.String(), func(string) (string, bool) {
				t.Error("calls password")
				return "", false
			})
		})
	}
}

// The library parses a header again that split has accepted, and must not be stricter than split.
func TestSplit(t *testing.T) {
	for header, want := range map[string]bool{
		`Digest a="1"`:           true,
		`digest  a = 1 , b="," `: true,
		`Digest a="\"", b=""`:    true,
		`Digest a="1"2`:          false,
		`Digest a=1 b=2`:         false,
		`Digest a="1`:            false,
		`Digest a="1\"`:          false,
		`Digest a=1,`:            false,
		`Digest a=@`:             false,
		`Digest a`:               false,
		`Digest =1`:              false,
		`Digest `:                false,
		`Digesta=1`:              false,
	} {
		if _, ok := split(header); ok != want {
			t.Errorf("split of %s says %t", header, ok)
		}
		if _, err := icholy.ParseCredentials(header); want && err != nil {
			t.Errorf("the library rejects %s: %v", header, err)
		}
	}
}

func TestHeaderOfFullSize(t *testing.T) {
	v := newTestVerifier(t, Config{})
	a := goodLogin(freshNonce(t, v))
	a.raw = `, x=""`
	a.raw = `, x="` + strings.Repeat("x", 8<<10-len(a.String())) + `"`
	expect(t, a.to(v), OK)
}

// A change of any one character makes a nonce one that this verifier never issued.
func TestTamperedNonce(t *testing.T) {
	v := newTestVerifier(t, Config{})
	nonce := freshNonce(t, v)
	for i := range nonce {
		for _, c := range "A1+" {
			changed := nonce[:i] + string(c) + nonce[i+1:]
			if changed != nonce {
				expect(t, goodLogin(changed).to(v), Rejected)
			}
		}
	}
	expect(t, goodLogin(nonce).to(v), OK)
}

func TestAnotherKey(t *testing.T) {
	c := newClock()
	v, other := newTestVerifier(t, Config{Now: c.Now}), newTestVerifier(t, Config{Now: c.Now})
	expect(t, goodLogin(freshNonce(t, other)).to(v), Rejected)
}

func TestAnotherRequest(t *testing.T) {
	v := newTestVerifier(t, Config{})
	header := goodLogin(freshNonce(t, v)).String()
	for _, request := range [][2]string{
		{"POST", testTarget}, {"get", testTarget}, {"GET", "/"}, {"GET", ""}, {"GET", testTarget + "#"},
		{"GET", "http://host/"}, {"GET", "http://host" + testTarget + "&x=1"},
	} {
		verdict, _ := v.Verify(request[0], request[1], header, passwords)
		expect(t, verdict, Rejected)
	}
	verdict, _ := v.Verify("GET", "HTTPS://host:8443"+testTarget, header, passwords)
	expect(t, verdict, OK)
}

func TestSameTarget(t *testing.T) {
	for _, c := range []struct {
		sent, target string
		want         bool
	}{
		{"/a?b=c", "/a?b=c", true},
		{"/a?b=c", "/a?b=d", false},
		{"/a", "/a?", false},
		{"/a%2fb", "/a/b", false},
		{"*", "*", true},
		{"", "", false},
		{"http://h/a?b=c", "/a?b=c", true},
		{"/a", "http://h/a", true},
		{"http://one/a", "https://two/a", true},
		{"http://h", "/", true},
		{"http://h?q=1", "/?q=1", true},
		{"http://h?q=/x", "/x", false},
		{"ftp://h/a", "/a", false},
		{"/x?to=http://h/a", "/a", false},
		{"h/a", "/a", false},
		{"//h/a", "/a", false},
	} {
		if got := sameTarget(c.sent, c.target); got != c.want {
			t.Errorf("sameTarget(%q, %q) is %t", c.sent, c.target, got)
		}
	}
}

func TestStaleNonce(t *testing.T) {
	c := newClock()
	v := newTestVerifier(t, Config{Now: c.Now})
	early, late := goodLogin(freshNonce(t, v)), goodLogin(freshNonce(t, v))
	c.move(5 * time.Minute)
	expect(t, early.to(v), OK)
	c.move(time.Millisecond)
	expect(t, late.to(v), Stale)
	late.password = "wrong"
	expect(t, late.to(v), Rejected)
	expect(t, goodLogin(freshNonce(t, v)).to(v), OK)
}

func TestLifetime(t *testing.T) {
	c := newClock()
	v := newTestVerifier(t, Config{Now: c.Now, Lifetime: time.Second})
	a, b := goodLogin(freshNonce(t, v)), goodLogin(freshNonce(t, v))
	c.move(time.Second)
	expect(t, a.to(v), OK)
	c.move(time.Millisecond)
	expect(t, b.to(v), Stale)
}

func TestReplay(t *testing.T) {
	v := newTestVerifier(t, Config{})
	a := goodLogin(freshNonce(t, v))
	expect(t, a.to(v), OK)
	expect(t, a.to(v), Stale)
	a.cnonce, a.method, a.algorithm = "another", "PUT", "SHA-256"
	verdict, user := v.Verify(a.method, a.uri, a.String(), passwords)
	expect(t, verdict, Stale)
	if user != "" {
		t.Errorf("returns the user %q", user)
	}
	a.nc = "00000002"
	expect(t, a.to(v), OK)
	a.password = "wrong"
	expect(t, a.to(v), Rejected)
}

// A count is the same in capitals and in small letters.
func TestReplayInAnotherCase(t *testing.T) {
	v := newTestVerifier(t, Config{})
	a := goodLogin(freshNonce(t, v))
	a.nc = "0000000a"
	expect(t, a.to(v), OK)
	a.nc = "0000000A"
	expect(t, a.to(v), Stale)
}

// A nonce can contain every time that the clock of the fake can have.
func TestNoncesOfAnyYear(t *testing.T) {
	for _, year := range []int{1, 1969, 2026, 6430, 9998} {
		now := time.Date(year, 1, 2, 3, 4, 5, 0, time.UTC)
		v := newTestVerifier(t, Config{Now: func() time.Time { return now }})
		t.Run(strconv.Itoa(year), func(t *testing.T) { expect(t, goodLogin(freshNonce(t, v)).to(v), OK) })
	}
}

// A client without the password must neither use up the counts of other clients nor fill the memory.
func TestRejectedLeavesNoTrace(t *testing.T) {
	v := newTestVerifier(t, Config{})
	a := goodLogin(freshNonce(t, v))
	wrong, unknown := a, a
	wrong.password, unknown.user = "wrong", "nobody"
	expect(t, wrong.to(v), Rejected)
	expect(t, unknown.to(v), Rejected)
	if n := len(v.replays.known); n != 0 {
		t.Errorf("%d nonces remembered", n)
	}
	expect(t, a.to(v), OK)
}

// An unknown user must cost the same as a wrong password. Time cannot be tested; allocations can, and the hashes make
// more than ten.
func TestUnknownUserCostsTheSame(t *testing.T) {
	v := newTestVerifier(t, Config{})
	known := goodLogin(freshNonce(t, v))
	unknown := known
	known.password = "wrong"
	unknown.user = "hgfedcba"
	cost := func(a login) float64 {
		header := a.String()
		return testing.AllocsPerRun(200, func() { v.Verify(a.method, a.uri, header, passwords) })
	}
	if a, b := cost(known), cost(unknown); a-b > 3 || b-a > 3 {
		t.Errorf("%v allocations for a wrong password, %v for an unknown user", a, b)
	}
	if len(v.decoy) != len(testPassword) {
		t.Errorf("the decoy has %d characters", len(v.decoy))
	}
}

// An unknown user is rejected even with the password that is hashed in place of a real one.
func TestUnknownUserWithTheDecoy(t *testing.T) {
	v := newTestVerifier(t, Config{})
	for _, password := range []string{v.decoy, "", "x"} {
		a := goodLogin(freshNonce(t, v))
		a.user, a.password = "nobody", password
		verdict, _ := v.Verify(a.method, a.uri, a.String(), func(string) (string, bool) { return "x", false })
		expect(t, verdict, Rejected)
	}
}

func TestPasswordIsCalledOnce(t *testing.T) {
	v := newTestVerifier(t, Config{})
	a := goodLogin(freshNonce(t, v))
	a.user = "Jäsøn"
	asked := 0
	verdict, user := v.Verify(a.method, a.uri, a.String(), func(user string) (string, bool) {
		asked++
		return testPassword, user == "Jäsøn"
	})
	expect(t, verdict, OK)
	if asked != 1 || user != "Jäsøn" {
		t.Errorf("password was called %d times, user %q", asked, user)
	}
}

func TestVerdictString(t *testing.T) {
	for verdict, want := range map[Verdict]string{OK: "ok", Stale: "stale", Rejected: "rejected"} {
		if verdict.String() != want {
			t.Errorf("%d is called %s", verdict, verdict)
		}
	}
	var zero Verdict
	expect(t, zero, Rejected)
}
