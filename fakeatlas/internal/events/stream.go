package events

import (
	"context"
	"maps"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/journal"
)

// heartbeat is the time after which a stream without events has a comment, so that a broken connection is noticed.
const heartbeat = 15 * time.Second

// Stream is the events for one reader. Only one goroutine may use it.
type Stream struct {
	hub          *Hub
	queue        chan batch
	seen, joined uint64 // until seen is joined, the requests come from the journal

	// The lock of the hub guards these.
	lost    int // requests of batches that did not fit into the queue
	changed map[Change]bool
}

// offer adds a batch to the queue, or counts it as lost if the queue is full. It needs the lock of the hub.
func (s *Stream) offer(b batch) {
	if len(b.text) == 0 {
		return
	}
	select {
	case s.queue <- b:
	default:
		s.lost += b.requests
		if s.changed == nil {
			s.changed = map[Change]bool{}
		}
		maps.Copy(s.changed, b.changed)
	}
}

// Next returns the text of the next events, or a comment if there are none for 15 seconds. It returns the error of ctx
// once that is done.
func (s *Stream) Next(ctx context.Context) ([]byte, error) {
	if s.seen < s.joined {
		return s.earlier(), nil
	}
	timer := time.NewTimer(heartbeat)
	defer timer.Stop()
	select {
	case b := <-s.queue:
		return append(s.missed(), b.text...), nil
	case <-timer.C:
		return []byte(":\n\n"), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// missed returns the events for the batches that did not fit into the queue. The reader gets them with the next batch,
// since a full queue has one.
func (s *Stream) missed() []byte {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	text := appendChanges(appendLost(nil, uint64(s.lost)), s.changed)
	s.lost, s.changed = 0, nil
	return text
}

// earlier returns the next requests of the journal up to the first batch.
func (s *Stream) earlier() []byte {
	entries, _ := s.hub.Journal.Select(&journal.Filter{Since: s.seen})
	var text []byte
	for i, e := range entries {
		if e.Seq > s.joined || i == maxBatch || len(text) > maxBytes {
			break
		}
		text = appendLost(text, e.Seq-s.seen-1)
		text = appendRequest(text, e.Seq, s.hub.Encode(e))
		s.seen = e.Seq
	}
	if len(text) == 0 { // the rest is not in the journal any more
		text = appendLost(text, s.joined-s.seen)
		s.seen = s.joined
	}
	return text
}

// Close ends the stream.
func (s *Stream) Close() { s.hub.remove(s) }
