package fakeatlas

import (
	"context"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/atlasint/atlasint/fakeatlas/store/redisstore"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redistest"
)

func (a *apiClient) digested(challenge string) reply {
	a.t.Helper()
	return a.do("GET", "", "", "Authorization: "+digestOf(challenge, "MD5", "GET", a.path(""), DefaultAPIKey.PublicKey, DefaultAPIKey.PrivateKey))
}

func (a *apiClient) challenged() string {
	a.t.Helper()
	return a.do("GET", "", "", "Authorization:").header.Get("WWW-Authenticate")
}

// Another replica accepts a nonce once.
func TestReplicasShareNonces(t *testing.T) {
	mini, a, b := replicas(t)
	challenge := a.challenged()
	b.want(b.digested(challenge), 200, "")
	for _, replica := range []*apiClient{a, b} {
		replica.wantStale(challenge)
	}
	b.s.Advance(-2 * skewOfTest)
	b.want(b.digested(a.challenged()), 401, "UNEXPECTED_ERROR")
	b.s.Advance(2*skewOfTest - 1)
	b.want(b.digested(a.challenged()), 200, "")
	// A replica that starts later accepts the same nonces, and the others accept its own.
	late := newAPIClient(t, schemas.V2, WithStore(newRedis(t, mini)))
	late.want(late.digested(a.challenged()), 200, "")
	mini.FlushAll()
	newer := newAPIClient(t, schemas.V2, WithStore(newRedis(t, mini)))
	a.want(a.digested(newer.challenged()), 200, "")
}

// wantStale checks that the server rejects the response to a challenge as stale, so that the client tries again by
// itself.
func (a *apiClient) wantStale(challenge string) {
	a.t.Helper()
	got := a.digested(challenge)
	a.want(got, 401, "UNEXPECTED_ERROR")
	if !strings.Contains(got.header.Get("WWW-Authenticate"), "stale=true") {
		a.t.Errorf("responded with %v", got.header)
	}
}

// If Redis has lost the text of a nonce, the nonce is stale at every replica, whether it was used or not.
func TestNoncesOfLostTextsAreStale(t *testing.T) {
	for name, lose := range map[string]func(mini *miniredis.Miniredis, a, b *apiClient){
		"flushed": func(mini *miniredis.Miniredis, _, _ *apiClient) { mini.FlushAll() },
		"evicted": func(mini *miniredis.Miniredis, _, _ *apiClient) {
			for _, key := range mini.Keys() {
				if strings.Contains(key, ":nonce:") {
					mini.Del(key)
				}
			}
		},
		"forgotten by its clock": func(mini *miniredis.Miniredis, _, b *apiClient) {
			mini.SetTime(time.Now().Add(time.Hour))
			b.digested(b.challenged()) // removes expired texts
			b.s.Advance(time.Minute)
			b.s.Advance(-time.Minute)
		},
	} {
		t.Run(name, func(t *testing.T) {
			mini, a, b := replicas(t)
			used, unused := a.challenged(), a.challenged()
			b.want(b.digested(used), 200, "")
			lose(mini, a, b)
			for _, replica := range []*apiClient{b, a} {
				replica.wantStale(used)
				replica.wantStale(unused)
				replica.want(replica.digested(replica.challenged()), 200, "")
			}
			wrong := digestOf(used, "MD5", "GET", a.path(""), DefaultAPIKey.PublicKey, "wrong")
			got := a.do("GET", "", "", "Authorization: "+wrong)
			a.want(got, 401, "UNEXPECTED_ERROR")
			if !strings.Contains(got.header.Get("WWW-Authenticate"), "stale=false") {
				t.Errorf("a wrong password gets %v", got.header)
			}
		})
	}
}

// savedRedis starts a Redis that writes data to disk only when the test saves it.
func savedRedis(t *testing.T, args ...string) *redistest.Server {
	t.Helper()
	if testing.Short() || !redistest.Installed() {
		t.Skip("neither redis-server nor valkey-server is installed")
	}
	return redistest.Start(t, append([]string{"--appendonly", "no"}, args...)...)
}

func storeAt(t *testing.T, addr string) *redisstore.Store {
	t.Helper()
	s, err := redisstore.Open("redis://" + addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// wantWorking waits for a Redis; for a second the client may know that nothing responds.
func wantWorking(t *testing.T, s *redisstore.Store) {
	t.Helper()
	for end := time.Now().Add(time.Minute); s.Check(context.Background()) != nil; {
		if time.Now().After(end) {
			t.Fatal("the store does not work again")
		}
	}
}

// A Redis that comes back with older data has the key of the nonces and not all their uses.
func TestNoncesAfterARestartAreStale(t *testing.T) {
	redis := savedRedis(t)
	s := storeAt(t, redis.Addr)
	a := newAPIClient(t, schemas.V2, WithStore(s))
	used := a.challenged()
	redis.Do("SAVE")
	a.want(a.digested(used), 200, "")
	redis.Kill()
	redis.Restart()
	wantWorking(t, s)
	a.wantStale(used)
	a.want(a.digested(a.challenged()), 200, "")
}

// So has a copy that becomes the master before the last writes have reached it.
func TestNoncesAfterAFailoverAreStale(t *testing.T) {
	master := savedRedis(t, "--repl-diskless-sync-delay", "0")
	host, port, _ := net.SplitHostPort(master.Addr)
	lagging := savedRedis(t, "--replicaof", host+" "+port)
	address := forward(t, master.Addr)
	s := storeAt(t, address.listener.Addr().String())
	a := newAPIClient(t, schemas.V2, WithStore(s))
	used := a.challenged()
	if got := master.Do("WAIT", "1", "60000"); got != "1\n" {
		t.Fatalf("the copy does not replicate: %s", got)
	}
	lagging.Do("REPLICAOF", "NO", "ONE")
	a.want(a.digested(used), 200, "")
	address.to(lagging.Addr)
	master.Kill()
	wantWorking(t, s)
	a.wantStale(used)
	a.want(a.digested(a.challenged()), 200, "")
}

// forwarded is an address that forwards to one server after the other.
type forwarded struct {
	listener net.Listener
	target   atomic.Value
}

func (f *forwarded) to(addr string) { f.target.Store(addr) }

func forward(t *testing.T, addr string) *forwarded {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	f := &forwarded{listener: listener}
	f.to(addr)
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go f.serve(client)
		}
	}()
	return f
}

func (f *forwarded) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", f.target.Load().(string))
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	}()
	_, _ = io.Copy(client, server)
}

// skewOfTest is more than clocks may differ.
const skewOfTest = time.Minute
