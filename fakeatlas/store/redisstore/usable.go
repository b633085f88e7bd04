package redisstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/redis/go-redis/v9"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
)

// Fields of a project's hash. The fields of its integrations are their types, in capitals.
const (
	formatField  = "format"  // the format of the project; the key with the format of all data ends with the same name
	deletedField = "deleted" // marks a deleted project
)

// Check is the health check of [store.Store]. It returns an error unless Redis accepts writes, lets its user run the
// commands that the store needs, evicts no key, and has no data of another format. It visits each node of a cluster.
func (s *Store) Check(ctx context.Context) error {
	_, err := s.check(ctx)
	return err
}

// Inspect is a check before a server starts. It returns an error only if the store does not work until you change
// something: Redis does not accept the credentials, forbids its user a command, can evict keys, or has data of another
// format. It returns other errors of [Store.Check] as a warning, because Redis may start after the server. It also
// warns if Redis does not show whether it can evict keys.
func (s *Store) Inspect(ctx context.Context) (warning string, err error) {
	warning, err = s.check(ctx)
	var failure *store.Failure
	if err == nil || errors.As(err, &failure) && failure.WrongCredentials || errors.Is(err, errUnusable) {
		return warning, err
	}
	return err.Error() + "; requests get 500 and health 503 until the store works again", nil
}

func (s *Store) check(ctx context.Context) (warning string, err error) {
	if warning, err = s.inspect(ctx); err != nil {
		return "", err
	}
	if err := s.checkKeys(ctx); err != nil {
		return warning, err
	}
	return warning, s.tryCommands(ctx)
}

// nonceKind is the kind of the era of nonces, without which no digest is valid.
const nonceKind = "nonce"

// checkKeys returns an error if a key that servers need for many requests belongs to another program. It reads no keys
// of projects: there may be many.
func (s *Store) checkKeys(ctx context.Context) error {
	err := s.runKeys(ctx, checkRegistry, s.registry(), record.Format).Err()
	if err == nil {
		err = s.run(ctx, checkEra, s.era(nonceKind)).Err()
	}
	if code(err) == "WRONGTYPE" {
		return s.unusable(foreign)
	}
	return s.failure(err)
}

// checkText is the value of the key that a check writes.
const checkText = "written by a check of atlasint"

// addFormat stores the format of all data, unless there is one, and returns the stored one.
var addFormat = newScript(`
	local present = redis.call('GET', KEYS[1])
	if present then return present end
	redis.call('SET', KEYS[1], ARGV[1])
	return ARGV[1]`)

// allCommands runs all commands of the scripts, and leaves nothing. It fails for a key that no check has written. SET
// and DEL come first: what the others write is deleted even if the user lacks the permission for one of them.
var allCommands = newScript(`
	local key = KEYS[1]
	if (redis.call('GET', key) or ARGV[1]) ~= ARGV[1] then return redis.error_reply('WRONGTYPE a key of another program') end
	redis.call('SET', key, ARGV[1]) redis.call('DEL', key)
	local allowed, err = pcall(function()
		redis.call('SET', key, '1') redis.call('INCR', key) redis.call('EXISTS', key) redis.call('TYPE', key)
		redis.call('PEXPIRE', key, 1000) redis.call('DEL', key) redis.call('TIME')
		redis.call('HSET', key, 'a', '1') redis.call('HSETNX', key, 'a', '1') redis.call('HGET', key, 'a')
		redis.call('HEXISTS', key, 'a') redis.call('HGETALL', key) redis.call('HKEYS', key) redis.call('HLEN', key)
		redis.call('HDEL', key, 'a') redis.call('DEL', key)
		redis.call('ZADD', key, 1, 'a') redis.call('ZSCORE', key, 'a') redis.call('ZCARD', key)
		redis.call('ZRANGE', key, 0, -1) redis.call('ZREVRANGE', key, 0, -1) redis.call('ZRANGEBYSCORE', key, 1, 1)
		redis.call('ZREM', key, 'a') redis.call('ZREMRANGEBYSCORE', key, 1, 1)
	end)
	redis.call('DEL', key)
	if allowed then return 1 end
	return type(err) == 'table' and err or redis.error_reply(tostring(err))
`)

// tryCommands runs all commands that the store needs: the user may lack the permission for one.
func (s *Store) tryCommands(ctx context.Context) error {
	key := s.prefix + ":checked"
	err := s.nodes(ctx, func(ctx context.Context, client *redis.Client) error {
		ctx, cancel := s.bounded(ctx)
		defer cancel()
		return s.failure(client.Scan(ctx, 0, key, 1).Err())
	})
	if err != nil {
		return err
	}
	switch err := s.run(ctx, allCommands, key, checkText).Err(); {
	case code(err) == "WRONGTYPE":
		return s.unusable(foreign)
	case err != nil:
		return s.failure(err)
	}
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	return s.failure(s.client.Set(ctx, key, checkText, checkedTime).Err())
}

// usable inspects Redis, unless an inspection found it usable and no connection has begun since.
func (s *Store) usable(ctx context.Context) error {
	if s.inspected.Load() {
		return nil
	}
	_, err := s.inspect(ctx)
	return err
}

// writable is like usable, for writes of integrations. It reads the format before each write: a server of another
// version may have written it meanwhile, and Redis may have lost all its data.
func (s *Store) writable(ctx context.Context) error {
	if !s.inspected.Load() {
		return s.usable(ctx)
	}
	format, err := s.format(ctx)
	switch {
	case err != nil:
		return err
	case format == "":
		_, err := s.inspect(ctx)
		return err
	case format != record.Format:
		return s.otherFormat(format)
	}
	return nil
}

func (s *Store) inspect(ctx context.Context) (warning string, err error) {
	if warning, err = s.checkEviction(ctx); err == nil {
		err = s.settleFormat(ctx)
	}
	if err != nil {
		return "", err
	}
	s.inspected.Store(true)
	return warning, nil
}

// unusable returns a failure that wraps errUnusable, and makes the next call inspect Redis again.
func (s *Store) unusable(text string) error {
	s.inspected.Store(false)
	return failureAt(s.address, text, errUnusable)
}

func (s *Store) evicts() error {
	return s.unusable("it can evict stored data; set its maxmemory-policy to noeviction")
}

func (s *Store) otherFormat(format string) error {
	if format == "" { // data without a format
		return s.unusable("its keys with this prefix belong to an older atlasint or to another program; set another prefix")
	}
	return s.unusable("its data " + record.Mismatch(format) + "; use the version that wrote it, or set another prefix")
}

// checkEviction returns an error if a node can evict keys, and a warning if a node does not show whether it can.
func (s *Store) checkEviction(ctx context.Context) (warning string, err error) {
	var hidden atomic.Bool
	err = s.nodes(ctx, func(ctx context.Context, client *redis.Client) error {
		seen, err := s.checkNode(ctx, client)
		if !seen {
			hidden.Store(true)
		}
		return err
	})
	if hidden.Load() {
		warning = "Redis at " + s.address + ": it does not allow the command INFO, which shows evictions and restarts; " +
			"allow INFO, or set maxmemory-policy to noeviction"
	}
	return warning, err
}

// checkNode returns an error if a node can evict keys, and false if it does not show whether it can.
func (s *Store) checkNode(ctx context.Context, node interface {
	Info(ctx context.Context, sections ...string) *redis.StringCmd
}) (seen bool, err error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	info, err := node.Info(ctx, "memory").Result()
	if err != nil && !slices.Contains([]string{"NOPERM", "ERR"}, code(err)) {
		return false, s.failure(err)
	}
	limit, policy := memoryOf(info)
	if policy != "" && policy != "noeviction" && limit != "0" {
		return true, s.evicts()
	}
	return policy != "", nil
}

// checkConnection checks each new connection before its first command: it may be to another Redis.
func (s *Store) checkConnection(ctx context.Context, conn *redis.Conn) error {
	s.inspected.Store(false)
	if _, err := s.checkNode(ctx, conn); err != nil {
		return fmt.Errorf("new connection: %w", err) // go-redis returns the wrapped error
	}
	return nil
}

// memoryOf returns two settings from the response to INFO, empty if they are not in it.
func memoryOf(info string) (limit, policy string) {
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "maxmemory":
			limit = value
		case "maxmemory_policy":
			policy = value
		}
	}
	return limit, policy
}

// format returns the format of all data, empty if Redis has none.
func (s *Store) format(ctx context.Context) (string, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	format, err := s.client.Get(ctx, s.formatKey()).Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return format, s.failure(err)
}

func (s *Store) formatKey() string { return s.prefix + ":" + formatField }

// settleFormat returns an error unless all data has the format of this version. It writes the format where there is
// none, once it has found that no project is of another one.
func (s *Store) settleFormat(ctx context.Context) error {
	format, err := s.format(ctx)
	if err == nil && format == "" {
		if err = s.checkProjects(ctx); err == nil {
			format, err = s.run(ctx, addFormat, s.formatKey(), record.Format).Text()
			err = s.failure(err)
		}
	}
	if err == nil && format != record.Format {
		err = s.otherFormat(format)
	}
	return err
}

// checkProjects returns an error if a project is of another format.
func (s *Store) checkProjects(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.limits.sweep)
	defer cancel()
	return s.sweep(ctx, s.projects(), func(client *redis.Client, key string) error {
		if _, err := s.fields(ctx, client, key); !errors.Is(err, store.ErrDeleted) {
			return err
		}
		return nil
	})
}
