package filestore

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"go.etcd.io/bbolt"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// endSize is what stands before the text of a note: when it ends, in milliseconds since 1970, or 0.
const endSize = 8

func (s *Store) sealed(text string, life time.Duration) []byte {
	end := uint64(0)
	if life > 0 {
		end = uint64(s.now().Add(life).UnixMilli())
	}
	return append(binary.BigEndian.AppendUint64(nil, end), text...)
}

// text is what a note says; false if it has ended, or never was.
func (s *Store) text(value []byte) (string, bool) {
	if len(value) < endSize {
		return "", false
	}
	end := int64(binary.BigEndian.Uint64(value))
	return string(value[endSize:]), end == 0 || s.now().UnixMilli() < end
}

// Note implements [store.Notes]. It takes the time to remove what has ended of this kind.
func (s *Store) Note(_ context.Context, kind, name, text string, life time.Duration) (kept string, err error) {
	if kept, ok := s.noted(kind, name); ok {
		return kept, nil
	}
	err = s.commit(func(tx *bbolt.Tx) error {
		b := tx.Bucket(notesBucket)
		if present, ok := s.text(b.Get(keyOf(kind, name))); ok {
			kept = present
			return nil
		}
		if err := removeNotes(b, kind, func(value []byte) bool { _, lives := s.text(value); return !lives }); err != nil {
			return err
		}
		kept = text
		return must(b.Put(keyOf(kind, name), s.sealed(text, life)))
	})
	return kept, err
}

func (s *Store) noted(kind, name string) (text string, ok bool) {
	err := s.view(func(tx *bbolt.Tx) error {
		text, ok = s.text(tx.Bucket(notesBucket).Get(keyOf(kind, name)))
		return nil
	})
	return text, ok && err == nil
}

// Noted implements [store.Notes].
func (s *Store) Noted(_ context.Context, kind, name string) (text string, err error) {
	err = s.view(func(tx *bbolt.Tx) error {
		present, ok := s.text(tx.Bucket(notesBucket).Get(keyOf(kind, name)))
		if !ok {
			return store.ErrNotFound
		}
		text = present
		return nil
	})
	return text, err
}

// Strike implements [store.Notes].
func (s *Store) Strike(_ context.Context, kind, name string) error {
	return s.commit(func(tx *bbolt.Tx) error { return must(tx.Bucket(notesBucket).Delete(keyOf(kind, name))) })
}

// StrikeAll implements [store.Notes].
func (s *Store) StrikeAll(_ context.Context, kind string) error {
	return s.commit(func(tx *bbolt.Tx) error {
		return removeNotes(tx.Bucket(notesBucket), kind, func([]byte) bool { return true })
	})
}

func removeNotes(b *bbolt.Bucket, kind string, which func(value []byte) bool) error {
	var keys [][]byte // a bucket must not change while a cursor walks it
	err := each(b, keyOf(kind, ""), func(key, value []byte) error {
		if which(value) {
			keys = append(keys, key)
		}
		return nil
	})
	for _, key := range keys {
		err = errors.Join(err, b.Delete(key))
	}
	return must(err)
}

// room is how many bytes there must be for more, lest a store that takes small changes alone be called sound.
const room = 32 << 10

// Check implements [store.Checker]: it writes as much to the file as some integrations would.
func (s *Store) Check(context.Context) error {
	return s.commit(func(tx *bbolt.Tx) error { return must(tx.Bucket(aboutBucket).Put(checkKey, make([]byte, room))) })
}
