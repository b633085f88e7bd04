package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Memory is a [Store] in the memory of the process. It keeps secrets as they were sent. The zero value is an empty
// store.
//
// It keeps at most 256 MiB, including its overhead: about 400,000 small integrations. A change beyond them fails with
// [ErrFull] and changes nothing.
type Memory struct {
	mu           sync.RWMutex
	integrations map[string]map[string]Integration // by project and type
	alerts       map[string][]Alert                // by project
	projects     projectIndex
	size         int // in bytes
}

var _ Store = (*Memory)(nil)

// Kind returns "memory".
func (m *Memory) Kind() string { return "memory" }

// KeepsSecrets returns true: tests can read the secrets that their software sent.
func (m *Memory) KeepsSecrets() bool { return true }

// Check returns nil.
func (m *Memory) Check(context.Context) error { return nil }

// List implements [Store].
func (m *Memory) List(_ context.Context, project string) ([]Integration, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.projects.deleted[project] {
		return nil, ErrDeleted
	}
	return m.integrationsOf(project), nil
}

// integrationsOf returns the integrations of a project. It needs the lock.
func (m *Memory) integrationsOf(project string) []Integration {
	return slices.Collect(maps.Values(m.integrations[project]))
}

// Get implements [Store].
func (m *Memory) Get(_ context.Context, project, typ string) (Integration, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	in, ok := m.integrations[project][typ]
	if !ok {
		return Integration{}, m.absent(project)
	}
	return in, nil
}

// Create implements [Store].
func (m *Memory) Create(_ context.Context, project string, in Integration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.integrations[project][in.Type]; ok {
		return ErrExists
	}
	if m.projects.deleted[project] {
		return ErrDeleted
	}
	return m.put(project, in)
}

// Update implements [Store].
func (m *Memory) Update(_ context.Context, project, typ string, change func(*Integration) (Integration, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.projects.deleted[project] {
		return ErrDeleted
	}
	var old *Integration
	if in, ok := m.integrations[project][typ]; ok {
		old = &in
	}
	changed, err := change(old)
	if err != nil {
		return err
	}
	return m.put(project, changed)
}

// Delete implements [Store].
func (m *Memory) Delete(_ context.Context, project, typ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	in, ok := m.integrations[project][typ]
	if !ok {
		return m.absent(project)
	}
	if m.requires(project, typ) {
		return ErrInUse
	}
	m.size -= weight(in)
	delete(m.integrations[project], typ)
	if len(m.integrations[project]) == 0 {
		delete(m.integrations, project)
	}
	return nil
}

// absent returns the error for a missing integration. It needs the lock.
func (m *Memory) absent(project string) error {
	if m.projects.deleted[project] {
		return ErrDeleted
	}
	return ErrNotFound
}

// Snapshot implements [Store]. It sorts integrations by type.
func (m *Memory) Snapshot(_ context.Context) (State, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	state := make(State, len(m.integrations))
	for project, types := range m.integrations {
		state[project] = Contents{
			Integrations: slices.SortedFunc(maps.Values(types), func(a, b Integration) int { return strings.Compare(a.Type, b.Type) }),
		}
	}
	for project, list := range m.alerts {
		c := state[project]
		c.Alerts = slices.Clone(list)
		state[project] = c
	}
	for id, r := range m.projects.records {
		c := state[id]
		c.Project = &r
		state[id] = c
	}
	for id := range m.projects.deleted {
		state[id] = Contents{Deleted: true}
	}
	return state, nil
}

// Restore implements [Store].
func (m *Memory) Restore(_ context.Context, state State) error {
	restored := new(Memory)
	for _, project := range slices.Sorted(maps.Keys(state)) {
		if err := restored.restore(project, state[project]); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.integrations, m.alerts, m.projects, m.size = restored.integrations, restored.alerts, restored.projects, restored.size
	return nil
}

func (m *Memory) restore(project string, c Contents) error {
	if c.Deleted {
		m.projects.delete(project)
		return nil
	}
	for _, in := range c.Integrations {
		if err := m.put(project, in); err != nil {
			return err
		}
	}
	if err := m.putAlerts(project, c.Alerts); err != nil || c.Project == nil {
		return err
	}
	return m.UpdateProject(context.Background(), project, func(*Project) (Project, error) { return *c.Project, nil })
}

// put stores an integration. It needs the lock.
func (m *Memory) put(project string, in Integration) error {
	size := m.size + weight(in)
	if old, ok := m.integrations[project][in.Type]; ok {
		size -= weight(old)
	}
	if size > memoryLimit && size > m.size { // a change that makes the store smaller always succeeds
		return ErrFull
	}
	m.size = size
	if m.integrations == nil {
		m.integrations = map[string]map[string]Integration{}
	}
	if m.integrations[project] == nil {
		m.integrations[project] = map[string]Integration{}
	}
	m.integrations[project][in.Type] = in
	return nil
}

// memoryLimit is the limit of a [Memory] in bytes.
const memoryLimit = 256 << 20

// overhead is the approximate size in bytes of the maps for an integration in a project of its own.
const overhead = 600

func weight(in Integration) int { return overhead + len(in.Type) + len(in.ID) + weightOf(in.Fields) }

// weightOf returns the approximate size of a value in bytes.
func weightOf(value any) int {
	const header = 16 // of a value in an interface; a name and a text have headers of as many bytes
	n := header
	switch v := value.(type) {
	case string:
		n += len(v)
	case json.Number:
		n += header + len(v)
	case []any:
		for _, element := range v {
			n += weightOf(element)
		}
	case map[string]any:
		for name, member := range v {
			n += header + len(name) + weightOf(member)
		}
	}
	return n
}
