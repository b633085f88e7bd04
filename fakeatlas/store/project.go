package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// Project is the record of a project. A project without a record may still have integrations and alert configurations.
// Do not change a slice or a map of it once a store has it or has returned it.
type Project struct {
	ID      string    `json:"id"`
	Org     string    `json:"org"`
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	Region  string    `json:"region,omitempty"` // empty: not restricted
	Tags    []Tag     `json:"tags"`             // nil: never set

	NoDefaultAlerts bool             `json:"noDefaultAlerts,omitempty"`
	Settings        map[string]bool  `json:"settings,omitempty"` // those that were changed
	Limits          map[string]int64 `json:"limits,omitempty"`   // those that were set
	Teams           []Team           `json:"teams,omitempty"`
	NoManagedSlowMs bool             `json:"noManagedSlowMs,omitempty"`
}

// Tag is a key and a value of a project.
type Tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Team is a team with access to a project.
type Team struct {
	ID    string   `json:"id"`
	Roles []string `json:"roles"`
}

// The errors about projects.
var (
	ErrDeleted   = errors.New("the project was deleted")
	ErrNameTaken = errors.New("the organization has a project of this name")
)

// maxDeleted is the number of deleted projects that a store remembers. Package record, which imports this package, has
// it for the other stores.
const maxDeleted = 10_000

// projectIndex has the records of the projects of a [Memory]. It needs its lock.
type projectIndex struct {
	records map[string]Project
	names   map[string]map[string]string // IDs by name and organization
	deleted map[string]bool
	order   []string // the deleted ones, the oldest first
}

// init makes the maps if there are none.
func (p *projectIndex) init() {
	if p.records == nil {
		p.records, p.names, p.deleted = map[string]Project{}, map[string]map[string]string{}, map[string]bool{}
	}
}

// set stores a record unless its name is taken.
func (p *projectIndex) set(r Project) error {
	p.init()
	if owner, taken := p.names[r.Name][r.Org]; taken && owner != r.ID {
		return ErrNameTaken
	}
	p.release(r.ID)
	if p.names[r.Name] == nil {
		p.names[r.Name] = map[string]string{}
	}
	p.names[r.Name][r.Org] = r.ID
	p.records[r.ID] = r
	return nil
}

// release removes a record and its name.
func (p *projectIndex) release(id string) {
	old, ok := p.records[id]
	if !ok {
		return
	}
	delete(p.records, id)
	delete(p.names[old.Name], old.Org)
	if len(p.names[old.Name]) == 0 {
		delete(p.names, old.Name)
	}
}

// delete marks a project as deleted.
func (p *projectIndex) delete(id string) {
	p.init()
	p.release(id)
	p.deleted[id] = true
	p.order = append(p.order, id)
	if len(p.order) > maxDeleted {
		delete(p.deleted, p.order[0])
		p.order = slices.Delete(p.order, 0, 1)
	}
}

// Project implements [Store].
func (m *Memory) Project(_ context.Context, id string) (Project, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.record(id)
}

// record returns the record of a project. It needs the lock.
func (m *Memory) record(id string) (Project, error) {
	if m.projects.deleted[id] {
		return Project{}, ErrDeleted
	}
	r, ok := m.projects.records[id]
	if !ok {
		return Project{}, ErrNotFound
	}
	return r, nil
}

// Projects implements [Store].
func (m *Memory) Projects(context.Context) ([]Project, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	list := make([]Project, 0, len(m.projects.records))
	for _, r := range m.projects.records {
		list = append(list, r)
	}
	used := map[string]bool{}
	for id := range m.integrations {
		used[id] = true
	}
	for id := range m.alerts {
		used[id] = true
	}
	for id := range used {
		if _, ok := m.projects.records[id]; !ok {
			list = append(list, Project{ID: id})
		}
	}
	return list, nil
}

// ProjectsByName implements [Store].
func (m *Memory) ProjectsByName(_ context.Context, name string) ([]Project, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var list []Project
	for _, id := range m.projects.names[name] {
		list = append(list, m.projects.records[id])
	}
	return list, nil
}

// UpdateProject implements [Store].
func (m *Memory) UpdateProject(_ context.Context, id string, change func(*Project) (Project, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var old *Project
	switch r, err := m.record(id); {
	case err == nil:
		old = &r
	case !errors.Is(err, ErrNotFound):
		return err
	}
	size := m.size
	if old != nil {
		size -= weightOfRecord(*old)
	}
	changed, err := change(old)
	if err != nil {
		return err
	}
	size += weightOfRecord(changed)
	if size > memoryLimit && size > m.size {
		return ErrFull
	}
	if err := m.projects.set(changed); err != nil {
		return err
	}
	m.size = size
	return nil
}

// DeleteProject implements [Store].
func (m *Memory) DeleteProject(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.projects.deleted[id] {
		return ErrDeleted
	}
	for _, in := range m.integrations[id] {
		m.size -= weight(in)
	}
	delete(m.integrations, id)
	m.size -= weightOfAlerts(m.alerts[id])
	delete(m.alerts, id)
	if r, ok := m.projects.records[id]; ok {
		m.size -= weightOfRecord(r)
	}
	m.projects.delete(id)
	return nil
}

// weightOfRecord returns the approximate size of a record in bytes.
func weightOfRecord(r Project) int {
	data, _ := json.Marshal(r) // a record always has a form in JSON
	return overhead + 2*len(data)
}
