package fakeatlas

import (
	"context"
	"errors"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/events"
	"github.com/atlasint/atlasint/fakeatlas/internal/journal"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// Reset returns the server to its initial state: nothing stored, an empty journal, no faults, no stubs, no access
// tokens, full token buckets, and the clock in step with the machine's. Metrics keep their values.
//
// If servers share the store, all of them lose the stored integrations, the access tokens and the token buckets.
func (s *Server) Reset() error {
	ctx := context.Background()
	s.faults.Clear()
	s.stubs.Clear()
	s.SetClock(time.Time{})
	s.journal.Clear()
	defer s.events.Changed(events.State)
	s.events.Changed(events.Journal)
	return errors.Join(s.auth.Tokens.Reset(ctx), s.limiter.Reset(ctx), s.store.Restore(ctx, store.State{}))
}

// resetProject removes the alert configurations and the integrations of a project, its faults, and its requests in the
// journal. It does not change the project itself, its settings, the access tokens and the clock.
func (s *Server) resetProject(ctx context.Context, project string) error {
	if err := s.checkProject(project); err != nil {
		return err
	}
	err := s.emptyProject(ctx, project)
	for range maxResets {
		if !errors.Is(err, store.ErrInUse) {
			break
		}
		err = s.emptyProject(ctx, project) // a client has created an alert configuration meanwhile
	}
	if err != nil {
		return err
	}
	for _, f := range s.faults.All() {
		if f.Project == project {
			s.faults.Remove(f.ID)
		}
	}
	s.journal.Remove(&journal.Filter{Projects: []string{project}})
	s.events.Changed(events.Journal)
	s.events.Changed(events.State)
	return nil
}

// maxResets is how often a reset of a project begins again because a client uses an integration.
const maxResets = 100

// emptyProject removes the alert configurations and the integrations of a project.
func (s *Server) emptyProject(ctx context.Context, project string) error {
	noAlerts := func([]store.Alert, []store.Integration) ([]store.Alert, error) { return nil, nil }
	if err := s.store.UpdateAlerts(ctx, project, noAlerts); err != nil { // they may need integrations
		return err
	}
	list, err := s.store.List(ctx, project)
	if err != nil {
		return err
	}
	for _, in := range list {
		if err := s.store.Delete(ctx, project, in.Type); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}
