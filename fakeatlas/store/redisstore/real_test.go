package redisstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
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
	holdAll(t, "redis://"+redistest.Start(t).Addr)
}

func TestRealCluster(t *testing.T) {
	needRedis(t)
	nodes := redistest.StartCluster(t)
	holdAll(t, "redis://"+nodes[0].Addr+"?cluster=true")
	lone := open(t, "redis://"+nodes[0].Addr)
	failed := false
	for range 100 { // some of the keys are elsewhere
		err := lone.Strike(context.Background(), "token", time.Now().String())
		if err != nil {
			wantFailure(t, err, "add ?cluster=true")
			failed = true
		}
	}
	if !failed {
		t.Error("without cluster=true nothing fails")
	}
}

func holdAll(t *testing.T, address string) {
	t.Helper()
	p := &place{t: t, address: address}
	storetest.Hold(t, func() store.Store { return p.empty() })
	storetest.HoldNotes(t, func() store.Notes { return p.empty() }, func() { <-time.After(2 * storetest.Age) })
}
