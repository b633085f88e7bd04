package journal

import (
	"net/url"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

// Filter selects entries. An empty field matches all of them.
type Filter struct {
	Method   string // in any case
	Statuses []Span
	Path     string // unescaped, without the query; "*" matches any text, including slashes
	Projects []string
	Types    []string
	Since    uint64 // only entries with a higher sequence number

	Challenge *bool // whether the entries are challenges; nil: both
}

// Span is a range of statuses, both ends included.
type Span struct{ First, Last int }

// Matches reports whether the filter selects an entry.
func (f *Filter) Matches(e *Entry) bool {
	return e.Seq > f.Since &&
		(f.Challenge == nil || *f.Challenge == e.Challenge) &&
		(f.Method == "" || strings.EqualFold(f.Method, e.Method)) &&
		(len(f.Projects) == 0 || slices.Contains(f.Projects, e.Project)) &&
		(len(f.Types) == 0 || slices.Contains(f.Types, e.Type)) &&
		(len(f.Statuses) == 0 || slices.ContainsFunc(f.Statuses, func(s Span) bool { return s.First <= e.Status && e.Status <= s.Last })) &&
		(f.Path == "" || f.matchesPath(e))
}

func (f *Filter) matchesPath(e *Entry) bool {
	path, err := url.PathUnescape(e.Path)
	if err != nil {
		path = e.Path
	}
	return wire.MatchPath(f.Path, path)
}

// Select returns the entries that a filter selects, the oldest first, and the sequence number of the newest entry of
// all.
func (j *Journal) Select(f *Filter) (found []*Entry, last uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.selected(f), j.last
}

// selected returns the entries that a filter selects, the oldest first. It needs the lock.
func (j *Journal) selected(f *Filter) (found []*Entry) {
	for i := range j.ring {
		if e := j.ring[(j.next+i)%len(j.ring)]; f.Matches(e) {
			found = append(found, e)
		}
	}
	return found
}

// Remove removes the entries that a filter selects.
func (j *Journal) Remove(f *Filter) {
	j.mu.Lock()
	defer j.mu.Unlock()
	ordered := append(slices.Clone(j.ring[j.next:]), j.ring[:j.next]...)
	j.ring, j.next, j.bytes = slices.DeleteFunc(ordered, f.Matches), 0, 0
	for _, e := range j.ring {
		j.bytes += e.size()
	}
}
