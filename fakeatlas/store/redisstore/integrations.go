package redisstore

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// How often a change is tried while others are faster.
const (
	maxTries  = 100
	longPause = 20 * time.Millisecond
)

// A command that the network lost may have been carried out, and the client may have sent it again: to find
// the very same value there is success too. Ids make values unique.
var (
	create = redis.NewScript(`
		if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 1 then return 1 end
		return redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] and 1 or 0`)
	// swap takes an empty old value for none.
	swap = redis.NewScript(`
		local present = redis.call('HGET', KEYS[1], ARGV[1]) or ''
		if present ~= ARGV[2] and present ~= ARGV[3] then return 0 end
		redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
		return 1`)
)

// key is that of a project; the braces keep it in one slot of a cluster whatever the prefix.
func (s *Store) key(project string) string { return s.projects() + "{" + project + "}" }

func (s *Store) projects() string { return s.prefix + ":project:" }

func encode(in store.Integration) ([]byte, error) {
	value, err := json.Marshal(in)
	if err != nil {
		return nil, &store.Failure{Text: "the integration can't be written as JSON", Cause: err}
	}
	return value, nil
}

func (s *Store) decode(value string) (in store.Integration, err error) {
	if err := json.Unmarshal([]byte(value), &in); err != nil {
		return in, &store.Failure{Text: "Redis at " + s.address + ": it holds something else under our keys; set another prefix", Cause: err}
	}
	return in, nil
}

// List implements [store.Store].
func (s *Store) List(ctx context.Context, project string) ([]store.Integration, error) {
	return s.list(ctx, s.client, s.key(project))
}

func (s *Store) list(ctx context.Context, client redis.Cmdable, key string) (list []store.Integration, err error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	values, err := client.HVals(ctx, key).Result()
	if err != nil {
		return nil, s.failure(err)
	}
	for _, value := range values {
		in, err := s.decode(value)
		if err != nil {
			return nil, err
		}
		list = append(list, in)
	}
	return list, nil
}

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, project, typ string) (store.Integration, error) {
	value, err := s.value(ctx, project, typ)
	switch {
	case err != nil:
		return store.Integration{}, err
	case value == "":
		return store.Integration{}, store.ErrNotFound
	}
	return s.decode(value)
}

// value is what Redis holds, empty if there is nothing.
func (s *Store) value(ctx context.Context, project, typ string) (string, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	value, err := s.client.HGet(ctx, s.key(project), typ).Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return value, s.failure(err)
}

// Create implements [store.Store].
func (s *Store) Create(ctx context.Context, project string, in store.Integration) error {
	value, err := encode(in)
	if err != nil {
		return err
	}
	switch created, err := s.run(ctx, create, s.key(project), in.Type, value).Bool(); {
	case err != nil:
		return s.failure(err)
	case !created:
		return store.ErrExists
	}
	return nil
}

// Update implements [store.Store].
func (s *Store) Update(ctx context.Context, project, typ string, change func(*store.Integration) (store.Integration, error)) error {
	for try := range maxTries {
		done, err := s.tryUpdate(ctx, project, typ, change)
		if done || err != nil {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return s.failure(err)
		}
	}
	return &store.Failure{Text: "Redis at " + s.address + ": too many clients change the same integration at once; try again"}
}

// tryUpdate changes what it has read, unless somebody else was faster.
func (s *Store) tryUpdate(
	ctx context.Context, project, typ string, change func(*store.Integration) (store.Integration, error),
) (done bool, err error) {
	present, err := s.value(ctx, project, typ)
	if err != nil {
		return false, err
	}
	var old *store.Integration
	if present != "" {
		in, err := s.decode(present)
		if err != nil {
			return false, err
		}
		old = &in
	}
	changed, err := change(old)
	if err != nil {
		return false, err
	}
	value, err := encode(changed)
	if err != nil {
		return false, err
	}
	done, err = s.run(ctx, swap, s.key(project), changed.Type, present, value).Bool()
	return done, s.failure(err)
}

// pause lets the others go first, each for a time of its own.
func pause(ctx context.Context, try int) error {
	timer := time.NewTimer(rand.N(min(time.Millisecond<<min(try, 10), longPause)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Delete implements [store.Store].
func (s *Store) Delete(ctx context.Context, project, typ string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	switch n, err := s.client.HDel(ctx, s.key(project), typ).Result(); {
	case err != nil:
		return s.failure(err)
	case n == 0:
		return store.ErrNotFound
	}
	return nil
}

// Snapshot implements [store.Store]; each project is of one moment.
func (s *Store) Snapshot(ctx context.Context) (store.State, error) {
	ctx, cancel := context.WithTimeout(ctx, sweepTime)
	defer cancel()
	var mu sync.Mutex
	state := store.State{}
	err := s.sweep(ctx, s.projects(), func(client *redis.Client, key string) error {
		list, err := s.list(ctx, client, key)
		if err != nil || len(list) == 0 { // gone since it was found
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		state[strings.Trim(strings.TrimPrefix(key, s.projects()), "{}")] = list
		return nil
	})
	return state, err
}

// Restore implements [store.Store]; each project is replaced at once.
func (s *Store) Restore(ctx context.Context, state store.State) error {
	ctx, cancel := context.WithTimeout(ctx, sweepTime)
	defer cancel()
	kept := map[string]bool{}
	for project, list := range state {
		kept[s.key(project)] = true
		if err := s.replace(ctx, project, list); err != nil {
			return err
		}
	}
	return s.sweep(ctx, s.projects(), func(client *redis.Client, key string) error {
		if kept[key] {
			return nil
		}
		return s.failure(client.Del(ctx, key).Err())
	})
}

func (s *Store) replace(ctx context.Context, project string, list []store.Integration) error {
	fields := make([]any, 0, 2*len(list))
	for _, in := range list {
		value, err := encode(in)
		if err != nil {
			return err
		}
		fields = append(fields, in.Type, value)
	}
	_, err := s.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.Del(ctx, s.key(project))
		if len(fields) > 0 {
			p.HSet(ctx, s.key(project), fields...)
		}
		return nil
	})
	return s.failure(err)
}

// sweep visits the keys that begin with a prefix, each at the node that has it, and may visit one twice. The
// nodes are visited at the same time.
func (s *Store) sweep(ctx context.Context, prefix string, visit func(client *redis.Client, key string) error) error {
	node := func(ctx context.Context, client *redis.Client) error {
		keys := client.Scan(ctx, 0, prefix+"*", 1000).Iterator()
		for keys.Next(ctx) {
			if err := visit(client, keys.Val()); err != nil {
				return err
			}
		}
		return s.failure(keys.Err())
	}
	switch client := s.client.(type) {
	case *redis.ClusterClient:
		err := client.ForEachMaster(ctx, node)
		var worded *store.Failure
		if errors.As(err, &worded) {
			return err
		}
		return s.failure(err)
	case *redis.Client:
		return node(ctx, client)
	}
	return nil // Open makes no other client
}
