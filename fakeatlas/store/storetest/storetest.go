// Package storetest tests that a store meets the contract of [store.Store]. It tests the stores of this module, and
// you can use it for your own store. It does not import package testing.
package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// tb has the methods of *testing.T that the tests of this package call.
type tb = interface {
	Helper()
	Errorf(format string, args ...any)
}

// TestStore tests the contract of [store.Store], and those of [store.TextStore] and [store.SharedStore] if the store is
// one, and reports each violation with t.Errorf. Each call of empty must return a store without data; TestStore calls
// it once for each part of the contract. After wait returns, more than the time must have passed by the clock of the
// store; wait may be nil for a store without texts. Run TestStore with the race detector, because the contract
// includes concurrent use. Pass a *testing.T, or a value that is also safe for concurrent use, as t.
func TestStore(t interface {
	Helper()
	Errorf(format string, args ...any)
}, empty func() store.Store, wait func(time.Duration)) {
	t.Helper()
	testIntegrations(t, empty)
	switch _, ok := empty().(store.TextStore); {
	case ok && wait == nil:
		t.Errorf("the store is a TextStore, and wait is nil")
	case ok:
		testTexts(t, func() store.TextStore { return empty().(store.TextStore) }, wait)
	}
	if _, ok := empty().(store.SharedStore); ok {
		testBuckets(t, func() store.SharedStore { return empty().(store.SharedStore) })
	}
}

// testIntegrations tests the contract of [store.Store].
func testIntegrations(t tb, empty func() store.Store) {
	t.Helper()
	for _, c := range []struct {
		name  string
		check func(*checker)
	}{
		{"empty", (*checker).empty},
		{"description", (*checker).description},
		{"create", (*checker).create},
		{"update", (*checker).update},
		{"rejected update", (*checker).rejectedUpdate},
		{"delete", (*checker).delete},
		{"projects are separate", (*checker).projects},
		{"values", (*checker).values},
		{"nested values", (*checker).nested},
		{"results are the caller's", (*checker).aliasing},
		{"snapshot and restore", (*checker).snapshot},
		{"of many creations one succeeds", (*checker).creations},
		{"no update is lost", (*checker).updates},
		{"of many deletions one succeeds", (*checker).deletions},
		{"records of projects", (*checker).records},
		{"names of projects", (*checker).names},
		{"lists of projects", (*checker).lists},
		{"rejected change of a project", (*checker).rejectedChange},
		{"deleted projects", (*checker).deleted},
		{"deleted projects without a record", (*checker).deletedUnrecorded},
		{"snapshot and restore of projects", (*checker).projectSnapshot},
		{"a restore has no duplicate names", (*checker).duplicateNames},
		{"of many projects one gets a name", (*checker).nameRace},
		{"of many renames one succeeds", (*checker).renameRace},
		{"of many deletions of a project one succeeds", (*checker).deleteRace},
		{"no write survives a deletion", (*checker).writeRace},
		{"alert configurations", (*checker).alerts},
		{"rejected change of alert configurations", (*checker).rejectedAlerts},
		{"alert configurations keep webhooks", (*checker).webhookInUse},
		{"alert configurations of deleted projects", (*checker).deletedAlerts},
		{"snapshot and restore of alert configurations", (*checker).alertSnapshot},
		{"no alert configuration is lost", (*checker).alertRace},
		{"no webhook is deleted that is used", (*checker).webhookRace},
	} {
		c.check(&checker{t: t, name: c.name, s: empty(), ctx: context.Background()})
	}
}

const (
	project = "32b6e34b3d91647abb20e7b8"
	other   = "111111111111111111111111"
	clients = 32
)

type checker struct {
	t    tb
	name string
	s    store.Store
	ctx  context.Context
}

func sample(typ string) store.Integration {
	return store.Integration{Type: typ, ID: "65f0c1d2e3a4b5c6d7e8f9" + fmt.Sprintf("%02x", len(typ)),
		Fields: map[string]any{"apiKey": "k-" + typ, "on": true}}
}

func (c *checker) wantErr(what string, err, want error) {
	c.t.Helper()
	if !errors.Is(err, want) {
		c.t.Errorf("%s: %s: %v, want %v", c.name, what, err, want)
	}
}

func (c *checker) wantSame(what string, got, want any) {
	c.t.Helper()
	if !reflect.DeepEqual(got, want) {
		c.t.Errorf("%s: %s: %v, want %v", c.name, what, got, want)
	}
}

// list returns the integrations of a project, by type.
func (c *checker) list(project string) []store.Integration {
	c.t.Helper()
	list, err := c.s.List(c.ctx, project)
	c.wantErr("list", err, nil)
	slices.SortFunc(list, byType)
	return list
}

func byType(a, b store.Integration) int { return strings.Compare(a.Type, b.Type) }

func (c *checker) wantList(project string, want ...store.Integration) {
	c.t.Helper()
	if got := c.list(project); len(got) != 0 || len(want) != 0 {
		c.wantSame("list", got, want)
	}
}

func (c *checker) wantGet(project string, want store.Integration) {
	c.t.Helper()
	got, err := c.s.Get(c.ctx, project, want.Type)
	c.wantErr("get", err, nil)
	c.wantSame("get", got, want)
}

func (c *checker) mustCreate(project string, list ...store.Integration) {
	c.t.Helper()
	for _, in := range list {
		c.wantErr("create", c.s.Create(c.ctx, project, in), nil)
	}
}

// put is an update that ignores the old integration.
func (c *checker) put(project string, in store.Integration) error {
	return c.s.Update(c.ctx, project, in.Type, func(*store.Integration) (store.Integration, error) { return in, nil })
}

func (c *checker) empty() {
	c.wantList(project)
	_, err := c.s.Get(c.ctx, project, "A")
	c.wantErr("get", err, store.ErrNotFound)
	c.wantErr("delete", c.s.Delete(c.ctx, project, "A"), store.ErrNotFound)
	state, err := c.s.Snapshot(c.ctx)
	c.wantErr("snapshot", err, nil)
	c.wantSame("snapshot", len(state), 0)
}

// description checks the methods that describe the store: an empty store that works has a kind and accepts writes.
func (c *checker) description() {
	c.wantSame("the store has a kind", c.s.Kind() != "", true)
	c.wantErr("check", c.s.Check(c.ctx), nil)
}

func (c *checker) create() {
	c.mustCreate(project, sample("B"), sample("A"))
	c.wantList(project, sample("A"), sample("B"))
	changed := sample("A")
	changed.ID = "another"
	c.wantErr("create again", c.s.Create(c.ctx, project, changed), store.ErrExists)
	c.wantGet(project, sample("A"))
}

func (c *checker) update() {
	var seen *store.Integration
	set := func(in store.Integration) {
		c.t.Helper()
		c.wantErr("update", c.s.Update(c.ctx, project, in.Type, func(old *store.Integration) (store.Integration, error) {
			seen = old
			return in, nil
		}), nil)
	}
	set(sample("A"))
	c.wantSame("an update sees nil if nothing is stored", seen, (*store.Integration)(nil))
	changed := sample("A")
	changed.Fields = map[string]any{"apiKey": "new"}
	set(changed)
	first := sample("A")
	c.wantSame("an update sees the stored integration", seen, &first)
	c.wantList(project, changed)
}

func (c *checker) rejectedUpdate() {
	rejection := errors.New("rejected")
	reject := func(*store.Integration) (store.Integration, error) { return sample("A"), rejection }
	c.wantErr("update of nothing", c.s.Update(c.ctx, project, "A", reject), rejection)
	c.wantList(project)
	c.mustCreate(project, sample("A"))
	c.wantErr("update", c.s.Update(c.ctx, project, "A", func(old *store.Integration) (store.Integration, error) {
		return store.Integration{}, rejection
	}), rejection)
	c.wantList(project, sample("A"))
}

func (c *checker) delete() {
	c.mustCreate(project, sample("A"), sample("B"))
	c.wantErr("delete", c.s.Delete(c.ctx, project, "A"), nil)
	c.wantList(project, sample("B"))
	c.wantErr("delete again", c.s.Delete(c.ctx, project, "A"), store.ErrNotFound)
	c.wantErr("delete the last", c.s.Delete(c.ctx, project, "B"), nil)
	c.mustCreate(project, sample("A"))
	c.wantList(project, sample("A"))
}

func (c *checker) projects() {
	c.mustCreate(project, sample("A"))
	c.wantList(other)
	c.mustCreate(other, sample("A"), sample("B"))
	c.wantErr("delete", c.s.Delete(c.ctx, project, "A"), nil)
	c.wantList(project)
	c.wantList(other, sample("A"), sample("B"))
	c.mustCreate(other+"1", sample("A")) // a name that begins like another
	c.wantList(other, sample("A"), sample("B"))
}

// values checks that values are read unchanged, in each form in which a store writes them.
func (c *checker) values() {
	in := sample("A")
	in.Fields = map[string]any{
		"true": true, "false": false, "null": nil, "empty": "", "text": "\u0000 \" \\ / \n \u2028 <>& ü 😀 ${env:HOME}",
		"": "no name", "a.b/c": "1", "number": "01",
	}
	c.mustCreate(project, in)
	c.wantGet(project, in)
	c.wantList(project, in)
	bare := store.Integration{Type: "B", ID: "b", Fields: map[string]any{}}
	c.wantErr("update", c.put(project, bare), nil)
	got, err := c.s.Get(c.ctx, project, "B")
	c.wantErr("get", err, nil)
	c.wantSame("no fields", len(got.Fields), 0)
}

// nested checks nested values, whose numbers must keep all digits, for all methods and as JSON.
func (c *checker) nested() {
	in := sample("A")
	in.Fields = map[string]any{
		"object": map[string]any{"": map[string]any{"list": []any{nil, true, "x <>&", map[string]any{"deep": []any{[]any{}}}}},
			"empty": map[string]any{}},
		"list":  []any{json.Number("1"), json.Number("2"), json.Number("1")},
		"empty": []any{},
		"numbers": []any{json.Number("0"), json.Number("-0"), json.Number("1.50"), json.Number("1e400"), json.Number("-1E-7"),
			json.Number("12345678901234567890.00100")},
		"number": json.Number("9007199254740993"),
		"format": "a name that a store may use itself",
	}
	c.mustCreate(project, in)
	c.wantGet(project, in)
	c.wantList(project, in)
	c.wantErr("update", c.s.Update(c.ctx, project, "A", func(old *store.Integration) (store.Integration, error) {
		c.wantSame("an update sees the stored integration", old, &in)
		if old != nil {
			return *old, nil
		}
		return in, nil
	}), nil)
	data, err := json.Marshal(c.state())
	c.wantErr("marshal", err, nil)
	read := store.State{}
	c.wantErr("unmarshal", json.Unmarshal(data, &read), nil)
	c.wantErr("restore", c.s.Restore(c.ctx, read), nil)
	c.wantSame("restored", c.state(), store.State{project: {Integrations: []store.Integration{in}}})
}

// aliasing checks that the caller may sort, cut and keep the lists that it gets.
func (c *checker) aliasing() {
	c.mustCreate(project, sample("A"), sample("B"))
	clear(c.list(project))
	c.wantList(project, sample("A"), sample("B"))
	state, err := c.s.Snapshot(c.ctx)
	c.wantErr("snapshot", err, nil)
	clear(state[project].Integrations)
	clear(state)
	c.wantList(project, sample("A"), sample("B"))
}

func (c *checker) snapshot() {
	c.mustCreate(project, sample("A"), sample("B"))
	c.mustCreate(other, sample("A"))
	state := c.state()
	c.wantSame("snapshot", state, store.State{
		project: {Integrations: []store.Integration{sample("A"), sample("B")}}, other: {Integrations: []store.Integration{sample("A")}},
	})
	c.wantErr("delete", c.s.Delete(c.ctx, project, "A"), nil)
	c.mustCreate(other, sample("C"))
	// A snapshot leaves the process as JSON.
	data, err := json.Marshal(state)
	c.wantErr("marshal", err, nil)
	read := store.State{}
	c.wantErr("unmarshal", json.Unmarshal(data, &read), nil)
	c.wantErr("restore", c.s.Restore(c.ctx, read), nil)
	c.wantSame("restored", c.state(), state)
	c.wantErr("restore nothing", c.s.Restore(c.ctx, store.State{}), nil)
	c.empty()
	c.wantErr("restore nil", c.s.Restore(c.ctx, nil), nil)
	c.mustCreate(project, sample("A"))
}

func (c *checker) state() store.State {
	c.t.Helper()
	state, err := c.s.Snapshot(c.ctx)
	c.wantErr("snapshot", err, nil)
	for _, contents := range state {
		slices.SortFunc(contents.Integrations, byType)
	}
	return state
}

// together runs clients at the same time and counts those that succeed; want is the error of the others.
func (c *checker) together(want error, client func(n int) error) (succeeded int) {
	c.t.Helper()
	var wg sync.WaitGroup
	results := make([]error, clients)
	for n := range clients {
		wg.Go(func() { results[n] = client(n) })
	}
	wg.Wait()
	for _, err := range results {
		if err == nil {
			succeeded++
		} else {
			c.wantErr("one of many", err, want)
		}
	}
	return succeeded
}

func (c *checker) creations() {
	n := c.together(store.ErrExists, func(n int) error {
		in := sample("A")
		in.ID = fmt.Sprint(n)
		if _, err := c.s.List(c.ctx, project); err != nil {
			return err
		}
		return c.s.Create(c.ctx, project, in)
	})
	c.wantSame("successes", n, 1)
	c.wantSame("integrations", len(c.list(project)), 1)
}

func (c *checker) updates() {
	n := c.together(nil, func(n int) error {
		return c.s.Update(c.ctx, project, "A", func(old *store.Integration) (store.Integration, error) {
			in := store.Integration{Type: "A", ID: "a", Fields: map[string]any{}}
			if old != nil {
				for name, value := range old.Fields {
					in.Fields[name] = value
				}
			}
			in.Fields[fmt.Sprint(n)] = "x"
			return in, nil
		})
	})
	c.wantSame("successes", n, clients)
	got, err := c.s.Get(c.ctx, project, "A")
	c.wantErr("get", err, nil)
	c.wantSame("fields", len(got.Fields), clients)
}

func (c *checker) deletions() {
	c.mustCreate(project, sample("A"))
	c.wantSame("successes", c.together(store.ErrNotFound, func(int) error { return c.s.Delete(c.ctx, project, "A") }), 1)
	c.wantList(project)
}
