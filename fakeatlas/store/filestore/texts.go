package filestore

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"go.etcd.io/bbolt"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
)

// endSize is the size in bytes of the number before a text: the time at which the text expires, in milliseconds since
// 1970, or 0.
const endSize = 8

func (s *Store) sealed(key []byte, text string, life time.Duration) []byte {
	end := uint64(0)
	if life > 0 {
		end = uint64(s.now().Add(life).UnixMilli())
	}
	return []byte(record.Seal(string(key), string(binary.BigEndian.AppendUint64(nil, end))+text))
}

// text returns a text, and [store.ErrNotFound] if there is none or it has expired.
func (s *Store) text(b *bbolt.Bucket, key []byte) (string, error) {
	value := b.Get(key)
	if value == nil {
		return "", store.ErrNotFound
	}
	content, err := record.Open(string(key), string(value))
	if err == nil && len(content) < endSize {
		err = record.ErrDamaged
	}
	if err != nil {
		return "", s.damagedRecord("an access token or a key", "name another file", err)
	}
	if end := int64(binary.BigEndian.Uint64([]byte(content))); end != 0 && s.now().UnixMilli() >= end {
		return "", store.ErrNotFound
	}
	return content[endSize:], nil
}

// AddText implements [store.TextStore]. It also removes expired texts of this kind.
func (s *Store) AddText(ctx context.Context, kind, name, text string, life time.Duration) (kept string, err error) {
	if kept, err := s.GetText(ctx, kind, name); !errors.Is(err, store.ErrNotFound) {
		return kept, err
	}
	err = s.commit(func(tx *bbolt.Tx) (err error) {
		b, key := tx.Bucket(textsBucket), keyOf(kind, name)
		if kept, err = s.text(b, key); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := removeTexts(b, kind, func(key []byte) bool { _, err := s.text(b, key); return errors.Is(err, store.ErrNotFound) }); err != nil {
			return err
		}
		kept = text
		return bboltError(b.Put(key, s.sealed(key, text, life)))
	})
	return kept, err
}

// GetText implements [store.TextStore].
func (s *Store) GetText(_ context.Context, kind, name string) (text string, err error) {
	err = s.view(func(tx *bbolt.Tx) (err error) {
		text, err = s.text(tx.Bucket(textsBucket), keyOf(kind, name))
		return err
	})
	return text, err
}

// DeleteText implements [store.TextStore].
func (s *Store) DeleteText(_ context.Context, kind, name string) error {
	return s.commit(func(tx *bbolt.Tx) error { return bboltError(tx.Bucket(textsBucket).Delete(keyOf(kind, name))) })
}

// DeleteTexts implements [store.TextStore].
func (s *Store) DeleteTexts(_ context.Context, kind string) error {
	return s.commit(func(tx *bbolt.Tx) error {
		return removeTexts(tx.Bucket(textsBucket), kind, func([]byte) bool { return true })
	})
}

func removeTexts(b *bbolt.Bucket, kind string, which func(key []byte) bool) error {
	var keys [][]byte // a bucket must not change while a cursor walks it
	err := each(b, keyOf(kind, ""), func(key, _ []byte) error {
		if which(key) {
			keys = append(keys, key)
		}
		return nil
	})
	for _, key := range keys {
		err = errors.Join(err, b.Delete(key))
	}
	return bboltError(err)
}

// spareBytes is the size of the value that a check writes: a store that accepts only small changes is not healthy.
const spareBytes = 32 << 10

// Check is the health check of [store.Store]. It writes as much to the file as some integrations would, and fails, as
// writes do, if the path names another file.
func (s *Store) Check(context.Context) error {
	return s.commit(func(tx *bbolt.Tx) error {
		return bboltError(tx.Bucket(aboutBucket).Put(checkKey, make([]byte, spareBytes)))
	})
}
