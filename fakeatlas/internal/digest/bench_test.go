package digest

import (
	"fmt"
	"testing"
	"time"
)

func BenchmarkChallenge(b *testing.B) {
	v := newTestVerifier(b, Config{Now: time.Now})
	b.ReportAllocs()
	for b.Loop() {
		_ = v.Challenge(false)
	}
}

func BenchmarkVerify(b *testing.B) {
	v := newTestVerifier(b, Config{})
	good := goodLogin(freshNonce(b, v))
	wrong, unknown, sha := good, good, good
	wrong.password = "wrong"
	unknown.user = "hgfedcba"
	sha.algorithm = "SHA-256"
	for _, c := range []struct {
		name  string
		login login
	}{{"replayed", good}, {"SHA-256", sha}, {"wrong password", wrong}, {"unknown user", unknown}} {
		b.Run(c.name, func(b *testing.B) {
			header := c.login.String()
			b.ReportAllocs()
			for b.Loop() {
				v.Verify("GET", testTarget, header, passwords)
			}
		})
	}
}

// With the memory full, each new nonce drives one out.
func BenchmarkReplays(b *testing.B) {
	for _, limit := range []int{1_000, defaultNonces} {
		b.Run(fmt.Sprint(limit), func(b *testing.B) {
			r := newReplays(limit, time.UnixMilli(0))
			ms := int64(0)
			for range limit {
				ms++
				r.accept(replayAt(ms), 1, 0)
			}
			b.ReportAllocs()
			for b.Loop() {
				ms++
				r.accept(replayAt(ms), 1, 0)
			}
		})
	}
}

func BenchmarkVerifyInParallel(b *testing.B) {
	v := newTestVerifier(b, Config{})
	header := goodLogin(freshNonce(b, v)).String()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			v.Verify("GET", testTarget, header, passwords)
		}
	})
}
