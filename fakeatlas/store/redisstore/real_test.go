package redisstore_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/redisstore"
	"github.com/atlasint/atlasint/fakeatlas/store/storetest"
	"github.com/atlasint/atlasint/internal/redistest"
)

// needRedis skips a test where there is no Redis to run; make stores installs one.
func needRedis(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("a real Redis takes its time")
	}
	if !redistest.Installed() {
		t.Skip("neither redis-server nor valkey-server is installed")
	}
}

func TestRealRedis(t *testing.T) {
	needRedis(t)
	testContracts(t, "redis://"+redistest.Start(t).Addr)
}

func TestRealCluster(t *testing.T) {
	needRedis(t)
	nodes := redistest.StartCluster(t)
	testContracts(t, "redis://"+nodes[0].Addr+"?cluster=true")
	lone := open(t, "redis://"+nodes[0].Addr)
	failed := false
	for range 100 { // some of the keys are elsewhere
		err := lone.DeleteText(context.Background(), "token", time.Now().String())
		if err != nil {
			wantFailure(t, err, "add ?cluster=true")
			failed = true
		}
	}
	if !failed {
		t.Error("without cluster=true nothing fails")
	}
}

// If any node of a cluster dies, operations return a [store.Failure] until the node is back.
func TestRealClusterFails(t *testing.T) {
	needRedis(t)
	t.Parallel() // with tests that start no real Redis: no other server may take the port of a dead node
	nodes := redistest.StartCluster(t)
	s := open(t, "redis://"+nodes[0].Addr+"?cluster=true&addr="+nodes[1].Addr)
	works := func() bool {
		for _, err := range callAll(s) {
			if err != nil {
				wantFailure(t, err, "Redis at 127.0.0.1:")
				return false
			}
		}
		return true
	}
	if !works() {
		t.Fatal("it does not work at first")
	}
	for _, dead := range [][]*redistest.Server{nodes[:1], nodes} {
		for _, node := range dead {
			node.Kill()
		}
		if works() {
			t.Error("it works without the nodes that are dead")
		}
		for _, node := range dead {
			node.Restart()
		}
		for end := time.Now().Add(time.Minute); !works(); {
			if time.Now().After(end) {
				t.Fatal("it does not work again")
			}
		}
	}
}

// Errors about one node of a cluster have its address.
func TestErrorsNameTheNode(t *testing.T) {
	needRedis(t)
	nodes := redistest.StartCluster(t)
	s := open(t, "redis://"+nodes[0].Addr+"?cluster=true&addr="+nodes[1].Addr)
	wantUsable(t, s)
	nodes[2].Do("CONFIG", "SET", "maxmemory", "100mb", "maxmemory-policy", "allkeys-lfu")
	wantFailure(t, s.Check(t.Context()), "Redis at "+nodes[2].Addr+": it can evict stored data")
	nodes[2].Do("CONFIG", "SET", "maxmemory", "0")
	wantUsable(t, s)
	nodes[1].Kill()
	wantFailure(t, s.Check(t.Context()), "Redis at "+nodes[1].Addr+": ")
}

func testContracts(t *testing.T, address string) {
	t.Helper()
	p := &place{t: t, address: address}
	storetest.TestStore(t, func() store.Store { return p.empty() }, func(d time.Duration) { awaitExpiry(t, p.empty(), d) })
}

// awaitExpiry returns after Redis has removed a key with a life of d, and so all older ones with that life.
func awaitExpiry(t *testing.T, s *redisstore.Store, d time.Duration) {
	t.Helper()
	_, err := s.AddText(t.Context(), "a", "last", "1", d)
	for end := time.Now().Add(time.Minute); err == nil; runtime.Gosched() {
		if _, err = s.GetText(t.Context(), "a", "last"); time.Now().After(end) {
			t.Fatalf("a key with a life of %s still exists after a minute", d)
		}
	}
	if !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
}
