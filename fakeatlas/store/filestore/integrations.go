package filestore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/atlasint/atlasint/fakeatlas/store"
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

func (s *Store) decode(value []byte) (in store.Integration, err error) {
	if err := json.Unmarshal(value, &in); err != nil {
		return in, s.failure("read", errDamaged)
	}
	return in, nil
}

// List implements [store.Store].
func (s *Store) List(_ context.Context, project string) (list []store.Integration, err error) {
	err = s.view(func(tx *bbolt.Tx) error {
		return each(tx.Bucket(integrationsBucket), keyOf(project, ""), func(_, value []byte) error {
			in, err := s.decode(value)
			list = append(list, in)
			return err
		})
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
	value := tx.Bucket(integrationsBucket).Get(keyOf(project, typ))
	if value == nil {
		return store.Integration{}, store.ErrNotFound
	}
	return s.decode(value)
}

// put changes nothing where an integration is none that JSON has words for.
func put(tx *bbolt.Tx, project string, in store.Integration) error {
	value, err := json.Marshal(in)
	if err != nil {
		return &store.Failure{Text: "the integration can't be written as JSON", Cause: err}
	}
	return must(tx.Bucket(integrationsBucket).Put(keyOf(project, in.Type), value))
}

// Create implements [store.Store].
func (s *Store) Create(_ context.Context, project string, in store.Integration) error {
	return s.commit(func(tx *bbolt.Tx) error {
		if tx.Bucket(integrationsBucket).Get(keyOf(project, in.Type)) != nil {
			return store.ErrExists
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
			return store.ErrNotFound
		}
		return must(b.Delete(key))
	})
}

// Snapshot implements [store.Store]; it is of one moment.
func (s *Store) Snapshot(context.Context) (store.State, error) {
	state := store.State{}
	err := s.view(func(tx *bbolt.Tx) error {
		return each(tx.Bucket(integrationsBucket), nil, func(key, value []byte) error {
			in, err := s.decode(value)
			project, _, _ := strings.Cut(string(key), "\x00")
			state[project] = append(state[project], in)
			return err
		})
	})
	return state, err
}

// Restore implements [store.Store]; all of it happens at once.
func (s *Store) Restore(_ context.Context, state store.State) error {
	return s.commit(func(tx *bbolt.Tx) error {
		err := tx.DeleteBucket(integrationsBucket)
		if err == nil {
			_, err = tx.CreateBucket(integrationsBucket)
		}
		for project, list := range state {
			for _, in := range list {
				err = errors.Join(err, put(tx, project, in))
			}
		}
		return must(err)
	})
}
