package redisstore

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
)

// The limits of a change that other clients interrupt.
const (
	maxTries  = 100
	longPause = 20 * time.Millisecond // between two tries, at most
)

// The client repeats a command whose response was lost, although Redis may have run it. A script therefore also
// succeeds if it finds the value that it would store. IDs make values unique.
var (
	create = newScript(rejectDeleted + `
		redis.call('HSET', KEYS[1], 'format', ARGV[1])
		if redis.call('HSETNX', KEYS[1], ARGV[2], ARGV[3]) == 1 then return 1 end
		return redis.call('HGET', KEYS[1], ARGV[2]) == ARGV[3] and 1 or 0`)
	// For swap, an empty old value means that there is none.
	swap = newScript(rejectDeleted + `
		local present = redis.call('HGET', KEYS[1], ARGV[2]) or ''
		if present ~= ARGV[3] and present ~= ARGV[4] then return 0 end
		redis.call('HSET', KEYS[1], 'format', ARGV[1], ARGV[2], ARGV[4])
		return 1`)
	// remove returns -1 for an integration that an alert configuration keeps.
	remove = newScript(rejectDeleted + `
		local kept = string.find(redis.call('HGET', KEYS[1], 'keeps') or '', ' ' .. ARGV[2] .. ' ', 1, true)
		if kept and redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then return -1 end
		local removed = redis.call('HDEL', KEYS[1], ARGV[2])
		if redis.call('HLEN', KEYS[1]) == 1 then redis.call('DEL', KEYS[1]) end
		return removed`)
	// replace takes types and records, each type before its record. Without any, it removes the project.
	replace = newScript(sameFormat + `
		redis.call('DEL', KEYS[1])
		if #ARGV > 1 then redis.call('HSET', KEYS[1], 'format', ARGV[1]) end
		for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i+1]) end
		return 1`)
	// read returns a field. It fails for a deleted project, as writes do.
	read = newScript(rejectDeleted + `return redis.call('HGET', KEYS[1], ARGV[2])`)
	// readAll returns the fields but those of alert configurations, which may be long.
	readAll = newScript(rejectDeleted + `
		if redis.call('HEXISTS', KEYS[1], 'alerts') == 0 then return redis.call('HGETALL', KEYS[1]) end
		local fields = {}
		for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
			if name ~= 'alerts' and name ~= 'keeps' then
				table.insert(fields, name)
				table.insert(fields, redis.call('HGET', KEYS[1], name))
			end
		end
		return fields`)
)

// evictsCode is the first word of an error of a Redis that can evict keys.
const evictsCode = "EVICTS"

// formatCode is the first word of an error about a project of another format than the first argument. The format
// follows.
const formatCode = "FORMAT"

// deletedCode is the error of a script for a deleted project.
const deletedCode = "DELETED"

// rejectDeleted begins the scripts for the contents of a project. They all fail on a deleted one.
const rejectDeleted = sameFormat + `
	if redis.call('HEXISTS', KEYS[1], 'deleted') == 1 then return redis.error_reply('` + deletedCode + ` project') end
`

// sameFormat begins the scripts. Even if a server has checked Redis before, no script touches a project of another
// format, or uses a Redis that can evict keys since its settings were changed.
const sameFormat = `
	local memory = redis.pcall('INFO', 'memory')
	if type(memory) == 'string' and string.find(memory, 'maxmemory_policy:', 1, true) and
		not string.find(memory, 'maxmemory_policy:noeviction', 1, true) and not string.find(memory, 'maxmemory:0[\r\n]') then
		return redis.error_reply('` + evictsCode + ` by its policy')
	end
	local format = redis.call('HGET', KEYS[1], 'format')
	if format ~= ARGV[1] and (format or redis.call('EXISTS', KEYS[1]) == 1) then
		return redis.error_reply('` + formatCode + ` ' .. (format or ''))
	end
`

// key returns the key of a project. The braces make its slot in a cluster independent of the prefix.
func (s *Store) key(project string) string { return s.projects() + "{" + project + "}" }

// projectOf returns the project of a key.
func (s *Store) projectOf(key string) string {
	return strings.Trim(strings.TrimPrefix(key, s.projects()), "{}")
}

func (s *Store) projects() string { return s.prefix + ":project:" }

func (s *Store) decode(project, typ, value string) (store.Integration, error) {
	in, err := record.Decode(project, typ, value)
	if err != nil {
		return in, failureAt(s.address, "the record of "+record.Place(project, typ)+" is damaged or from another program: "+err.Error()+
			"; delete it, or set another prefix", err)
	}
	return in, nil
}

// List implements [store.Store].
func (s *Store) List(ctx context.Context, project string) ([]store.Integration, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	fields, err := s.fields(ctx, s.client, s.key(project))
	if err != nil {
		return nil, err
	}
	return s.integrationsOf(project, fields)
}

// integrationsOf returns the integrations among the fields of a project.
func (s *Store) integrationsOf(project string, fields []string) (list []store.Integration, err error) {
	for i := 0; i+1 < len(fields); i += 2 {
		switch fields[i] {
		case formatField, alertsField, keepsField:
			continue
		}
		in, err := s.decode(project, fields[i], fields[i+1])
		if err != nil {
			return nil, err
		}
		list = append(list, in)
	}
	return list, nil
}

// fields returns the fields of a project, each name before its value. It fails for one of another format.
func (s *Store) fields(ctx context.Context, client redis.Scripter, key string) ([]string, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	fields, err := readAll.Run(ctx, client, []string{key}, record.Format).StringSlice()
	return fields, s.failure(err)
}

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, project, typ string) (store.Integration, error) {
	if err := s.usable(ctx); err != nil {
		return store.Integration{}, err
	}
	value, err := s.value(ctx, project, typ)
	switch {
	case err != nil:
		return store.Integration{}, err
	case value == "":
		return store.Integration{}, store.ErrNotFound
	}
	return s.decode(project, typ, value)
}

// value returns the record in Redis, empty if there is none.
func (s *Store) value(ctx context.Context, project, typ string) (string, error) {
	value, err := s.run(ctx, read, s.key(project), record.Format, typ).Text()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return value, s.failure(err)
}

// Create implements [store.Store].
func (s *Store) Create(ctx context.Context, project string, in store.Integration) error {
	value, err := record.Encode(project, in)
	if err != nil {
		return err
	}
	if err := s.writable(ctx); err != nil {
		return err
	}
	switch created, err := s.run(ctx, create, s.key(project), record.Format, in.Type, value).Bool(); {
	case err != nil:
		return s.failure(err)
	case !created:
		return store.ErrExists
	}
	return nil
}

// Update implements [store.Store].
func (s *Store) Update(ctx context.Context, project, typ string, change func(*store.Integration) (store.Integration, error)) error {
	if err := s.writable(ctx); err != nil {
		return err
	}
	for try := range maxTries {
		done, err := s.tryUpdate(ctx, project, typ, change)
		if done || err != nil {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return s.failure(err)
		}
	}
	return failureAt(s.address, "too many clients change the same integration at once; try again", nil)
}

// tryUpdate changes the record that it has read, unless another client was faster.
func (s *Store) tryUpdate(
	ctx context.Context, project, typ string, change func(*store.Integration) (store.Integration, error),
) (done bool, err error) {
	present, err := s.value(ctx, project, typ)
	if err != nil {
		return false, err
	}
	decode := func(value string) (store.Integration, error) { return s.decode(project, typ, value) }
	changed, err := applyChange(present, decode, change)
	if err != nil {
		return false, err
	}
	value, err := record.Encode(project, changed)
	if err != nil {
		return false, err
	}
	done, err = s.run(ctx, swap, s.key(project), record.Format, changed.Type, present, value).Bool()
	return done, s.failure(err)
}

// applyChange returns the result of change for a value in the store, which is "" if the store has none.
func applyChange[T any](present string, decode func(string) (T, error), change func(*T) (T, error)) (T, error) {
	if present == "" {
		return change(nil)
	}
	old, err := decode(present)
	if err != nil {
		return old, err
	}
	return change(&old)
}

// pause waits for a random time, so that several servers don't try again at the same time.
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
	if err := s.writable(ctx); err != nil {
		return err
	}
	switch n, err := s.run(ctx, remove, s.key(project), record.Format, typ).Int(); {
	case err != nil:
		return s.failure(err)
	case n < 0:
		return store.ErrInUse
	case n == 0:
		return store.ErrNotFound
	}
	return nil
}

// Snapshot implements [store.Store]. Each project is read at once.
func (s *Store) Snapshot(ctx context.Context) (store.State, error) {
	ctx, cancel := context.WithTimeout(ctx, s.limits.sweep)
	defer cancel()
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	records, err := s.records(ctx)
	if err != nil {
		return nil, err
	}
	state := store.State{}
	for _, p := range records {
		state[p.ID] = store.Contents{Project: &p}
	}
	return state, s.snapshotProjects(ctx, state)
}

// snapshotProjects adds the integrations, the alert configurations and the deleted projects to a state.
func (s *Store) snapshotProjects(ctx context.Context, state store.State) error {
	var mu sync.Mutex
	return s.sweep(ctx, s.projects(), func(client *redis.Client, key string) error {
		project := s.projectOf(key)
		c, err := s.contents(ctx, client, project)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case errors.Is(err, store.ErrDeleted):
			state[project] = store.Contents{Deleted: true}
		case err != nil:
			return err
		case len(c.records) > 0: // else it was deleted since it was found
			state[project] = store.Contents{Project: state[project].Project, Integrations: c.integrations, Alerts: c.alerts}
		}
		return nil
	})
}

// Restore implements [store.Store]. Each project is replaced at once, and so are all records of projects.
func (s *Store) Restore(ctx context.Context, state store.State) error {
	ctx, cancel := context.WithTimeout(ctx, s.limits.sweep)
	defer cancel()
	if err := s.writable(ctx); err != nil {
		return err
	}
	registry, err := registryOf(state)
	if err != nil {
		return err
	}
	kept := map[string]bool{}
	for project, c := range state {
		kept[s.key(project)] = true
		if err := s.replace(ctx, s.client, s.key(project), project, c); err != nil {
			return err
		}
	}
	err = s.sweep(ctx, s.projects(), func(client *redis.Client, key string) error {
		if kept[key] {
			return nil
		}
		return s.replace(ctx, client, key, "", store.Contents{})
	})
	if err != nil {
		return err
	}
	return s.failure(s.runKeys(ctx, replaceRegistry, s.registry(), registry...).Err())
}

func (s *Store) replace(ctx context.Context, client redis.Scripter, key, project string, c store.Contents) error {
	args := []any{record.Format}
	if c.Deleted {
		args = append(args, deletedField, "restored")
	}
	for _, in := range c.Integrations {
		value, err := record.Encode(project, in)
		if err != nil {
			return err
		}
		args = append(args, in.Type, value)
	}
	if len(c.Alerts) > 0 {
		fields, err := alertFields(project, c.Alerts)
		if err != nil {
			return err
		}
		args = append(args, alertsField, fields[0], keepsField, fields[1])
	}
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	return s.failure(replace.Run(ctx, client, []string{key}, args...).Err())
}

// sweep visits the keys that begin with a prefix, each at the node that has it, and may visit one twice.
func (s *Store) sweep(ctx context.Context, prefix string, visit func(client *redis.Client, key string) error) error {
	return s.nodes(ctx, func(ctx context.Context, client *redis.Client) error {
		keys := client.Scan(ctx, 0, prefix+"*", 1000).Iterator()
		for keys.Next(ctx) {
			if err := visit(client, keys.Val()); err != nil {
				return err
			}
		}
		return s.failure(keys.Err())
	})
}

// nodes visits the server, or each master of the cluster, all at the same time.
func (s *Store) nodes(ctx context.Context, visit func(ctx context.Context, client *redis.Client) error) error {
	switch client := s.client.(type) {
	case *redis.ClusterClient:
		return s.failure(client.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
			return withNode(node.Options().Addr, visit(ctx, node))
		}))
	case *redis.Client:
		return visit(ctx, client)
	}
	return nil // Open makes no other client
}
