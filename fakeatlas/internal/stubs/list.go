package stubs

import (
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
	maxStubs = 1000
	maxBytes = 16 << 20 // of all bodies and headers
)

// List is the stubs of a server. It is safe for concurrent use.
//
// Of the stubs that match a request, the one with the most specific path responds, as in [http.ServeMux]. Of those with
// the same path, those with Times come before those without, then the oldest comes first.
type List struct {
	// Reserved reports whether the server serves all requests to a path itself; nil: none.
	Reserved func(path string) bool
	// Served returns the methods of the requests to a path that the server serves itself; nil: none.
	Served func(path string) []string
	// Changed is called when a stub was added or removed; nil: nothing is.
	Changed func()

	used  atomic.Bool // there is a stub
	mu    sync.Mutex
	last  int      // the last ID
	stubs []*entry // the oldest first
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
		bytes += e.response.size()
	}
	for i, s := range stubs {
		e, err := l.check(s)
		if err == nil {
			bytes += e.response.size()
			err = within(len(all)+1, bytes)
		}
		if err != nil {
			return nil, at(i, err)
		}
		e.ID, e.Applied = strconv.Itoa(l.last+i+1), 0
		all = append(all, e)
	}
	for i := range stubs {
		if err := conflictOf(all[len(old)+i], all[:len(old)+i]); err != nil {
			return nil, at(i, err)
		}
	}
	l.last += len(stubs)
	l.use(all)
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
	case n > maxStubs:
		return &Error{Reason: fmt.Sprintf("there are %d stubs already", maxStubs), Hint: "remove some, or use wildcards"}
	case bytes > maxBytes:
		return &Error{Reason: fmt.Sprintf("all bodies and headers together have more than %d bytes", maxBytes),
			Hint: "remove some, or use shorter bodies"}
	}
	return nil
}

func (l *List) check(s Stub) (*entry, error) {
	e, err := newEntry(s)
	if err != nil {
		return nil, err
	}
	if err := l.checkServed(e); err != nil {
		return nil, err
	}
	e.Header, e.Body = maps.Clone(e.Header), CloneBody(e.Body)
	return e, nil
}

// checkServed rejects a stub for requests that the server serves itself. One with {rest...} also matches others.
func (l *List) checkServed(e *entry) error {
	path := e.sample()
	if l.Reserved != nil && l.Reserved(unescape(path)) {
		return &Error{Pointer: "/path", Reason: "the control API of the server has this path", Hint: "use another one"}
	}
	if l.Served == nil || e.pattern.rest {
		return nil
	}
	served := l.Served(path)
	if len(served) == 0 || e.Method != "" && !slices.Contains(served, e.Method) {
		return nil
	}
	hint := "inject a fault to make these requests fail"
	if other := slices.IndexFunc(methods, func(m string) bool { return !slices.Contains(served, m) }); other >= 0 {
		hint = "set the method to another one, such as " + methods[other] + ", or " + hint
	}
	return &Error{Pointer: "/path", Reason: "the server has its own responses to " + strings.Join(served, ", ") +
		" for this path", Hint: hint}
}

// conflictOf returns an error if one of the older stubs matches some of the requests of a new one, and neither is more
// specific.
func conflictOf(e *entry, older []*entry) error {
	for _, old := range older {
		if old.isUsedUp() || !e.pattern.overlaps(&old.pattern) || e.pattern.within(&old.pattern) || old.pattern.within(&e.pattern) {
			continue
		}
		return &Error{
			Pointer: "/path", Reason: "some paths match it and " + strings.TrimPrefix(old.Method+" "+old.Path, " ") +
				", and neither is more specific",
			Hint: "give both the same wildcards, or both a method",
		}
	}
	return nil
}

// use makes stubs those of the list. It needs the lock.
func (l *List) use(stubs []*entry) {
	l.stubs = stubs
	l.used.Store(slices.ContainsFunc(stubs, func(e *entry) bool { return !e.isUsedUp() }))
	l.notify()
}

func (e *entry) isUsedUp() bool { return e.Times > 0 && e.Applied >= e.Times }

// Remove removes a stub, and reports whether there was one.
func (l *List) Remove(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	left := slices.DeleteFunc(slices.Clone(l.stubs), func(e *entry) bool { return e.ID == id })
	removed := len(left) < len(l.stubs)
	l.use(left)
	return removed
}

// Clear removes all stubs.
func (l *List) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.use(nil)
}

func (l *List) notify() {
	if l.Changed != nil {
		l.Changed()
	}
}

// All returns the stubs, the oldest first, including those that are used up. The caller owns the result.
func (l *List) All() []Stub {
	l.mu.Lock()
	defer l.mu.Unlock()
	return copies(l.stubs)
}

func copies(entries []*entry) []Stub {
	stubs := make([]Stub, len(entries))
	for i, e := range entries {
		stubs[i] = e.Stub
		stubs[i].Header, stubs[i].Body = maps.Clone(e.Header), CloneBody(e.Body)
	}
	return stubs
}

// Has reports whether a stub would respond to a request.
func (l *List) Has(r *http.Request) bool {
	if !l.used.Load() {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.best(r) != nil
}

// Consume returns the response to a request and the ID of its stub, and counts it. It reports false if no stub matches.
func (l *List) Consume(r *http.Request) (resp Response, id string, ok bool) {
	if !l.used.Load() {
		return Response{}, "", false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.best(r)
	if e == nil {
		return Response{}, "", false
	}
	e.Applied++
	return e.response, e.ID, true
}

// best returns the stub that responds to a request, nil if there is none. It needs the lock.
func (l *List) best(r *http.Request) *entry {
	p := r.URL.EscapedPath()
	clean := strings.TrimSuffix(p, "/")
	if clean != strings.TrimSuffix(path.Clean(p), "/") {
		return nil // the routes of the server don't match such paths either
	}
	e := l.mostSpecific(r.Method, segmentsOf(p))
	if p == clean && (e == nil || e.pattern.rest) { // /a/{rest...} also matches /a
		if below := l.mostSpecific(r.Method, segmentsOf(p+"/")); below != nil {
			return below
		}
	}
	return e
}

// mostSpecific returns the stub for a path. It needs the lock.
func (l *List) mostSpecific(method string, path []segment) (best *entry) {
	for _, e := range l.stubs {
		if !e.isUsedUp() && e.pattern.matches(method, path) && (best == nil || e.precedes(best)) {
			best = e
		}
	}
	return best
}

// precedes reports whether e responds before an older stub that matches the same request.
func (e *entry) precedes(older *entry) bool {
	if e.pattern.same(&older.pattern) {
		return e.Times > 0 && older.Times == 0
	}
	return e.pattern.within(&older.pattern)
}
