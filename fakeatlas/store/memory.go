package store

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Memory keeps integrations in the memory of the process, secrets in the clear. Make one with [NewMemory].
type Memory struct {
	mu       sync.RWMutex
	projects map[string]map[string]Integration
}

var _ Plain = (*Memory)(nil)

// NewMemory makes an empty store.
func NewMemory() *Memory {
	return &Memory{projects: map[string]map[string]Integration{}}
}

// KeepsSecrets implements [Plain].
func (m *Memory) KeepsSecrets() {}

// List implements [Store].
func (m *Memory) List(_ context.Context, project string) ([]Integration, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return slices.Collect(maps.Values(m.projects[project])), nil
}

// Get implements [Store].
func (m *Memory) Get(_ context.Context, project, typ string) (Integration, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	in, ok := m.projects[project][typ]
	if !ok {
		return Integration{}, ErrNotFound
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
	m.put(project, in)
	return nil
}

// Update implements [Store].
func (m *Memory) Update(_ context.Context, project, typ string, change func(*Integration) (Integration, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var old *Integration
	if in, ok := m.projects[project][typ]; ok {
		old = &in
	}
	changed, err := change(old)
	if err != nil {
		return err
	}
	m.put(project, changed)
	return nil
}

// Delete implements [Store].
func (m *Memory) Delete(_ context.Context, project, typ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.projects[project][typ]; !ok {
		return ErrNotFound
	}
	delete(m.projects[project], typ)
	if len(m.projects[project]) == 0 {
		delete(m.projects, project)
	}
	return nil
}

// Snapshot implements [Store]; integrations come by type.
func (m *Memory) Snapshot(_ context.Context) (State, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	state := make(State, len(m.projects))
	for project, types := range m.projects {
		state[project] = slices.SortedFunc(maps.Values(types), func(a, b Integration) int { return strings.Compare(a.Type, b.Type) })
	}
	return state, nil
}

// Restore implements [Store].
func (m *Memory) Restore(_ context.Context, state State) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.projects = map[string]map[string]Integration{}
	for project, list := range state {
		for _, in := range list {
			m.put(project, in)
		}
	}
	return nil
}

// put needs the lock.
func (m *Memory) put(project string, in Integration) {
	if m.projects[project] == nil {
		m.projects[project] = map[string]Integration{}
	}
	m.projects[project][in.Type] = in
}
