package journal

import (
	"context"
	"errors"
	"slices"
)

// The limits of waiting.
const (
	MaxWaiters = 100    // calls of Wait at a time
	maxOffered = 10_000 // entries that a waiter has not looked at
)

// The errors of waiting.
var (
	ErrManyWaiters = errors.New("too many calls wait for requests")
	ErrNoJournal   = errors.New("the journal keeps no requests")
)

// waiter is a call of Wait. Its fields need the lock of the journal.
type waiter struct {
	filter  *Filter
	offered []*Entry
	bytes   int           // of the bodies of offered
	ready   chan struct{} // has an element if offered has any
}

// offer passes an entry on if the filter selects it, without its bodies if those of the others are too large.
func (w *waiter) offer(e *Entry) {
	if len(w.offered) >= maxOffered || !w.filter.Matches(e) {
		return
	}
	if w.bytes += e.size(); w.bytes > maxBytes {
		w.bytes -= e.size()
		e = e.bare()
	}
	w.offered = append(w.offered, e)
	select {
	case w.ready <- struct{}{}:
	default:
	}
}

// Wait calls each with every entry that the filter selects, first with those in the journal and then with new ones,
// until each returns true. It returns the error of ctx once that is done, [ErrManyWaiters] or [ErrNoJournal].
func (j *Journal) Wait(ctx context.Context, f *Filter, each func(*Entry) bool) error {
	w, err := j.register(f)
	if err != nil {
		return err
	}
	defer j.unregister(w)
	for {
		if slices.ContainsFunc(j.take(w), each) {
			return nil
		}
		select {
		case <-w.ready:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// register adds a waiter that has all entries of the journal that match: none is missed or seen twice.
func (j *Journal) register(f *Filter) (*waiter, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.Limit == 0:
		return nil, ErrNoJournal
	case len(j.waiters) >= MaxWaiters:
		return nil, ErrManyWaiters
	}
	w := &waiter{filter: f, offered: j.selected(f), ready: make(chan struct{}, 1)}
	j.waiters = append(j.waiters, w)
	return w, nil
}

func (j *Journal) unregister(w *waiter) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.waiters = slices.DeleteFunc(j.waiters, func(other *waiter) bool { return other == w })
}

func (j *Journal) take(w *waiter) []*Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	taken := w.offered
	w.offered, w.bytes = nil, 0
	return taken
}

// Waiters returns how many calls of Wait are running.
func (j *Journal) Waiters() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.waiters)
}
