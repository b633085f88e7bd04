package redisstore

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// The life is in milliseconds; 0 has no end.
var addText = newScript(`
		local present = redis.call('GET', KEYS[1])
		if present then return present end
		redis.call('SET', KEYS[1], ARGV[1])
		if tonumber(ARGV[2]) > 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
		return ARGV[1]`)

// An era and the names used in it are one sorted set, by the time at which a name may be forgotten: evicting, deleting
// or flushing the names also removes their era. The era belongs to one run of one process of Redis: after a restart or
// a failover, acknowledged writes may be missing.
const runID = `
	local info = redis.pcall('INFO', 'server')
	local run = type(info) == 'string' and string.match(info, 'run_id:(%x+)') or ''
`

var (
	era = newScript(runID + `
		for _, mark in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '+inf', '+inf')) do
			local present, text = string.match(mark, '^(%x*) (.*)$')
			if present == run then return text end
		end
		redis.call('DEL', KEYS[1])
		redis.call('ZADD', KEYS[1], '+inf', run .. ' ' .. ARGV[1])
		return ARGV[1]`)
	// A name begins with a colon, so that it can't be a mark.
	first = newScript(runID + `
		if not redis.call('ZSCORE', KEYS[1], run .. ' ' .. ARGV[1]) then return 0 end
		local time = redis.call('TIME')
		local now = time[1] * 1000 + math.floor(time[2] / 1000)
		redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
		if redis.call('ZSCORE', KEYS[1], ':' .. ARGV[2]) then return 0 end
		return redis.call('ZADD', KEYS[1], now + ARGV[3], ':' .. ARGV[2])`)
)

// Era implements [store.SharedStore].
func (s *Store) Era(ctx context.Context, kind, proposal string) (string, error) {
	if err := s.usable(ctx); err != nil {
		return "", err
	}
	text, err := s.run(ctx, era, s.kind(kind)+"era", proposal).Text()
	return text, s.failure(err)
}

// UseOnce implements [store.SharedStore].
func (s *Store) UseOnce(ctx context.Context, kind, era, name string, life time.Duration) (bool, error) {
	if err := s.usable(ctx); err != nil {
		return false, err
	}
	isFirst, err := s.run(ctx, first, s.kind(kind)+"era", era, name, life.Milliseconds()).Bool()
	return isFirst, s.failure(err)
}

func (s *Store) kind(kind string) string { return s.prefix + ":" + kind + ":" }

// AddText implements [store.TextStore].
func (s *Store) AddText(ctx context.Context, kind, name, text string, life time.Duration) (string, error) {
	if err := s.usable(ctx); err != nil {
		return "", err
	}
	kept, err := s.run(ctx, addText, s.kind(kind)+name, text, life.Milliseconds()).Text()
	return kept, s.failure(err)
}

// GetText implements [store.TextStore].
func (s *Store) GetText(ctx context.Context, kind, name string) (string, error) {
	if err := s.usable(ctx); err != nil {
		return "", err
	}
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	text, err := s.client.Get(ctx, s.kind(kind)+name).Result()
	if errors.Is(err, redis.Nil) {
		return "", store.ErrNotFound
	}
	return text, s.failure(err)
}

// DeleteText implements [store.TextStore].
func (s *Store) DeleteText(ctx context.Context, kind, name string) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	return s.failure(s.client.Del(ctx, s.kind(kind)+name).Err())
}

// DeleteTexts implements [store.TextStore].
func (s *Store) DeleteTexts(ctx context.Context, kind string) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.limits.sweep)
	defer cancel()
	return s.sweep(ctx, s.kind(kind), func(client *redis.Client, key string) error {
		return s.failure(client.Del(ctx, key).Err())
	})
}
