package redisstore

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// ownTexts begins the scripts for texts and buckets. The value of a key begins with a checksum over the key and the
// rest: other programs may have keys of the same form, which the store must neither use nor delete.
const ownTexts = `
	local function seal(text) return string.sub(redis.sha1hex(KEYS[1] .. ' ' .. text), 1, 8) .. text end
	local function open(value)
		local text = string.sub(value, 9)
		if value == seal(text) then return text end
	end
	local function foreign() return redis.error_reply('WRONGTYPE a key of another program') end
`

var (
	// The life is in milliseconds; 0 has no end.
	addText = newScript(ownTexts + `
		local present = redis.call('GET', KEYS[1])
		if present then return open(present) or foreign() end
		redis.call('SET', KEYS[1], seal(ARGV[1]))
		if tonumber(ARGV[2]) > 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
		return ARGV[1]`)
	getText = newScript(ownTexts + `
		local present = redis.call('GET', KEYS[1])
		return present and (open(present) or foreign())`)
	deleteText = newScript(ownTexts + `
		local present = redis.call('GET', KEYS[1])
		if present and not open(present) then return foreign() end
		return redis.call('DEL', KEYS[1])`)
	// deleteOwn deletes a text or a bucket, and leaves all other keys.
	deleteOwn = newScript(ownTexts + `
		if redis.call('TYPE', KEYS[1]).ok ~= 'string' or not open(redis.call('GET', KEYS[1])) then return 0 end
		return redis.call('DEL', KEYS[1])`)
)

// An era and the names used in it are one sorted set, by the time at which a name may be forgotten: evicting, deleting
// or flushing the names also removes their era. The era belongs to one run of one process of Redis: after a restart or
// a failover, acknowledged writes may be missing.
const runID = `
	local info = redis.pcall('INFO', 'server')
	local run = type(info) == 'string' and string.match(info, 'run_id:(%x+)') or ''
`

// ownEra begins the scripts for an era without its name. They fail for a sorted set of another program: an era always
// has its mark.
const ownEra = `
	local marks = redis.call('ZRANGEBYSCORE', KEYS[1], '+inf', '+inf')
	if redis.call('ZCARD', KEYS[1]) > 0 and not string.find(marks[1] or '', '^%x* ') then
		return redis.error_reply('WRONGTYPE a key of another program')
	end
`

var (
	era = newScript(runID + ownEra + `
		for _, mark in ipairs(marks) do
			local present, text = string.match(mark, '^(%x*) (.*)$')
			if present == run then return text end
		end
		redis.call('DEL', KEYS[1])
		redis.call('ZADD', KEYS[1], '+inf', run .. ' ' .. ARGV[1])
		return ARGV[1]`)
	checkEra = newScript(ownEra + `return 1`)
	// deleteEra deletes an era, and leaves all other keys.
	deleteEra = newScript(`
		if redis.call('TYPE', KEYS[1]).ok ~= 'zset' then return 0 end` + ownEra + `
		return redis.call('DEL', KEYS[1])`)
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
	text, err := s.run(ctx, era, s.era(kind), proposal).Text()
	return text, s.failure(err)
}

// UseOnce implements [store.SharedStore].
func (s *Store) UseOnce(ctx context.Context, kind, era, name string, life time.Duration) (bool, error) {
	if err := s.usable(ctx); err != nil {
		return false, err
	}
	isFirst, err := s.run(ctx, first, s.era(kind), era, name, life.Milliseconds()).Bool()
	return isFirst, s.failure(err)
}

func (s *Store) kind(kind string) string { return s.prefix + ":" + kind + ":" }

func (s *Store) era(kind string) string { return s.kind(kind) + "era" }

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
	text, err := s.run(ctx, getText, s.kind(kind)+name).Text()
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
	return s.failure(s.run(ctx, deleteText, s.kind(kind)+name).Err())
}

// DeleteTexts implements [store.TextStore]. It leaves keys of other programs.
func (s *Store) DeleteTexts(ctx context.Context, kind string) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.limits.sweep)
	defer cancel()
	if err := s.run(ctx, deleteEra, s.era(kind)).Err(); err != nil && code(err) != "WRONGTYPE" {
		return s.failure(err)
	}
	return s.sweep(ctx, s.kind(kind), func(client *redis.Client, key string) error {
		ctx, cancel := s.bounded(ctx)
		defer cancel()
		return s.failure(deleteOwn.Run(ctx, client, []string{key}).Err())
	})
}
