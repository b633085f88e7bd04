// Package faults keeps the faults of a server, counts the requests that they make fail, and responds to these in the
// form of the API and of OAuth 2.0.
package faults

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
)

// Use is how often a fault applies.
type Use struct {
	ID          *string
	Times       *int // requests that still fail; 0: no limit
	Applied     *int // requests that have failed
	Probability float64
	Seed        uint64
}

// List is the active faults of a type. Its methods may be called concurrently.
type List[F any] struct {
	Max     int          // faults at a time
	Use     func(*F) Use // points into the fault
	Changed func()       // called when a fault was added or removed, except by its last use

	mu     sync.Mutex
	last   int
	active []*active[F]
}

type active[F any] struct {
	fault  F
	chance *rand.Rand
}

// Add adds a fault and returns its ID. It reports false if Max are active.
func (l *List[F]) Add(f F) (id string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.active) >= l.Max {
		return "", false
	}
	l.last++
	id = strconv.Itoa(l.last)
	a := &active[F]{fault: f}
	use := l.Use(&a.fault)
	*use.ID, *use.Applied, a.chance = id, 0, rand.New(rand.NewPCG(use.Seed, use.Seed))
	l.active = append(l.active, a)
	// A permanent fault must not hide a fault for the next request.
	slices.SortStableFunc(l.active, func(a, b *active[F]) int { return l.isPermanent(a) - l.isPermanent(b) })
	l.Changed()
	return id, true
}

func (l *List[F]) isPermanent(a *active[F]) int {
	if *l.Use(&a.fault).Times == 0 {
		return 1
	}
	return 0
}

// All returns the faults in the order in which they are tried.
func (l *List[F]) All() []F {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]F, 0, len(l.active))
	for _, a := range l.active {
		list = append(list, a.fault)
	}
	return list
}

// Remove removes a fault, and reports whether it was active.
func (l *List[F]) Remove(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := len(l.active)
	l.active = slices.DeleteFunc(l.active, func(a *active[F]) bool { return *l.Use(&a.fault).ID == id })
	l.Changed()
	return len(l.active) < before
}

// Clear removes all faults.
func (l *List[F]) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.active = nil
	l.Changed()
}

// Consume returns the first fault that matches and whose probability applies, and counts it as used once.
func (l *List[F]) Consume(matches func(*F) bool) (f F, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, a := range l.active {
		use := l.Use(&a.fault)
		if !matches(&a.fault) || use.Probability > 0 && a.chance.Float64() >= use.Probability {
			continue
		}
		*use.Applied++
		if *use.Times == 1 {
			l.active = slices.Delete(l.active, i, i+1)
		} else if *use.Times > 1 {
			*use.Times--
		}
		return a.fault, true
	}
	return f, false
}
