package filestore

import (
	"context"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
)

// Alerts implements [store.Store].
func (s *Store) Alerts(_ context.Context, project string) (list []store.Alert, err error) {
	err = s.view(func(tx *bbolt.Tx) (err error) {
		if isDeleted(tx, project) {
			return store.ErrDeleted
		}
		list, err = s.alerts(tx, project)
		return err
	})
	return list, err
}

func (s *Store) alerts(tx *bbolt.Tx, project string) ([]store.Alert, error) {
	value := tx.Bucket(alertsBucket).Get([]byte(project))
	if value == nil {
		return nil, nil
	}
	return s.decodeAlerts(project, value)
}

func (s *Store) decodeAlerts(project string, value []byte) ([]store.Alert, error) {
	list, err := record.DecodeAlerts(project, string(value))
	if err != nil {
		return nil, s.damagedRecord(record.AlertsPlace(project), "delete the project", err)
	}
	return list, nil
}

// UpdateAlerts implements [store.Store]. It calls change once.
func (s *Store) UpdateAlerts(
	_ context.Context, project string, change func([]store.Alert, []store.Integration) ([]store.Alert, error),
) error {
	return s.commit(func(tx *bbolt.Tx) error {
		if isDeleted(tx, project) {
			return store.ErrDeleted
		}
		list, err := s.alerts(tx, project)
		if err != nil {
			return err
		}
		integrations, err := s.integrations(tx, project)
		if err != nil {
			return err
		}
		changed, err := change(list, integrations)
		if err != nil {
			return err
		}
		return putAlerts(tx, project, changed)
	})
}

// putAlerts stores the alert configurations of a project, and no record if there are none.
func putAlerts(tx *bbolt.Tx, project string, list []store.Alert) error {
	if len(list) == 0 {
		return bboltError(tx.Bucket(alertsBucket).Delete([]byte(project)))
	}
	value, err := record.EncodeAlerts(project, list)
	if err != nil {
		return err
	}
	return bboltError(tx.Bucket(alertsBucket).Put([]byte(project), []byte(value)))
}

// keeps reports whether an alert configuration needs the integration.
func (s *Store) keeps(tx *bbolt.Tx, project, typ string) (bool, error) {
	list, err := s.alerts(tx, project)
	return slices.ContainsFunc(list, func(a store.Alert) bool { return a.Requires(typ) }), err
}

// snapshotAlerts adds the alert configurations to a state.
func (s *Store) snapshotAlerts(tx *bbolt.Tx, state store.State) error {
	return each(tx.Bucket(alertsBucket), nil, func(key, value []byte) error {
		list, err := s.decodeAlerts(string(key), value)
		c := state[string(key)]
		c.Alerts = list
		state[string(key)] = c
		return err
	})
}
