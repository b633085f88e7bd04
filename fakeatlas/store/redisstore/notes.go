package redisstore

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// The life is in milliseconds; 0 has no end.
var (
	note = redis.NewScript(`
		local present = redis.call('GET', KEYS[1])
		if present then return present end
		redis.call('SET', KEYS[1], ARGV[1])
		if tonumber(ARGV[2]) > 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
		return ARGV[1]`)
	count = redis.NewScript(`
		local n = redis.call('INCR', KEYS[1])
		if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
		return n`)
)

func (s *Store) kind(kind string) string { return s.prefix + ":" + kind + ":" }

// Note implements [store.Notes].
func (s *Store) Note(ctx context.Context, kind, name, text string, life time.Duration) (string, error) {
	kept, err := s.run(ctx, note, s.kind(kind)+name, text, life.Milliseconds()).Text()
	return kept, s.failure(err)
}

// Noted implements [store.Notes].
func (s *Store) Noted(ctx context.Context, kind, name string) (string, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	text, err := s.client.Get(ctx, s.kind(kind)+name).Result()
	if errors.Is(err, redis.Nil) {
		return "", store.ErrNotFound
	}
	return text, s.failure(err)
}

// Strike implements [store.Notes].
func (s *Store) Strike(ctx context.Context, kind, name string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	return s.failure(s.client.Del(ctx, s.kind(kind)+name).Err())
}

// StrikeAll implements [store.Notes].
func (s *Store) StrikeAll(ctx context.Context, kind string) error {
	ctx, cancel := context.WithTimeout(ctx, sweepTime)
	defer cancel()
	return s.sweep(ctx, s.kind(kind), func(client *redis.Client, key string) error {
		return s.failure(client.Del(ctx, key).Err())
	})
}

// Count implements [store.Tally].
func (s *Store) Count(ctx context.Context, kind, name string, life time.Duration) (int, error) {
	n, err := s.run(ctx, count, s.kind(kind)+name, life.Milliseconds()).Int()
	return n, s.failure(err)
}
