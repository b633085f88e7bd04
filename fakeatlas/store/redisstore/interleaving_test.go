package redisstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/internal/redistest"
)

// gate stops each command of a client until the schedule lets it pass, or ends the client.
type gate struct {
	arrived chan<- int // the number of the client, when a command waits
	pass    chan bool  // false: the client has died
	client  int
	dead    bool
	open    bool // nothing waits
}

var errDead = errors.New("the client has died")

func (g *gate) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (g *gate) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if !g.open && !g.dead {
			g.arrived <- g.client
			g.dead = !<-g.pass
		}
		if g.dead {
			cmd.SetErr(errDead)
			return errDead
		}
		return next(ctx, cmd)
	}
}

func (g *gate) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

const (
	gateClients = 3
	finished    = gateClients // added to the number of a client that has ended
)

var (
	gateIDs   = []string{"32b6e34b3d91647abb20e7b8", "111111111111111111111111", "65f0c1d2e3a4b5c6d7e8f900"}
	gateNames = []string{"a", "b"}
)

// step is one operation of a client.
type step struct {
	kind     string
	id, name string
}

func (st step) run(s *Store) error {
	ctx := context.Background()
	switch st.kind {
	case "set":
		return s.UpdateProject(ctx, st.id, func(*store.Project) (store.Project, error) {
			return store.Project{ID: st.id, Org: "o", Name: st.name}, nil
		})
	case "delete":
		return s.DeleteProject(ctx, st.id)
	case "create":
		return s.Create(ctx, st.id, store.Integration{Type: "DATADOG", ID: st.name})
	case "hook":
		return s.Create(ctx, st.id, store.Integration{Type: hook, ID: st.name})
	case "unhook":
		return s.Delete(ctx, st.id, hook)
	case "alert":
		return s.UpdateAlerts(ctx, st.id, func(list []store.Alert, integrations []store.Integration) ([]store.Alert, error) {
			return addAlert(list, integrations, st.name)
		})
	case "no alerts":
		return s.UpdateAlerts(ctx, st.id, func([]store.Alert, []store.Integration) ([]store.Alert, error) { return nil, nil })
	default:
		_, err := s.Projects(ctx)
		return err
	}
}

// hook is a type of integration that can't be deleted while an alert configuration uses it.
const hook = "WEBHOOK"

// addAlert adds an alert configuration for each name, which uses the hook that it sees.
func addAlert(list []store.Alert, integrations []store.Integration, name string) ([]store.Alert, error) {
	i := slices.IndexFunc(integrations, func(in store.Integration) bool { return in.Type == hook })
	if i < 0 {
		return nil, store.ErrNotFound
	}
	list = slices.DeleteFunc(list, func(a store.Alert) bool { return a.ID == name })
	return append(list, store.Alert{ID: name, Fields: map[string]any{"notifications": []any{map[string]any{
		"typeName": hook, "integrationId": integrations[i].ID,
	}}}}), nil
}

// With any order of the commands of several clients, and any point where a client dies, no two projects have the same
// name, a project is deleted with all that it has, or not at all, and every alert configuration has its webhook.
func TestInterleavings(t *testing.T) {
	t.Parallel()
	testInterleavings(t, "redis://"+miniredis.RunT(t).Addr())
}

func TestRealClusterInterleavings(t *testing.T) {
	if testing.Short() || !redistest.Installed() {
		t.Skip("it needs redis-server or valkey-server")
	}
	testInterleavings(t, "redis://"+redistest.StartCluster(t)[0].Addr+"?cluster=true")
}

func testInterleavings(t *testing.T, address string) {
	stores, arrived := make([]*Store, gateClients), make(chan int)
	gates := make([]*gate, gateClients)
	for i := range stores {
		s, err := OpenForTest(address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		gates[i] = &gate{arrived: arrived, pass: make(chan bool), client: i}
		s.client.AddHook(gates[i])
		stores[i] = s
	}
	rapid.Check(t, func(t *rapid.T) {
		set := func(open bool) {
			for _, g := range gates {
				g.dead, g.open = false, open
			}
		}
		set(true)
		if err := stores[0].Restore(context.Background(), store.State{}); err != nil {
			t.Fatal(err)
		}
		before := prepare(t, stores[0])
		set(false)
		steps := make([][]step, gateClients)
		for i := range steps {
			steps[i] = rapid.SliceOfN(rapid.Custom(drawStep), 1, 3).Draw(t, fmt.Sprint("client ", i))
		}
		succeeded := schedule(t, stores, gates, arrived, steps)
		set(true)
		checkInvariants(t, stores[0], before, succeeded)
	})
}

// drawStep draws a step for a project, or for the webhook and the alert configurations of the first one: only steps for
// the same webhook can get in each other's way.
func drawStep(t *rapid.T) step {
	name := rapid.SampledFrom(gateNames).Draw(t, "name")
	if rapid.Bool().Draw(t, "alerts") {
		return step{rapid.SampledFrom([]string{"hook", "unhook", "alert", "no alerts"}).Draw(t, "kind"), gateIDs[0], name}
	}
	return step{rapid.SampledFrom([]string{"delete", "set", "create", "list"}).Draw(t, "kind"), rapid.SampledFrom(gateIDs).Draw(t, "id"), name}
}

// With one tombstone more than there may be, the oldest project can be used again.
func TestTombstonesAreBounded(t *testing.T) {
	s, err := OpenForTest("redis://" + miniredis.RunT(t).Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.tombstones = 2
	for _, id := range gateIDs {
		if err := (step{"delete", id, ""}).run(s); err != nil {
			t.Fatal(err)
		}
	}
	state, err := s.Snapshot(context.Background())
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(store.State{gateIDs[1]: {Deleted: true}, gateIDs[2]: {Deleted: true}}, state); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, st := range []step{{"create", gateIDs[0], ""}, {"set", gateIDs[0], "a"}} {
		if err := st.run(s); err != nil {
			t.Errorf("%s: %v", st.kind, err)
		}
	}
}

// prepare gives the projects integrations, and some of them records.
func prepare(t *rapid.T, s *Store) (recorded map[string]bool) {
	recorded = map[string]bool{}
	for i, id := range gateIDs {
		if err := s.Create(context.Background(), id, store.Integration{Type: "SLACK", ID: id}); err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "has a webhook") {
			if err := (step{"hook", id, "h"}).run(s); err != nil {
				t.Fatal(err)
			}
		}
		if i < len(gateNames) && rapid.Bool().Draw(t, "has a record") {
			if err := (step{"set", id, gateNames[i]}).run(s); err != nil {
				t.Fatal(err)
			}
			recorded[id] = true
		}
	}
	return recorded
}

// schedule lets the commands of the clients pass one at a time, in an order that it draws. It returns the operations
// that succeeded.
func schedule(t *rapid.T, stores []*Store, gates []*gate, arrived chan int, steps [][]step) (succeeded []step) {
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0)) // rapid prefers small numbers
	deadly := rapid.SampledFrom([]int{6, 1 << 30}).Draw(t, "commands of a client's life")
	results := make([][]step, len(stores))
	for i, s := range stores {
		go func() {
			for _, st := range steps[i] {
				if st.run(s) == nil {
					results[i] = append(results[i], st)
				}
			}
			arrived <- finished + i
		}()
	}
	running, waiting := len(stores), []int{}
	for running > 0 {
		for len(waiting) < running {
			if client := <-arrived; client >= finished {
				running--
			} else {
				waiting = append(waiting, client)
			}
		}
		if running == 0 {
			break
		}
		next := random.IntN(len(waiting))
		client := waiting[next]
		waiting = append(waiting[:next:next], waiting[next+1:]...)
		gates[client].pass <- random.IntN(deadly) > 0
	}
	for _, list := range results {
		succeeded = append(succeeded, list...)
	}
	return succeeded
}

func checkInvariants(t failer, s *Store, recorded map[string]bool, succeeded []step) {
	ctx := context.Background()
	for _, name := range gateNames { // only a name that no project has can be taken
		named, err := s.ProjectsByName(ctx, name)
		taken := (step{"set", "22222222222222222222222" + name, name}).run(s)
		if err != nil {
			t.Errorf("the name %s: %v", name, err)
		}
		var want error
		if len(named) > 0 {
			want = store.ErrNameTaken
		}
		if !errors.Is(taken, want) {
			t.Errorf("the name %s of %v: %v, want %v", name, named, taken, want)
		}
	}
	list, err := s.Projects(ctx)
	if err != nil {
		t.Fatal(err)
	}
	owners := map[string]string{}
	for _, p := range list {
		if owner, taken := owners[p.Name]; p.Name != "" && taken {
			t.Errorf("%s and %s have the name %s", owner, p.ID, p.Name)
		}
		owners[p.Name] = p.ID
		if p.Name == "" {
			continue
		}
		if named, err := s.ProjectsByName(ctx, p.Name); err != nil || len(named) != 1 || named[0].ID != p.ID {
			t.Errorf("%s is named %s: %v, %v", p.ID, p.Name, named, err)
		}
	}
	for _, id := range gateIDs {
		checkProject(t, s, id, recorded[id], succeeded)
		checkAlerts(t, s, id)
	}
}

// checkAlerts checks that the alert configurations of a project use a webhook that exists, which can't be deleted.
func checkAlerts(t failer, s *Store, id string) {
	list, err := s.Alerts(context.Background(), id)
	if errors.Is(err, store.ErrDeleted) || err == nil && len(list) == 0 {
		return
	}
	in, hookErr := s.Get(context.Background(), id, hook)
	if err != nil || hookErr != nil {
		t.Errorf("%s has the alert configurations %v, %v, and the webhook %v, %v", id, list, err, in, hookErr)
	}
	for _, a := range list {
		if n := a.Fields["notifications"].([]any)[0].(map[string]any); n["integrationId"] != in.ID {
			t.Errorf("%s uses %s of %s, and its webhook is %s", a, n["integrationId"], id, in.ID)
		}
	}
	if err := s.Delete(context.Background(), id, hook); !errors.Is(err, store.ErrInUse) {
		t.Errorf("the webhook of %s is used, and its deletion returns %v", id, err)
	}
}

// failer is a test, or a check of rapid.
type failer interface {
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

// checkProject checks that a project exists with everything in it, or is deleted.
func checkProject(t failer, s *Store, id string, recorded bool, succeeded []step) {
	_, err := s.Project(context.Background(), id)
	isDeleted := errors.Is(err, store.ErrDeleted)
	list, listErr := s.List(context.Background(), id)
	integrations := 1 // the number of those that were not deleted
	for _, st := range succeeded {
		switch {
		case st.id != id:
		case st.kind == "delete" && !isDeleted:
			t.Errorf("%s was deleted and exists", id)
		case st.kind == "create":
			integrations = 2
		case st.kind == "set":
			recorded = true
		}
	}
	switch {
	case isDeleted && !errors.Is(listErr, store.ErrDeleted):
		t.Errorf("%s is deleted and has %v, %v", id, list, listErr)
	case !isDeleted && (listErr != nil || len(list) < integrations):
		t.Errorf("%s exists and has %v of %d, %v", id, list, integrations, listErr)
	case !isDeleted && recorded && err != nil:
		t.Errorf("%s exists without its record: %v", id, err)
	}
}
