// Package events passes the new requests of a journal, and notices of changes, to streams of server-sent events. The
// journal is the buffer: a stream without a reader keeps a few batches, and no request waits for a stream.
package events

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/journal"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

// The limits of streams.
const (
	MaxStreams = 50                     // at a time
	interval   = 250 * time.Millisecond // between two batches
	maxBatch   = 25                     // requests in a batch, the newest ones
	maxBytes   = 256 << 10              // of a batch, unless one request is larger
	maxQueued  = 4                      // batches that a stream has not written
)

// Change is a kind of change.
type Change string

// The changes, in the order in which a batch has them.
const (
	State   Change = "state" // projects, integrations or alert configurations
	Journal Change = "journal"
	Faults  Change = "faults"
	Stubs   Change = "stubs"
	Clock   Change = "clock"
)

var changes = []Change{State, Journal, Faults, Stubs, Clock}

// errManyStreams reports that there are MaxStreams streams already.
var errManyStreams = errors.New("too many streams")

// Hub makes batches of new requests and changes, encodes each request once, and passes the batches to all streams. It
// is safe for concurrent use. Both fields are required.
type Hub struct {
	Journal *journal.Journal
	Encode  func(*journal.Entry) []byte // the JSON of an entry, its secrets masked

	mu      sync.Mutex
	streams []*Stream
	changed map[Change]bool // since the last batch
	last    uint64          // sequence number of the newest entry of all batches
	wake    chan struct{}   // has an element if there may be something new
	stop    chan struct{}   // closed to end the batches; nil while there are no streams
}

// batch is the text of some events and their number.
type batch struct {
	text     []byte
	requests int
	changed  map[Change]bool
}

// Changed reports a change to all streams.
func (h *Hub) Changed(c Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.streams) == 0 {
		return
	}
	h.changed[c] = true
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Open adds a stream of events from now on. Before them it has the requests of the journal with a higher sequence
// number than since, unless resume is false. Close it after use.
func (h *Hub) Open(since uint64, resume bool) (*Stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.streams) >= MaxStreams {
		return nil, errManyStreams
	}
	if len(h.streams) == 0 {
		h.start()
	}
	if !resume {
		since = h.last
	}
	if since > h.last { // of an earlier server
		since = 0
	}
	s := &Stream{hub: h, queue: make(chan batch, maxQueued), seen: since, joined: h.last}
	h.streams = append(h.streams, s)
	return s, nil
}

// start starts the goroutine that makes the batches. It needs the lock.
func (h *Hub) start() {
	h.wake, h.stop, h.changed = make(chan struct{}, 1), make(chan struct{}), map[Change]bool{}
	h.last = h.Journal.Notify(h.wake)
	go h.run(h.wake, h.stop)
}

func (h *Hub) remove(s *Stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.streams = slices.DeleteFunc(h.streams, func(other *Stream) bool { return other == s })
	if len(h.streams) == 0 && h.stop != nil {
		h.Journal.Notify(nil)
		close(h.stop)
		h.stop = nil
	}
}

// run passes a batch on whenever there is something new, at most one in an interval.
func (h *Hub) run(wake <-chan struct{}, stop chan struct{}) {
	timer := time.NewTimer(interval)
	defer timer.Stop()
	for {
		select {
		case <-wake:
		case <-stop:
			return
		}
		h.pass(stop)
		timer.Reset(interval)
		select {
		case <-timer.C:
		case <-stop:
			return
		}
	}
}

// pass passes the next batch to all streams, unless the last of its streams has ended: new streams have another stop.
// Encoding needs no lock.
func (h *Hub) pass(stop chan struct{}) {
	h.mu.Lock()
	if h.stop != stop {
		h.mu.Unlock()
		return
	}
	since, changed := h.last, h.changed
	h.changed = map[Change]bool{}
	h.mu.Unlock()
	entries, last := h.Journal.Select(&journal.Filter{Since: since})
	for _, e := range entries {
		for c, is := range map[Change]bool{State: isWrite(e), Faults: e.Fault != "", Stubs: e.Stub != ""} {
			if is {
				changed[c] = true
			}
		}
	}
	kept, texts := h.newest(entries)
	b := batch{requests: int(last - since), changed: changed}
	b.text = appendLost(b.text, uint64(b.requests-len(kept)))
	for i, e := range kept {
		b.text = appendRequest(b.text, e.Seq, texts[i])
	}
	b.text = appendChanges(b.text, changed)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stop != stop {
		return
	}
	h.last = last
	for _, s := range h.streams {
		s.offer(b)
	}
}

// isWrite reports whether a request to the API may have changed the store.
func isWrite(e *journal.Entry) bool {
	return e.APIVersion != "" && e.Method != "GET" && e.Method != "HEAD" && e.Status >= 200 && e.Status < 300
}

// newest returns the newest entries that fit into a batch, the oldest first, and their JSON.
func (h *Hub) newest(entries []*journal.Entry) (kept []*journal.Entry, texts [][]byte) {
	size := 0
	for _, e := range slices.Backward(entries) {
		text := h.Encode(e)
		if size += len(text); len(kept) == maxBatch || len(kept) > 0 && size > maxBytes {
			break
		}
		kept, texts = append(kept, e), append(texts, text)
	}
	slices.Reverse(kept)
	slices.Reverse(texts)
	return kept, texts
}

func appendRequest(text []byte, seq uint64, data []byte) []byte {
	return fmt.Appendf(text, "id: %d\nevent: request\ndata: %s\n\n", seq, bytes.ReplaceAll(data, []byte("\n"), nil))
}

func appendLost(text []byte, n uint64) []byte {
	if n == 0 {
		return text
	}
	return fmt.Appendf(text, "event: lost\ndata: {\"lost\":%d}\n\n", n)
}

func appendChanges(text []byte, changed map[Change]bool) []byte {
	for _, c := range changes {
		if changed[c] {
			text = fmt.Appendf(text, "event: change\ndata: %s\n\n", wire.Encode(wire.Object{wire.Field("what", string(c))}))
		}
	}
	return text
}
