package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
)

// With one more than it may remember, a store forgets the oldest deleted project.
func TestMemoryForgetsDeletedProjects(t *testing.T) {
	m, id := new(store.Memory), func(n int) string { return fmt.Sprintf("%024x", n) }
	for n := range record.MaxDeleted + 1 {
		if err := m.DeleteProject(t.Context(), id(n)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.List(t.Context(), id(0)); err != nil {
		t.Errorf("the oldest: %v", err)
	}
	for _, n := range []int{1, record.MaxDeleted} {
		if _, err := m.List(t.Context(), id(n)); !errors.Is(err, store.ErrDeleted) {
			t.Errorf("%d: %v, want ErrDeleted", n, err)
		}
	}
}

// Records count against the bound of the store in memory, and no longer once their project is deleted.
func TestMemoryWeighsProjects(t *testing.T) {
	m := new(store.Memory)
	large := func(id string) error {
		return m.UpdateProject(t.Context(), id, func(*store.Project) (store.Project, error) {
			return store.Project{ID: id, Name: id, Tags: []store.Tag{{Value: strings.Repeat("x", store.MemoryLimit/5)}}}, nil
		})
	}
	if err := errors.Join(large("a"), large("b"), large("b")); err != nil {
		t.Fatal(err)
	}
	if err := large("c"); !errors.Is(err, store.ErrFull) {
		t.Errorf("%v, want ErrFull", err)
	}
	if err := errors.Join(m.DeleteProject(t.Context(), "a"), large("c")); err != nil {
		t.Error(err)
	}
}

// Alert configurations count against the bound of the store in memory, and no longer once they or their project are
// deleted.
func TestMemoryWeighsAlerts(t *testing.T) {
	m := new(store.Memory)
	set := func(id string, list ...store.Alert) error {
		return m.UpdateAlerts(t.Context(), id, func([]store.Alert, []store.Integration) ([]store.Alert, error) { return list, nil })
	}
	large := store.Alert{Fields: map[string]any{"x": strings.Repeat("x", store.MemoryLimit/3)}}
	if err := errors.Join(set("a", large), set("b", large), set("b", large)); err != nil {
		t.Fatal(err)
	}
	if err := set("c", large); !errors.Is(err, store.ErrFull) {
		t.Errorf("%v, want ErrFull", err)
	}
	if list, err := m.Alerts(t.Context(), "c"); err != nil || len(list) > 0 {
		t.Errorf("%v, %v", list, err)
	}
	if err := errors.Join(set("a"), set("c", large), m.DeleteProject(t.Context(), "b"), set("d", large)); err != nil {
		t.Error(err)
	}
}
