package store_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// A change beyond the limit is rejected and changes nothing; a deletion frees memory.
func TestMemoryIsBounded(t *testing.T) {
	ctx, m := context.Background(), new(store.Memory)
	large := store.Integration{Type: "A", Fields: map[string]any{"x": strings.Repeat("x", store.MemoryLimit/64)}} // one text for all of them
	n := 0
	for m.Create(ctx, strconv.Itoa(n), large) == nil {
		n++
	}
	if n < 50 || n > 64 {
		t.Fatalf("%d integrations fit, want 63", n)
	}
	if err := m.Create(ctx, "another", large); !errors.Is(err, store.ErrFull) {
		t.Errorf("one more: %v", err)
	}
	put := func(project string, in store.Integration) error {
		return m.Update(ctx, project, in.Type, func(*store.Integration) (store.Integration, error) { return in, nil })
	}
	if err := put("another", large); !errors.Is(err, store.ErrFull) {
		t.Errorf("one more by an update: %v", err)
	}
	if list, _ := m.List(ctx, "another"); len(list) > 0 {
		t.Error("a rejected integration is stored")
	}
	for range 1000 { // an update replaces the old integration in the size, too
		if err := put("0", large); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 {
		if err := errors.Join(m.Delete(ctx, "0", "A"), m.Create(ctx, "0", large)); err != nil {
			t.Fatal(err)
		}
	}
	state, _ := m.Snapshot(ctx)
	if err := m.Restore(ctx, state); err != nil {
		t.Error(err)
	}
	state["another"] = store.Contents{Integrations: []store.Integration{large}}
	if err := m.Restore(ctx, state); !errors.Is(err, store.ErrFull) {
		t.Errorf("one more by a restore: %v", err)
	}
	if err := put("0", store.Integration{Type: "A"}); err != nil {
		t.Errorf("a change that frees memory is rejected: %v", err)
	}
}
