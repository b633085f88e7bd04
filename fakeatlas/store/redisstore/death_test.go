package redisstore

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/internal/redistest"
)

// fuse ends a client before its next command once it has sent a number of commands, or interrupts it.
type fuse struct {
	gate      // for the hooks that do nothing
	left      int
	out       bool // it has ended or interrupted the client
	off       bool
	interrupt func() // nil: the client ends
}

func (f *fuse) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if f.off {
			return next(ctx, cmd)
		}
		if f.left > 0 {
			f.left--
			return next(ctx, cmd)
		}
		f.out = true
		if f.interrupt == nil {
			cmd.SetErr(errDead)
			return errDead
		}
		f.off = true
		f.interrupt()
		return next(ctx, cmd)
	}
}

// A client that dies before any of its commands leaves nothing half done: the next client completes it. A client
// that another one interrupts there leaves nothing wrong. Unlike [TestInterleavings], this tries every command of every
// operation.
func TestDeaths(t *testing.T) {
	t.Parallel()
	testDeaths(t, "redis://"+miniredis.RunT(t).Addr())
}

func TestRealClusterDeaths(t *testing.T) {
	if testing.Short() || !redistest.Installed() {
		t.Skip("it needs redis-server or valkey-server")
	}
	testDeaths(t, "redis://"+redistest.StartCluster(t)[0].Addr+"?cluster=true")
}

func testDeaths(t *testing.T, address string) {
	s, err := OpenForTest(address)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f := &fuse{off: true}
	s.client.AddHook(f)
	for _, kind := range []string{"delete", "set", "create", "list", "hook", "unhook", "alert", "no alerts"} {
		for _, other := range []string{"", "delete", "set", "alert", "unhook", "list"} {
			for _, interrupts := range []bool{false, true} {
				commands := 0
				for dies(t, s, f, kind, other, interrupts, commands) {
					if commands++; commands > 50 {
						t.Fatalf("%s does not end", kind)
					}
				}
			}
		}
	}
}

// dies lets a client send a number of commands of an operation, and a second client run another one before the first
// one continues, or after it has died. It reports whether the first one had more to send.
func dies(t *testing.T, s *Store, f *fuse, kind, other string, interrupts bool, commands int) bool {
	t.Helper()
	ctx, id := context.Background(), gateIDs[0]
	state := store.State{}
	for i, id := range gateIDs {
		contents := store.Contents{Integrations: []store.Integration{{Type: "SLACK", ID: id}}}
		if i < len(gateNames) {
			contents.Project = &store.Project{ID: id, Org: "o", Name: gateNames[i]}
		}
		if kind != "hook" {
			contents.Integrations = append(contents.Integrations, store.Integration{Type: hook, ID: "h"})
		}
		state[id] = contents
	}
	if kind == "no alerts" || kind == "unhook" {
		contents := state[id]
		contents.Alerts, _ = addAlert(nil, contents.Integrations, "x")
		state[id] = contents
	}
	if err := s.Restore(ctx, state); err != nil {
		t.Fatal(err)
	}
	var succeeded []step
	run := func(st step) {
		if st.run(s) == nil {
			succeeded = append(succeeded, st)
		}
	}
	second := func() {
		if other != "" {
			run(step{other, id, "d"})
		}
	}
	f.off, f.left, f.out, f.interrupt = false, commands, false, nil
	if interrupts {
		f.interrupt = second
	}
	run(step{kind, id, "c"})
	f.off = true
	if !interrupts {
		second()
	}
	r := &reporter{t: t, where: fmt.Sprintf("%s, after %d commands %q, interrupted: %v", kind, commands, other, interrupts)}
	checkInvariants(r, s, map[string]bool{gateIDs[0]: true, gateIDs[1]: true}, succeeded)
	if err := s.Check(ctx); err != nil && !errors.Is(err, store.ErrDeleted) {
		t.Errorf("%s: %v", r.where, err)
	}
	return f.out
}

// reporter adds to each error where it happened.
type reporter struct {
	t     *testing.T
	where string
}

func (r *reporter) Errorf(format string, args ...any) {
	r.t.Errorf("%s: %s", r.where, fmt.Sprintf(format, args...))
}

func (r *reporter) Fatal(args ...any) { r.t.Fatal(append([]any{r.where, ": "}, args...)...) }

// An integration that changes between the read and the write of UpdateAlerts makes the change run again.
func TestAlertsSeeTheIntegrationsThatAreStored(t *testing.T) {
	address := "redis://" + miniredis.RunT(t).Addr()
	s, err := OpenForTest(address)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, id := context.Background(), gateIDs[0]
	for name, between := range map[string]func() error{
		"deleted": func() error { return s.Delete(ctx, id, hook) },
		"replaced": func() error {
			return errors.Join(s.Delete(ctx, id, hook), s.Create(ctx, id, store.Integration{Type: hook, ID: "new"}))
		},
	} {
		if err := s.Restore(ctx, store.State{id: {Integrations: []store.Integration{{Type: hook, ID: "old"}}}}); err != nil {
			t.Fatal(err)
		}
		calls := 0
		err := s.UpdateAlerts(ctx, id, func(list []store.Alert, integrations []store.Integration) ([]store.Alert, error) {
			if calls++; calls == 1 {
				if err := between(); err != nil {
					t.Fatal(err)
				}
			}
			return addAlert(list, integrations, "a")
		})
		if want := map[string]error{"deleted": store.ErrNotFound, "replaced": nil}[name]; calls != 2 || !errors.Is(err, want) {
			t.Errorf("%s: %d calls, %v", name, calls, err)
		}
		checkAlerts(t, s, id)
	}
}
