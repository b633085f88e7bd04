package filestore

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
)

func isDeleted(tx *bbolt.Tx, id string) bool { return tx.Bucket(deletedBucket).Get([]byte(id)) != nil }

// Project implements [store.Store].
func (s *Store) Project(_ context.Context, id string) (p store.Project, err error) {
	err = s.view(func(tx *bbolt.Tx) (err error) {
		p, err = s.project(tx, id)
		return err
	})
	return p, err
}

func (s *Store) project(tx *bbolt.Tx, id string) (store.Project, error) {
	if isDeleted(tx, id) {
		return store.Project{}, store.ErrDeleted
	}
	value := tx.Bucket(projectsBucket).Get([]byte(id))
	if value == nil {
		return store.Project{}, store.ErrNotFound
	}
	return s.decodeProject(id, value)
}

func (s *Store) decodeProject(id string, value []byte) (store.Project, error) {
	p, err := record.DecodeProject(id, string(value))
	if err != nil {
		return p, s.damagedRecord(record.ProjectPlace(id), "delete the project", err)
	}
	return p, nil
}

// Projects implements [store.Store].
func (s *Store) Projects(context.Context) (list []store.Project, err error) {
	err = s.view(func(tx *bbolt.Tx) error {
		records := map[string]bool{}
		err := each(tx.Bucket(projectsBucket), nil, func(key, value []byte) error {
			p, err := s.decodeProject(string(key), value)
			list = append(list, p)
			records[string(key)] = true
			return err
		})
		if err != nil {
			return err
		}
		addUsed := func(key, _ []byte) error {
			if id, _, _ := strings.Cut(string(key), "\x00"); !records[id] {
				list = append(list, store.Project{ID: id})
				records[id] = true
			}
			return nil
		}
		return errors.Join(each(tx.Bucket(integrationsBucket), nil, addUsed), each(tx.Bucket(alertsBucket), nil, addUsed))
	})
	return list, err
}

// ProjectsByName implements [store.Store].
func (s *Store) ProjectsByName(_ context.Context, name string) (list []store.Project, err error) {
	err = s.view(func(tx *bbolt.Tx) error {
		return each(tx.Bucket(namesBucket), keyOf(name, ""), func(key, value []byte) error {
			id, err := s.owner(key, value)
			if err != nil {
				return err
			}
			p, err := s.project(tx, id)
			list = append(list, p)
			return err
		})
	})
	return list, err
}

// owner returns the ID of the project that has a name.
func (s *Store) owner(key, value []byte) (string, error) {
	id, err := record.Open(string(key), string(value))
	if err != nil {
		return "", s.damagedRecord("the name of a project", "reset the server", err)
	}
	return id, nil
}

// UpdateProject implements [store.Store]. It calls change once.
func (s *Store) UpdateProject(_ context.Context, id string, change func(*store.Project) (store.Project, error)) error {
	return s.commit(func(tx *bbolt.Tx) error {
		var old *store.Project
		switch p, err := s.project(tx, id); {
		case err == nil:
			old = &p
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		changed, err := change(old)
		if err != nil {
			return err
		}
		if err := s.checkName(tx, changed, id); err != nil {
			return err
		}
		if _, err := record.EncodeProject(changed); err != nil {
			return err
		}
		if old != nil {
			if err := tx.Bucket(namesBucket).Delete(keyOf(old.Name, old.Org)); err != nil {
				return bboltError(err)
			}
		}
		return putProject(tx, changed)
	})
}

// checkName returns ErrNameTaken if another project than the one with the ID has the name.
func (s *Store) checkName(tx *bbolt.Tx, p store.Project, id string) error {
	key := keyOf(p.Name, p.Org)
	value := tx.Bucket(namesBucket).Get(key)
	if value == nil {
		return nil
	}
	owner, err := s.owner(key, value)
	if err == nil && owner != id {
		return store.ErrNameTaken
	}
	return err
}

// putProject stores a record and its name.
func putProject(tx *bbolt.Tx, p store.Project) error {
	value, err := record.EncodeProject(p)
	if err != nil {
		return err
	}
	key := keyOf(p.Name, p.Org)
	return bboltError(errors.Join(
		tx.Bucket(projectsBucket).Put([]byte(p.ID), []byte(value)),
		tx.Bucket(namesBucket).Put(key, []byte(record.Seal(string(key), p.ID))),
	))
}

// DeleteProject implements [store.Store].
func (s *Store) DeleteProject(_ context.Context, id string) error {
	return s.commit(func(tx *bbolt.Tx) error {
		if isDeleted(tx, id) {
			return store.ErrDeleted
		}
		err := errors.Join(removeAll(tx.Bucket(integrationsBucket), keyOf(id, "")), tx.Bucket(alertsBucket).Delete([]byte(id)))
		if value := tx.Bucket(projectsBucket).Get([]byte(id)); value != nil {
			err = errors.Join(err, removeName(tx, id, value), tx.Bucket(projectsBucket).Delete([]byte(id)))
		}
		return bboltError(errors.Join(err, markDeleted(tx, id)))
	})
}

func removeAll(b *bbolt.Bucket, prefix []byte) error {
	var keys [][]byte // a bucket must not change while a cursor walks it
	err := each(b, prefix, func(key, _ []byte) error {
		keys = append(keys, key)
		return nil
	})
	for _, key := range keys {
		err = errors.Join(err, b.Delete(key))
	}
	return err
}

// removeName removes the name of a project. If the record is damaged, it searches all names.
func removeName(tx *bbolt.Tx, id string, value []byte) error {
	b := tx.Bucket(namesBucket)
	if p, err := record.DecodeProject(id, string(value)); err == nil {
		return b.Delete(keyOf(p.Name, p.Org))
	}
	var keys [][]byte
	err := each(b, nil, func(key, value []byte) error {
		if owner, err := record.Open(string(key), string(value)); err == nil && owner == id {
			keys = append(keys, key)
		}
		return nil
	})
	for _, key := range keys {
		err = errors.Join(err, b.Delete(key))
	}
	return err
}

// markDeleted marks a project as deleted, and removes the oldest of too many marks.
func markDeleted(tx *bbolt.Tx, id string) error {
	deleted, order := tx.Bucket(deletedBucket), tx.Bucket(deletionsBucket)
	n, err := order.NextSequence()
	if err != nil {
		return err
	}
	number := binary.BigEndian.AppendUint64(nil, n)
	err = errors.Join(deleted.Put([]byte(id), number), order.Put(number, []byte(id)))
	if n <= record.MaxDeleted {
		return err
	}
	oldest := binary.BigEndian.AppendUint64(nil, n-record.MaxDeleted)
	if id := order.Get(oldest); id != nil {
		err = errors.Join(err, deleted.Delete(id), order.Delete(oldest))
	}
	return err
}

// snapshotProjects adds the records and the deleted projects to a state.
func (s *Store) snapshotProjects(tx *bbolt.Tx, state store.State) error {
	err := each(tx.Bucket(projectsBucket), nil, func(key, value []byte) error {
		p, err := s.decodeProject(string(key), value)
		c := state[p.ID]
		c.Project = &p
		state[p.ID] = c
		return err
	})
	if err != nil {
		return err
	}
	return each(tx.Bucket(deletedBucket), nil, func(key, _ []byte) error {
		state[string(key)] = store.Contents{Deleted: true}
		return nil
	})
}

// checkNames returns ErrNameTaken if two projects of a state have the same name in an organization.
func checkNames(state store.State) error {
	seen := map[[2]string]bool{}
	for _, c := range state {
		if c.Project == nil || c.Deleted {
			continue
		}
		name := [2]string{c.Project.Org, c.Project.Name}
		if seen[name] {
			return store.ErrNameTaken
		}
		seen[name] = true
	}
	return nil
}
