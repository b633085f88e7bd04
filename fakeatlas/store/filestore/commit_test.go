package filestore

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/internal/redact"
)

// Of writes that are committed together, a rejected one does not affect the others, and a failure of the file makes all
// of them fail.
func TestCommitsTogether(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "atlas.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	good := func(tx *bbolt.Tx) error { return put(tx, "p", store.Integration{Type: "A"}) }
	rejected := func(*bbolt.Tx) error { return store.ErrExists }
	broken := func(tx *bbolt.Tx) error { return bboltError(errors.New("half way")) }
	if got := together(s, good, rejected); got[0] != nil || !errors.Is(got[1], store.ErrExists) {
		t.Errorf("a rejected one among them: %v", got)
	}
	got := together(s, good, rejected, broken)
	var failure *store.Failure
	if !errors.As(got[0], &failure) || !errors.Is(got[1], store.ErrExists) || !errors.As(got[2], &failure) {
		t.Errorf("a failure among them: %v", got)
	}
	if want := redact.Path(s.path) + ": half way"; failure == nil || failure.Text != "can't write "+want {
		t.Errorf("got %v, want can't write %s", failure, want)
	}
	if list, err := s.List(context.Background(), "p"); err != nil || len(list) != 1 {
		t.Errorf("stored: %v, %v", list, err)
	}
}

// together queues all changes before the first of them is committed.
func together(s *Store, changes ...func(*bbolt.Tx) error) []error {
	errs := make([]error, len(changes))
	var wg sync.WaitGroup
	s.commits.Lock()
	for i, change := range changes {
		wg.Go(func() { errs[i] = s.commit(change) })
		for queued := 0; queued <= i; {
			s.queued.Lock()
			queued = len(s.queue)
			s.queued.Unlock()
		}
	}
	s.commits.Unlock()
	wg.Wait()
	return errs
}

// A file that became shorter is detected before bbolt reads it: bbolt would panic and keep the lock that other readers
// need.
func TestShorterFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "atlas.db")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := errors.Join(s.Check(context.Background()), s.checkSize()); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1<<12); err != nil {
		t.Skipf("the system does not let others truncate an open file: %v", err)
	}
	if err := s.checkSize(); !errors.Is(err, errDamaged) {
		t.Errorf("a shorter file: %v", err)
	}
	if _, err := s.List(context.Background(), "p"); err == nil || !s.damaged.Load() {
		t.Errorf("a list: %v", err)
	}
}
