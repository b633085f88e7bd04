package storetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/storetest"
)

// recorder is a test that records its errors.
type recorder struct {
	mu     sync.Mutex
	faults []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = append(r.faults, fmt.Sprintf(format, args...))
}

// faulty is a store with one fault.
type faulty struct {
	*store.Memory
	fault string
}

func (f faulty) Kind() string {
	if f.fault == "no kind" {
		return ""
	}
	return f.Memory.Kind()
}

func (f faulty) Check(ctx context.Context) error {
	if f.fault == "check fails" {
		return errors.New("unhealthy")
	}
	return f.Memory.Check(ctx)
}

func (f faulty) List(ctx context.Context, project string) ([]store.Integration, error) {
	if f.fault == "one project" {
		project = "all"
	}
	list, err := f.Memory.List(ctx, project)
	if f.fault == "list drops one" && len(list) > 1 {
		list = list[1:]
	}
	return list, err
}

func (f faulty) Get(ctx context.Context, project, typ string) (store.Integration, error) {
	if f.fault == "one project" {
		project = "all"
	}
	in, err := f.Memory.Get(ctx, project, typ)
	if f.fault == "own error" && err != nil {
		err = errors.New("nothing there")
	}
	if f.fault == "numbers are floats" {
		in = floats(in)
	}
	if f.fault == "drops null" {
		in.Fields = maps.Clone(in.Fields)
		maps.DeleteFunc(in.Fields, func(_ string, value any) bool { return value == nil })
	}
	return in, err
}

// floats returns the integration as a decoder reads it that turns all numbers into float64.
func floats(in store.Integration) store.Integration {
	data, _ := json.Marshal(in.Fields)
	in.Fields = map[string]any{}
	_ = json.Unmarshal(data, &in.Fields) // a number may be too large
	return in
}

func (f faulty) Create(ctx context.Context, project string, in store.Integration) error {
	switch f.fault {
	case "one project":
		project = "all"
	case "create overwrites":
		return f.Memory.Update(ctx, project, in.Type, func(*store.Integration) (store.Integration, error) { return in, nil })
	}
	return f.Memory.Create(ctx, project, in)
}

func (f faulty) Update(ctx context.Context, project, typ string, change func(*store.Integration) (store.Integration, error)) error {
	switch f.fault {
	case "rejected update is stored":
		return f.Memory.Update(ctx, project, typ, func(old *store.Integration) (store.Integration, error) {
			in, err := change(old)
			if err != nil && in.Type == "" {
				return store.Integration{Type: typ}, nil
			}
			return in, err
		})
	case "update is not atomic":
		var old *store.Integration
		if in, err := f.Memory.Get(ctx, project, typ); err == nil {
			old = &in
		}
		in, err := change(old)
		if err != nil {
			return err
		}
		return f.Memory.Update(ctx, project, typ, func(*store.Integration) (store.Integration, error) { return in, nil })
	case "update of nothing fails":
		if _, err := f.Memory.Get(ctx, project, typ); err != nil {
			return err
		}
	}
	return f.Memory.Update(ctx, project, typ, change)
}

func (f faulty) Delete(ctx context.Context, project, typ string) error {
	if f.fault == "one project" {
		project = "all"
	}
	err := f.Memory.Delete(ctx, project, typ)
	if f.fault == "delete never fails" {
		return nil
	}
	return err
}

func (f faulty) Restore(ctx context.Context, state store.State) error {
	if f.fault == "restore adds" {
		for project, contents := range state {
			for _, in := range contents.Integrations {
				_ = f.Memory.Create(ctx, project, in)
			}
		}
		return nil
	}
	return f.Memory.Restore(ctx, state)
}

func (f faulty) UpdateProject(ctx context.Context, id string, change func(*store.Project) (store.Project, error)) error {
	switch f.fault {
	case "names are not unique":
		err := f.Memory.UpdateProject(ctx, id, change)
		if errors.Is(err, store.ErrNameTaken) {
			return nil
		}
		return err
	case "deleted projects come back":
		err := f.Memory.UpdateProject(ctx, id, change)
		if errors.Is(err, store.ErrDeleted) {
			return nil
		}
		return err
	case "tags are lost":
		return f.Memory.UpdateProject(ctx, id, func(old *store.Project) (store.Project, error) {
			p, err := change(old)
			p.Tags = nil
			return p, err
		})
	}
	return f.Memory.UpdateProject(ctx, id, change)
}

func (f faulty) ProjectsByName(ctx context.Context, name string) ([]store.Project, error) {
	list, err := f.Memory.ProjectsByName(ctx, name)
	if f.fault == "one of a name" && len(list) > 1 {
		list = list[:1]
	}
	return list, err
}

func (f faulty) Projects(ctx context.Context) ([]store.Project, error) {
	list, err := f.Memory.Projects(ctx)
	if f.fault == "lists records alone" {
		list = slices.DeleteFunc(list, func(p store.Project) bool { return p.Name == "" })
	}
	return list, err
}

func (f faulty) DeleteProject(ctx context.Context, id string) error {
	switch f.fault {
	case "integrations outlast their project":
		list, _ := f.Memory.List(ctx, id)
		err := f.Memory.DeleteProject(ctx, id)
		state, _ := f.Memory.Snapshot(ctx)
		if err == nil && len(list) > 0 {
			state[id] = store.Contents{Integrations: list}
			_ = f.Memory.Restore(ctx, state)
		}
		return err
	case "every deletion succeeds":
		_ = f.Memory.DeleteProject(ctx, id)
		return nil
	}
	return f.Memory.DeleteProject(ctx, id)
}

func (f faulty) UpdateAlerts(ctx context.Context, project string, change func([]store.Alert, []store.Integration) ([]store.Alert, error)) error {
	switch f.fault {
	case "alert configurations keep nothing":
		return f.Memory.UpdateAlerts(ctx, project, func(old []store.Alert, list []store.Integration) ([]store.Alert, error) {
			changed, err := change(old, list)
			for i, a := range changed {
				changed[i].Fields = maps.Clone(a.Fields)
				delete(changed[i].Fields, "notifications")
			}
			return changed, err
		})
	case "a change sees no integrations":
		return f.Memory.UpdateAlerts(ctx, project, func(old []store.Alert, _ []store.Integration) ([]store.Alert, error) { return change(old, nil) })
	case "alert configurations are added":
		return f.Memory.UpdateAlerts(ctx, project, func(old []store.Alert, list []store.Integration) ([]store.Alert, error) {
			changed, err := change(nil, list)
			return append(old, changed...), err
		})
	case "rejected alert configurations are stored":
		return f.Memory.UpdateAlerts(ctx, project, func(old []store.Alert, list []store.Integration) ([]store.Alert, error) {
			changed, _ := change(old, list)
			return changed, nil
		})
	}
	return f.Memory.UpdateAlerts(ctx, project, change)
}

func (f faulty) Alerts(ctx context.Context, project string) ([]store.Alert, error) {
	list, err := f.Memory.Alerts(ctx, project)
	if f.fault == "deleted alert configurations are none" {
		return list, nil
	}
	return list, err
}

// The contract finds each fault of a store.
func TestContractFindsFaults(t *testing.T) {
	for _, fault := range []string{
		"no kind", "check fails", "one project", "list drops one", "own error", "drops null", "numbers are floats",
		"create overwrites", "rejected update is stored",
		"update of nothing fails", "delete never fails", "restore adds",
		"names are not unique", "deleted projects come back", "tags are lost", "one of a name", "lists records alone",
		"integrations outlast their project", "every deletion succeeds",
		"alert configurations keep nothing", "a change sees no integrations", "alert configurations are added", "rejected alert configurations are stored",
		"deleted alert configurations are none",
	} {
		if !found(fault) {
			t.Errorf("%s: nothing found", fault)
		}
	}
	// This fault appears at random: the contract runs many times.
	if !slices.ContainsFunc(make([]int, 200), func(int) bool { return found("update is not atomic") }) {
		t.Error("lost updates: nothing found")
	}
}

func found(fault string) bool {
	var r recorder
	storetest.TestIntegrations(&r, func() store.Store { return faulty{new(store.Memory), fault} })
	return len(r.faults) > 0
}
