package filestore

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
	"github.com/atlasint/atlasint/internal/redact"
)

func keyOf(parts ...string) []byte { return []byte(strings.Join(parts, "\x00")) }

// each visits the keys that begin with a prefix.
func each(b *bbolt.Bucket, prefix []byte, visit func(key, value []byte) error) error {
	c := b.Cursor()
	for key, value := c.Seek(prefix); key != nil && bytes.HasPrefix(key, prefix); key, value = c.Next() {
		if err := visit(key, value); err != nil {
			return err
		}
	}
	return nil
}

// decode reads a record. A damaged record does not affect the others.
func (s *Store) decode(key, value []byte) (store.Integration, error) {
	project, typ, _ := strings.Cut(string(key), "\x00")
	in, err := record.Decode(project, typ, string(value))
	if err != nil {
		return in, s.damagedRecord(record.Place(project, typ), "delete it", err)
	}
	return in, nil
}

// damagedRecord returns the error for a damaged record. Remedy is an alternative to a copy of the file.
func (s *Store) damagedRecord(what, remedy string, err error) error {
	return &store.Failure{
		Text: redact.Path(s.path) + ": the record of " + what + " is damaged: " + err.Error() + "; " + remedy +
			", or restore a copy of the file",
		Cause: err,
	}
}

// List implements [store.Store].
func (s *Store) List(_ context.Context, project string) (list []store.Integration, err error) {
	err = s.view(func(tx *bbolt.Tx) (err error) {
		if isDeleted(tx, project) {
			return store.ErrDeleted
		}
		list, err = s.integrations(tx, project)
		return err
	})
	return list, err
}

func (s *Store) integrations(tx *bbolt.Tx, project string) (list []store.Integration, err error) {
	err = each(tx.Bucket(integrationsBucket), keyOf(project, ""), func(key, value []byte) error {
		in, err := s.decode(key, value)
		list = append(list, in)
		return err
	})
	return list, err
}

// Get implements [store.Store].
func (s *Store) Get(_ context.Context, project, typ string) (in store.Integration, err error) {
	err = s.view(func(tx *bbolt.Tx) (err error) {
		in, err = s.get(tx, project, typ)
		return err
	})
	return in, err
}

func (s *Store) get(tx *bbolt.Tx, project, typ string) (store.Integration, error) {
	key := keyOf(project, typ)
	value := tx.Bucket(integrationsBucket).Get(key)
	if value == nil {
		return store.Integration{}, absent(tx, project)
	}
	return s.decode(key, value)
}

// absent returns the error for a missing integration.
func absent(tx *bbolt.Tx, project string) error {
	if isDeleted(tx, project) {
		return store.ErrDeleted
	}
	return store.ErrNotFound
}

// put stores an integration. If the integration has no form in JSON, it returns an error and changes nothing.
func put(tx *bbolt.Tx, project string, in store.Integration) error {
	value, err := record.Encode(project, in)
	if err != nil {
		return err
	}
	return bboltError(tx.Bucket(integrationsBucket).Put(keyOf(project, in.Type), []byte(value)))
}

// Create implements [store.Store].
func (s *Store) Create(_ context.Context, project string, in store.Integration) error {
	return s.commit(func(tx *bbolt.Tx) error {
		if tx.Bucket(integrationsBucket).Get(keyOf(project, in.Type)) != nil {
			return store.ErrExists
		}
		if isDeleted(tx, project) {
			return store.ErrDeleted
		}
		return put(tx, project, in)
	})
}

// Update implements [store.Store]. It calls change once.
func (s *Store) Update(_ context.Context, project, typ string, change func(*store.Integration) (store.Integration, error)) error {
	return s.commit(func(tx *bbolt.Tx) error {
		var old *store.Integration
		switch in, err := s.get(tx, project, typ); {
		case err == nil:
			old = &in
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		changed, err := change(old)
		if err != nil {
			return err
		}
		return put(tx, project, changed)
	})
}

// Delete implements [store.Store].
func (s *Store) Delete(_ context.Context, project, typ string) error {
	return s.commit(func(tx *bbolt.Tx) error {
		b, key := tx.Bucket(integrationsBucket), keyOf(project, typ)
		if b.Get(key) == nil {
			return absent(tx, project)
		}
		if kept, err := s.keeps(tx, project, typ); err != nil {
			return err
		} else if kept {
			return store.ErrInUse
		}
		return bboltError(b.Delete(key))
	})
}

// Snapshot implements [store.Store] in one transaction.
func (s *Store) Snapshot(context.Context) (store.State, error) {
	state := store.State{}
	err := s.view(func(tx *bbolt.Tx) error {
		err := each(tx.Bucket(integrationsBucket), nil, func(key, value []byte) error {
			in, err := s.decode(key, value)
			project, _, _ := strings.Cut(string(key), "\x00")
			c := state[project]
			c.Integrations = append(c.Integrations, in)
			state[project] = c
			return err
		})
		if err != nil {
			return err
		}
		if err := s.snapshotAlerts(tx, state); err != nil {
			return err
		}
		return s.snapshotProjects(tx, state)
	})
	return state, err
}

// Restore implements [store.Store] in one transaction.
func (s *Store) Restore(_ context.Context, state store.State) error {
	if err := checkNames(state); err != nil {
		return err
	}
	return s.commit(func(tx *bbolt.Tx) (err error) {
		for _, name := range stateBuckets {
			err = errors.Join(err, tx.DeleteBucket(name))
			_, failed := tx.CreateBucket(name)
			err = errors.Join(err, failed)
		}
		for project, c := range state {
			err = errors.Join(err, restore(tx, project, c))
		}
		return bboltError(err)
	})
}

func restore(tx *bbolt.Tx, project string, c store.Contents) (err error) {
	if c.Deleted {
		return markDeleted(tx, project)
	}
	for _, in := range c.Integrations {
		err = errors.Join(err, put(tx, project, in))
	}
	err = errors.Join(err, putAlerts(tx, project, c.Alerts))
	if c.Project != nil {
		err = errors.Join(err, putProject(tx, *c.Project))
	}
	return err
}
