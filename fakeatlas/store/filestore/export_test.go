package filestore

import "time"

// SetClock replaces the clock of the store. Call it before the store is used.
func (s *Store) SetClock(now func() time.Time) { s.now = now }
