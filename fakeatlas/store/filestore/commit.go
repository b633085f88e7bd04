package filestore

import (
	"errors"

	"go.etcd.io/bbolt"
)

// write is a change that waits to be committed, together with those that wait at the same time.
type write struct {
	change func(*bbolt.Tx) error // before it changes anything it may refuse; later errors are from must
	done   bool
	err    error
}

// commit returns when the change is on the disk, or when it is known that it never will be. While one commit
// is on its way, the writes of all others wait for the next, which one of them makes for all: what a commit
// costs is the disk's slowness, and that is paid once.
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
	err := errDamaged // after a panic bbolt may hold its locks for good
	if !s.damaged.Load() {
		err = guard(func() error { return s.db.Update(func(tx *bbolt.Tx) error { return apply(tx, writes) }) })
	}
	if errors.Is(err, errNothing) {
		err = nil
	}
	for _, w := range writes {
		w.done = true
		if err != nil && (w.err == nil || errors.Is(w.err, errHalfDone)) {
			w.err = s.failure("write", err)
		}
	}
}

// errHalfDone ends a transaction that must not be committed.
var errHalfDone = errors.New("half done")

// must marks an error that bbolt returns to a change.
func must(err error) error {
	if err != nil {
		return errors.Join(errHalfDone, err)
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

// view reads; its error is that of read, or a failure of the file.
func (s *Store) view(read func(*bbolt.Tx) error) error {
	var answer error
	err := guard(func() error {
		return s.db.View(func(tx *bbolt.Tx) error { answer = read(tx); return nil })
	})
	if err != nil {
		return s.failure("read", err)
	}
	return answer
}
