package filestore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// write is a change that waits for a commit, which may contain several.
type write struct {
	change func(*bbolt.Tx) error // may return its own errors only before it changes anything; later ones are of bboltError
	done   bool
	err    error
}

// commit makes a change. It returns nil when the change is on the disk, and an error if it is not, or may not be.
// Changes that arrive during a commit wait for the next one, which contains all of them, because the duration of a
// commit hardly depends on the number of changes.
func (s *Store) commit(change func(*bbolt.Tx) error) error {
	w := &write{change: change}
	s.queued.Lock()
	s.queue = append(s.queue, w)
	s.queued.Unlock()
	s.commits.Lock()
	defer s.commits.Unlock()
	if !w.done {
		s.commitAll()
	}
	return w.err
}

// errNothing rolls back a transaction in which nothing has changed.
var errNothing = errors.New("nothing changed")

func (s *Store) commitAll() {
	s.queued.Lock()
	writes := s.queue
	s.queue = nil
	s.queued.Unlock()
	err := s.checkSize()
	if err == nil {
		err = catchDamage(func() error { return s.update(writes) })
	}
	for _, w := range writes {
		w.done = true
		if err != nil && (w.err == nil || errors.Is(w.err, errHalfDone)) {
			w.err = s.failure("write", err)
		}
	}
}

// update makes the changes in one transaction, and checks before and after it that the path still names the file: a
// write to another file would be lost when the server restarts.
func (s *Store) update(writes []*write) error {
	if err := s.checkPath(); err != nil {
		return err
	}
	id, complete := 0, false
	err := s.db.Update(func(tx *bbolt.Tx) error {
		id = tx.ID()
		if s.last != 0 && id != s.last+1 {
			return errReplaced // by something that wrote into the file, such as cp
		}
		err := apply(tx, writes)
		complete = err == nil
		return err
	})
	switch {
	case errors.Is(err, errNothing):
		return nil
	case err == nil:
		s.last = id
		return s.checkPath()
	case complete:
		s.last = 0 // the failed commit may have been written
	}
	return err
}

// checkPath returns an error unless the path names the open file.
func (s *Store) checkPath() error {
	present, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return errDeleted
	}
	if err != nil {
		return err
	}
	opened, err := s.file.Stat()
	if err == nil && !os.SameFile(present, opened) {
		return errReplaced
	}
	return err
}

// checkSize returns an error if bbolt must not use the file: after a panic, bbolt may never release its locks, and it
// panics if the file has become shorter.
func (s *Store) checkSize() error {
	if s.damaged.Load() {
		return errDamaged
	}
	before := s.size.Load()
	info, err := s.file.Stat()
	if errors.Is(err, os.ErrClosed) || err != nil && s.closed.Load() {
		return berrors.ErrDatabaseNotOpen
	}
	if err != nil {
		return err
	}
	if info.Size() < before {
		return errDamaged
	}
	s.size.CompareAndSwap(before, info.Size()) // if another call was faster, its size is a bound, too
	return nil
}

// errHalfDone ends a transaction that must not be committed.
var errHalfDone = errors.New("half done")

// bboltError marks an error that bbolt returns to a change.
func bboltError(err error) error {
	if err != nil {
		return fmt.Errorf("%w: %w", errHalfDone, err)
	}
	return nil
}

// apply makes the changes one after the other: each sees those before it.
func apply(tx *bbolt.Tx, writes []*write) error {
	changed := false
	for _, w := range writes {
		if w.err = w.change(tx); errors.Is(w.err, errHalfDone) {
			return w.err
		}
		changed = changed || w.err == nil
	}
	if !changed {
		return errNothing
	}
	return nil
}

// view runs read in a transaction. It returns the error of read, or one about the file.
func (s *Store) view(read func(*bbolt.Tx) error) error {
	var response error
	err := s.checkSize()
	if err == nil {
		err = catchDamage(func() error {
			return s.db.View(func(tx *bbolt.Tx) error { response = read(tx); return nil })
		})
	}
	if err != nil {
		return s.failure("read", err)
	}
	return response
}
