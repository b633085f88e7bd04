package filestore_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/filestore"
)

// Wherever a file is damaged, what comes of it is an answer or an error in words of ours.
func TestDamageAnywhere(t *testing.T) {
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole")
	filled(t, whole)
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, seed))
		damaged := append([]byte(nil), data...)
		for range 1 + random.IntN(200) {
			damaged[random.IntN(len(damaged))] = byte(random.Uint32())
		}
		path := filepath.Join(dir, "damaged")
		if err := errors.Join(os.RemoveAll(path), os.WriteFile(path, damaged, 0o600)); err != nil {
			t.Fatal(err)
		}
		for _, err := range use(path) {
			var worded *store.Failure
			if err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrExists) {
				continue
			}
			if refused++; !errors.As(err, &worded) {
				t.Errorf("seed %d: %v", seed, err)
			}
		}
	}
	if refused < 20 {
		t.Errorf("%d errors: the damage was not seen", refused)
	}
}

func use(path string) []error {
	s, err := filestore.Open(path)
	if err != nil {
		return []error{err}
	}
	ctx := context.Background()
	_, listed := s.List(ctx, project)
	_, got := s.Get(ctx, project, "K")
	_, snapped := s.Snapshot(ctx)
	errs := []error{
		listed, got, snapped, s.Create(ctx, project, integration("NEW")), s.Delete(ctx, project, "A"), s.Check(ctx), s.Restore(ctx, store.State{}),
	}
	return append(errs, s.Close())
}
