package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Memory is a [Store] in the memory of the process, secrets in the clear. Create one with [NewMemory].
//
// It keeps at most 256 MiB, including its overhead: about 400,000 small integrations. A change beyond them fails with [ErrFull] and changes nothing.
type Memory struct {
	mu       sync.RWMutex
	projects map[string]map[string]Integration
	alerts   map[string][]Alert
	about    projects
	size     int
}

var _ Store = (*Memory)(nil)

// NewMemory makes an empty store.
func NewMemory() *Memory {
	return &Memory{projects: map[string]map[string]Integration{}, alerts: map[string][]Alert{}, about: newProjects()}
}

// KeepsSecrets makes the server pass secrets as they were sent.
func (m *Memory) KeepsSecrets() {}

// Kind is the name of this kind of store.
func (m *Memory) Kind() string { return "memory" }

// List implements [Store].
func (m *Memory) List(_ context.Context, project string) ([]Integration, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.about.deleted[project] {
		return nil, ErrDeleted
	}
	return m.integrations(project), nil
}

// integrations needs the lock.
func (m *Memory) integrations(project string) []Integration {
	return slices.Collect(maps.Values(m.projects[project]))
}

// Get implements [Store].
func (m *Memory) Get(_ context.Context, project, typ string) (Integration, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	in, ok := m.projects[project][typ]
	if !ok {
		return Integration{}, m.absent(project)
	}
	return in, nil
}

// Create implements [Store].
func (m *Memory) Create(_ context.Context, project string, in Integration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.projects[project][in.Type]; ok {
		return ErrExists
	}
	if m.about.deleted[project] {
		return ErrDeleted
	}
	return m.put(project, in)
}

// Update implements [Store].
func (m *Memory) Update(_ context.Context, project, typ string, change func(*Integration) (Integration, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.about.deleted[project] {
		return ErrDeleted
	}
	var old *Integration
	if in, ok := m.projects[project][typ]; ok {
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
	in, ok := m.projects[project][typ]
	if !ok {
		return m.absent(project)
	}
	if m.keeps(project, typ) {
		return ErrInUse
	}
	m.size -= weight(in)
	delete(m.projects[project], typ)
	if len(m.projects[project]) == 0 {
		delete(m.projects, project)
	}
	return nil
}

// absent is the error for a missing integration. It needs the lock.
func (m *Memory) absent(project string) error {
	if m.about.deleted[project] {
		return ErrDeleted
	}
	return ErrNotFound
}

// Snapshot implements [Store]; integrations come by type.
func (m *Memory) Snapshot(_ context.Context) (State, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	state := make(State, len(m.projects))
	for project, types := range m.projects {
		state[project] = Contents{
			Integrations: slices.SortedFunc(maps.Values(types), func(a, b Integration) int { return strings.Compare(a.Type, b.Type) }),
		}
	}
	for project, list := range m.alerts {
		c := state[project]
		c.Alerts = slices.Clone(list)
		state[project] = c
	}
	for id, r := range m.about.records {
		c := state[id]
		c.Project = &r
		state[id] = c
	}
	for id := range m.about.deleted {
		state[id] = Contents{Deleted: true}
	}
	return state, nil
}

// Restore implements [Store].
func (m *Memory) Restore(_ context.Context, state State) error {
	restored := NewMemory()
	for _, project := range slices.Sorted(maps.Keys(state)) {
		if err := restored.restore(project, state[project]); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.projects, m.alerts, m.about, m.size = restored.projects, restored.alerts, restored.about, restored.size
	return nil
}

func (m *Memory) restore(project string, c Contents) error {
	if c.Deleted {
		m.about.delete(project)
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
	return m.SetProject(context.Background(), project, func(*Project) (Project, error) { return *c.Project, nil })
}

// put needs the lock.
func (m *Memory) put(project string, in Integration) error {
	size := m.size + weight(in)
	if old, ok := m.projects[project][in.Type]; ok {
		size -= weight(old)
	}
	if size > memoryLimit && size > m.size { // a change that makes the store smaller always succeeds
		return ErrFull
	}
	m.size = size
	if m.projects[project] == nil {
		m.projects[project] = map[string]Integration{}
	}
	m.projects[project][in.Type] = in
	return nil
}

// memoryLimit is the limit of a [Memory] in bytes.
const memoryLimit = 256 << 20

// overhead is the approximate size of the maps for an integration in a project of its own.
const overhead = 600

func weight(in Integration) int { return overhead + len(in.Type) + len(in.ID) + weightOf(in.Fields) }

// weightOf is the approximate size of a value.
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
