package stubs

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// The limits of a [List].
const (
	MaxStubs = 1000
	MaxBytes = 16 << 20 // of all bodies and headers
)

// List is the stubs of a server. It is safe for concurrent use.
//
// Of the stubs that match a request, the one with the most specific path answers, as in [http.ServeMux]. Of those with
// the same path, those with Times come before those without, then the oldest comes first.
type List struct {
	// Served reports whether the server answers a request with this method and path itself. If the method is empty, it
	// reports whether the server answers all requests with such paths.
	Served func(method, path string) bool
	// Changed is called when a stub was added or removed; nil: nothing is.
	Changed func()

	used  atomic.Bool // there is a stub
	mu    sync.Mutex
	last  int // the last ID
	stubs []*entry
	mux   *http.ServeMux
	by    map[string][]*entry // the stubs that may answer, by the pattern of mux
}

// Add adds stubs, all or none, and returns them with their IDs. The error is an [*Error].
func (l *List) Add(stubs ...Stub) ([]Stub, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.extend(l.stubs, stubs)
}

// Set replaces all stubs, or none. It returns the new ones with their IDs. The error is an [*Error].
func (l *List) Set(stubs ...Stub) ([]Stub, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.extend(nil, stubs)
}

// extend makes old and new stubs those of the list. It needs the lock.
func (l *List) extend(old []*entry, stubs []Stub) ([]Stub, error) {
	all, bytes := slices.Clone(old), 0
	for _, e := range old {
		bytes += e.answer.size()
	}
	for i, s := range stubs {
		e, err := l.check(s)
		if err == nil {
			bytes += e.answer.size()
			err = within(len(all)+1, bytes)
		}
		if err != nil {
			return nil, at(i, err)
		}
		e.ID, e.Answered = strconv.Itoa(l.last+i+1), 0
		all = append(all, e)
	}
	if err := l.use(all); err != nil {
		return nil, at(slices.Index(all, err.new)-len(old), err.error())
	}
	l.last += len(stubs)
	l.notify()
	return copies(all[len(old):]), nil
}

func at(index int, err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.Index = index
	}
	return err
}

func within(n, bytes int) error {
	switch {
	case n > MaxStubs:
		return &Error{Message: fmt.Sprintf("there are %d stubs already", MaxStubs), Hint: "remove some, or use wildcards"}
	case bytes > MaxBytes:
		return &Error{Message: fmt.Sprintf("all bodies and headers together have more than %d bytes", MaxBytes), Hint: "remove some, or use shorter bodies"}
	}
	return nil
}

func (l *List) check(s Stub) (*entry, error) {
	e, err := newEntry(s)
	if err != nil {
		return nil, err
	}
	if l.Served != nil && l.Served(e.sample()) {
		return nil, &Error{Pointer: "/path", Message: "the server answers these requests itself, and a stub only others", Hint: "a fault can make them fail"}
	}
	e.Headers = maps.Clone(e.Headers)
	return e, nil
}

// conflict is a new stub and an older one, neither of which is more specific.
type conflict struct{ new, old *entry }

func (c *conflict) error() error {
	name := strings.TrimPrefix(c.old.Method+" "+c.old.Path, " ")
	return &Error{
		Pointer: "/path", Message: "some paths match it and " + name + ", and neither is more specific",
		Hint: "give both the same wildcards, or both a method",
	}
}

// use makes stubs those of the list, unless two are in conflict. It needs the lock.
func (l *List) use(stubs []*entry) *conflict {
	mux, by := http.NewServeMux(), map[string][]*entry{}
	for _, e := range stubs {
		if e.isUsedUp() {
			continue
		}
		if len(by[e.pattern]) == 0 && !register(mux, e.pattern) {
			return l.conflictOf(e, by)
		}
		by[e.pattern] = append(by[e.pattern], e)
	}
	for _, same := range by {
		slices.SortStableFunc(same, func(a, b *entry) int { return cmp.Compare(isPermanent(a), isPermanent(b)) })
	}
	l.stubs, l.mux, l.by = stubs, mux, by
	l.used.Store(len(by) > 0)
	return nil
}

func isPermanent(e *entry) int {
	if e.Times == 0 {
		return 1
	}
	return 0
}

func (e *entry) isUsedUp() bool { return e.Times > 0 && e.Answered >= e.Times }

// register reports whether a mux accepts a pattern. It panics on patterns that are in conflict.
func register(mux *http.ServeMux, pattern string) (ok bool) {
	defer func() { ok = recover() == nil }()
	mux.Handle(pattern, http.NotFoundHandler())
	return true
}

// conflictOf returns the oldest of the stubs that are in conflict with e.
func (l *List) conflictOf(e *entry, by map[string][]*entry) *conflict {
	c := &conflict{new: e}
	for pattern, same := range by {
		mux := http.NewServeMux()
		if register(mux, pattern) && !register(mux, e.pattern) && (c.old == nil || number(same[0]) < number(c.old)) {
			c.old = same[0]
		}
	}
	return c
}

func number(e *entry) int {
	n, _ := strconv.Atoi(e.ID)
	return n
}

// Remove removes a stub, and reports whether there was one.
func (l *List) Remove(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	left := slices.DeleteFunc(slices.Clone(l.stubs), func(e *entry) bool { return e.ID == id })
	removed := len(left) < len(l.stubs)
	l.use(left) // has no new conflict
	l.notify()
	return removed
}

// Clear removes all stubs.
func (l *List) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.use(nil)
	l.notify()
}

func (l *List) notify() {
	if l.Changed != nil {
		l.Changed()
	}
}

// All returns the stubs, the oldest first, including those that are used up. The caller owns the result, but not the
// values of its bodies.
func (l *List) All() []Stub {
	l.mu.Lock()
	defer l.mu.Unlock()
	return copies(l.stubs)
}

func copies(entries []*entry) []Stub {
	stubs := make([]Stub, len(entries))
	for i, e := range entries {
		stubs[i] = e.Stub
		stubs[i].Headers = maps.Clone(e.Headers)
	}
	return stubs
}

// Has reports whether a stub would answer a request.
func (l *List) Has(r *http.Request) bool {
	if !l.used.Load() {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.matching(r)) > 0
}

// Take returns the answer to a request and the ID of its stub, and counts it. It reports false if no stub matches.
func (l *List) Take(r *http.Request) (a Answer, id string, ok bool) {
	if !l.used.Load() {
		return Answer{}, "", false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	same := l.matching(r)
	if len(same) == 0 {
		return Answer{}, "", false
	}
	e := same[0]
	switch e.Answered++; {
	case e.isUsedUp() && len(same) > 1:
		l.by[e.pattern] = same[1:]
	case e.isUsedUp():
		l.use(l.stubs) // less specific ones may match now
	}
	return e.answer, e.ID, true
}

// matching returns the stubs for a request, the first of which answers. It needs the lock.
func (l *List) matching(r *http.Request) []*entry {
	if p := r.URL.EscapedPath(); strings.TrimSuffix(p, "/") != strings.TrimSuffix(path.Clean(p), "/") {
		return nil // the mux would redirect
	}
	_, pattern := l.mux.Handler(r)
	return l.by[pattern]
}
