package redisstore

import (
	"context"
	"slices"

	"github.com/redis/go-redis/v9"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
)

// alertsField is the field of a project's hash with all its alert configurations, and keepsField lists the types of the
// integrations that they keep, each between spaces, for the script that removes an integration.
const (
	alertsField = "alerts"
	keepsField  = "keeps"
)

var (
	// setAlerts takes the old record, the new one, the types that it keeps, and the types and records of the integrations
	// that it uses, each after the other. An empty record means none.
	setAlerts = newScript(rejectDeleted + `
		local present = redis.call('HGET', KEYS[1], 'alerts') or ''
		if present == ARGV[3] then return 1 end
		if present ~= ARGV[2] then return 0 end
		for i = 5, #ARGV, 2 do
			if (redis.call('HGET', KEYS[1], ARGV[i]) or '') ~= ARGV[i+1] then return 0 end
		end
		if ARGV[3] == '' then
			redis.call('HDEL', KEYS[1], 'alerts', 'keeps')
			if redis.call('HLEN', KEYS[1]) == 1 then redis.call('DEL', KEYS[1]) end
		else
			redis.call('HSET', KEYS[1], 'format', ARGV[1], 'alerts', ARGV[3], 'keeps', ARGV[4])
		end
		return 1`)
	// readContents returns all fields of a project, those of alert configurations too.
	readContents = newScript(rejectDeleted + `return redis.call('HGETALL', KEYS[1])`)
)

// contents has the contents of the hash of a project. Records maps its fields to their values.
type contents struct {
	integrations []store.Integration
	alerts       []store.Alert
	records      map[string]string
}

func (s *Store) contents(ctx context.Context, client redis.Scripter, project string) (c contents, err error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	fields, err := readContents.Run(ctx, client, []string{s.key(project)}, record.Format).StringSlice()
	if err != nil {
		return c, s.failure(err)
	}
	c.records = map[string]string{}
	for i := 0; i+1 < len(fields); i += 2 {
		c.records[fields[i]] = fields[i+1]
	}
	if c.integrations, err = s.integrationsOf(project, fields); err != nil {
		return c, err
	}
	c.alerts, err = s.decodeAlerts(project, c.records[alertsField])
	return c, err
}

// decodeAlerts returns the alert configurations of a record, none if it is empty.
func (s *Store) decodeAlerts(project, value string) ([]store.Alert, error) {
	if value == "" {
		return nil, nil
	}
	list, err := record.DecodeAlerts(project, value)
	if err != nil {
		return nil, failureAt(s.address, "the record of "+record.AlertsPlace(project)+" is damaged or from another program: "+err.Error()+
			"; delete the project, or set another prefix", err)
	}
	return list, nil
}

// Alerts implements [store.Store].
func (s *Store) Alerts(ctx context.Context, project string) ([]store.Alert, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	value, err := s.value(ctx, project, alertsField)
	if err != nil {
		return nil, err
	}
	return s.decodeAlerts(project, value)
}

// UpdateAlerts implements [store.Store].
func (s *Store) UpdateAlerts(
	ctx context.Context, project string, change func([]store.Alert, []store.Integration) ([]store.Alert, error),
) error {
	if err := s.writable(ctx); err != nil {
		return err
	}
	for try := range maxTries {
		done, err := s.tryUpdateAlerts(ctx, project, change)
		if done || err != nil {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return s.failure(err)
		}
	}
	return failureAt(s.address, "too many clients change the alert configurations of the same project at once; try again", nil)
}

// tryUpdateAlerts changes the alert configurations that it has read, unless another client changed them, or an
// integration that they use.
func (s *Store) tryUpdateAlerts(
	ctx context.Context, project string, change func([]store.Alert, []store.Integration) ([]store.Alert, error),
) (done bool, err error) {
	present, err := s.contents(ctx, s.client, project)
	if err != nil {
		return false, err
	}
	changed, err := change(present.alerts, present.integrations)
	if err != nil {
		return false, err
	}
	fields, err := alertFields(project, changed)
	if err != nil {
		return false, err
	}
	args := append([]any{record.Format, present.records[alertsField]}, fields...)
	for _, typ := range usedBy(changed) {
		args = append(args, typ, present.records[typ])
	}
	done, err = s.run(ctx, setAlerts, s.key(project), args...).Bool()
	return done, s.failure(err)
}

// alertFields returns the values of alertsField and keepsField, empty for no alert configurations.
func alertFields(project string, list []store.Alert) ([]any, error) {
	if len(list) == 0 {
		return []any{"", ""}, nil
	}
	value, err := record.EncodeAlerts(project, list)
	if err != nil {
		return nil, err
	}
	keeps := " "
	for _, typ := range usedBy(list) {
		if slices.ContainsFunc(list, func(a store.Alert) bool { return a.Requires(typ) }) {
			keeps += typ + " "
		}
	}
	return []any{value, keeps}, nil
}

// usedBy returns the types of the integrations that alert configurations use.
func usedBy(list []store.Alert) (types []string) {
	for _, a := range list {
		types = append(types, a.Uses()...)
	}
	slices.Sort(types)
	return slices.Compact(types)
}
