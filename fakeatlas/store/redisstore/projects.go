package redisstore

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
)

// The registry is a hash with the record of each project (id:ID), its organization and name (at:ID), and the projects
// of each name (name:NAME) as "ORG:ID " one after the other. In addition, a sorted set has the numbers of the deleted
// projects. Both keys have the same slot.
const (
	recordPrefix = "id:"
	namePrefix   = "name:"
)

// registry returns the keys of the registry.
func (s *Store) registry() []string {
	return []string{s.prefix + ":registry:{projects}", s.prefix + ":deletions:{projects}"}
}

// ownRegistry begins scripts for the registry. They fail for a sorted set of another program: there are no deleted
// projects without the format in the registry.
const ownRegistry = sameFormat + `
	if redis.call('ZCARD', KEYS[2]) > 0 and not format then
		return redis.error_reply('WRONGTYPE a key of another program')
	end
`

const changeNames = `
	local function take(org, name, id)
		redis.call('HSET', KEYS[1], 'at:' .. id, org .. ' ' .. name)
		redis.call('HSET', KEYS[1], 'name:' .. name, (redis.call('HGET', KEYS[1], 'name:' .. name) or '') .. org .. ':' .. id .. ' ')
	end
	local function release(id)
		local org, name = string.match(redis.call('HGET', KEYS[1], 'at:' .. id) or '', '^(%S+) (.*)$')
		if not org then return end
		redis.call('HDEL', KEYS[1], 'at:' .. id)
		local entry, entries = org .. ':' .. id .. ' ', redis.call('HGET', KEYS[1], 'name:' .. name) or ''
		local first, last = string.find(entries, entry, 1, true)
		if first then entries = string.sub(entries, 1, first - 1) .. string.sub(entries, last + 1) end
		if entries == '' then redis.call('HDEL', KEYS[1], 'name:' .. name) else redis.call('HSET', KEYS[1], 'name:' .. name, entries) end
	end
`

var (
	// setRecord takes the ID, the old record, the new one, the organization and the name. It returns "ok", "changed"
	// or "deleted", or the ID of the project that has the name.
	setRecord = newScript(sameFormat + changeNames + `
		local id, old, new, org, name = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
		if redis.call('ZSCORE', KEYS[2], id) then return 'deleted' end
		local present = redis.call('HGET', KEYS[1], 'id:' .. id) or ''
		if present == new then return 'ok' end
		if present ~= old then return 'changed' end
		for o, owner in string.gmatch(redis.call('HGET', KEYS[1], 'name:' .. name) or '', '(%S+):(%S+) ') do
			if o == org and owner ~= id then return owner end
		end
		release(id)
		take(org, name, id)
		redis.call('HSET', KEYS[1], 'format', ARGV[1], 'id:' .. id, new)
		return 'ok'`)
	// forget takes the ID and the number of IDs to keep. It returns the IDs that it has dropped.
	forget = newScript(sameFormat + changeNames + `
		local id, most, gone = ARGV[2], tonumber(ARGV[3]), {}
		release(id)
		redis.call('HSET', KEYS[1], 'format', ARGV[1])
		redis.call('HDEL', KEYS[1], 'id:' .. id)
		if not redis.call('ZSCORE', KEYS[2], id) then
			local last = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')
			redis.call('ZADD', KEYS[2], (last[2] or 0) + 1, id)
		end
		while redis.call('ZCARD', KEYS[2]) > most do
			local oldest = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
			redis.call('ZREM', KEYS[2], oldest)
			table.insert(gone, oldest)
		end
		return gone`)
	// replaceRegistry takes four arguments for each project: ID, record, organization and name, the last three empty
	// for a deleted one.
	replaceRegistry = newScript(ownRegistry + changeNames + `
		redis.call('DEL', KEYS[1], KEYS[2])
		if #ARGV > 1 then redis.call('HSET', KEYS[1], 'format', ARGV[1]) end
		for i = 2, #ARGV, 4 do
			if ARGV[i+1] == '' then
				redis.call('ZADD', KEYS[2], i, ARGV[i])
			else
				redis.call('HSET', KEYS[1], 'id:' .. ARGV[i], ARGV[i+1])
				take(ARGV[i+2], ARGV[i+3], ARGV[i])
			end
		end
		return 1`)
	checkRegistry = newScript(ownRegistry + `return 1`)
	// addTombstone replaces a project by a tombstone. The token distinguishes a repeated command from another
	// client's.
	addTombstone = newScript(sameFormat + `
		local present = redis.call('HGET', KEYS[1], 'deleted')
		if present then return present == ARGV[2] and 1 or 0 end
		redis.call('DEL', KEYS[1])
		redis.call('HSET', KEYS[1], 'format', ARGV[1], 'deleted', ARGV[2])
		return 1`)
	// removeTombstone removes a tombstone.
	removeTombstone = newScript(sameFormat + `
		if redis.call('HEXISTS', KEYS[1], 'deleted') == 1 then redis.call('DEL', KEYS[1]) end
		return 1`)
	// hasContents fails for a deleted project, and reports whether it has integrations or alert configurations.
	hasContents = newScript(rejectDeleted + `return redis.call('HLEN', KEYS[1]) > 1 and 1 or 0`)
)

// hasContents returns an error for a deleted project, and reports whether it has integrations or alert configurations.
func (s *Store) hasContents(ctx context.Context, client redis.Scripter, id string) (used bool, err error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	used, err = hasContents.Run(ctx, client, []string{s.key(id)}, record.Format).Bool()
	return used, s.failure(err)
}

// Project implements [store.Store]. It reads the record first: a project that is deleted afterwards has a tombstone by
// then.
func (s *Store) Project(ctx context.Context, id string) (store.Project, error) {
	if err := s.usable(ctx); err != nil {
		return store.Project{}, err
	}
	present, err := s.registered(ctx, recordPrefix+id)
	if err != nil {
		return store.Project{}, err
	}
	if _, err := s.hasContents(ctx, s.client, id); err != nil {
		return store.Project{}, err
	}
	if present == "" {
		return store.Project{}, store.ErrNotFound
	}
	return s.decodeProject(id, present)
}

// registered returns a field of the registry, empty if there is none.
func (s *Store) registered(ctx context.Context, field string) (string, error) {
	value, err := s.runKeys(ctx, read, s.registry()[:1], record.Format, field).Text()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return value, s.failure(err)
}

func (s *Store) decodeProject(id, value string) (store.Project, error) {
	p, err := record.DecodeProject(id, value)
	if err != nil {
		return p, failureAt(s.address, "the record of "+record.ProjectPlace(id)+" is damaged or from another program: "+err.Error()+
			"; delete the project, or set another prefix", err)
	}
	return p, nil
}

// Projects implements [store.Store]. It completes the deletions that other clients have begun.
func (s *Store) Projects(ctx context.Context) ([]store.Project, error) {
	ctx, cancel := context.WithTimeout(ctx, s.limits.sweep)
	defer cancel()
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	records, err := s.records(ctx)
	if err != nil {
		return nil, err
	}
	used, deleted, err := s.sweepProjects(ctx)
	if err != nil {
		return nil, err
	}
	var list []store.Project
	for _, p := range records {
		if deleted[p.ID] {
			if err := s.forget(ctx, p.ID); err != nil {
				return nil, err
			}
			continue
		}
		list = append(list, p)
		delete(used, p.ID)
	}
	for id := range used {
		list = append(list, store.Project{ID: id})
	}
	return list, nil
}

// sweepProjects returns the projects with integrations or alert configurations, and the deleted ones.
func (s *Store) sweepProjects(ctx context.Context) (used, deleted map[string]bool, err error) {
	var mu sync.Mutex
	used, deleted = map[string]bool{}, map[string]bool{}
	err = s.sweep(ctx, s.projects(), func(client *redis.Client, key string) error {
		id := s.projectOf(key)
		isUsed, err := s.hasContents(ctx, client, id)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case errors.Is(err, store.ErrDeleted):
			deleted[id] = true
			return nil
		case isUsed:
			used[id] = true
		}
		return err
	})
	return used, deleted, err
}

// records returns all records of the registry, also those of projects that are being deleted.
func (s *Store) records(ctx context.Context) (list []store.Project, err error) {
	fields, err := s.fields(ctx, s.client, s.registry()[0])
	if err != nil {
		return nil, err
	}
	for i := 0; i+1 < len(fields); i += 2 {
		id, isRecord := strings.CutPrefix(fields[i], recordPrefix)
		if !isRecord {
			continue
		}
		p, err := s.decodeProject(id, fields[i+1])
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// ProjectsByName implements [store.Store].
func (s *Store) ProjectsByName(ctx context.Context, name string) (list []store.Project, err error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	entries, err := s.registered(ctx, namePrefix+name)
	for entry := range strings.FieldsSeq(entries) {
		_, id, _ := strings.Cut(entry, ":")
		switch p, err := s.Project(ctx, id); {
		case err == nil && p.Name == name:
			list = append(list, p)
		case err != nil && !errors.Is(err, store.ErrDeleted) && !errors.Is(err, store.ErrNotFound):
			return nil, err
		}
	}
	return list, err
}

// UpdateProject implements [store.Store].
func (s *Store) UpdateProject(ctx context.Context, id string, change func(*store.Project) (store.Project, error)) error {
	if err := s.writable(ctx); err != nil {
		return err
	}
	for try := range maxTries {
		done, err := s.tryUpdateProject(ctx, id, change)
		if done || err != nil {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return s.failure(err)
		}
	}
	return failureAt(s.address, "too many clients change the same project at once; try again", nil)
}

// tryUpdateProject changes the record that it has read, unless another client was faster.
func (s *Store) tryUpdateProject(
	ctx context.Context, id string, change func(*store.Project) (store.Project, error),
) (done bool, err error) {
	present, err := s.registered(ctx, recordPrefix+id)
	if err != nil {
		return false, err
	}
	if _, err := s.hasContents(ctx, s.client, id); err != nil {
		return false, err
	}
	decode := func(value string) (store.Project, error) { return s.decodeProject(id, value) }
	changed, err := applyChange(present, decode, change)
	if err != nil {
		return false, err
	}
	value, err := record.EncodeProject(changed)
	if err != nil {
		return false, err
	}
	result, err := s.runKeys(ctx, setRecord, s.registry(), record.Format, id, present, value, changed.Org, changed.Name).Text()
	if err != nil {
		return false, s.failure(err)
	}
	return s.finishSet(ctx, id, result)
}

// finishSet acts on the result of setRecord.
func (s *Store) finishSet(ctx context.Context, id, result string) (done bool, err error) {
	switch result {
	case "changed":
		return false, nil
	case "deleted":
		return false, store.ErrDeleted
	case "ok": // the project may have been deleted while its record was written
		if _, err := s.hasContents(ctx, s.client, id); errors.Is(err, store.ErrDeleted) {
			return false, errors.Join(err, s.forget(ctx, id))
		}
		return true, nil
	}
	owner := result
	switch _, err := s.hasContents(ctx, s.client, owner); {
	case err == nil:
		return false, store.ErrNameTaken
	case !errors.Is(err, store.ErrDeleted):
		return false, err
	}
	return false, s.forget(ctx, owner)
}

// DeleteProject implements [store.Store]. The project is deleted once it has a tombstone.
func (s *Store) DeleteProject(ctx context.Context, id string) error {
	if err := s.writable(ctx); err != nil {
		return err
	}
	added, err := s.run(ctx, addTombstone, s.key(id), record.Format, rand.Text()).Bool()
	if err != nil {
		return s.failure(err)
	}
	if err := s.forget(ctx, id); err != nil {
		return err
	}
	if !added {
		return store.ErrDeleted
	}
	return nil
}

// forget removes the record of a project with a tombstone, and the tombstones that are too many.
func (s *Store) forget(ctx context.Context, id string) error {
	gone, err := s.runKeys(ctx, forget, s.registry(), record.Format, id, s.tombstones).StringSlice()
	if err != nil {
		return s.failure(err)
	}
	for _, old := range gone {
		if err := s.run(ctx, removeTombstone, s.key(old), record.Format).Err(); err != nil {
			return s.failure(err)
		}
	}
	return nil
}

// registryOf returns the arguments of replaceRegistry.
func registryOf(state store.State) ([]any, error) {
	args := []any{record.Format}
	seen := map[[2]string]bool{}
	for id, c := range state {
		switch {
		case c.Deleted:
			args = append(args, id, "", "", "")
			continue
		case c.Project == nil:
			continue
		}
		name := [2]string{c.Project.Org, c.Project.Name}
		if seen[name] {
			return nil, store.ErrNameTaken
		}
		seen[name] = true
		value, err := record.EncodeProject(*c.Project)
		if err != nil {
			return nil, err
		}
		args = append(args, id, value, c.Project.Org, c.Project.Name)
	}
	return args, nil
}
