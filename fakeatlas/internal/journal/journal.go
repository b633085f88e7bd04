// Package journal keeps the newest requests to a server, and masks the secrets in them.
package journal

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/logtext"
)

// The limits of a journal.
const (
	DefaultLength = 1000     // entries
	MaxBody       = 64 << 10 // bytes of a body that are kept; Atlas's payloads stay below 32 KiB
	maxHeader     = 200      // characters of a header that are kept
	maxBytes      = 16 << 20 // of all bodies in the journal, responses included, beyond which the oldest are dropped
	maxAddress    = 2 << 10  // bytes of a path and of a query that are kept
)

// Journal keeps the newest entries in a ring.
type Journal struct {
	Limit int // entries that are kept

	mu      sync.Mutex
	ring    []*Entry
	next    int    // the index of the oldest entry once the ring is full
	last    uint64 // sequence number of the newest entry
	bytes   int    // of all bodies
	waiters []*waiter
	added   chan<- struct{} // nil: nothing
}

// Notify sets the channel that gets an element after each new entry unless it is full, nil for none. It returns the
// sequence number of the newest entry.
func (j *Journal) Notify(added chan<- struct{}) (last uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.added = added
	return j.last
}

// Add gives an entry its sequence number, adds it, and removes the oldest one if there are more than Limit.
func (j *Journal) Add(e *Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	e.Seq = j.last
	for _, w := range j.waiters {
		w.offer(e)
	}
	select {
	case j.added <- struct{}{}:
	default: // also if it is nil
	}
	switch {
	case j.Limit == 0:
		return
	case len(j.ring) < j.Limit:
		j.ring = append(j.ring, e)
	default:
		j.bytes -= j.ring[j.next].size()
		j.ring[j.next] = e
		j.next = (j.next + 1) % j.Limit
	}
	j.bytes += e.size()
	j.shed()
}

// List returns the entries, the oldest first.
func (j *Journal) List() []*Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append(slices.Clone(j.ring[j.next:]), j.ring[:j.next]...)
}

// Clear removes all entries. Sequence numbers continue.
func (j *Journal) Clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.ring, j.next, j.bytes = nil, 0, 0
}

// Entry is a request as it arrived. Its secrets are masked only when it is read, because most entries are never read.
// It must not be changed once it is in the journal.
type Entry struct {
	wire.Target
	Seq         uint64 // from 1 up, in the order in which the responses began
	Time        time.Time
	Duration    time.Duration
	Method      string
	Path, Query string
	Accept      string
	ContentType string
	UserAgent   string
	User        string
	Fault, Stub string // their IDs
	FaultEffect string // what the fault did
	Fallback    bool   // it has responded
	Challenge   bool   // 401 to a request without credentials
	Status      int
	ErrorCode   string
	Body        []byte // nil if it was too long, or may have secrets that the journal does not know
	BodySize    int64
	Response    []byte // the JSON of the response, the server's own; nil if it was too long, or not kept

	known *secrets // of the body; nil: not collected
}

// size returns the memory of both bodies.
func (e *Entry) size() int { return len(e.Body) + cap(e.Response) }

// bare returns a copy without the bodies.
func (e *Entry) bare() *Entry {
	bare := *e
	bare.Body, bare.Response = nil, nil
	return &bare
}

func clip(s string) string {
	if len(s) > maxHeader {
		return s[:maxHeader] + "…"
	}
	return s
}

// shed drops the oldest bodies while all bodies together are too large. It needs the lock.
func (j *Journal) shed() {
	for i := 0; j.bytes > maxBytes && i < len(j.ring); i++ {
		at := (j.next + i) % len(j.ring)
		if n := j.ring[at].size(); n > 0 {
			j.ring[at] = j.ring[at].bare() // a reader may have the entry
			j.bytes -= n
		}
	}
}

// Compact cuts a long address. It copies the short parts, such as the method, which would keep the whole address in
// memory.
func (e *Entry) Compact() {
	if len(e.Path)+len(e.Query)+len(e.Method) <= maxAddress {
		return
	}
	e.Method, e.Project, e.Type = clip(strings.Clone(e.Method)), clip(e.Project), clip(e.Type)
	e.Project, e.Type = strings.Clone(e.Project), strings.Clone(e.Type)
	e.Path, e.Query = cutAt(e.Path, "/"), cutAt(e.Query, "&")
}

// cutAt cuts a long text at a separator: a part of a secret might not be recognized as one.
func cutAt(s, separator string) string {
	if len(s) > maxAddress {
		s = s[:maxAddress]
		s = s[:strings.LastIndex(s, separator)+1] + "…"
	}
	return strings.Clone(s)
}

// NewEntry returns the entry of a request that arrived now.
func NewEntry(r *http.Request, now time.Time) *Entry {
	return &Entry{
		Target: wire.TargetOf(r.Method, wire.DecodedPath(r.URL)),
		Time:   now,
		Method: r.Method,
		Path:   r.URL.EscapedPath(), Query: r.URL.RawQuery,
		Accept: clip(wire.Joined(r, "Accept")), ContentType: clip(wire.Joined(r, "Content-Type")), UserAgent: clip(r.UserAgent()),
	}
}

// Masked returns the entry without its bodies. Parts into which a client may have put a secret are hidden.
func (e *Entry) Masked() Entry {
	m := *e
	m.Method, m.Path, m.Query = logtext.Method(e.Method), logtext.Path(e.Path), logtext.Query(e.Query)
	m.Project, m.Type = logtext.ID(e.Project), logtext.Type(e.Type)
	m.Accept, m.ContentType, m.UserAgent = logtext.Media(e.Accept), logtext.Media(e.ContentType), logtext.Agent(e.UserAgent)
	m.Body, m.Response, m.known = nil, nil, nil
	s := secrets{own: e.ownSecrets()}
	for _, text := range []*string{&m.Path, &m.Query, &m.Project, &m.Accept, &m.ContentType, &m.UserAgent, &m.User} {
		*text = s.withoutRepeated(*text)
	}
	return m
}
