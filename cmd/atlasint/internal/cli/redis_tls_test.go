package cli_test

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/atlasint/atlasint/internal/redistest"
)

// Redis over TLS works like any other Redis if its certificate is trusted.
func TestRedisOverTLS(t *testing.T) {
	const password = "passwordPASSWORDpassword"
	needRedis(t)
	redis := redistest.StartTLS(t, "127.0.0.1", "--requirepass", password)
	t.Setenv("REDIS_PASSWORD", password)
	t.Setenv("SSL_CERT_FILE", redis.Roots)
	flags := []string{"--rate-limit", "0", "--store", "rediss://" + redis.Addr}
	replicas := []*server{serve(t, flags...), serve(t, flags...)}
	p := newProducer()
	bearer := "Authorization: Bearer " + p.token(t, replicas[0])
	p.createConcurrently(t, replicas, "/api/atlas/v1.0/groups/5d791c84ff7a2522cc4f9aa1/integrations/SLACK", bearer, 64)
	checkRedisHidesCanary(t, redis)
}

// If the server can't connect to Redis over TLS, it prints the cause and a hint in one line.
func TestRedisOverTLSFails(t *testing.T) {
	plain := func(t *testing.T) *redistest.Server { return redistest.Start(t) }
	certified := func(name string, args ...string) func(*testing.T) *redistest.Server {
		return func(t *testing.T) *redistest.Server { return redistest.StartTLS(t, name, args...) }
	}
	unlike := "; if it does not support TLS, use redis://; if it requires client certificates, set its tls-auth-clients to no"
	for name, tc := range map[string]struct {
		redis   func(*testing.T) *redistest.Server
		trusted bool
		scheme  string
		want    string
	}{
		"not trusted": {
			redis:  certified("127.0.0.1"),
			scheme: "rediss://",
			want:   "its certificate is not trusted; set SSL_CERT_FILE to the certificate of its authority",
		},
		"another name": {
			redis:   certified("redis.example.com"),
			trusted: true,
			scheme:  "rediss://",
			want:    "its certificate is for another host; use the host name in the certificate",
		},
		"certificates of clients": {
			redis:   certified("127.0.0.1", "--tls-auth-clients", "yes"),
			trusted: true,
			scheme:  "rediss://",
			want:    "it closed the connection" + unlike,
		},
		"TLS unasked": {redis: certified("127.0.0.1"), trusted: true, scheme: "redis://", want: "it closed the connection; if it requires TLS, use rediss://"},
		"no TLS":      {redis: plain, scheme: "rediss://", want: "it did not respond in time" + unlike},
	} {
		t.Run(name, func(t *testing.T) {
			needRedis(t)
			t.Setenv("SSL_CERT_FILE", os.DevNull)
			redis := tc.redis(t)
			if tc.trusted {
				t.Setenv("SSL_CERT_FILE", redis.Roots)
			}
			s := serve(t, "--store", tc.scheme+redis.Addr)
			s.signal(t, syscall.SIGTERM)
			s.wait(t)
			want := "atlasint: warning: Redis at " + redis.Addr + ": " + tc.want + "; requests get 500 and health 503 until the store works again\n"
			if got := s.stderr.String(); !strings.HasPrefix(got, want) {
				t.Errorf("it says\n%s\nwant\n%s", got, want)
			}
		})
	}
}
