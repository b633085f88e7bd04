package digest

import (
	"sync"
	"time"
)

// replays stores the accepted counts of nonces. It never accepts a count again, also after it has dropped the nonce or
// the server was restarted. For that it keeps a floor: every dropped nonce is at or below the floor, and a nonce at or
// below the floor is accepted only while its counts are stored.
type replays struct {
	mu     sync.Mutex
	limit  int
	known  map[nonce]*entry
	oldest *entry // the entries in the order in which they came into use
	newest *entry
	floor  nonce
}

type entry struct {
	nonce  nonce
	counts window
	next   *entry
}

func newReplays(limit int, start time.Time) *replays {
	return &replays{limit: limit, known: map[nonce]*entry{}, floor: nonce{issued: start.UnixMilli()}}
}

// accept reports whether a pair of nonce and count is new, and stores it. The caller must have checked that the nonce
// is authentic and not older than horizon, and that the client has a password: other clients must not be able to fill
// the memory.
func (r *replays) accept(n nonce, count uint32, horizon int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.oldest != nil && r.oldest.nonce.issued < horizon {
		r.drop()
	}
	e := r.known[n]
	if e == nil {
		if n.compare(r.floor) <= 0 {
			return false
		}
		e = r.add(n)
	}
	return e.counts.accept(count)
}

func (r *replays) add(n nonce) *entry {
	if len(r.known) >= r.limit {
		r.drop()
	}
	e := &entry{nonce: n}
	if r.oldest == nil {
		r.oldest = e
	} else {
		r.newest.next = e
	}
	r.newest = e
	r.known[n] = e
	return e
}

// An entry that came into use before another expires no later than one lifetime after that other's use, so dropping
// from this end alone keeps nothing for longer than that.
func (r *replays) drop() {
	e := r.oldest
	r.oldest = e.next
	delete(r.known, e.nonce)
	if e.nonce.compare(r.floor) > 0 {
		r.floor = e.nonce
	}
}

// window has the highest count of a nonce, and which of the last 64 counts were used: concurrent requests may arrive in
// another order.
type window struct {
	top  uint32
	seen uint64 // bit i is the count top-i
}

func (w *window) accept(count uint32) bool {
	if count > w.top {
		w.seen = w.seen<<(count-w.top) | 1
		w.top = count
		return true
	}
	bit := uint64(1) << (w.top - count) // zero where the count is behind the window
	if bit == 0 || w.seen&bit != 0 {
		return false
	}
	w.seen |= bit
	return true
}
